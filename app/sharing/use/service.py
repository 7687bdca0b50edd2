"""What really happened: start and stop at the instrument, use noted by hand, corrections, disputes."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotFound
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.sharing import access
from app.sharing.bookings import transitions, waiting_list
from app.sharing.bookings.models import Booking
from app.sharing.bookings.notices import plain_span, url_of
from app.sharing.bookings.records import get_booking, owners_booking, refusal
from app.sharing.calendar.park_time import minute_of
from app.sharing.catalogue import records as resource_records
from app.sharing.catalogue.models import Resource
from app.sharing.use import rules as use_rules
from app.sharing.use import settlement
from app.sharing.use.models import Dispute, Settlement, Usage

EARLY = dt.timedelta(minutes=15)
FAR = dt.timedelta(days=2)


def start_use(actor: Actor, booking_id: int, source: str = "qr") -> Booking:
    """The holder (or the owner's staff) switches on: from a quarter of an hour before the start."""
    access.require_writer(actor)
    with transaction():
        booking, resource = _involved(actor, booking_id)
        now = clock.now()
        if booking.state == "confirmed" and not booking.start_at - EARLY <= now < booking.end_at:
            raise Conflict("use_not_now")
        transitions.enter(booking, "in_use")
        db.session.add(_usage(actor, booking, resource, now, None, source))
        return booking


def stop_use(actor: Actor, booking_id: int) -> Booking:
    """Switch off: the booking is completed and charged; what is left of it is free for others."""
    access.require_writer(actor)
    with transaction():
        booking, resource = _involved(actor, booking_id)
        if booking.state != "in_use":
            raise Conflict("sharing_transition", state=booking.state, target="completed")
        usage = db.session.scalar(
            sa.select(Usage).where(
                Usage.booking_id == booking.id, Usage.end_at.is_(None), Usage.voided_at.is_(None)
            )
        )
        if usage is not None:
            usage.end_at = max(clock.now(), usage.start_at + dt.timedelta(seconds=1))
        _complete(booking, resource)
        return booking


def log_use(
    actor: Actor,
    booking_id: int,
    start: dt.datetime,
    end: dt.datetime,
    note: str = "",
    source: str = "manual",
) -> Booking:
    """The owner's staff notes the use by hand, or corrects it: earlier notes are voided, the charge is made anew."""
    with transaction():
        booking, resource = owners_booking(actor, booking_id)
        if booking.state not in ("confirmed", "in_use", "completed"):
            raise Conflict("sharing_transition", state=booking.state, target="completed")
        _require_past_use(start, end)
        if start < booking.start_at - FAR or end > booking.end_at + FAR:
            raise Invalid("usage_far")
        corrected = booking.state == "completed"
        _void(booking.id)
        db.session.add(_usage(actor, booking, resource, start, end, source, note))
        db.session.flush()
        if corrected:
            settlement.settle_completed(booking, note or "corrected", actor)
        else:
            if booking.state == "confirmed":
                transitions.enter(booking, "in_use")
            _complete(booking, resource)
        identity.audit(actor, "usage.logged", "booking", booking.id, note, corrected=corrected)
        return booking


def log_own_use(
    actor: Actor, resource_id: int, start: dt.datetime, end: dt.datetime, note: str = ""
) -> Usage:
    """The owner's own use without a booking; it counts towards utilisation."""
    with transaction():
        resource = resource_records.get_resource(resource_id, lock=True)
        access.require_runner(actor, resource.owner_id)
        _require_past_use(start, end)
        row = Usage(
            resource_id=resource.id,
            organisation_id=resource.owner_id,
            own_use=True,
            start_at=start,
            end_at=end,
            source="manual",
            note=note[:500],
            recorded_by=actor.member_id or None,
            recorded_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        return row


def _require_past_use(start: dt.datetime, end: dt.datetime) -> None:
    """Use is noted once it has happened: only so the hours it frees lie ahead and nothing is charged in advance."""
    reasons = use_rules.against_noting(minute_of(start), minute_of(end), minute_of(clock.now()))
    if reasons:
        raise Invalid(reasons[0].code, reasons, **reasons[0].params)


def _involved(actor: Actor, booking_id: int) -> tuple[Booking, Resource]:
    booking, resource = get_booking(booking_id, lock=True)
    if access.holds(actor, booking) or access.runs(actor, resource.owner_id):
        return booking, resource
    raise refusal(actor, booking, resource)


def _usage(
    actor: Actor,
    booking: Booking,
    resource: Resource,
    start: dt.datetime,
    end: dt.datetime | None,
    source: str,
    note: str = "",
) -> Usage:
    return Usage(
        resource_id=resource.id,
        booking_id=booking.id,
        organisation_id=booking.organisation_id,
        own_use=booking.own_use,
        start_at=start,
        end_at=end,
        source=source,
        note=note[:500],
        recorded_by=actor.member_id or None,
        recorded_at=clock.now(),
    )


def _void(booking_id: int) -> None:
    db.session.execute(
        sa.update(Usage)
        .where(Usage.booking_id == booking_id, Usage.voided_at.is_(None))
        .values(voided_at=clock.now())
    )


def _complete(booking: Booking, resource: Resource) -> None:
    db.session.flush()
    transitions.enter(booking, "completed")
    row = settlement.settle_completed(booking)
    if not booking.own_use:
        identity.notify_member(
            booking.member_id,
            "booking_charged",
            url_of(booking),
            resource=resource.name,
            span=plain_span(booking),
            yuan=f"¥{row.amount_fen // 100:,}.{row.amount_fen % 100:02d}",
        )
    waiting_list.call_up(resource)


def dispute(actor: Actor, booking_id: int, reason: str) -> Booking:
    """The holder says that the charge is wrong."""
    access.require_writer(actor)
    with transaction():
        booking, resource = get_booking(booking_id, lock=True)
        if not access.holds(actor, booking):
            raise refusal(actor, booking, resource)
        transitions.enter(booking, "disputed")
        db.session.add(
            Dispute(
                booking_id=booking.id,
                member_id=actor.member_id,
                reason=reason.strip()[:1000],
                opened_at=clock.now(),
            )
        )
        identity.audit(actor, "booking.disputed", "booking", booking.id, reason[:500])
        identity.notify_organisation(
            resource.owner_id,
            "booking_disputed",
            url_of(booking),
            roles=roles.RUNS_RESOURCES,
            resource=resource.name,
            span=plain_span(booking),
        )
        return booking


def adjust(actor: Actor, booking_id: int, amount_fen: int, reason: str) -> Booking:
    """The owner, or the park, decides a dispute: never more than was owed before."""
    if not reason.strip():
        raise Invalid("dispute_reason")
    with transaction():
        booking, resource = owners_booking(actor, booking_id)
        before = settlement.latest(booking.id)
        owed = before.amount_fen if before else 0
        if not 0 <= amount_fen <= owed:
            raise Invalid("adjust_amount", most=f"¥{owed // 100:,}.{owed % 100:02d}")
        transitions.enter(booking, "adjusted")
        minutes = before.charged_minutes if before else 0
        settlement.write(
            booking, use_rules.Owed(minutes, amount_fen, "adjusted"), reason.strip()[:500], actor
        )
        row = db.session.scalar(
            sa.select(Dispute)
            .where(Dispute.booking_id == booking.id, Dispute.decided_at.is_(None))
            .order_by(Dispute.id.desc())
        )
        if row is not None:
            row.decided_at, row.decided_by = clock.now(), actor.member_id
            row.decision = reason.strip()[:1000]
        identity.audit(actor, "booking.adjusted", "booking", booking.id, reason, amount_fen=amount_fen)
        identity.notify_member(
            booking.member_id,
            "booking_adjusted",
            url_of(booking),
            resource=resource.name,
            span=plain_span(booking),
            yuan=f"¥{amount_fen // 100:,}.{amount_fen % 100:02d}",
        )
        return booking


def history(booking_id: int) -> tuple[list[Usage], list[Settlement], list[Dispute]]:
    """Everything that happened to a booking after it was made, oldest first."""
    usages = db.session.scalars(sa.select(Usage).where(Usage.booking_id == booking_id).order_by(Usage.id))
    rows = db.session.scalars(
        sa.select(Settlement).where(Settlement.booking_id == booking_id).order_by(Settlement.version)
    )
    disputes = db.session.scalars(
        sa.select(Dispute).where(Dispute.booking_id == booking_id).order_by(Dispute.id)
    )
    return list(usages), list(rows), list(disputes)


def usage_statement(actor: Actor) -> sa.Select[Usage]:
    """The log of everything the actor's organisation shares, corrected rows included."""
    owned = sa.select(Resource.id).where(Resource.owner_id == actor.organisation_id)
    return sa.select(Usage).where(Usage.resource_id.in_(owned))


def void_own_use(actor: Actor, usage_id: int) -> None:
    """Take back a stretch of own use that was logged by mistake; the row stays, marked."""
    with transaction():
        row = db.session.get(Usage, usage_id, with_for_update=True)
        resource = db.session.get(Resource, row.resource_id) if row is not None else None
        if row is None or resource is None or resource.owner_id != actor.organisation_id:
            raise NotFound("usage_not_found")
        access.require_runner(actor, resource.owner_id)
        resource_records.get_resource(resource.id, lock=True)
        if row.booking_id is not None or row.voided_at is not None:
            raise Conflict("usage_of_booking")
        row.voided_at = clock.now()
        identity.audit(actor, "usage.voided", "resource", resource.id, usage=row.id)
