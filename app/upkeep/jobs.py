"""What the clock does by itself; it may come late, and however often it comes an occurrence has one order."""

from __future__ import annotations

from app.hall.jobs import every
from app.upkeep.orders import handlers


@every(minutes=60, unasked="an order is skipped with a reason, and the calendar opens again")
def check_upkeep() -> None:
    """Open what falls due, close the calendar where a plan says so, keep it closed while nobody has done it."""
    handlers.check()
