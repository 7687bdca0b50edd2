"""The week of all instruments as a board: bars, and for phones and readers without scripts one day as cards."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db
from app.identity import service as identity
from app.identity.service import Actor
from app.sharing.booking_rules import UnitState
from app.sharing.calendar import (
    DAY,
    LONGEST_BOOKING,
    Calendar,
    Interval,
    clipped,
    free_times,
    merged,
    open_times,
    without,
)
from app.sharing.models import Booking, Outage, Resource
from app.sharing.park_time import interval, minute_of, moment_of
from app.sharing.service import access, loading

DAY_OPENS, DAY_CLOSES = 8, 20
MOST_LISTED = 3000


@dataclass(frozen=True)
class Bar:
    """One bar of the board; `kind` is mine, pending, guest, busy, maint or closed. A busy one has no words."""

    resource: int
    unit: int
    start: dt.datetime
    end: dt.datetime
    kind: str
    title: str
    booking: int | None = None
    movable: bool = False


@dataclass(frozen=True)
class DayCard:
    """One instrument on one day: bars as minutes after eight, and the first free time."""

    resource: Resource
    parts: list[tuple[int, int, str]]
    free: Interval | None
    free_minutes: int


def category_rank(category: str) -> tuple[int, str]:
    """The park's own categories in their order, then the owners' own words."""
    from app.sharing.service.resources import CATEGORIES

    return (CATEGORIES.index(category) if category in CATEGORIES else len(CATEGORIES), category)


def listed_equipment(category: str = "", q: str = "") -> list[Resource]:
    from app.sharing.service.catalogue import Search, statement

    query = statement(Search(kind="equipment", category=category, q=q))
    rows = db.session.scalars(query.order_by(Resource.name, Resource.id).limit(MOST_LISTED))
    return sorted(rows, key=lambda r: category_rank(r.category))


def bars(actor: Actor, resources: Sequence[Resource], start: dt.datetime, end: dt.datetime) -> list[Bar]:
    """Everything that stands in the calendars; the holder's name only for the owner, else nobody's."""
    owners = {r.id: r.owner_id for r in resources}
    ids = list(owners)
    rows = db.session.scalars(
        sa.select(Booking).where(
            Booking.resource_id.in_(ids),
            Booking.start_at < end,
            Booking.start_at > start - dt.timedelta(minutes=LONGEST_BOOKING),
            Booking.end_at > start,
            Booking.state.not_in(("rejected", "expired", "cancelled")),
        )
    ).all()
    guests = {r.organisation_id for r in rows if owners[r.resource_id] == actor.organisation_id}
    holders = identity.organisations_by_id(guests - {actor.organisation_id})
    now = clock.now()
    found = []
    for row in rows:
        mine = row.organisation_id == actor.organisation_id
        runs = owners[row.resource_id] == actor.organisation_id
        name = row.purpose if mine else holders[row.organisation_id].name if runs else ""
        if row.state == "requested" and (mine or runs):
            kind = "pending"
        elif mine:
            kind = "mine"
        else:
            kind = "guest" if runs else "busy"
        link = row.id if mine or runs or actor.has("park_admin", "auditor") else None
        movable = (
            row.state in ("requested", "confirmed")
            and row.source != "offer"
            and row.start_at > now
            and access.holds(actor, row)
        )
        found.append(Bar(row.resource_id, row.unit_id, row.start_at, row.end_at, kind, name, link, movable))
    for out in db.session.scalars(
        sa.select(Outage).where(
            Outage.resource_id.in_(ids),
            Outage.withdrawn_at.is_(None),
            Outage.start_at < end,
            Outage.end_at > start,
        )
    ):
        found.append(
            Bar(
                out.resource_id, out.unit_id or 0, max(out.start_at, start), min(out.end_at, end), "maint",
                out.reason,
            )
        )  # fmt: skip
    return found


def day_cards(actor: Actor, resources: Sequence[Resource], day: dt.date) -> list[DayCard]:
    """One day, instrument by instrument."""
    start, end = clock.start_of_day(day), clock.start_of_day(day + dt.timedelta(days=1))
    window = interval(start, end)
    shown = Interval(window.start + DAY_OPENS * 60, window.start + DAY_CLOSES * 60)
    calendars, states = loading.stock(resources, Interval(window.start - DAY, window.end + DAY))
    of_resource: dict[int, list[Bar]] = defaultdict(list)
    for bar in bars(actor, resources, start, end):
        of_resource[bar.resource].append(bar)
    now = minute_of(clock.now())
    cards = []
    for resource in resources:
        opening = open_times(calendars[resource.id], window)
        gaps = _gaps(resource, calendars[resource.id], states[resource.id], window)
        usable = _usable(resource, gaps, now)
        parts = [(i.start - shown.start, i.minutes, "closed") for i in without([shown], opening)]
        parts += [(i.start - shown.start, i.minutes, "busy") for i in without(clipped(opening, shown), gaps)]
        if now > shown.start:
            parts.append((0, min(now, shown.end) - shown.start, "past"))
        for bar in of_resource[resource.id]:
            if bar.kind != "busy":
                for piece in clipped([interval(bar.start, bar.end)], shown):
                    parts.append((piece.start - shown.start, piece.minutes, bar.kind))
        cards.append(DayCard(resource, parts, usable[0] if usable else None, sum(g.minutes for g in usable)))
    return cards


def next_free(resources: Sequence[Resource], first: dt.date, days: int) -> dict[int, dt.datetime]:
    """When each of these instruments can next be booked from the morning of `first` on, within `days` days."""
    window = interval(clock.start_of_day(first), clock.start_of_day(first + dt.timedelta(days=days)))
    calendars, states = loading.stock(resources, Interval(window.start - DAY, window.end + DAY))
    now = minute_of(clock.now())
    found = {}
    for resource in resources:
        gaps = _gaps(resource, calendars[resource.id], states[resource.id], window)
        usable = _usable(resource, gaps, now)
        if usable:
            found[resource.id] = moment_of(usable[0].start)
    return found


def _gaps(
    resource: Resource, calendar: Calendar, units: Sequence[UnitState], window: Interval
) -> list[Interval]:
    """When at least one unit is free."""
    gaps: list[Interval] = []
    for unit in units:
        gaps += free_times(
            calendar, window, unit.outages, unit.occupied,
            resource.buffer_before_minutes, resource.buffer_minutes,
        )  # fmt: skip
    return merged(gaps)


def _usable(resource: Resource, gaps: Sequence[Interval], now: int) -> list[Interval]:
    """What of these gaps can still be booked."""
    return [gap for gap in from_now(gaps, now, resource.step_minutes) if gap.minutes >= resource.min_minutes]


def from_now(gaps: Sequence[Interval], now: int, step: int) -> list[Interval]:
    """What of these gaps can still begin: after now, on the step."""
    first = -(-now // step) * step
    return [Interval(max(g.start, first), g.end) for g in gaps if g.end > first]


def events(bars_: Sequence[Bar]) -> list[dict[str, Any]]:
    """Bars as the timeline wants them: park wall-clock times without an offset."""
    return [
        {
            "id": f"{b.kind}-{b.booking or ''}-{n}",
            "resource": b.resource,
            "start": clock.local(b.start).strftime("%Y-%m-%dT%H:%M"),
            "end": clock.local(b.end).strftime("%Y-%m-%dT%H:%M"),
            "kind": b.kind,
            "title": b.title,
            "booking": b.booking,
            "movable": b.movable,
        }
        for n, b in enumerate(bars_)
    ]


def closed_bars(resources: Sequence[Resource], start: dt.datetime, end: dt.datetime) -> list[Bar]:
    """When each instrument is not open in [start, end); a stretch of nights and weekends is one bar."""
    window = interval(start, end)
    calendars = loading.calendars(resources, window)
    return [
        Bar(resource.id, 0, moment_of(gap.start), moment_of(gap.end), "closed", "")
        for resource in resources
        for gap in without([window], open_times(calendars[resource.id], window))
    ]


def week_figures(resources: Sequence[Resource], start: dt.datetime, end: dt.datetime) -> tuple[int, int]:
    """Minutes still free and minutes open in [start, end), over all units."""
    window = interval(start, end)
    calendars = loading.calendars(resources, window)
    states = loading.unit_states([r.id for r in resources], Interval(window.start - 1440, window.end + 1440))
    now = minute_of(clock.now())
    free = opened = 0
    for resource in resources:
        opening = open_times(calendars[resource.id], window)
        for unit in states[resource.id]:
            usable = without(opening, unit.outages)
            opened += sum(i.minutes for i in usable)
            for gap in without(usable, unit.occupied):
                free += max(0, gap.end - max(gap.start, now))
    return free, opened
