"""Reads rows and hands them to the pure core: calendars, what units hold, terms and tariffs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from app.db import db, locked
from app.errors import NotFound
from app.identity.service import OrganisationInfo
from app.sharing import states
from app.sharing.booking_rules import Terms, UnitState
from app.sharing.calendar import Calendar, Interval, OpeningHours
from app.sharing.models import (
    Booking,
    Holiday,
    OpeningException,
    OpeningRule,
    Outage,
    Rate,
    Resource,
    ResourceUnit,
    SharingTerms,
)
from app.sharing.park_time import day_number, interval, moment_of
from app.sharing.pricing import RateRule, Tariff

BLOCKING = sorted(states.BLOCKING)


def get_resource(resource_id: int, *, lock: bool = False) -> Resource:
    """The resource, locked for the rest of the transaction if asked; every path that occupies slots does."""
    query = sa.select(Resource).where(Resource.id == resource_id)
    row: Resource | None = db.session.scalar(locked(query) if lock else query)
    if row is None:
        raise NotFound("resource_not_found")
    return row


def lock_resources(ids: Iterable[int]) -> dict[int, Resource]:
    """Several resources, locked in the order of their ids so that two such locks never deadlock."""
    query = sa.select(Resource).where(Resource.id.in_(sorted(set(ids)))).order_by(Resource.id)
    return {row.id: row for row in db.session.scalars(locked(query))}


def park_terms() -> SharingTerms:
    """What the park decided; the defaults until it decides anything."""
    row = db.session.get(SharingTerms, 1)
    return row or SharingTerms(
        id=1,
        credit_share_ratio=0.3,
        credit_value_fen=100,
        no_show_limit=0,
        suspension_days=14,
        offer_minutes=120,
        no_show_grace_minutes=2880,
        dispute_days=7,
    )


def calendars(resources: Sequence[Resource]) -> dict[int, Calendar]:
    """The calendar of each resource; three queries, however many there are."""
    ids = [r.id for r in resources]
    rules: dict[int, list[OpeningHours]] = defaultdict(list)
    for row in db.session.execute(
        sa.select(
            OpeningRule.resource_id, OpeningRule.weekday, OpeningRule.opens_minute, OpeningRule.closes_minute
        ).where(OpeningRule.resource_id.in_(ids))
    ):
        rules[row.resource_id].append(OpeningHours(row.weekday, row.opens_minute, row.closes_minute))
    exceptions: dict[int, dict[int, tuple[tuple[int, int], ...]]] = defaultdict(dict)
    for row in db.session.execute(
        sa.select(OpeningException.resource_id, OpeningException.on_day, OpeningException.hours).where(
            OpeningException.resource_id.in_(ids)
        )
    ):
        exceptions[row.resource_id][day_number(row.on_day)] = tuple((int(a), int(b)) for a, b in row.hours)
    holidays = frozenset(day_number(day) for day in db.session.scalars(sa.select(Holiday.on_day)))
    return {
        r.id: Calendar(tuple(rules[r.id]), exceptions[r.id], frozenset() if r.open_on_holidays else holidays)
        for r in resources
    }


def units(resource_ids: Iterable[int]) -> dict[int, list[int]]:
    """Active units of each resource, in the order of their ids."""
    found: dict[int, list[int]] = defaultdict(list)
    for row in db.session.execute(
        sa.select(ResourceUnit.resource_id, ResourceUnit.id)
        .where(ResourceUnit.resource_id.in_(list(resource_ids)), ResourceUnit.active)
        .order_by(ResourceUnit.id)
    ):
        found[row.resource_id].append(row.id)
    return found


def unit_states(
    resource_ids: Iterable[int], window: Interval, without_booking: int | None = None
) -> dict[int, tuple[UnitState, ...]]:
    """What stands in the window on each unit: outages, and what blocking bookings hold with their buffers."""
    ids = list(resource_ids)
    unit_ids = units(ids)
    start, end = moment_of(window.start), moment_of(window.end)
    of_resource: dict[int, list[Interval]] = defaultdict(list)
    of_unit: dict[int, list[Interval]] = defaultdict(list)
    for out in db.session.execute(
        sa.select(Outage.resource_id, Outage.unit_id, Outage.start_at, Outage.end_at).where(
            Outage.resource_id.in_(ids),
            Outage.withdrawn_at.is_(None),
            Outage.end_at > start,
            Outage.start_at < end,
        )
    ):
        place = of_resource[out.resource_id] if out.unit_id is None else of_unit[out.unit_id]
        place.append(interval(out.start_at, out.end_at))
    occupied: dict[int, list[Interval]] = defaultdict(list)
    query = sa.select(Booking.unit_id, Booking.hold_start_at, Booking.hold_end_at).where(
        Booking.unit_id.in_([u for us in unit_ids.values() for u in us]),
        Booking.state.in_(BLOCKING),
        Booking.hold_end_at > start,
        Booking.hold_start_at < end,
    )
    if without_booking is not None:
        query = query.where(Booking.id != without_booking)
    for row in db.session.execute(query):
        occupied[row.unit_id].append(interval(row.hold_start_at, row.hold_end_at))
    return {
        rid: tuple(
            UnitState(u, tuple(of_resource[rid] + of_unit[u]), tuple(occupied[u])) for u in unit_ids[rid]
        )
        for rid in ids
    }


def terms_of(resource: Resource) -> Terms:
    return Terms(
        step=resource.step_minutes,
        shortest=resource.min_minutes,
        longest=resource.max_minutes,
        before=resource.buffer_before_minutes,
        after=resource.buffer_minutes,
        lead=resource.lead_minutes,
        horizon=None if resource.horizon_days is None else resource.horizon_days * 1440,
        quota=resource.quota_minutes_per_week,
    )


def group_of(organisation: OrganisationInfo) -> str:
    """The rate group of a member: its organisation's kind, small firms apart.

    The groups are `university` (universities and institutes), `small` (small and micro firms), `enterprise`.
    """
    if organisation.kind in ("university", "institute"):
        return "university"
    return "small" if organisation.size in ("small", "micro") else "enterprise"


def tariffs(resources: Sequence[Resource]) -> dict[int, Tariff]:
    rules: dict[int, list[RateRule]] = defaultdict(list)
    for row in db.session.scalars(sa.select(Rate).where(Rate.resource_id.in_([r.id for r in resources]))):
        rules[row.resource_id].append(
            RateRule(
                row.id,
                row.price_fen_per_hour,
                row.member_group,
                frozenset(int(d) for d in row.weekdays),
                row.opens_minute,
                row.closes_minute,
            )
        )
    return {r.id: Tariff(r.price_fen_per_hour, tuple(rules[r.id])) for r in resources}


OWN_USE = Tariff(0)
"""An owner does not pay itself."""


def frozen_terms(resource: Resource, tariff: Tariff, group: str) -> dict[str, Any]:
    """The terms as they are now, kept with the booking: later changes of the price list do not touch it."""
    return {
        "base": tariff.base_per_hour_fen,
        "rates": [
            [r.id, r.price_per_hour_fen, r.group, sorted(r.weekdays), r.opens, r.closes] for r in tariff.rules
        ],
        "group": group,
        "billing": resource.billing,
        "late_cancel_hours": resource.late_cancel_hours,
        "late_cancel_ratio": resource.late_cancel_ratio,
        "no_show_ratio": resource.no_show_ratio,
    }


def tariff_from(terms: dict[str, Any]) -> Tariff:
    rates = (RateRule(i, p, g, frozenset(w), o, c) for i, p, g, w, o, c in terms["rates"])
    return Tariff(terms["base"], tuple(rates))


def booked(booking: Booking) -> Interval:
    return interval(booking.start_at, booking.end_at)
