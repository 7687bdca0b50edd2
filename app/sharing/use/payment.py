"""How a charge is paid: vouchers first, then credits up to the park's share, the rest in money."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.credits import door as credits
from app.credits.door import Fulfilment, FulfilmentOrder
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Refusal
from app.hall.standstill import Batch
from app.identity import door as identity
from app.identity.door import Actor
from app.sharing.bookings import transitions
from app.sharing.bookings.models import Booking
from app.sharing.bookings.records import get_booking
from app.sharing.park_terms import service as park_terms_service
from app.sharing.use import rewards, settlement
from app.sharing.use import rules as use_rules
from app.sharing.use.models import Payment, Settlement, Voucher, VoucherUse

OPEN_CHARGES = ("completed", "no_show", "cancelled", "adjusted")
VOUCHER_FEN = 100_000
"""What one instrument voucher is worth when its reward does not say."""


def credit_allowance(actor: Actor, price_fen: int) -> int:
    """Fen of a price that the actor's organisation could pay with credits now."""
    if price_fen <= 0 or identity.organisation_of(actor).kind != "enterprise":
        return 0
    terms = park_terms_service.park_terms()
    available = credits.available_credits(actor.organisation_id)
    return use_rules.pay(
        price_fen,
        credits_available=max(0, available),
        credit_fen=terms.credit_value_fen,
        credit_share=terms.credit_share_ratio,
    ).credits_fen


def expected(actor: Actor, price_fen: int, on: dt.datetime, *, with_credits: bool) -> use_rules.Payment:
    """How a charge of this price would be paid today: vouchers first, then credits if asked, the rest in money."""
    terms = park_terms_service.park_terms()
    firm = identity.organisation_of(actor).kind == "enterprise"
    available = credits.available_credits(actor.organisation_id) if firm and with_credits else 0
    return use_rules.pay(
        price_fen,
        [use_rules.Voucher(v.id, v.left_fen, v.co_pay_ratio) for v in _vouchers(actor.organisation_id, on)],
        credits_available=max(0, available),
        credit_fen=terms.credit_value_fen,
        credit_share=terms.credit_share_ratio,
    )


def hold_credits(actor: Actor, booking: Booking) -> None:
    """Set aside the credits a booking may be paid with; without enough of them the rest is money."""
    terms = park_terms_service.park_terms()
    fen = credit_allowance(actor, booking.price_fen)
    number = fen // terms.credit_value_fen if terms.credit_value_fen else 0
    if number <= 0:
        booking.use_credits = False
        return
    booking.credit_hold = credits.spend_on(
        booking.organisation_id,
        number,
        f"booking:{booking.id}",
        f"booking:{booking.id}",
        actor,
        memo=credits.memo("memo_booking", number=booking.id),
    )
    booking.held_credits = number


def release_credits(booking: Booking) -> None:
    """The booking will cost nothing: its credits are free again."""
    if booking.credit_hold is not None and booking.held_credits:
        credits.release_spending(booking.credit_hold)
        booking.held_credits = 0


def settle(booking: Booking) -> Payment | None:
    """Close a charge: pay it and let nothing change it any more. The resource is locked by the caller."""
    row = settlement.latest(booking.id)
    amount = row.amount_fen if row else 0
    transitions.enter(booking, "settled")
    db.session.flush()
    if row is None or booking.own_use:
        release_credits(booking)
        return None
    terms = park_terms_service.park_terms()
    vouchers = _vouchers(booking.organisation_id, booking.start_at)
    paid = use_rules.pay(
        amount,
        [use_rules.Voucher(v.id, v.left_fen, v.co_pay_ratio) for v in vouchers],
        booking.held_credits,
        terms.credit_value_fen,
        terms.credit_share_ratio,
    )
    payment = Payment(
        booking_id=booking.id,
        amount_fen=amount,
        voucher_fen=paid.vouchers_fen,
        credits=paid.credits,
        credits_fen=paid.credits_fen,
        cash_fen=paid.cash_fen,
        made_at=clock.now(),
        due_on=clock.today() + dt.timedelta(days=terms.payment_days),
    )
    db.session.add(payment)
    db.session.flush()
    by_id = {v.id: v for v in vouchers}
    for voucher_id, fen in paid.vouchers:
        by_id[voucher_id].left_fen -= fen
        db.session.add(VoucherUse(voucher_id=voucher_id, payment_id=payment.id, amount_fen=fen))
    if booking.credit_hold is not None and booking.held_credits:
        credits.capture_spending(booking.credit_hold, paid.credits)
        booking.held_credits = 0
    rewards.reward_hours(booking)
    return payment


