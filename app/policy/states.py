"""The one table of what may follow what; a step that is not in it is refused."""

from __future__ import annotations

from collections.abc import Mapping

from app.hall.errors import Conflict, Reason

Table = Mapping[str, tuple[str, ...]]

VERSION: Table = {
    "draft": ("tested",),
    "tested": ("draft", "approved"),  # a changed text is a draft again
    "approved": ("in_force", "ended"),
    "in_force": ("ended",),
    "ended": (),
}
PUSH: Table = {
    "due": ("sent", "lapsed"),
    "sent": ("opened", "lapsed"),
    "opened": ("interested", "declined", "lapsed"),
    "interested": (),
    "declined": (),
    "lapsed": (),
}
CASE: Table = {
    "started": ("filed", "withdrawn"),
    "filed": ("granted", "refused", "withdrawn"),
    "granted": ("paid", "withdrawn"),
    "paid": (),
    "refused": (),
    "withdrawn": (),
}
RUNNING = tuple(state for state, after in CASE.items() if after)
BY_FIRM = {"filed", "withdrawn"}  # the other steps of a case are the park's to note


def against(table: Table, state: str, wanted: str) -> tuple[Reason, ...]:
    """Why a thing in `state` cannot become `wanted`: nothing where it can.

    >>> against(CASE, "filed", "granted")
    ()
    >>> [reason.code for reason in against(CASE, "paid", "filed")]
    ['policy_step_not_allowed']
    """
    if wanted in table.get(state, ()):
        return ()
    return (Reason("policy_step_not_allowed", {"before": state, "after": wanted}),)


def step(table: Table, state: str, wanted: str) -> str:
    """`wanted`, or a 409 with every reason."""
    reasons = against(table, state, wanted)
    if reasons:
        raise Conflict("policy_wrong_state", reasons=reasons)
    return wanted
