"""Whether two organisations may be joined, and a joining taken back."""

from __future__ import annotations

from dataclasses import dataclass

from app.hall.errors import Reason

JOINABLE = ("pending", "active", "suspended", "left")
TARGETS = ("active", "suspended")


@dataclass(frozen=True)
class Side:
    """One of the two, as far as the decision needs it."""

    id: int
    kind: str
    status: str
    credit_code: str = ""


def reasons_against(one: Side, into: Side, reason: str) -> list[Reason]:
    """Everything that stands in the way of joining `one` into `into`.

    >>> firm = Side(1, "enterprise", "active")
    >>> [why.code for why in reasons_against(firm, Side(2, "bank", "left"), " ")]
    ['join_kinds', 'join_target', 'reason_required']
    >>> [why.code for why in reasons_against(firm, firm, "x")], reasons_against(firm, Side(2, "enterprise", "active"), "x")
    (['join_itself'], [])
    """
    found = []
    if one.id == into.id:
        return [Reason("join_itself")]
    if "park" in (one.kind, into.kind) or one.kind != into.kind:
        found.append(Reason("join_kinds"))
    if one.status not in JOINABLE:
        found.append(Reason("join_source"))
    if into.status not in TARGETS:
        found.append(Reason("join_target"))
    if one.credit_code and into.credit_code and one.credit_code != into.credit_code:
        found.append(Reason("join_two_codes"))
    if not reason.strip():
        found.append(Reason("reason_required", {"at": "reason"}))
    return found
