"""Calendars for Outlook and Thunderbird behind secret, revocable addresses."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import gettext as _

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import NotFound
from app.hall.files.calendar_file import add_property
from app.identity import door as identity
from app.identity.door import Actor, find_person, roles
from app.sharing import access
from app.sharing.bookings.models import Booking, CalendarFeed
from app.sharing.bookings.notices import url_of
from app.sharing.catalogue import records as resource_records
from app.sharing.catalogue.models import Resource
from app.sharing.catalogue.records import resources_by_id
from app.sharing.outages.models import Outage
from app.sharing.states import BLOCKING

PAST = dt.timedelta(days=60)
VALID = dt.timedelta(days=365)  # then a new address is made: nobody remembers who has the old one
EVERY = dt.timedelta(minutes=15)


def create_feed(actor: Actor, resource_id: int | None = None) -> str:
    """A new secret: one's organisation's bookings, or (for its owner) the calendar of a resource."""
    with transaction():
        if resource_id is not None:
            resource = resource_records.get_resource(resource_id)
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


def end_feeds(member_id: int) -> None:
    """Every feed of a member ends: the password that opened them has been replaced."""
    with transaction():
        db.session.execute(
            sa.update(CalendarFeed)
            .where(CalendarFeed.member_id == member_id, CalendarFeed.revoked_at.is_(None))
            .values(revoked_at=clock.now())
        )


def list_feeds(actor: Actor) -> list[CalendarFeed]:
    query = sa.select(CalendarFeed).where(
        CalendarFeed.member_id == actor.member_id,
        CalendarFeed.revoked_at.is_(None),
        CalendarFeed.created_at > clock.now() - VALID,
    )
    return list(db.session.scalars(query.order_by(CalendarFeed.id)))


def feed_ical(secret: str, site: str = "") -> bytes:
    """The calendar behind a secret, as iCalendar with links into `site`; a wrong or revoked secret is not found."""
    row = db.session.scalar(
        sa.select(CalendarFeed).where(
            CalendarFeed.token_hash == hashlib.sha256(secret.encode()).hexdigest(),
            CalendarFeed.revoked_at.is_(None),
            CalendarFeed.created_at > clock.now() - VALID,
        )
    )
    reader = find_person(row.member_id) if row is not None else None
    if row is None or reader is None:
        raise NotFound("feed_not_found")
    if row.resource_id is not None:
        owner = resource_records.get_resource(row.resource_id).owner_id
        if not access.runs(reader.actor, owner) and not reader.actor.may(roles.RUNS_ALL_RESOURCES):
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


def booking_ical(booking: Booking, resource: Resource, site: str = "") -> bytes:
    """One booking as a calendar file: the same event as in the feeds, so that a calendar keeps one of them."""
    mine = CalendarFeed(member_id=booking.member_id, resource_id=None)
    return _ical(mine, [booking], [], {resource.id: resource}, site)


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
    add_property(calendar, "prodid", "-//ParkLink//sharing//ZH")
    add_property(calendar, "version", "2.0")
    add_property(calendar, "calscale", "GREGORIAN")
    add_property(calendar, "method", "PUBLISH")
    name = resources[feed.resource_id].name if feed.resource_id in resources else _("我的仪器预约")
    add_property(calendar, "x-wr-calname", name)
    add_property(calendar, "x-wr-timezone", "Asia/Shanghai")
    add_property(calendar, "refresh-interval", EVERY, parameters={"VALUE": "DURATION"})
    add_property(calendar, "x-published-ttl", "PT15M")
    holders = identity.organisations_by_id(b.organisation_id for b in bookings) if feed.resource_id else {}
    histories = _histories(bookings)

    def event_of(uid: str, sequence: int, made: dt.datetime, start: dt.datetime, end: dt.datetime) -> Event:
        event = Event()
        add_property(event, "uid", f"{uid}@parklink")
        add_property(event, "sequence", sequence)
        add_property(event, "dtstamp", clock.now())
        add_property(event, "created", made)
        add_property(event, "dtstart", start)
        add_property(event, "dtend", end)
        add_property(event, "transp", "OPAQUE")
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
        add_property(event, "summary", f"{resource.name} · {whom}" if whom else resource.name)
        if place := f"{resource.building} {resource.place}".strip():
            add_property(event, "location", place)
        if holders and booking.purpose:
            add_property(event, "description", booking.purpose)
        add_property(event, "status", "TENTATIVE" if asking else "CONFIRMED")
        add_property(event, "url", site + url_of(booking))
    for outage in outages:
        event = event_of(f"outage-{outage.id}", 0, outage.created_at, outage.start_at, outage.end_at)
        add_property(
            event, "summary", f"{resources[outage.resource_id].name} · {_('停机')} {outage.reason}".strip()
        )
        add_property(event, "status", "CONFIRMED")
    return bytes(calendar.to_ical())
