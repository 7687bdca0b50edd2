"""The week of all instruments as a board: bars, and for phones and readers without scripts one day as cards."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.hall import clock
from app.hall.db.base import db
from app.hall.text import language, units
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.sharing import access
from app.sharing.bookings.models import Booking
from app.sharing.calendar import stock
from app.sharing.calendar.park_time import interval, minute_of, moment_of
from app.sharing.calendar.rules import (
    DAY,
    LONGEST_BOOKING,
    Calendar,
    Interval,
    UnitState,
    clipped,
    free_times,
    merged,
    open_times,
    open_times_of,
    without,
)
from app.sharing.catalogue.models import Resource
from app.sharing.outages.models import Outage

DAY_OPENS, DAY_CLOSES = 8, 20
#: Who has not arrived yet asks when an instrument is free next, within two weeks.
NEXT_FREE_DAYS = 14


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
    """One instrument on one day: bars as minutes after eight, and when it can still be booked."""

    resource: Resource
    parts: list[tuple[int, int, str]]
    gaps: list[Interval]

    @property
    def free(self) -> Interval | None:
        return self.gaps[0] if self.gaps else None

    @property
    def free_minutes(self) -> int:
        return sum(gap.minutes for gap in self.gaps)


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
        link = row.id if mine or runs or actor.may(roles.SEES_ALL_BOOKINGS) else None
        movable = (
            row.state in ("requested", "confirmed")
            and row.source != "offer"
            and row.start_at > now
            and access.holds(actor, row)
        )
        found.append(Bar(row.resource_id, row.unit_id, row.start_at, row.end_at, kind, name, link, movable))
    return found + _outages(ids, start, end)


def _outages(ids: Sequence[int], start: dt.datetime, end: dt.datetime) -> list[Bar]:
    query = sa.select(Outage).where(
        Outage.resource_id.in_(ids),
        Outage.withdrawn_at.is_(None),
        Outage.start_at < end,
        Outage.end_at > start,
    )
    return [
        Bar(
            out.resource_id,
            out.unit_id or 0,
            max(out.start_at, start),
            min(out.end_at, end),
            "maint",
            out.reason,
        )
        for out in db.session.scalars(query)
    ]


def day_cards(
    actor: Actor, resources: Sequence[Resource], day: dt.date, known: Sequence[Bar] | None = None
) -> list[DayCard]:
    """One day, instrument by instrument; `known` are the bars of a time that holds the day, where they are there."""
    return cards_of(actor, resources, [day], known)[day]


def cards_of(
    actor: Actor, resources: Sequence[Resource], days: Sequence[dt.date], known: Sequence[Bar] | None = None
) -> dict[dt.date, list[DayCard]]:
    """Several days that follow each other, read together."""
    start, end = clock.start_of_day(days[0]), clock.start_of_day(days[-1] + dt.timedelta(days=1))
    window = interval(start, end)
    calendars, states = stock.stock(resources, Interval(window.start - DAY, window.end + DAY))
    of_resource: dict[int, list[Bar]] = defaultdict(list)
    for bar in bars(actor, resources, start, end) if known is None else known:
        of_resource[bar.resource].append(bar)
    now = minute_of(clock.now())
    return {
        day: [
            _card(one, _midnight(day), calendars[one.id], states[one.id], of_resource[one.id], now)
            for one in resources
        ]
        for day in days
    }


def _midnight(day: dt.date) -> int:
    return minute_of(clock.start_of_day(day))


def _card(
    resource: Resource,
    midnight: int,
    calendar: Calendar,
    units: Sequence[UnitState],
    bars_: Sequence[Bar],
    now: int,
) -> DayCard:
    window = Interval(midnight, midnight + DAY)
    shown = Interval(midnight + DAY_OPENS * 60, midnight + DAY_CLOSES * 60)
    opening = open_times(calendar, window)
    gaps = gaps_of(resource, calendar, units, window)
    parts = [(i.start - shown.start, i.minutes, "closed") for i in without([shown], opening)]
    parts += [(i.start - shown.start, i.minutes, "busy") for i in without(clipped(opening, shown), gaps)]
    if now > shown.start:
        parts.append((0, min(now, shown.end) - shown.start, "past"))
    for bar in bars_:
        if bar.kind != "busy":
            for piece in clipped([interval(bar.start, bar.end)], shown):
                parts.append((piece.start - shown.start, piece.minutes, bar.kind))
    return DayCard(resource, parts, usable(resource, gaps, now))


def next_free(resources: Sequence[Resource], first: dt.date, days: int) -> dict[int, dt.datetime]:
    """When each of these instruments can next be booked from the morning of `first` on, within `days` days."""
    window = interval(clock.start_of_day(first), clock.start_of_day(first + dt.timedelta(days=days)))
    calendars, states = stock.stock(resources, Interval(window.start - DAY, window.end + DAY))
    now = minute_of(clock.now())
    found = {}
    for resource in resources:
        gaps = gaps_of(resource, calendars[resource.id], states[resource.id], window)
        left = usable(resource, gaps, now)
        if left:
            found[resource.id] = moment_of(left[0].start)
    return found


def next_free_of(ids: Sequence[int]) -> dict[int, dt.datetime]:
    """When each of these instruments can next be booked within two weeks; those that cannot are missing."""
    rows = db.session.scalars(
        sa.select(Resource).where(
            Resource.id.in_(ids), Resource.kind == "equipment", Resource.status == "listed"
        )
    ).all()
    return next_free(rows, clock.today(), NEXT_FREE_DAYS) if rows else {}


def gaps_of(
    resource: Resource, calendar: Calendar, units: Sequence[UnitState], window: Interval
) -> list[Interval]:
    """When at least one unit is free."""
    gaps: list[Interval] = []
    for unit in units:
        gaps += free_times(
            calendar,
            window,
            unit.outages,
            unit.occupied,
            resource.buffer_before_minutes,
            resource.buffer_minutes,
        )
    return merged(gaps)


def usable(resource: Resource, gaps: Sequence[Interval], now: int) -> list[Interval]:
    """What of these gaps can still be booked."""
    return [gap for gap in from_now(gaps, now, resource.step_minutes) if gap.minutes >= resource.min_minutes]


def from_now(gaps: Sequence[Interval], now: int, step: int) -> list[Interval]:
    """What of these gaps can still begin: after now, on the step."""
    first = -(-now // step) * step
    return [Interval(max(g.start, first), g.end) for g in gaps if g.end > first]


def spoken(bar: Bar, instrument: str, words: Mapping[str, str] | None = None) -> str:
    """What a screen reader says of a bar: instrument, day and hours, state, whether it is one's own; closed hours nothing."""
    words = words or spoken_words()
    if bar.kind not in words:
        return ""
    own = words["own"] if bar.kind in ("mine", "pending") else ""
    said = (instrument, units.span(bar.start, bar.end, language.lang()), words[bar.kind], own)
    return words["and"].join(part for part in said if part)


def spoken_words() -> dict[str, str]:
    """The words of `spoken`, looked up once for a board of hundreds of bars."""
    return {
        "mine": _("已确认"),
        "pending": _("待审批"),
        "guest": _("他人预约我方仪器"),
        "busy": _("已占用"),
        "maint": _("维护 / 校准"),
        "own": _("我的预约"),
        "and": _("，"),
    }


def events(bars_: Sequence[Bar], names: Mapping[int, str]) -> list[dict[str, Any]]:
    """Bars as the timeline wants them: park wall-clock times without an offset, and each as a sentence."""
    words = spoken_words()
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
            "spoken": spoken(b, names.get(b.resource, ""), words),
        }
        for n, b in enumerate(bars_)
    ]


def closed_bars(resources: Sequence[Resource], start: dt.datetime, end: dt.datetime) -> list[Bar]:
    """When each instrument is not open in [start, end); a stretch of nights and weekends is one bar."""
    window = interval(start, end)
    openings = open_times_of(stock.calendars(resources, window), window)
    return [
        Bar(resource.id, 0, moment_of(gap.start), moment_of(gap.end), "closed", "")
        for resource in resources
        for gap in without([window], openings[resource.id])
    ]
