"""What the other rooms measured per month, asked through their services, so that figures reconcile with theirs.

The sums are for everybody who may read the scorecard; the rows behind them only for those whom the room they
come from shows them: hours to its readers, supply links to the staff who see
them on the chain, licences and accounts to the park's administration and the auditor.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from app import clock, language, units
from app.chain.service import orders
from app.credits.service import accounts
from app.ecosystem.service import around
from app.errors import NotAllowed, NotFound
from app.identity import service as identity
from app.sharing import service as sharing
from app.sharing.service import access

if TYPE_CHECKING:
    from app.identity.service import Actor

READER = identity.Actor(member_id=0, organisation_id=0, name="system", roles=frozenset({"auditor"}))
#: Who may open the rows of a figure.
OPENERS: dict[str, tuple[str, ...]] = {
    "links": ("investment_staff", "park_admin", "auditor"),
    "hours": access.READERS,
    "licences": ("park_admin", "auditor"),
    "credits": ("park_admin", "auditor", "credit_reviewer"),
}
#: Movements that an account's twelve months count.
COUNTED = ("earn", "redeem", "reverse", "adjust", "recover")
PAGE = 500


@dataclass(frozen=True)
class Row:
    """One row behind a figure: what it is, how much of the figure it is, where it is looked up."""

    label: str
    detail: str
    amount: float
    url: str


def may_open(actor: Actor, key: str) -> bool:
    """Say whether the room the figure comes from shows its rows to this reader."""
    return actor.has(*OPENERS.get(key, ()))


def figures(months: Sequence[dt.date]) -> dict[dt.date, dict[str, float]]:
    """Return supply links agreed, shared hours, licences granted and credits earned of each month."""
    found: dict[dt.date, dict[str, float]] = {
        m: {"links": 0.0, "hours": 0.0, "licences": 0.0, "credits": 0.0} for m in months
    }
    equipment = sharing.visible_resources(READER)
    for first in months:
        use = sharing.total_use(list(sharing.utilisation(equipment, *_bounds(first)).values()))
        found[first]["hours"] = use.shared / 60
        found[first]["links"] = len(orders.links_agreed(*_bounds(first)))
    for _patent, licence in _licences(READER):
        if (month := licence.starts_on.replace(day=1)) in found:
            found[month]["licences"] += 1
    for firm in _firms():
        for flow in accounts.twelve_months(firm.id):
            if flow.month in found:
                found[flow.month]["credits"] += flow.earned
    return found


def rows_of(actor: Actor, key: str, first: dt.date) -> list[Row]:
    """Return the rows that a figure of another room sums, as that room shows them to this reader."""
    if key not in OPENERS:
        raise NotFound("gap_not_found")
    if not may_open(actor, key):
        raise NotAllowed("figure_not_yours")
    shown = {"links": _link_rows, "hours": _hours, "licences": _licence_rows, "credits": _credit_rows}
    return shown[key](actor, first)


def _bounds(first: dt.date) -> tuple[dt.datetime, dt.datetime]:
    return clock.start_of_day(first), clock.start_of_day(_following(first))


def _following(first: dt.date) -> dt.date:
    return (first + dt.timedelta(days=32)).replace(day=1)


def _link_rows(_actor: Actor, first: dt.date) -> list[Row]:
    agreed = orders.links_agreed(*_bounds(first))
    who = identity.organisations_by_code(code for x in agreed for code in (x.supplier, x.customer))

    def name(code: str) -> str:
        return who[code.upper()].name if code.upper() in who else code

    return [
        Row(
            f"{name(x.supplier)} → {name(x.customer)}",
            f"{around.segment_name(x.segment)} · {units.wan(x.value_wan, language.lang())} · {units.day(x.confirmed_at)}",
            1,
            f"/chain/firms/{x.supplier}",
        )
        for x in agreed
    ]


def _hours(actor: Actor, first: dt.date) -> list[Row]:
    resources = sharing.visible_resources(actor)
    uses = sharing.utilisation(resources, *_bounds(first))
    owners = identity.organisations_by_id(r.owner_id for r in resources)
    rows = [
        Row(r.name, owners[r.owner_id].name, uses[r.id].shared / 60, f"/sharing/resources/{r.id}")
        for r in resources
        if uses[r.id].shared
    ]
    return sorted(rows, key=lambda row: (-row.amount, row.label))


def _licences(actor: Actor) -> Iterator[tuple[Any, Any]]:
    """Yield every licence that ever began, with its patent."""
    offset, total = 0, 1
    while offset < total:
        page, total = sharing.find(sharing.Search(kind="patent", withdrawn=True), PAGE, offset)
        for patent in page:
            for licence in sharing.licences_of(actor, patent.resource):
                if licence.starts_on:
                    yield patent.resource, licence
        offset += PAGE


def _licence_rows(actor: Actor, first: dt.date) -> list[Row]:
    found = [(p, x) for p, x in _licences(actor) if x.starts_on.replace(day=1) == first]
    who = identity.organisations_by_id(x.organisation_id for _, x in found)
    return [
        Row(
            p.name,
            f"{who[x.organisation_id].name} · {units.day(x.starts_on)}",
            1,
            f"/sharing/resources/{p.id}",
        )
        for p, x in sorted(found, key=lambda pair: (pair[1].starts_on, pair[1].id))
    ]


def _firms() -> Iterator[Any]:
    """Yield every enterprise, also those that have left: their months stay in the ledger."""
    page, more = 1, True
    while more:
        found = identity.list_organisations(kind="enterprise", status=None, page=page, per_page=PAGE)
        yield from found.items
        page, more = page + 1, found.has_next


def _credit_rows(actor: Actor, first: dt.date) -> list[Row]:
    rows = []
    last = _following(first) - dt.timedelta(days=1)
    for firm in _firms():
        account = accounts.readable_organisation(actor, firm.code)
        shown = urlencode({"enterprise": firm.code, "kind": "earned", "since": first.isoformat()})
        # Nothing is recorded before it takes effect; what is recorded later may still belong to this month.
        for line in accounts.all_lines(accounts.statement_query(account, "earned", since=first)):
            if line.kind in COUNTED and first <= clock.day_of(line.effective_at) <= last:
                detail = f"{line.title} · {line.number} · {units.day(clock.day_of(line.effective_at))}"
                rows.append(Row(firm.name, detail, line.amount, f"/credits/statement?{shown}"))
    return rows
