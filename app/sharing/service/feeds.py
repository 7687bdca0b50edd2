"""Calendars for Outlook and Thunderbird behind secret, revocable addresses."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import gettext as _

from app import clock
from app.db import db, transaction
from app.errors import NotFound
from app.identity import service as identity
from app.identity.service import Actor
from app.identity.service.person import find_person
from app.sharing.models import Booking, CalendarFeed, Outage, Resource
from app.sharing.service import access, loading
from app.sharing.service.booking import url_of
from app.sharing.service.showing import resources_by_id
from app.sharing.states import BLOCKING

PAST = dt.timedelta(days=60)
EVERY = dt.timedelta(minutes=15)


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


def feed_ical(secret: str, site: str = "") -> bytes:
    """The calendar behind a secret, as iCalendar with links into `site`; a wrong or revoked secret is not found."""
    row = db.session.scalar(
        sa.select(CalendarFeed).where(
            CalendarFeed.token_hash == hashlib.sha256(secret.encode()).hexdigest(),
            CalendarFeed.revoked_at.is_(None),
        )
    )
    reader = find_person(row.member_id) if row is not None else None
    if row is None or reader is None:
        raise NotFound("feed_not_found")
    if row.resource_id is not None:
        owner = loading.get_resource(row.resource_id).owner_id
        if not access.runs(reader.actor, owner) and not reader.actor.has("park_admin"):
            raise NotFound("feed_not_found")  # who no longer looks after it no longer sees who comes
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
    return _ical(row, bookings, outages, resources, site)


def _histories(bookings: Sequence[Booking]) -> dict[int, tuple[int, int]]:
    """The first booking of each chain of moves, and how often it was moved: the same event to a calendar."""
    before = {b.id: b.replaces_id for b in bookings if b.replaces_id}
    wanted = set(before.values())
    while wanted:
        rows = db.session.execute(sa.select(Booking.id, Booking.replaces_id).where(Booking.id.in_(wanted)))
        older = {row.id: row.replaces_id for row in rows if row.replaces_id}
        before |= older
        wanted = set(older.values()) - before.keys()
    found = {}
    for booking in bookings:
        first, moves = booking.id, 0
        while first in before:
            first, moves = int(before[first] or 0), moves + 1
        found[booking.id] = (first, moves)
    return found


def _ical(
    feed: CalendarFeed,
    bookings: list[Booking],
    outages: list[Outage],
    resources: dict[int, Resource],
    site: str,
) -> bytes:
    """RFC 5545, times in UTC: what Outlook, Thunderbird and phones read without asking for a time zone."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//ParkLink//sharing//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    name = resources[feed.resource_id].name if feed.resource_id in resources else _("我的仪器预约")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    calendar.add("refresh-interval", EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT15M")
    holders = identity.organisations_by_id(b.organisation_id for b in bookings) if feed.resource_id else {}
    histories = _histories(bookings)

    def event_of(uid: str, sequence: int, made: dt.datetime, start: dt.datetime, end: dt.datetime) -> Event:
        event = Event()
        event.add("uid", f"{uid}@parklink")
        event.add("sequence", sequence)
        event.add("dtstamp", clock.now())
        event.add("created", made)
        event.add("dtstart", start)
        event.add("dtend", end)
        event.add("transp", "OPAQUE")
        calendar.add_component(event)
        return event

    for booking in bookings:
        resource = resources[booking.resource_id]
        first, moves = histories[booking.id]
        asking = booking.state == "requested"
        event = event_of(
            f"booking-{first}", 2 * moves + (not asking), booking.created_at, booking.start_at, booking.end_at
        )
        whom = holders[booking.organisation_id].name if holders else booking.purpose
        event.add("summary", f"{resource.name} · {whom}" if whom else resource.name)
        if place := f"{resource.building} {resource.place}".strip():
            event.add("location", place)
        if holders and booking.purpose:
            event.add("description", booking.purpose)
        event.add("status", "TENTATIVE" if asking else "CONFIRMED")
        event.add("url", site + url_of(booking))
    for outage in outages:
        event = event_of(f"outage-{outage.id}", 0, outage.created_at, outage.start_at, outage.end_at)
        event.add("summary", f"{resources[outage.resource_id].name} · {_('停机')} {outage.reason}".strip())
        event.add("status", "CONFIRMED")
    return bytes(calendar.to_ical())
