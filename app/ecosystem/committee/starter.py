"""The committee and its seats that a fresh park can start with: one voice of every kind that is there."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from app.ecosystem.committee import service
from app.ecosystem.committee.words import SEAT_KINDS
from app.hall import clock
from app.identity import door as identity
from app.identity.door import Actor, Offer, Source, register_starter

NAME_ZH, NAME_EN = "生态协同委员会", "Ecosystem committee"
OF_A_KIND = {"enterprise": 3}  # seats offered to a kind that has none; one where nothing is said


def offers() -> Sequence[Offer]:
    """The committee, and seats for organisations of kinds that have none yet, the largest firms first."""
    board = service.find()
    kinds = set() if board is None else {one.kind for one in service.seats(board.id)}
    found = [Offer("committee:found", "committee", NAME_ZH, NAME_EN)]
    wanted = [kind for kind in SEAT_KINDS if kind not in kinds]
    there = _largest_first(wanted)
    for kind in wanted:
        rows = [row for row in there if row.kind == kind]
        for row in rows[: OF_A_KIND.get(kind, 1)]:
            name = f"{row.name_zh}（{row.code}）"
            found.append(Offer(f"committee_seat:{row.code}", "committee_seat", name, row.name_en or name))
    return found


def _largest_first(kinds: Sequence[str]) -> list[identity.OrganisationInfo]:
    others = [kind for kind in kinds if kind != "enterprise"]
    found = identity.active_organisations(*others) if others else []
    if "enterprise" in kinds:
        found += identity.active_organisations("enterprise", most=200)
    return sorted(found, key=lambda row: (row.size != "large", row.size != "medium", row.code))


def known() -> Collection[str]:
    """The committee once there is one; kinds with a seat are not offered another."""
    return set() if service.find() is None else {"committee:found"}


def take_over(actor: Actor, _by_id: int, key: str) -> None:
    """Found the committee, or seat one organisation; a seat without a committee founds it."""
    kind, _colon, code = key.partition(":")
    if service.find() is None:
        service.found_committee(actor, NAME_ZH, clock.today())
    row = identity.find_organisation(code) if kind == "committee_seat" else None
    if row is not None and row.status == "active":
        service.seat(actor, row.id)


def register() -> None:
    register_starter("ecosystem", Source(offers, known, take_over))
