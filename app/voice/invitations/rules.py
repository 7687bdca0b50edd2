"""When a reminder is due, and which firms of which layer are due to be asked this quarter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.voice.visits.rules import Heard, Works, layer, next_contacts

MOST_REMINDERS = 2
FIRST_AFTER_DAYS = 7
LAST_BEFORE_DAYS = 3
BETWEEN_DAYS = 3
OPEN_DAYS = 21
LONGEST_OPEN_DAYS = 180
FEWEST_ANONYMOUS = 5


def reminder_due(
    opened_on: dt.date, closes_on: dt.date, reminders: int, last_on: dt.date | None, day: dt.date
) -> bool:
    """Whether a firm that has not answered is reminded on `day`: after a week, and three days before the end.

    Never more than twice, never on two days close together, never on the day of opening, the last day or after it.

    >>> opened, closes = dt.date(2026, 11, 2), dt.date(2026, 11, 23)
    >>> reminder_due(opened, closes, 0, None, dt.date(2026, 11, 9))
    True
    >>> reminder_due(opened, closes, 1, dt.date(2026, 11, 9), dt.date(2026, 11, 19))
    False
    >>> reminder_due(opened, closes, 1, dt.date(2026, 11, 9), dt.date(2026, 11, 20))
    True
    >>> reminder_due(opened, closes, 2, dt.date(2026, 11, 20), dt.date(2026, 11, 22))
    False
    """
    if reminders >= MOST_REMINDERS or not opened_on < day < closes_on:
        return False
    if last_on is not None and (day - last_on).days < BETWEEN_DAYS:
        return False
    before_end = closes_on - dt.timedelta(days=LAST_BEFORE_DAYS)
    if reminders == 0:
        return day >= min(opened_on + dt.timedelta(days=FIRST_AFTER_DAYS), max(before_end, opened_on))
    return day >= before_end


@dataclass(frozen=True, slots=True)
class Firm:
    """What is known of a firm when the quarter is planned; `asked_on` is the day it last answered online."""

    id: int
    code: str
    name: str
    size: str
    registered_on: dt.date | None
    asked_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A firm in its layer; `due_on` None where the plan of the layer has no questionnaire."""

    firm: Firm
    layer: str
    due_on: dt.date | None


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """One layer of the quarter: how many firms there are, how many are due by the end of it, how many already."""

    layer: str
    firms: int
    due: int
    overdue: int


def planned(firms: Iterable[Firm], day: dt.date, works: Works) -> tuple[Planned, ...]:
    """When each firm is due to be asked online by the contact plan of its layer (contract 3.1).

    A firm without a day of registration or a known size is left out: its layer is unknown.

    >>> old = Firm(1, "E1", "一号", "micro", dt.date(2024, 1, 1), dt.date(2026, 9, 1))
    >>> [(one.layer, str(one.due_on)) for one in planned([old], dt.date(2026, 11, 2), lambda day: day.weekday() < 5)]
    [('small_micro', '2026-11-30')]
    """
    found = []
    for firm in firms:
        if firm.registered_on is None or firm.size not in ("large", "medium", "small", "micro"):
            continue
        last = {"online": firm.asked_on} if firm.asked_on else {}
        due = [
            one.due_on
            for one in next_contacts(Heard(firm.registered_on, firm.size, last), day, works)
            if one.method == "online"
        ]
        where = layer(firm.registered_on, firm.size, day)
        found.append(Planned(firm, where, min(due, default=None)))
    return tuple(found)


def quarter_end(day: dt.date) -> dt.date:
    """The last day of the quarter.

    >>> quarter_end(dt.date(2026, 11, 2)), quarter_end(dt.date(2026, 3, 31))
    (datetime.date(2026, 12, 31), datetime.date(2026, 3, 31))
    """
    month = (day.month - 1) // 3 * 3 + 3
    last = dt.date(day.year + month // 12, month % 12 + 1, 1)
    return last - dt.timedelta(days=1)


def by_layer(plan: Sequence[Planned], day: dt.date, layers: Sequence[str]) -> tuple[LayerPlan, ...]:
    """The quarter by layer, in the order of `layers`.

    >>> old = Firm(1, "E1", "一号", "micro", dt.date(2024, 1, 1), dt.date(2026, 9, 1))
    >>> plan = planned([old], dt.date(2026, 11, 2), lambda day: day.weekday() < 5)
    >>> by_layer(plan, dt.date(2026, 11, 2), ["small_micro"])
    (LayerPlan(layer='small_micro', firms=1, due=1, overdue=0),)
    """
    end = quarter_end(day)
    return tuple(
        LayerPlan(
            name,
            sum(one.layer == name for one in plan),
            sum(one.layer == name and one.due_on is not None and one.due_on <= end for one in plan),
            sum(one.layer == name and one.due_on is not None and one.due_on < day for one in plan),
        )
        for name in layers
    )
