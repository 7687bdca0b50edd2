"""A newcomer's milestones: what the pack promised becomes what must be done, each until a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

OPEN, DONE, NOT_NEEDED = "open", "done", "not_needed"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a newcomer needs: until so many days after it has landed."""

    code: str
    title_zh: str
    title_en: str
    days: int


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone with its day."""

    code: str
    title_zh: str
    title_en: str
    due_on: dt.date


def steps_of(items: Iterable[Item], landed_on: dt.date) -> tuple[Step, ...]:
    """Milestones in the order of their days; an item named twice counts once.

    >>> items = [Item("any:2", "装修备案", "Fit-out filing", 60), Item("any:1", "水电报装", "Water and power", 15)]
    >>> [(one.code, str(one.due_on)) for one in steps_of(items, dt.date(2026, 3, 1))]
    [('any:1', '2026-03-16'), ('any:2', '2026-04-30')]
    """
    once = {one.code: one for one in items}
    found = [
        Step(one.code, one.title_zh, one.title_en, landed_on + dt.timedelta(days=one.days))
        for one in once.values()
    ]
    return tuple(sorted(found, key=lambda one: (one.due_on, one.code)))


def overdue_days(state: str, due_on: dt.date, day: dt.date) -> int:
    """Whole days past the due; 0 when it is done, not needed or not due yet.

    >>> overdue_days("open", dt.date(2026, 3, 1), dt.date(2026, 3, 6)), overdue_days("done", dt.date(2026, 3, 1), dt.date(2026, 3, 6))
    (5, 0)
    """
    return max(0, (day - due_on).days) if state == OPEN else 0
