"""How much of what could be used was used, by whom, and what it earned."""

from __future__ import annotations

import datetime as dt
import itertools
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa

from app.hall.db.base import db
from app.hall.db.windows import window_of
from app.identity.door import Actor, roles
from app.sharing.bookings.models import Booking
from app.sharing.calendar import stock
from app.sharing.calendar.park_time import ParkMinute, interval, minute_of, moment_of
from app.sharing.calendar.rules import (
    Interval,
    clipped,
    counted_minutes,
    merged,
    open_times,
    open_times_of,
    total_minutes,
    without,
)
from app.sharing.catalogue.models import Resource, ResourceUnit
from app.sharing.catalogue.records import resources_by_id
from app.sharing.outages.models import Outage
from app.sharing.use.models import Settlement, Usage

Key = TypeVar("Key", bound=Hashable)
Stretches = dict[tuple[bool, int], list[Interval]]  # by own use or not, and booking


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
    if not actor.may(roles.SEES_SHARING_FIGURES):
        query = query.where(Resource.owner_id == actor.organisation_id)
    return list(db.session.scalars(query))


def utilisation(resources: Sequence[Resource], start: dt.datetime, end: dt.datetime) -> dict[int, Use]:
    """Bookable, own and shared minutes and income of each resource in [start, end).

    Use of one booking that overlaps itself counts once, and at no moment is more in use than there are units,
    however often the owner noted the same hour down.
    """
    return utilisation_between(resources, (start, end))[0]


def utilisation_between(resources: Sequence[Resource], edges: Sequence[dt.datetime]) -> list[dict[int, Use]]:
    """The same between one of these moments and the next, for all of them in as many statements as for one."""
    start, end = edges[0], edges[-1]
    whole = interval(start, end)
    ids = [r.id for r in resources]
    calendars, (units, there_are) = stock.calendars(resources, whole), _active_and_all(ids)
    outages = _outages(ids, whole, start, end)
    windows = [interval(first, last) for first, last in itertools.pairwise(edges)]
    used = _by_window(_stretches(ids, start, end), windows)
    income = _income(ids, edges)
    found = []
    for place, window in enumerate(windows):
        opening = open_times_of(calendars, window)
        opened = _Opened(window, opening, outages)
        uses = {}
        for rid in ids:
            most = there_are.get(rid, 1)
            stretches = used[place].get(rid, {})
            own, shared = (_minutes(stretches, mine, window, most) for mine in (True, False))
            uses[rid] = Use(opened.minutes(rid, units[rid]), own, shared, income.get((place, rid), 0))
        found.append(uses)
    return found


class _Opened:
    """Minutes that could be booked in one window; what many instruments share is added up once."""

    def __init__(
        self,
        window: Interval,
        opening: Mapping[int, list[Interval]],
        outages: Mapping[tuple[int, int | None], list[Interval]],
    ) -> None:
        self.window, self.opening, self.outages = window, opening, outages
        self._whole: dict[int, int] = {}

    def minutes(self, rid: int, units: Sequence[int]) -> int:
        """Over all units of an instrument: open, and not standing still."""
        return sum(self._unit(rid, unit) for unit in units)

    def _unit(self, rid: int, unit: int) -> int:
        opening = self.opening[rid]
        still = [*self.outages.get((rid, None), ()), *self.outages.get((rid, unit), ())]
        if still:
            return total_minutes(without(opening, clipped(still, self.window)))
        if id(opening) not in self._whole:
            self._whole[id(opening)] = total_minutes(opening)
        return self._whole[id(opening)]


def _by_window(found: Mapping[int, Stretches], windows: Sequence[Interval]) -> list[dict[int, Stretches]]:
    """The stretches of each window, which follow each other: each is looked at where it lies, not in all of them."""
    ends = [window.end for window in windows]
    parts: list[dict[int, Stretches]] = [defaultdict(lambda: defaultdict(list)) for _window in windows]
    for rid, stretches in found.items():
        for key, spans in stretches.items():
            for span in spans:
                place = bisect_right(ends, span.start)
                while place < len(windows) and windows[place].start < span.end:
                    parts[place][rid][key].append(span)
                    place += 1
    return parts


def open_spans(
    resource_id: int, start: dt.datetime, end: dt.datetime
) -> list[tuple[dt.datetime, dt.datetime]]:
    """When an instrument is open in [start, end), whether it stands still then or not."""
    if minute_of(start) >= minute_of(end):
        return []
    resource = resources_by_id([resource_id])[resource_id]
    window = interval(start, end)
    opening = open_times(stock.calendars([resource], window)[resource_id], window)
    return [(moment_of(span.start), moment_of(span.end)) for span in opening]


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


