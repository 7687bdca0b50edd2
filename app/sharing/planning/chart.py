"""A round as its page and the API show it: places with names, refusals in words, bars on a timeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.sharing.calendar import stock
from app.sharing.calendar.park_time import interval, moment_of
from app.sharing.catalogue.models import Resource, ResourceUnit
from app.sharing.planning.models import ScheduleAssignment, ScheduleRun, SlotRequest
from app.sharing.planning.reasons import Teller


@dataclass(frozen=True)
class Line:
    """One wish of the round: what it asked, what it got, or why not."""

    request_id: int
    organisation_id: int
    purpose: str
    minutes: int
    priority: int
    resource_id: int | None
    unit_id: int | None
    start_at: dt.datetime | None
    end_at: dt.datetime | None
    reasons: tuple[tuple[str, str], ...]
    booking_id: int | None


def _unit_names(row: ScheduleRun) -> dict[int, str]:
    units = [int(one["id"]) for one in row.instance["instruments"]]
    found = db.session.execute(
        sa.select(ResourceUnit.id, Resource.name)
        .join(Resource, Resource.id == ResourceUnit.resource_id)
        .where(ResourceUnit.id.in_(units))
    )
    return {row.id: row.name for row in found}


def assignments_of(row: ScheduleRun) -> list[Line]:
    """Every wish of the round in the order of the wishes."""
    teller = Teller(row, _unit_names(row))
    found = db.session.execute(
        sa.select(ScheduleAssignment, SlotRequest)
        .join(SlotRequest, SlotRequest.id == ScheduleAssignment.request_id)
        .where(ScheduleAssignment.run_id == row.id)
        .order_by(ScheduleAssignment.request_id)
    )
    return [
        Line(
            wish.id,
            wish.organisation_id,
            wish.purpose,
            wish.duration_minutes,
            wish.priority,
            one.resource_id,
            one.unit_id,
            one.start_at,
            one.end_at,
            tuple(told for reason in one.reasons for told in teller.sentences(reason)),
            one.booking_id,
        )
        for one, wish in found
    ]


@dataclass(frozen=True)
class Bar:
    """Something on the timeline, in minutes after midnight of its day."""

    start: int
    minutes: int
    kind: str
    title: str = ""


@dataclass(frozen=True)
class Track:
    """One unit over the days of the round; labelled where its instrument has several."""

    unit_id: int
    resource_id: int
    label: str
    days: tuple[tuple[Bar, ...], ...]


def days_of(row: ScheduleRun) -> list[dt.date]:
    first, last = clock.day_of(row.start_at), clock.day_of(row.end_at - dt.timedelta(minutes=1))
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


def tracks(row: ScheduleRun, lines: Sequence[Line], titles: Mapping[int, str]) -> list[Track]:
    """The timeline: what stands (busy) and what the plan adds, for each unit that got something."""
    days = days_of(row)
    moved = {int(number) for number in row.plan.get("moved", ())}
    used = sorted({line.unit_id for line in lines if line.unit_id is not None})
    units = {
        unit.id: unit for unit in db.session.scalars(sa.select(ResourceUnit).where(ResourceUnit.id.in_(used)))
    }
    window = interval(clock.start_of_day(days[0]), clock.start_of_day(days[-1] + dt.timedelta(days=1)))
    states = stock.unit_states(sorted({unit.resource_id for unit in units.values()}), window)
    held = {state.unit: (*state.outages, *state.occupied) for found in states.values() for state in found}
    out = []
    for unit_id in used:
        bars: list[list[Bar]] = [[] for _ in days]
        mine = [line for line in lines if line.unit_id == unit_id]
        booked = {line.start_at for line in mine if line.booking_id}
        for span in held.get(unit_id, ()):
            if moment_of(span.start) not in booked:
                _draw(bars, days, moment_of(span.start), moment_of(span.end), "busy", "")
        for line in mine:
            if line.start_at and line.end_at:
                kind = "moved" if line.request_id in moved else "plan"
                _draw(bars, days, line.start_at, line.end_at, kind, titles.get(line.organisation_id, ""))
        unit = units[unit_id]
        label = unit.label if len(states[unit.resource_id]) > 1 else ""
        out.append(Track(unit_id, unit.resource_id, label, tuple(tuple(day) for day in bars)))
    return out


def _draw(
    bars: list[list[Bar]],
    days: Sequence[dt.date],
    start: dt.datetime,
    end: dt.datetime,
    kind: str,
    title: str,
) -> None:
    for n, day in enumerate(days):
        midnight = clock.start_of_day(day)
        first = max(0, int((start - midnight).total_seconds() // 60))
        last = min(1440, int((end - midnight).total_seconds() // 60))
        if first < last:
            bars[n].append(Bar(first, last - first, kind, title))
