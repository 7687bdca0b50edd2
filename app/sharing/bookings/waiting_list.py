"""The waiting list: freed time is offered, for a while, to who has waited longest and whom it fits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.sharing import access, states
from app.sharing.bookings import records as booking_records
from app.sharing.bookings import standing, transitions
from app.sharing.bookings.models import Booking, WaitlistEntry
from app.sharing.bookings.notices import plain_span
from app.sharing.bookings.offers import Candidate, fitting_minutes, starts_for
from app.sharing.bookings.register import Order, place
from app.sharing.bookings.requests import end_request
from app.sharing.bookings.rules import Wish
from app.sharing.calendar import stock
from app.sharing.calendar.park_time import interval, minute_of, moment_of
from app.sharing.calendar.rules import DAY, Interval
from app.sharing.catalogue import records as resource_records
from app.sharing.catalogue.models import Resource
from app.sharing.park_terms import service as park_terms_service
from app.sharing.use import settlement

MOST_WAITING = 50
"""Entries of one organisation for one resource at a time."""


def join(
    actor: Actor,
    resource_id: int,
    start: dt.datetime,
    end: dt.datetime,
    minutes: int | None,
    purpose: str = "",
) -> WaitlistEntry:
    """Wait for `minutes` of a resource anywhere inside [start, end); all of it when nothing is said."""
    access.require_writer(actor)
    if end <= start:
        raise Invalid("booking_span")
    with transaction():
        resource = resource_records.get_found(actor, resource_id, lock=True)
        if resource.status != "listed" or resource.kind != "equipment":
            raise Conflict("resource_not_listed")
        terms = standing.terms_of(resource)
        window = interval(start, end)
        length = (
            minutes if minutes is not None else min(fitting_minutes(window.minutes, terms), terms.longest)
        )
        if length % terms.step or not terms.shortest <= length <= min(terms.longest, window.minutes):
            raise Invalid("waitlist_length", step=terms.step, shortest=terms.shortest, longest=terms.longest)
        if end <= clock.now():
            raise Invalid("waitlist_over")
        first = minute_of(clock.now()) + standing.terms_for(actor, resource, minute_of(clock.now())).lead
        may_begin = standing.begins_before(actor, [resource])
        last = may_begin.get(resource.id, 0)
        first = max(first, window.start)
        if window.end < first + length or (last is not None and last <= first):
            raise Conflict("waitlist_barred")
        waiting = sa.select(sa.func.count()).where(
            WaitlistEntry.resource_id == resource.id,
            WaitlistEntry.organisation_id == actor.organisation_id,
            WaitlistEntry.state.in_(("waiting", "offered")),
        )
        if (db.session.scalar(waiting) or 0) >= MOST_WAITING:
            raise Conflict("waitlist_many", most=MOST_WAITING)
        entry = WaitlistEntry(
            resource_id=resource.id,
            organisation_id=actor.organisation_id,
            member_id=actor.member_id,
            start_at=start,
            end_at=end,
            minutes=length,
            purpose=purpose[:500],
            state="waiting",
            created_at=clock.now(),
        )
        db.session.add(entry)
        db.session.flush()
        call_up(resource)
        return entry


def call_up(resource: Resource) -> int:
    """Offer what has come free; the resource is locked by the caller. Answers how many offers went out."""
    entries = list(
        db.session.scalars(
            sa.select(WaitlistEntry)
            .where(WaitlistEntry.resource_id == resource.id, WaitlistEntry.state == "waiting")
            .order_by(WaitlistEntry.created_at, WaitlistEntry.id)
        )
    )
    if not entries or resource.status != "listed":
        return 0
    ahead = []
    for entry in entries:
        if entry.end_at <= clock.now():
            _close(entry, "lapsed", "over")
        else:
            ahead.append(entry)
    # The calendar is read once for all who wait, and again only after an offer has taken some of it.
    offered, candidate = 0, None
    for entry in ahead:
        candidate = candidate or _calendar(resource, ahead)
        fitting = _fitting(candidate, resource, entry)
        if fitting and _offer(resource, entry, fitting):
            offered, candidate = offered + 1, None
    return offered


def _calendar(resource: Resource, entries: Sequence[WaitlistEntry]) -> Candidate:
    """The resource in all the time that somebody waits for."""
    first, last = min(e.start_at for e in entries), max(e.end_at for e in entries)
    looked_at = Interval(minute_of(first) - DAY, minute_of(last) + DAY)
    calendars, units = stock.stock([resource], looked_at)
    return Candidate(
        resource.id,
        calendars[resource.id],
        units[resource.id],
        standing.terms_of(resource),
    )


def _fitting(candidate: Candidate, resource: Resource, entry: WaitlistEntry) -> Interval | None:
    """The first time that this entry could have now."""
    window = interval(entry.start_at, entry.end_at)
    wished = Interval(window.start, window.start + entry.minutes)
    member = Actor(entry.member_id, entry.organisation_id, "", frozenset())
    mine = replace(
        candidate,
        quota_left=standing.quota_left(member, resource, window),
        begins_before=standing.begins_before(member, [resource]).get(resource.id, 0),
    )
    for span in starts_for(mine, wished, minute_of(clock.now()) + 1, window.minutes, 50):
        if window.covers(span) and span.minutes == entry.minutes:
            return span
    return None


def _offer(resource: Resource, entry: WaitlistEntry, span: Interval) -> bool:
    member = Actor(entry.member_id, entry.organisation_id, "", frozenset())
    until = clock.now() + dt.timedelta(minutes=park_terms_service.park_terms().offer_minutes)
    until = min(until, moment_of(span.start))
    try:
        with db.session.begin_nested():
            booking = place(
                member, resource, Wish(span), Order(entry.purpose, source="offer", answer_until=until)
            )
    except Conflict:
        return False  # the member may not book here at the moment; the next in line is asked
    entry.state = states.step(states.WAITLIST, entry.state, "offered")
    entry.booking_id, entry.offer_until = booking.id, until
    identity.notify_member(
        entry.member_id,
        "waitlist_offered",
        "/sharing/bookings?tab=waitlist",
        by_mail=True,
        resource=resource.name,
        span=plain_span(booking),
        until=clock.local(until).strftime("%Y-%m-%d %H:%M"),
    )
    return True


def accept(actor: Actor, entry_id: int) -> Booking:
    """Take what was offered; where the owner approves, the request now goes to the owner."""
    access.require_writer(actor)
    with transaction():
        entry, resource = _own_entry(actor, entry_id)
        booking = db.session.get(Booking, entry.booking_id) if entry.booking_id else None
        if entry.state != "offered" or booking is None:
            raise Conflict("sharing_transition", state=entry.state, target="taken")
        if entry.offer_until is not None and entry.offer_until <= clock.now():
            raise Conflict("offer_lapsed")
        booking.source = "waitlist"
        if resource.approval == "owner" and not booking.own_use:
            booking.answer_until = min(
                clock.now() + dt.timedelta(hours=resource.approval_hours), booking.start_at
            )
        else:
            transitions.enter(booking, "confirmed")
            booking.answer_until = None
            settlement.revise_forfeits(booking.unit_id, booking_records.booked(booking))
        _close(entry, "taken")
        return booking


def leave(actor: Actor, entry_id: int) -> None:
    """Stop waiting, or decline an offer."""
    access.require_writer(actor)
    with transaction():
        entry, resource = _own_entry(actor, entry_id)
        booking = db.session.get(Booking, entry.booking_id) if entry.booking_id else None
        if entry.state not in ("waiting", "offered"):
            raise Conflict("sharing_transition", state=entry.state, target="lapsed")
        if entry.state == "offered" and booking is not None and booking.state == "requested":
            end_request(booking, "expired", "holder")
        _close(entry, "lapsed", "left")
        call_up(resource)


def _own_entry(actor: Actor, entry_id: int) -> tuple[WaitlistEntry, Resource]:
    resource_id = db.session.scalar(sa.select(WaitlistEntry.resource_id).where(WaitlistEntry.id == entry_id))
    if resource_id is None:
        raise NotFound("waitlist_not_found")
    resource = resource_records.get_resource(resource_id, lock=True)
    entry = db.session.get(WaitlistEntry, entry_id)
    assert entry is not None
    if entry.organisation_id != actor.organisation_id:
        raise NotFound("waitlist_not_found")
    if entry.member_id != actor.member_id and not actor.may(roles.OFFERS_RESOURCES):
        raise NotAllowed("booking_not_yours")
    return entry, resource


def _close(entry: WaitlistEntry, state: str, reason: str = "") -> None:
    entry.state = states.step(states.WAITLIST, entry.state, state)
    entry.closed_at, entry.close_reason = clock.now(), reason


def offer_declined(booking: Booking) -> None:
    """The offered booking was given up: the entry lapses."""
    entry = _entry_of(booking)
    if entry is not None and entry.state == "offered":
        _close(entry, "lapsed", "left")


def offer_lapsed(booking: Booking) -> None:
    """Nobody answered the offer in time."""
    entry = _entry_of(booking)
    if entry is not None and entry.state == "offered":
        _close(entry, "lapsed", "silent")


def offer_taken_away(booking: Booking) -> None:
    """An outage hit the offered time: back to the list, with its old place."""
    entry = _entry_of(booking)
    if entry is not None and entry.state == "offered":
        entry.state = states.step(states.WAITLIST, entry.state, "waiting")
        entry.booking_id = entry.offer_until = None


def _entry_of(booking: Booking) -> WaitlistEntry | None:
    row: WaitlistEntry | None = db.session.scalar(
        sa.select(WaitlistEntry).where(WaitlistEntry.booking_id == booking.id)
    )
    return row


def positions(entries: Sequence[WaitlistEntry]) -> dict[int, int]:
    """Who still waits, and as the how-manieth: 1 is asked first about time that comes free.

    Only those who wait for the same instrument in a time that overlaps stand in the same line; who they are is not said.
    """
    waiting = [entry for entry in entries if entry.state == "waiting"]
    if not waiting:
        return {}
    line = db.session.execute(
        sa.select(
            WaitlistEntry.resource_id,
            WaitlistEntry.created_at,
            WaitlistEntry.id,
            WaitlistEntry.start_at,
            WaitlistEntry.end_at,
        ).where(
            WaitlistEntry.resource_id.in_({entry.resource_id for entry in waiting}),
            WaitlistEntry.state == "waiting",
            WaitlistEntry.end_at > clock.now(),
        )
    ).all()
    return {
        mine.id: 1
        + sum(
            other.resource_id == mine.resource_id
            and (other.created_at, other.id) < (mine.created_at, mine.id)
            and other.start_at < mine.end_at
            and mine.start_at < other.end_at
            for other in line
        )
        for mine in waiting
    }


def list_entries(actor: Actor) -> list[WaitlistEntry]:
    """The actor's organisation's entries, newest first."""
    query = (
        sa.select(WaitlistEntry)
        .where(WaitlistEntry.organisation_id == actor.organisation_id)
        .order_by(WaitlistEntry.id.desc())
        .limit(200)
    )
    return list(db.session.scalars(query))
