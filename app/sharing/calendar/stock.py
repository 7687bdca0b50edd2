"""Reads calendars and what stands in them for many resources in one statement, for the pure rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import sqlalchemy as sa

from app.hall.db.union_query import Answers, Together
from app.sharing import states
from app.sharing.bookings.models import Booking
from app.sharing.calendar.models import Holiday, OpeningException, OpeningRule
from app.sharing.calendar.park_time import ParkMinute, date_of, day_number, moment_of, touched
from app.sharing.calendar.rules import DAY, Calendar, Interval, OpeningHours, UnitState
from app.sharing.catalogue.models import Resource, ResourceUnit
from app.sharing.outages.models import Outage

BLOCKING = sorted(states.BLOCKING)


_IDS: sa.BindParameter[list[int]] = sa.bindparam("ids", expanding=True)


_RULES = sa.select(
    OpeningRule.resource_id, OpeningRule.weekday, OpeningRule.opens_minute, OpeningRule.closes_minute
).where(OpeningRule.resource_id.in_(_IDS))


_EXCEPTIONS = sa.select(OpeningException.resource_id, OpeningException.on_day, OpeningException.hours).where(
    OpeningException.resource_id.in_(_IDS),
    OpeningException.on_day.between(sa.bindparam("first"), sa.bindparam("last")),
)


_HOLIDAYS = sa.select(Holiday.on_day).where(
    Holiday.on_day.between(sa.bindparam("first"), sa.bindparam("last"))
)


_UNITS = sa.select(ResourceUnit.resource_id, ResourceUnit.id).where(
    ResourceUnit.resource_id.in_(_IDS), ResourceUnit.active
)


_OUTAGES = sa.select(Outage.resource_id, Outage.unit_id, Outage.start_at, Outage.end_at).where(
    Outage.resource_id.in_(_IDS),
    Outage.withdrawn_at.is_(None),
    Outage.end_at > sa.bindparam("start"),
    Outage.start_at < sa.bindparam("end"),
)


# One row per unit with all its stretches as text, "start end start end …" in park minutes: a search over a thousand
# instruments meets forty thousand bookings.
_HELD = (
    sa.select(
        Booking.unit_id,
        sa.func.aggregate_strings(
            sa.cast(ParkMinute(Booking.hold_start_at), sa.Text)
            + " "
            + sa.cast(ParkMinute(Booking.hold_end_at), sa.Text),
            " ",
        ),
    )
    .where(
        # As a list of units, not as a join: so SQLite finds everything in one index.
        Booking.unit_id.in_(
            sa.select(ResourceUnit.id).where(ResourceUnit.resource_id.in_(_IDS), ResourceUnit.active)
        ),
        Booking.state.in_(BLOCKING),
        Booking.hold_end_at > sa.bindparam("start"),
        Booking.hold_start_at < sa.bindparam("end"),
        Booking.id != sa.bindparam("without"),
    )
    .group_by(Booking.unit_id)
)


QUESTIONS: dict[str, Any] = {
    "rules": _RULES,
    "exceptions": _EXCEPTIONS,
    "holidays": _HOLIDAYS,
    "units": _UNITS,
    "outages": _OUTAGES,
    "held": _HELD,
}
"""What every judgement of a wish rests on; asked together, so that they answer for the same moment."""


_CALENDARS = Together(**{name: QUESTIONS[name] for name in ("rules", "exceptions", "holidays")})


_STATES = Together(**{name: QUESTIONS[name] for name in ("units", "outages", "held")})


_STOCK = Together(**QUESTIONS)


MOST_AT_ONCE = 1000
"""Resources asked for in one statement: a statement has a limited number of places for values."""


def ask(
    questions: Together,
    resource_ids: Sequence[int],
    window: Interval,
    without_booking: int | None = None,
    **more: Any,
) -> Answers:
    """Put `QUESTIONS` (and more of the same kind) to the database for these resources in this window."""
    told: Answers = {name: [] for name in questions.names}
    for at in range(0, len(resource_ids), MOST_AT_ONCE):
        values = {
            "ids": list(resource_ids[at : at + MOST_AT_ONCE]),
            # One day earlier: hours that began the day before may reach past midnight into the window.
            "first": date_of(window.start // DAY - 1),
            "last": date_of(window.end // DAY),
            "start": moment_of(window.start),
            "end": moment_of(window.end),
            "without": without_booking or 0,
        }
        for name, rows in questions.ask(values | more).items():
            told[name] += rows
    return told


def stock(
    resources: Sequence[Resource], window: Interval, without_booking: int | None = None
) -> tuple[dict[int, Calendar], dict[int, tuple[UnitState, ...]]]:
    """Calendars and what stands in the window on each unit, in one statement however many resources there are."""
    ids = [r.id for r in resources]
    told = ask(_STOCK, ids, window, without_booking)
    return calendars_from(resources, told), units_from(ids, told)


class HasHours(Protocol):
    """What a calendar depends on besides its rules: a whole row, or a line of a list."""

    @property
    def id(self) -> int: ...
    @property
    def open_on_holidays(self) -> bool: ...


def calendars(resources: Sequence[HasHours], window: Interval) -> dict[int, Calendar]:
    """The calendar of each resource, with the special days of the window."""
    return calendars_from(resources, ask(_CALENDARS, [r.id for r in resources], window))


def calendars_from(resources: Sequence[HasHours], told: Answers) -> dict[int, Calendar]:
    rules: dict[int, list[OpeningHours]] = defaultdict(list)
    for resource_id, weekday, opens, closes in told["rules"]:
        rules[resource_id].append(OpeningHours(weekday, opens, closes))
    exceptions: dict[int, dict[int, tuple[tuple[int, int], ...]]] = defaultdict(dict)
    for resource_id, day, hours in told["exceptions"]:
        exceptions[resource_id][day_number(day)] = tuple((int(a), int(b)) for a, b in hours)
    holidays = frozenset(day_number(day) for (day,) in told["holidays"])
    return {
        r.id: Calendar(tuple(rules[r.id]), exceptions[r.id], frozenset() if r.open_on_holidays else holidays)
        for r in resources
    }


def unit_states(
    resource_ids: Iterable[int], window: Interval, without_booking: int | None = None
) -> dict[int, tuple[UnitState, ...]]:
    """What stands in the window on each unit: outages, and what blocking bookings hold with their buffers."""
    ids = list(resource_ids)
    return units_from(ids, ask(_STATES, ids, window, without_booking))


def units_from(resource_ids: Iterable[int], told: Answers) -> dict[int, tuple[UnitState, ...]]:
    of_resource: dict[int, list[Interval]] = defaultdict(list)
    of_unit: dict[int, list[Interval]] = defaultdict(list)
    for resource_id, unit_id, start, end in told["outages"]:
        place = of_resource[resource_id] if unit_id is None else of_unit[unit_id]
        place.append(touched(start, end))
    occupied: dict[int, tuple[Interval, ...]] = {}
    for unit_id, stretches in told["held"]:
        edges = iter(map(int, stretches.split()))
        occupied[unit_id] = tuple(map(Interval, edges, edges))
    found: dict[int, list[UnitState]] = {resource_id: [] for resource_id in resource_ids}
    for resource_id, unit_id in sorted(told["units"]):
        outages = tuple(of_resource[resource_id] + of_unit[unit_id])
        found[resource_id].append(UnitState(unit_id, outages, occupied.get(unit_id, ())))
    return {resource_id: tuple(states_of) for resource_id, states_of in found.items()}
