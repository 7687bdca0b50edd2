"""How much of what could be used was used, by whom, and what it earned."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.db import db
from app.identity.service import Actor
from app.sharing.calendar import (
    Interval,
    clipped,
    counted_minutes,
    merged,
    open_times,
    total_minutes,
    without,
)
from app.sharing.models import Booking, Outage, Resource, ResourceUnit, Settlement, Usage
from app.sharing.park_time import interval, minute_of
from app.sharing.service import access, loading


@dataclass(frozen=True)
class Use:
    """Minutes of one resource (or of many): bookable = opening − outages over all units; own and shared are used."""

    bookable: int = 0
    own: int = 0
    shared: int = 0
    income_fen: int = 0

    @property
    def ratio(self) -> float | None:
        return (self.own + self.shared) / self.bookable if self.bookable else None

    @property
    def own_ratio(self) -> float | None:
        return self.own / self.bookable if self.bookable else None

    @property
    def points(self) -> float | None:
        """What sharing adds, in percentage points."""
        return 100 * self.shared / self.bookable if self.bookable else None

    @property
    def relative(self) -> float | None:
        """What sharing adds, relative to own use."""
        return self.shared / self.own if self.own else None

    def __add__(self, other: Use) -> Use:
        return Use(
            self.bookable + other.bookable,
            self.own + other.own,
            self.shared + other.shared,
            self.income_fen + other.income_fen,
        )


def visible_resources(actor: Actor) -> list[Resource]:
    """Equipment whose figures this reader may see."""
    query = sa.select(Resource).where(Resource.kind == "equipment").order_by(Resource.category, Resource.name)
    if not actor.has(*access.READERS):
        query = query.where(Resource.owner_id == actor.organisation_id)
    return list(db.session.scalars(query))


def utilisation(resources: Sequence[Resource], start: dt.datetime, end: dt.datetime) -> dict[int, Use]:
    """Bookable, own and shared minutes and income of each resource in [start, end)."""
    window = interval(start, end)
    ids = [r.id for r in resources]
    calendars, units = loading.calendars(resources, window), loading.units(ids)
    outages = _outages(ids, window, start, end)
    used = _used(ids, window, start, end)
    income = _income(ids, start, end)
    found = {}
    for resource in resources:
        opening = open_times(calendars[resource.id], window)
        bookable = sum(
            total_minutes(without(opening, outages[resource.id, None] + outages[resource.id, unit]))
            for unit in units[resource.id]
        )
        own, shared = used[resource.id]
        found[resource.id] = Use(bookable, own, shared, income.get(resource.id, 0))
    return found


def _outages(
    ids: list[int], window: Interval, start: dt.datetime, end: dt.datetime
) -> dict[tuple[int, int | None], list[Interval]]:
    found: dict[tuple[int, int | None], list[Interval]] = defaultdict(list)
    rows = db.session.execute(
        sa.select(Outage.resource_id, Outage.unit_id, Outage.start_at, Outage.end_at).where(
            Outage.resource_id.in_(ids),
            Outage.withdrawn_at.is_(None),
            Outage.start_at < end,
            Outage.end_at > start,
        )
    )
    for row in rows:
        if minute_of(row.end_at) > minute_of(row.start_at):
            found[row.resource_id, row.unit_id] += clipped([interval(row.start_at, row.end_at)], window)
    return found


def _used(
    ids: list[int], window: Interval, start: dt.datetime, end: dt.datetime
) -> dict[int, tuple[int, int]]:
    """Own and shared minutes: use of one booking that overlaps itself counts once, and at no moment is more in use
    than there are units, however often the owner noted the same hour down."""
    stretches: dict[tuple[int, bool, int], list[Interval]] = defaultdict(list)
    rows = db.session.execute(
        sa.select(
            Usage.id, Usage.resource_id, Usage.own_use, Usage.booking_id, Usage.start_at, Usage.end_at
        ).where(
            Usage.resource_id.in_(ids),
            Usage.voided_at.is_(None),
            Usage.end_at.is_not(None),
            Usage.start_at < end,
            Usage.end_at > start,
        )
    )
    for row in rows:
        first, last = minute_of(row.start_at), minute_of(row.end_at)
        key = (row.resource_id, row.own_use, row.booking_id or -row.id)
        stretches[key] += clipped([Interval(first, max(last, first + 1))], window)
    of_kind: dict[tuple[int, bool], list[Interval]] = defaultdict(list)
    for (resource_id, own_use, _), spans in stretches.items():
        of_kind[resource_id, own_use] += merged(spans)
    counted = sa.select(ResourceUnit.resource_id, sa.func.count()).where(ResourceUnit.resource_id.in_(ids))
    there_are = {rid: int(n) for rid, n in db.session.execute(counted.group_by(ResourceUnit.resource_id))}

    def minutes(resource_id: int, own_use: bool) -> int:
        return counted_minutes(of_kind[resource_id, own_use], there_are.get(resource_id, 1))

    return {resource_id: (minutes(resource_id, True), minutes(resource_id, False)) for resource_id in ids}


def _income(ids: list[int], start: dt.datetime, end: dt.datetime) -> dict[int, int]:
    """Fen owed for bookings that start in the window, corrections included."""
    rows = db.session.execute(
        sa.select(Booking.resource_id, sa.func.sum(Settlement.change_fen))
        .join(Booking, Booking.id == Settlement.booking_id)
        .where(Booking.resource_id.in_(ids), Booking.start_at >= start, Booking.start_at < end)
        .group_by(Booking.resource_id)
    )
    return {int(rid): int(fen or 0) for rid, fen in rows}


def total(uses: Sequence[Use]) -> Use:
    return sum(uses, Use())
