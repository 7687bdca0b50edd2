"""What may become of a work order, and what is missing before it is done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from app.hall.errors import Reason

DUE, PLANNED, IN_PROGRESS, DONE, SKIPPED = "due", "planned", "in_progress", "done", "skipped"
MOVES: Mapping[str, frozenset[str]] = {
    DUE: frozenset({PLANNED, IN_PROGRESS, SKIPPED}),
    PLANNED: frozenset({PLANNED, IN_PROGRESS, SKIPPED}),
    IN_PROGRESS: frozenset({DONE, SKIPPED}),
    DONE: frozenset(),
    SKIPPED: frozenset(),
}


def may_become(state: str, wanted: str) -> bool:
    """due → planned → in_progress → done | skipped; what nobody planned may be begun, and everything open skipped.

    >>> may_become("due", "planned"), may_become("due", "done"), may_become("done", "in_progress")
    (True, False, False)
    """
    return wanted in MOVES[state]


def missing_for_done(
    checklist: Sequence[str],
    ticked: Sequence[str],
    done_on: dt.date,
    today: dt.date,
    parts: Mapping[str, tuple[int, int]],
) -> list[Reason]:
    """Everything that stands in the way of "done", at once.

    Parameters
    ----------
    checklist, ticked : lines of the list, and those that were ticked
    done_on, today : date
        What is done was done today or before.
    parts : mapping
        By name: how many were used, how many lie in the cupboard.

    Examples
    --------
    >>> day = dt.date(2026, 11, 25)
    >>> [r.code for r in missing_for_done(["Oil"], [], day, day, {"Belt": (2, 1)})]
    ['order_unticked', 'order_part_short']
    """
    reasons = [
        Reason("order_unticked", {"line": line, "at": "ticked"}) for line in checklist if line not in ticked
    ]
    if done_on > today:
        reasons.append(Reason("order_done_in_future", {"at": "done_on"}))
    for name, (used, stock) in parts.items():
        if used > stock:
            reasons.append(Reason("order_part_short", {"part": name, "stock": stock, "at": "parts"}))
    return reasons


def signs(signer: int | None, member: int, may_sign: bool) -> bool:
    """Whether this member's word is the sign-off: the one who is named, else anyone who may.

    >>> signs(None, 4, True), signs(7, 4, True), signs(7, 7, False)
    (True, False, False)
    """
    return may_sign and signer in (None, member)