def minutes_used(wishes: Mapping[Key, tuple[int, dt.datetime]], end: dt.datetime) -> dict[Key, int]:
    """Own and shared minutes of use of a resource from a moment on until `end`, for many wishes in two statements."""
    ids = sorted({resource_id for resource_id, _since in wishes.values()})
    if not ids:
        return {}
    stretches = _stretches(ids, min(since for _id, since in wishes.values()), end)
    there_are = _units(ids)
    found = {}
    for key, (rid, since) in wishes.items():
        if minute_of(since) >= minute_of(end):
            found[key] = 0
            continue
        window = interval(since, end)
        found[key] = sum(
            _minutes(stretches[rid], own, window, there_are.get(rid, 1)) for own in (True, False)
        )
    return found


def _stretches(ids: list[int], start: dt.datetime, end: dt.datetime) -> dict[int, Stretches]:
    found: dict[int, Stretches] = defaultdict(lambda: defaultdict(list))
    rows = db.session.execute(
        sa.select(
            Usage.resource_id,
            Usage.own_use,
            sa.func.coalesce(Usage.booking_id, -Usage.id),
            ParkMinute(Usage.start_at),
            ParkMinute(Usage.end_at),
        ).where(
            Usage.resource_id.in_(ids),
            Usage.voided_at.is_(None),
            Usage.end_at.is_not(None),
            Usage.start_at < end,
            Usage.end_at > start,
        )
    )
    for resource_id, own_use, key, first, last in rows:
        found[resource_id][own_use, key].append(Interval(first, max(last, first + 1)))
    return found


def _active_and_all(ids: list[int]) -> tuple[dict[int, list[int]], dict[int, int]]:
    """The active units of each resource, and how many it has with those that are put away."""
    query = sa.select(ResourceUnit.resource_id, ResourceUnit.id, ResourceUnit.active)
    active: dict[int, list[int]] = defaultdict(list)
    count: dict[int, int] = defaultdict(int)
    for rid, unit, is_active in db.session.execute(
        query.where(ResourceUnit.resource_id.in_(ids)).order_by(ResourceUnit.id)
    ):
        count[rid] += 1
        if is_active:
            active[rid].append(unit)
    return active, count


def _units(ids: list[int]) -> dict[int, int]:
    counted = sa.select(ResourceUnit.resource_id, sa.func.count()).where(ResourceUnit.resource_id.in_(ids))
    return {rid: int(n) for rid, n in db.session.execute(counted.group_by(ResourceUnit.resource_id))}


def _minutes(stretches: Stretches, own: bool, window: Interval, units: int) -> int:
    spans = [
        span
        for (own_use, _booking), parts in stretches.items()
        if own_use is own
        for span in merged(clipped(parts, window))
    ]
    return counted_minutes(spans, units)


def _income(ids: list[int], edges: Sequence[dt.datetime]) -> dict[tuple[int, int], int]:
    """(window, resource) to fen owed for bookings that start in the window, corrections included."""
    place = window_of(Booking.start_at, edges)
    rows = db.session.execute(
        sa.select(place, Booking.resource_id, sa.func.sum(Settlement.change_fen))
        .join(Booking, Booking.id == Settlement.booking_id)
        .where(Booking.resource_id.in_(ids), Booking.start_at >= edges[0], Booking.start_at < edges[-1])
        .group_by(place, Booking.resource_id)
    )
    return {(int(number), int(rid)): int(fen or 0) for number, rid, fen in rows}


def total_use(uses: Sequence[Use]) -> Use:
    return sum(uses, Use())


def minutes_by_user(
    starts: Sequence[dt.datetime], organisation_ids: Sequence[int] | None = None
) -> list[dict[int, int]]:
    """Minutes that each organisation used instruments of others, between one of these moments and the next.

    One statement for all of them; without `organisation_ids` for every organisation.
    """
    query = sa.select(Usage.organisation_id, Usage.start_at, Usage.end_at).where(
        Usage.own_use.is_(False),
        Usage.voided_at.is_(None),
        Usage.end_at.is_not(None),
        Usage.start_at < starts[-1],
        Usage.end_at > starts[0],
    )
    if organisation_ids is not None:
        query = query.where(Usage.organisation_id.in_(organisation_ids))
    windows = [interval(start, end) for start, end in itertools.pairwise(starts)]
    found: list[dict[int, int]] = [defaultdict(int) for _window in windows]
    for row in db.session.execute(query):
        span = interval(row.start_at, row.end_at)
        for window, minutes in zip(windows, found, strict=True):
            if span.start < window.end and window.start < span.end:
                minutes[row.organisation_id] += total_minutes(clipped([span], window))
    return found
