"""How a member stands towards a resource: qualification, quota, suspension, internal-first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from app import clock
from app.db import db
from app.identity.service import Actor
from app.sharing.booking_rules import Standing, Terms, quota_week
from app.sharing.calendar import Interval
from app.sharing.models import Booking, MemberQualification, Qualification, Resource, Suspension
from app.sharing.park_time import minute_of, moment_of
from app.sharing.service import loading

COUNTED = ("requested", "confirmed", "in_use", "completed", "settled", "no_show", "disputed", "adjusted")


def standing_of(
    actor: Actor, resource: Resource, start: dt.datetime, without_booking: int | None = None
) -> Standing:
    if actor.organisation_id == resource.owner_id:
        return Standing(own_resource=True)
    return Standing(
        missing_qualification=_missing(actor, resource, start),
        used_quota=_used(actor, resource, start, without_booking) if resource.quota_minutes_per_week else 0,
        suspended_until=_suspended_until(actor),
        outsiders_from=_outsiders_from(resource),
    )


def _missing(actor: Actor, resource: Resource, start: dt.datetime) -> str | None:
    if resource.qualification_id is None:
        return None
    row = db.session.execute(
        sa.select(Qualification.name, MemberQualification.id, MemberQualification.expires_on)
        .outerjoin(
            MemberQualification,
            (MemberQualification.qualification_id == Qualification.id)
            & (MemberQualification.member_id == actor.member_id),
        )
        .where(Qualification.id == resource.qualification_id)
    ).one()
    valid = row.id is not None and (row.expires_on is None or row.expires_on >= clock.day_of(start))
    return None if valid else str(row.name)


def _used(actor: Actor, resource: Resource, start: dt.datetime, without_booking: int | None) -> int:
    week = quota_week(minute_of(start))
    return _minutes_held(actor, resource, week, without_booking)


def _minutes_held(actor: Actor, resource: Resource, week: Interval, without_booking: int | None) -> int:
    query = sa.select(Booking.start_at, Booking.end_at).where(
        Booking.resource_id == resource.id,
        Booking.organisation_id == actor.organisation_id,
        Booking.state.in_(COUNTED),
        Booking.start_at >= moment_of(week.start),
        Booking.start_at < moment_of(week.end),
    )
    if without_booking is not None:
        query = query.where(Booking.id != without_booking)
    return sum(minute_of(row.end_at) - minute_of(row.start_at) for row in db.session.execute(query))


def quota_left(actor: Actor, resource: Resource, window: Interval) -> dict[int, int]:
    """Minutes left per quota week (by its first minute) for every week that meets the window; {} without a quota."""
    if resource.quota_minutes_per_week is None or resource.owner_id == actor.organisation_id:
        return {}
    left = {}
    week = quota_week(window.start)
    while week.start < window.end:
        left[week.start] = resource.quota_minutes_per_week - _minutes_held(actor, resource, week, None)
        week = quota_week(week.end)
    return left


_SUSPENDED = sa.select(sa.func.max(Suspension.until_at)).where(
    Suspension.member_id == sa.bindparam("member"), Suspension.lifted_at.is_(None)
)


def _suspended_until(actor: Actor) -> int | None:
    until = db.session.scalar(_SUSPENDED, {"member": actor.member_id})
    return minute_of(until) if until else None


def _outsiders_from(resource: Resource) -> int | None:
    if resource.external_from is None:
        return None
    return minute_of(clock.start_of_day(resource.external_from))


def barred(actor: Actor, resources: Sequence[Resource]) -> set[int]:
    """Resources that this member cannot book at any time soon: not qualified, or suspended."""
    suspended = _suspended_until(actor)
    now = clock.now()
    if suspended is not None and suspended > minute_of(now):
        return {r.id for r in resources if r.owner_id != actor.organisation_id}
    found = set()
    for resource in resources:
        if resource.owner_id == actor.organisation_id:
            continue
        if _missing(actor, resource, now):
            found.add(resource.id)
    return found


def terms_for(actor: Actor, resource: Resource, now: int) -> Terms:
    """The owner's terms as they are for this member: until the instrument opens to others, a longer lead."""
    terms = loading.terms_of(resource)
    opens = _outsiders_from(resource)
    if opens is None or resource.owner_id == actor.organisation_id:
        return terms
    return replace(terms, lead=max(terms.lead, opens - now))
