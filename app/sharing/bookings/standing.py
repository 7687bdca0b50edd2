"""How a member stands towards a resource: qualification, quota, suspension, internal-first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.union_query import Answers
from app.hall.errors import Reason
from app.identity.door import Actor
from app.sharing import access
from app.sharing.bookings.models import Booking
from app.sharing.bookings.rules import Standing, Terms
from app.sharing.calendar.park_time import (
    minute_of,
    moment_of,
)
from app.sharing.calendar.rules import Interval, quota_week
from app.sharing.catalogue.models import Resource
from app.sharing.park_terms.models import Suspension
from app.sharing.qualifications.models import MemberQualification, Qualification

COUNTED = ("requested", "confirmed", "in_use", "completed", "settled", "no_show", "disputed", "adjusted")


# What is asked of one member for one wish, together with the calendar (`loading.QUESTIONS`).
QUESTIONS: dict[str, Any] = {
    "suspended": sa.select(Suspension.until_at).where(
        Suspension.member_id == sa.bindparam("member"), Suspension.lifted_at.is_(None)
    ),
    "qualified": sa.select(Qualification.name, MemberQualification.id, MemberQualification.expires_on)
    .outerjoin(
        MemberQualification,
        (MemberQualification.qualification_id == Qualification.id)
        & (MemberQualification.member_id == sa.bindparam("member")),
    )
    .where(Qualification.id == sa.bindparam("qualification")),
    "counted": sa.select(Booking.start_at, Booking.end_at).where(
        Booking.resource_id == sa.bindparam("resource"),
        Booking.organisation_id == sa.bindparam("organisation"),
        Booking.state.in_(COUNTED),
        Booking.start_at >= sa.bindparam("week_start"),
        Booking.start_at < sa.bindparam("week_end"),
        Booking.id != sa.bindparam("without"),
    ),
}


def asked_with(actor: Actor, resource: Resource, start: int) -> dict[str, object]:
    """What `QUESTIONS` are asked with, for a wish that begins in this park minute."""
    week = quota_week(start)
    return {
        "member": actor.member_id,
        "organisation": actor.organisation_id,
        "resource": resource.id,
        "qualification": resource.qualification_id,
        "week_start": moment_of(week.start),
        # Without a quota there is nothing to count: an empty week costs the database nothing.
        "week_end": moment_of(week.end if resource.quota_minutes_per_week else week.start),
    }


def standing_from(actor: Actor, resource: Resource, start: dt.datetime, told: Answers) -> Standing:
    if actor.organisation_id == resource.owner_id:
        return Standing(own_resource=True)
    until = max((moment for (moment,) in told["suspended"]), default=None)
    return Standing(
        missing_qualification=_missing(told["qualified"], start),
        used_quota=_minutes(told["counted"]),
        suspended_until=minute_of(until) if until else None,
        outsiders_from=_outsiders_from(resource)
        if resource.external_from and access.outside(actor)
        else None,
    )


def _missing(rows: Sequence[tuple[Any, ...]], start: dt.datetime) -> str | None:
    """The name of the qualification that the member lacks on the day of the start."""
    for name, held, expires_on in rows:
        if held is None or (expires_on is not None and expires_on < clock.day_of(start)):
            return str(name)
    return None


def _minutes(rows: Iterable[Any]) -> int:
    return sum(minute_of(last) - minute_of(first) for first, last in rows)


def quota_left(actor: Actor, resource: Resource, window: Interval) -> dict[int, int]:
    """Minutes left per quota week (by its first minute) for every week that meets the window; {} without a quota."""
    left = quotas_left([actor.organisation_id], [resource], window)
    return {week.start: minutes for (_organisation, _resource, week), minutes in left.items()}


def quotas_left(
    organisations: Iterable[int], resources: Sequence[Resource], window: Interval
) -> dict[tuple[int, int, Interval], int]:
    """Minutes left by organisation, resource and quota week that meets the window; only where there is a quota."""
    limited = [r for r in resources if r.quota_minutes_per_week is not None]
    asking = sorted(set(organisations))
    weeks = [quota_week(window.start)]
    while weeks[-1].end < window.end:
        weeks.append(quota_week(weeks[-1].end))
    left = {
        (organisation, resource.id, week): resource.quota_minutes_per_week or 0
        for organisation in asking
        for resource in limited
        for week in weeks
        if organisation != resource.owner_id
    }
    if not left:
        return left
    held = sa.select(Booking.organisation_id, Booking.resource_id, Booking.start_at, Booking.end_at).where(
        Booking.resource_id.in_([r.id for r in limited]),
        Booking.organisation_id.in_(asking),
        Booking.state.in_(COUNTED),
        Booking.start_at >= moment_of(weeks[0].start),
        Booking.start_at < moment_of(weeks[-1].end),
    )
    for row in db.session.execute(held):
        key = (row.organisation_id, row.resource_id, quota_week(minute_of(row.start_at)))
        if key in left:
            left[key] -= minute_of(row.end_at) - minute_of(row.start_at)
    return left


def _outsiders_from(resource: Resource) -> int | None:
    if resource.external_from is None:
        return None
    return minute_of(clock.start_of_day(resource.external_from))


def closed_before(actor: Actor, resource: Resource) -> int | None:
    """The park minute from which on others may use what its owner has first; None for the owner and where it is open."""
    return None if resource.owner_id == actor.organisation_id else _outsiders_from(resource)


def why_never(
    actor: Actor, resources: Sequence[Resource], span: Interval, minutes: int
) -> dict[int, list[Reason]]:
    """By resource why this member may not book it at any time of the span; nothing for those that may be booked."""
    may = begins_before(actor, resources)
    suspended = list(db.session.scalars(QUESTIONS["suspended"], {"member": actor.member_id}))
    needed = {r.qualification_id for r in resources if r.qualification_id is not None}
    names = {
        row.id: row.name
        for row in db.session.scalars(sa.select(Qualification).where(Qualification.id.in_(needed)))
    }
    found: dict[int, list[Reason]] = {}
    for resource in resources:
        opens = closed_before(actor, resource)
        if opens is not None and opens > span.end - minutes:
            found.setdefault(resource.id, []).append(Reason("internal_first", {"since": opens}))
        ends = may.get(resource.id)
        if resource.id in may and (ends is None or span.start < ends):
            continue
        if suspended:
            found.setdefault(resource.id, []).append(
                Reason("suspended", {"until": minute_of(max(suspended))})
            )
        else:
            name = names.get(resource.qualification_id or 0, "")
            found.setdefault(resource.id, []).append(Reason("not_qualified", {"qualification": name}))
    return found


def begins_before(actor: Actor, resources: Sequence[Resource]) -> dict[int, int | None]:
    """The resources this member may book, each with the park minute before which a booking must begin.

    That is the end of the member's qualification, None where nothing ends. What is left out cannot be booked at any
    time soon: the member is suspended, or lacks the qualification now.
    """
    others = [r for r in resources if r.owner_id != actor.organisation_id]
    found: dict[int, int | None] = {r.id: None for r in resources if r.owner_id == actor.organisation_id}
    if not others or _is_suspended(actor):
        return found
    asked = {r.qualification_id for r in others if r.qualification_id is not None}
    held: dict[int, dt.date | None] = {}
    if asked:
        query = sa.select(MemberQualification.qualification_id, MemberQualification.expires_on).where(
            MemberQualification.member_id == actor.member_id, MemberQualification.qualification_id.in_(asked)
        )
        held = {row.qualification_id: row.expires_on for row in db.session.execute(query)}
    for resource in others:
        if resource.qualification_id is None:
            found[resource.id] = None
        elif resource.qualification_id in held:
            last = held[resource.qualification_id]
            if last is None:
                found[resource.id] = None
            elif last >= clock.today():
                found[resource.id] = minute_of(clock.start_of_day(last + dt.timedelta(days=1)))
    return found


def _is_suspended(actor: Actor) -> bool:
    now = clock.now()
    return any(
        until > now for until in db.session.scalars(QUESTIONS["suspended"], {"member": actor.member_id})
    )


def terms_for(actor: Actor, resource: Resource, now: int) -> Terms:
    """The owner's terms as they are for this member: until the instrument opens to others, a longer lead."""
    terms = terms_of(resource)
    opens = _outsiders_from(resource)
    if opens is None or resource.owner_id == actor.organisation_id or not access.outside(actor):
        return terms
    return replace(terms, lead=max(terms.lead, opens - now))


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
