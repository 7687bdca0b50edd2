"""Money that was transferred: marked with its reference by whoever received it, listed and reminded while it is late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound
from app.hall.text import units
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.sharing import access
from app.sharing.bookings.models import Booking
from app.sharing.catalogue.models import Resource
from app.sharing.use.models import Payment

STATES = ("open", "overdue", "received")
AGAIN = dt.timedelta(days=7)
"""A late payer is reminded once a week, about everything that is late."""
LONGEST_REFERENCE = 64
MOST_AT_ONCE = 100

_WAITING = (Payment.received_at.is_(None), Payment.cash_fen > 0)


@dataclass(frozen=True)
class Late:
    """How many payments are past their day, and their sum."""

    count: int
    fen: int


def payments_statement(
    organisation_id: int, side: str, state: str = ""
) -> sa.Select[Payment, Booking, Resource]:
    """Payments with a part in money: what the organisation owes (`user`) or is owed (`owner`)."""
    mine = Resource.owner_id if side == "owner" else Booking.organisation_id
    query = (
        sa.select(Payment, Booking, Resource)
        .join(Booking, Booking.id == Payment.booking_id)
        .join(Resource, Resource.id == Booking.resource_id)
        .where(mine == organisation_id, Payment.cash_fen > 0)
    )
    if state == "received":
        return query.where(Payment.received_at.is_not(None))
    if state == "overdue":
        return query.where(*_WAITING, Payment.due_on < clock.today())
    if state == "open":
        return query.where(*_WAITING)
    return query


def overdue(organisation_id: int, side: str) -> Late:
    query = payments_statement(organisation_id, side, "overdue").with_only_columns(
        sa.func.count(), sa.func.coalesce(sa.func.sum(Payment.cash_fen), 0)
    )
    count, fen = db.session.execute(query).one()
    return Late(int(count), int(fen))


def receive(actor: Actor, payment_ids: Sequence[int], reference: str) -> list[Payment]:
    """The owner notes that money has come, with the reference of the transfer; all of them or none."""
    reference = reference.strip()
    if not 0 < len(reference) <= LONGEST_REFERENCE:
        raise Invalid("payment_reference", most=LONGEST_REFERENCE, at="reference")
    wanted = sorted(set(payment_ids))
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        raise Invalid("payments_none", most=MOST_AT_ONCE)
    with transaction():
        rows = [_own(actor, payment_id) for payment_id in wanted]
        for row in rows:
            if row.received_at is not None or row.cash_fen == 0:
                raise Conflict("payment_received", number=row.booking_id)
        for row in rows:
            row.received_at, row.received_by, row.reference = clock.now(), actor.member_id, reference
            identity.audit(actor, "payment.received", "booking", row.booking_id, reference, fen=row.cash_fen)
        return rows


def take_back(actor: Actor, payment_id: int) -> Payment:
    """Marked by mistake: the payment is open again, its day stays."""
    with transaction():
        row = _own(actor, payment_id)
        if row.received_at is None:
            raise Conflict("payment_open")
        identity.audit(actor, "payment.reopened", "booking", row.booking_id, row.reference)
        row.received_at, row.received_by, row.reference = None, None, ""
        return row


def _own(actor: Actor, payment_id: int) -> Payment:
    """Locked; only who is paid, or the park, may say that money has come."""
    row: Payment | None = db.session.scalar(locked(sa.select(Payment).where(Payment.id == payment_id)))
    if row is None:
        raise NotFound("payment_not_found")
    booking, owner = db.session.execute(
        sa.select(Booking, Resource.owner_id)
        .join(Resource, Resource.id == Booking.resource_id)
        .where(Booking.id == row.booking_id)
    ).one()
    if not (access.runs(actor, owner) or actor.may(roles.RUNS_ALL_RESOURCES)):
        if access.sees_holder(actor, booking, owner):
            raise NotAllowed("sharing_owner_only")
        raise NotFound("payment_not_found")
    return row


def remind() -> int:
    """Tell every payer, once a week, how much of it is late; answers how many were told."""
    now = clock.now()
    query = (
        sa.select(Payment, Booking.organisation_id)
        .join(Booking, Booking.id == Payment.booking_id)
        .where(
            *_WAITING,
            Payment.due_on < clock.today(),
            sa.or_(Payment.reminded_at.is_(None), Payment.reminded_at <= now - AGAIN),
        )
        .order_by(Booking.organisation_id, Payment.id)
    )
    with transaction():
        payers: dict[int, list[Payment]] = {}
        for row, organisation_id in db.session.execute(query):
            payers.setdefault(organisation_id, []).append(row)
        for organisation_id, rows in payers.items():
            for row in rows:
                row.reminded_at = now
            late = overdue(organisation_id, "user")
            identity.notify_organisation(
                organisation_id,
                "payments_overdue",
                "/sharing/payments?state=overdue",
                roles=roles.RUNS_RESOURCES,
                by_mail=True,
                count=late.count,
                yuan=units.yuan(late.fen),
            )
        return len(payers)
