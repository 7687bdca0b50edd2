"""Four eyes: what one proposes, another decides; every reason why this person may not."""

from __future__ import annotations

from dataclasses import dataclass

from app.hall.errors import Conflict, Invalid, NotAllowed, Reason


@dataclass(frozen=True)
class Judge:
    """Who wants to decide a proposal."""

    member_id: int
    may_decide: bool


def objections(proposed_by: int, judge: Judge) -> tuple[Reason, ...]:
    """Everything that forbids this person to decide what `proposed_by` proposed.

    >>> [one.code for one in objections(7, Judge(7, may_decide=False))]
    ['only_park_staff', 'four_eyes']
    """
    found = []
    if not judge.may_decide:
        found.append(Reason("only_park_staff"))
    if judge.member_id == proposed_by:
        found.append(Reason("four_eyes"))
    return tuple(found)


def is_open_for(state: str, proposed_by: int, judge: Judge) -> bool:
    """Whether the page offers the decision.

    >>> is_open_for("proposed", 7, Judge(8, True)), is_open_for("approved", 7, Judge(8, True))
    (True, False)
    """
    return state == "proposed" and not objections(proposed_by, judge)


def decide(state: str, proposed_by: int, judge: Judge, approve: bool, reason: str) -> str:
    """The state the proposal comes to.

    Raises
    ------
    NotAllowed
        With every reason; named by the first.
    Conflict
        ``proposal_decided`` where it has been.
    Invalid
        ``reason_required`` where it is turned down without one.
    """
    against = objections(proposed_by, judge)
    if against:
        raise NotAllowed(against[0].code, reasons=against)
    if state != "proposed":
        raise Conflict("proposal_decided")
    if not approve and not reason.strip():
        raise Invalid("reason_required")
    return "approved" if approve else "rejected"
