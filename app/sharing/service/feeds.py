"""Calendars for Outlook and Thunderbird behind secret, revocable addresses."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

import sqlalchemy as sa
from flask_babel import gettext as _

from app import clock
from app.db import db, transaction
from app.errors import NotFound
from app.identity import service as identity
from app.identity.service import Actor
from app.sharing.models import Booking, CalendarFeed, Outage, Resource
from app.sharing.service import access, loading
from app.sharing.service.showing import resources_by_id
from app.sharing.states import BLOCKING

PAST = dt.timedelta(days=60)


def create_feed(actor: Actor, resource_id: int | None = None) -> str:
    """A new secret: one's organisation's bookings, or (for its owner) the calendar of a resource."""
    with transaction():
        if resource_id is not None:
            resource = loading.get_resource(resource_id)
            access.require_runner_or_park(actor, resource.owner_id)
        secret = secrets.token_urlsafe(24)
        db.session.add(
            CalendarFeed(
                token_hash=hashlib.sha256(secret.encode()).hexdigest(),
                member_id=actor.member_id,
                resource_id=resource_id,
                created_at=clock.now(),
            )
        )
        return secret


def revoke_feed(actor: Actor, feed_id: int) -> None:
    with transaction():
        row = db.session.get(CalendarFeed, feed_id)
        if row is None or row.member_id != actor.member_id:
            raise NotFound("feed_not_found")
        row.revoked_at = row.revoked_at or clock.now()


def list_feeds(actor: Actor) -> list[CalendarFeed]:
    query = sa.select(CalendarFeed).where(
        CalendarFeed.member_id == actor.member_id, CalendarFeed.revoked_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(CalendarFeed.id)))


def feed_ical(secret: str) -> bytes:
    """The calendar behind a secret, as iCalendar; a wrong or revoked secret is not found."""
    row = db.session.scalar(
        sa.select(CalendarFeed).where(
            CalendarFeed.token_hash == hashlib.sha256(secret.encode()).hexdigest(),
            CalendarFeed.revoked_at.is_(None),
        )
    )
    if row is None:
        raise NotFound("feed_not_found")
    query = sa.select(Booking).where(
        Booking.start_at >= clock.now() - PAST,
        Booking.state.in_([*sorted(BLOCKING), "completed", "settled"]),
        Booking.source != "offer",
    )
    if row.resource_id is None:
        query = query.where(Booking.member_id == row.member_id)
        outages: list[Outage] = []
    else:
        query = query.where(Booking.resource_id == row.resource_id)
        outages = list(
            db.session.scalars(
                sa.select(Outage).where(
                    Outage.resource_id == row.resource_id,
                    Outage.withdrawn_at.is_(None),
                    Outage.end_at >= clock.now() - PAST,
                )
            )
        )
    bookings = list(db.session.scalars(query.order_by(Booking.start_at).limit(2000)))
    resources = resources_by_id([b.resource_id for b in bookings] + [o.resource_id for o in outages])
    return _ical(row, bookings, outages, resources)


def _ical(
    feed: CalendarFeed, bookings: list[Booking], outages: list[Outage], resources: dict[int, Resource]
) -> bytes:
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//ParkLink//sharing//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    name = resources[feed.resource_id].name if feed.resource_id in resources else _("我的仪器预约")
    calendar.add("x-wr-calname", name)
    holders = identity.organisations_by_id(b.organisation_id for b in bookings) if feed.resource_id else {}
    for booking in bookings:
        resource = resources[booking.resource_id]
        event = Event()
        event.add("uid", f"booking-{booking.id}@parklink")
        event.add("dtstamp", booking.created_at)
        event.add("dtstart", booking.start_at)
        event.add("dtend", booking.end_at)
        whom = holders[booking.organisation_id].name if holders else booking.purpose
        event.add("summary", f"{resource.name} · {whom}" if whom else resource.name)
        event.add("location", f"{resource.building} {resource.place}".strip())
        event.add("status", "TENTATIVE" if booking.state == "requested" else "CONFIRMED")
        calendar.add_component(event)
    for outage in outages:
        event = Event()
        event.add("uid", f"outage-{outage.id}@parklink")
        event.add("dtstamp", outage.created_at)
        event.add("dtstart", outage.start_at)
        event.add("dtend", outage.end_at)
        event.add("summary", f"{resources[outage.resource_id].name} · {_('停机')} {outage.reason}".strip())
        event.add("transp", "OPAQUE")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