def _vouchers(organisation_id: int, on: dt.datetime) -> list[Voucher]:
    """Usable vouchers, those that expire first first."""
    rows = db.session.scalars(
        sa.select(Voucher).where(
            Voucher.organisation_id == organisation_id,
            Voucher.left_fen > 0,
            sa.or_(Voucher.valid_until.is_(None), Voucher.valid_until >= clock.day_of(on)),
        )
    )
    return sorted(rows, key=lambda v: (v.valid_until or dt.date.max, v.id))


# Up to so many charges are closed unasked, whatever share of all charges they are.
CLOSES_UNASKED = 100


def batch_due() -> Batch:
    """How many charges would be closed now, of all bookings that were ever charged."""
    count = sa.select(sa.func.count())
    part = db.session.scalar(count.select_from(_due().order_by(None).subquery()))
    charged = sa.select(sa.func.count(sa.distinct(Settlement.booking_id)))
    return Batch("charges", part or 0, CLOSES_UNASKED, lambda: db.session.scalar(charged) or 0)


def _due() -> sa.Select[int]:
    before = clock.now() - dt.timedelta(days=park_terms_service.park_terms().dispute_days)
    newest = (
        sa.select(Settlement.booking_id, sa.func.max(Settlement.made_at).label("at"))
        .group_by(Settlement.booking_id)
        .subquery()
    )
    return (
        sa.select(Booking.id)
        .join(newest, newest.c.booking_id == Booking.id)
        .where(Booking.state.in_(OPEN_CHARGES), newest.c.at <= before, Booking.end_at <= clock.now())
        .order_by(Booking.id)
    )


def settle_due() -> int:
    """Close every charge whose time for a dispute is over; answers how many."""
    due = db.session.scalars(_due()).all()
    done = 0
    for booking_id in due:
        try:
            with transaction():
                booking, _resource = get_booking(booking_id, lock=True)
                if booking.state in OPEN_CHARGES:
                    settle(booking)
                    done += 1
        except Refusal:
            continue  # told again at the next run; one charge must not hold up the others
    return done


def foreseen(booking: Booking, owed_fen: int) -> use_rules.Payment:
    """How what is owed now would be paid if it were closed now: vouchers, the credits held for it, money."""
    terms = park_terms_service.park_terms()
    return use_rules.pay(
        owed_fen,
        [
            use_rules.Voucher(v.id, v.left_fen, v.co_pay_ratio)
            for v in _vouchers(booking.organisation_id, booking.start_at)
        ],
        booking.held_credits,
        terms.credit_value_fen,
        terms.credit_share_ratio,
    )


def payment_of(booking_id: int) -> Payment | None:
    row: Payment | None = db.session.scalar(sa.select(Payment).where(Payment.booking_id == booking_id))
    return row


def vouchers_of(organisation_id: int) -> list[Voucher]:
    return list(
        db.session.scalars(
            sa.select(Voucher).where(Voucher.organisation_id == organisation_id).order_by(Voucher.id.desc())
        )
    )


def issue_vouchers(order: FulfilmentOrder) -> Fulfilment:
    """A redeemed reward of instrument hours becomes vouchers; runs inside the capture of its credits."""
    value = int(order.params.get("value_fen", VOUCHER_FEN))
    days = int(order.params.get("valid_days", 365))
    codes = []
    for number in range(order.quantity):
        code = f"V{order.redemption_id:05d}-{number + 1}"
        db.session.add(
            Voucher(
                organisation_id=order.organisation_id,
                code=code,
                value_fen=value,
                left_fen=value,
                co_pay_ratio=float(order.params.get("co_pay_ratio", 0.0)),
                valid_until=clock.today() + dt.timedelta(days=days),
                created_at=clock.now(),
            )
        )
        codes.append(code)
    return Fulfilment(", ".join(codes), "/sharing/statements")
