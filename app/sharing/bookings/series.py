"""Many dates in one go: says which do not fit, books the rest only if asked; cancelled, moved or filled up later."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotFound, Reason
from app.hall.text import language
from app.identity import door as identity
from app.identity.door import Actor
from app.sharing import access
from app.sharing.bookings import register, rhythm, shapes, situation
from app.sharing.bookings import service as booking_service
from app.sharing.bookings.lists import series_of
from app.sharing.bookings.models import Booking, BookingSeries
from app.sharing.bookings.reasons import worded
from app.sharing.bookings.register import LONGEST_PURPOSE, Order
from app.sharing.bookings.rhythm import MOST, Rhythm
from app.sharing.bookings.rules import decide
from app.sharing.calendar.park_time import iso, park_moment
from app.sharing.catalogue import records as resource_records
from app.sharing.catalogue.models import Resource

__all__ = ["MOST", "Rhythm", "SeriesResult", "book_series", "misfit_out"]

Span = tuple[dt.datetime, dt.datetime]
AHEAD = ("requested", "confirmed")


@dataclass(frozen=True)
class Misfit:
    """A date of the series that cannot be booked, and why."""

    start: dt.datetime
    end: dt.datetime
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class SeriesResult:
    series_id: int
    bookings: list[Booking]
    misfits: list[Misfit]


def dates(start: dt.datetime, end: dt.datetime, wanted: Rhythm) -> list[Span]:
    """The same wall-clock time on every day of the rhythm."""
    first = clock.day_of(start)
    calendar = identity.park_calendar() if wanted.unit == "workdays" else None
    found = rhythm.days(first, wanted, calendar.works if calendar else lambda _day: True)
    shifts = [dt.timedelta(days=(day - first).days) for day in found]
    return [(start + shift, end + shift) for shift in shifts]


def _require_rhythm(wanted: Rhythm, purpose: str) -> None:
    if not 2 <= wanted.weeks <= MOST or not 1 <= wanted.every <= 8:
        raise Invalid("series_length", most=MOST)
    if any(not 1 <= weekday <= 7 for weekday in wanted.weekdays):
        raise Invalid("series_rhythm", most=MOST)
    if len(purpose) > LONGEST_PURPOSE:
        raise Invalid("purpose_too_long", most=LONGEST_PURPOSE)


def book_series(
    actor: Actor, resource_id: int, start: dt.datetime, end: dt.datetime, wanted: Rhythm, order: Order
) -> SeriesResult:
    """Book all dates in one transaction; with misfits nothing, unless the rhythm asks for the rest."""
    access.require_writer(actor)
    _require_rhythm(wanted, order.purpose)
    spans = dates(start, end, wanted)
    if not 2 <= len(spans) <= MOST:
        raise Invalid("series_rhythm", most=MOST)
    with transaction():
        resource = resource_records.get_found(actor, resource_id, lock=True)
        series = BookingSeries(
            resource_id=resource.id,
            member_id=actor.member_id,
            pattern={
                "start": iso(start),
                "end": iso(end),
                "weeks": wanted.weeks,
                "every": wanted.every,
                "unit": wanted.unit,
                "weekdays": sorted(wanted.weekdays),
            },
            created_at=clock.now(),
        )
        db.session.add(series)
        db.session.flush()
        booked, misfits = _book(actor, resource, spans, replace(order, series_id=series.id, source="series"))
        if misfits and (not wanted.partly or not booked):
            raise Conflict(
                "series_misfits",
                [r for misfit in misfits for r in misfit.reasons],
                {"misfits": [misfit_out(m) for m in misfits]},
                count=len(misfits),
                weeks=len(spans),
            )
        _remember_skipped(series, misfits)
        return SeriesResult(series.id, booked, misfits)


def _book(
    actor: Actor, resource: Resource, spans: list[Span], order: Order
) -> tuple[list[Booking], list[Misfit]]:
    booked: list[Booking] = []
    misfits: list[Misfit] = []
    for first, last in spans:
        wish = situation.wish_of(first, last)
        facts = situation.read(actor, resource, wish)
        decision = decide(wish, facts)
        if decision.unit is None:
            misfits.append(Misfit(first, last, tuple(worded(r) for r in decision.reasons)))
        else:
            booked.append(register.write(actor, resource, wish, order, facts, decision))
    return booked, misfits


def _remember_skipped(series: BookingSeries, misfits: list[Misfit]) -> None:
    skipped = [[iso(m.start), iso(m.end)] for m in misfits]
    series.pattern = {**series.pattern, "skipped": skipped}


def misfit_out(misfit: Misfit) -> shapes.Misfit:
    return {
        "start": iso(misfit.start),
        "end": iso(misfit.end),
        "reasons": [{"code": r.code, "message": language.message(r.code, r.params)} for r in misfit.reasons],
    }


# --- afterwards ---


def get_series(actor: Actor, series_id: int) -> tuple[BookingSeries, list[Booking]]:
    """A series with its bookings in order, for whoever holds it; else not found."""
    series = db.session.get(BookingSeries, series_id)
    rows = series_of(series_id)
    if series is None or not rows or not access.holds(actor, rows[0]):
        raise NotFound("series_not_found")
    return series, rows


def skipped_of(series: BookingSeries) -> list[Span]:
    """Dates that did not fit and still lie ahead."""
    pairs = series.pattern.get("skipped", [])
    spans = [(dt.datetime.fromisoformat(a), dt.datetime.fromisoformat(b)) for a, b in pairs]
    return [span for span in spans if span[0] > clock.now()]


def ahead_from(rows: list[Booking], day: dt.date) -> list[Booking]:
    """What can still be given up or moved, from that day on."""
    return [
        row
        for row in rows
        if row.state in AHEAD and row.start_at > clock.now() and clock.day_of(row.start_at) >= day
    ]


def _locked(actor: Actor, series_id: int, day: dt.date) -> list[Booking]:
    _series, rows = get_series(actor, series_id)
    resource_records.lock_resources(sorted({row.resource_id for row in rows}))
    found = ahead_from(series_of(series_id), day)
    if not found:
        raise Conflict("series_nothing")
    return found


def cancel_from(actor: Actor, series_id: int, day: dt.date, reason: str = "") -> list[Booking]:
    """Give up every date from that day on, each on its own terms; all or none."""
    access.require_writer(actor)
    with transaction():
        return [
            booking_service.cancel(actor, row.id, reason[:LONGEST_PURPOSE])
            for row in _locked(actor, series_id, day)
        ]


def move_from(
    actor: Actor, series_id: int, day: dt.date, time: dt.time, shift_days: int = 0
) -> list[Booking]:
    """Every date from that day on at another time of day, `shift_days` later or earlier; all or none.

    Later dates move first when the series goes forward, so that it does not stand in its own way.
    """
    access.require_writer(actor)
    if abs(shift_days) > 7 * MOST:
        raise Invalid("series_length", most=MOST)
    moved: list[Booking] = []
    misfits: list[Misfit] = []
    with transaction():
        rows = _locked(actor, series_id, day)
        targets = [_target(row, time, shift_days) for row in rows]
        pairs = list(zip(rows, targets, strict=True))
        if targets[0][0] > rows[0].start_at:
            pairs.reverse()
        for row, (start, end) in pairs:
            try:
                with db.session.begin_nested():
                    moved.append(booking_service.move(actor, row.id, start, end))
            except Conflict as refusal:
                misfits.append(Misfit(start, end, tuple(refusal.reasons)))
        if misfits:
            misfits.sort(key=lambda m: m.start)
            raise Conflict(
                "series_move_misfits",
                [r for misfit in misfits for r in misfit.reasons],
                {"misfits": [misfit_out(m) for m in misfits]},
                count=len(misfits),
            )
    return sorted(moved, key=lambda row: row.start_at)


def _target(row: Booking, time: dt.time, shift_days: int) -> Span:
    start = park_moment(clock.day_of(row.start_at) + dt.timedelta(days=shift_days), time)
    return start, start + (row.end_at - row.start_at)


def take_in(actor: Actor, series_id: int) -> SeriesResult:
    """Try the dates again that did not fit; those that still do not are kept for later."""
    access.require_writer(actor)
    with transaction():
        series, rows = get_series(actor, series_id)
        resource = resource_records.get_resource(series.resource_id, lock=True)
        first = rows[0]
        order = Order(first.purpose, use_credits=first.use_credits, series_id=series.id, source="series")
        holder = replace(actor, member_id=first.member_id, organisation_id=first.organisation_id)
        booked, misfits = _book(holder, resource, skipped_of(series), order)
        _remember_skipped(series, misfits)
        if booked:
            identity.audit(actor, "series.filled", "booking", booked[0].id, dates=len(booked))
        return SeriesResult(series.id, booked, misfits)
