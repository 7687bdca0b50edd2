"""Which state may follow which; everything that is not listed is refused."""

from __future__ import annotations

from app.hall.errors import Conflict

BOOKING: dict[str, frozenset[str]] = {
    "requested": frozenset({"confirmed", "rejected", "expired"}),  # withdrawn by its holder: expired
    "confirmed": frozenset({"in_use", "cancelled", "no_show"}),
    "in_use": frozenset({"completed"}),
    "completed": frozenset({"settled", "disputed"}),
    "no_show": frozenset({"settled", "disputed"}),
    "cancelled": frozenset({"settled", "disputed"}),
    "disputed": frozenset({"adjusted"}),
    "adjusted": frozenset({"settled"}),
    "rejected": frozenset(),
    "expired": frozenset(),
    "settled": frozenset(),
}
BLOCKING = frozenset({"requested", "confirmed", "in_use"})

WAITLIST = {
    "waiting": frozenset({"offered", "lapsed"}),
    "offered": frozenset(
        {"taken", "lapsed", "waiting"}
    ),  # back to waiting: the offer was taken away by an outage
}
SLOT_REQUEST = {"open": frozenset({"placed", "withdrawn"}), "placed": frozenset({"open"})}
SCHEDULE_RUN = {"draft": frozenset({"solved", "discarded"}), "solved": frozenset({"published", "discarded"})}
LICENCE = {
    "requested": frozenset({"granted", "rejected"}),
    "granted": frozenset({"expired", "terminated"}),
}
PLACEMENT = {
    "requested": frozenset({"employee_consented", "ended"}),  # ended: declined or withdrawn, with a reason
    "employee_consented": frozenset({"agreed", "ended"}),
    "agreed": frozenset({"active", "ended"}),
    "active": frozenset({"ended"}),
}


def step(machine: dict[str, frozenset[str]], state: str, target: str) -> str:
    """The new state, or a refusal.

    >>> step(BOOKING, "requested", "confirmed")
    'confirmed'
    >>> step(BOOKING, "rejected", "confirmed")
    Traceback (most recent call last):
    ...
    app.hall.errors.Conflict: sharing_transition {'state': 'rejected', 'target': 'confirmed'}
    """
    if target not in machine.get(state, frozenset()):
        raise Conflict("sharing_transition", state=state, target=target)
    return target
