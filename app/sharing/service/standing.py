"""How a member stands towards a resource: qualification, quota, suspension, internal-first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db
from app.identity.service import Actor
from app.sharing.booking_rules import Standing, Terms, quota_week
from app.sharing.calendar import Interval
from app.sharing.models import Booking, MemberQualification, Qualification, Resource, Suspension
from app.sharing.park_time import minute_of, moment_of
from app.sharing.service import loading
from app.together import Answers

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


def asked_with(actor: Actor, resource: Resource, start: int) -> dict[str, Any]:
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
        outsiders_from=_outsiders_from(resource),
    )


def _missing(rows: Sequence[tuple[Any, ...]], start: dt.datetime) -> str | None:
    """The name of the qualification that the member lacks on the day of the start."""
    for name, held, expires_on in rows:
        if held is None or (expires_on is not None and expires_on < clock.day_of(start)):
            return str(name)
    return None


def _minutes_held(actor: Actor, resource: Resource, week: Interval) -> int:
    values = {
        "resource": resource.id, "organisation": actor.organisation_id, "without": 0,
        "week_start": moment_of(week.start), "week_end": moment_of(week.end),
    }  # fmt: skip
    return _minutes(db.session.execute(QUESTIONS["counted"], values))


def _minutes(rows: Iterable[Any]) -> int:
    return sum(minute_of(last) - minute_of(first) for first, last in rows)


def quota_left(actor: Actor, resource: Resource, window: Interval) -> dict[int, int]:
    """Minutes left per quota week (by its first minute) for every week that meets the window; {} without a quota."""
    if resource.quota_minutes_per_week is None or resource.owner_id == actor.organisation_id:
        return {}
    left = {}
    week = quota_week(window.start)
    while week.start < window.end:
        left[week.start] = resource.quota_minutes_per_week - _minutes_held(actor, resource, week)
        week = quota_week(week.end)
    return left


def _outsiders_from(resource: Resource) -> int | None:
    if resource.external_from is None:
        return None
    return minute_of(clock.start_of_day(resource.external_from))


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
    terms = loading.terms_of(resource)
    opens = _outsiders_from(resource)
    if opens is None or resource.owner_id == actor.organisation_id:
        return terms
    return replace(terms, lead=max(terms.lead, opens - now))
