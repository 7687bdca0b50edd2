"""What sharing earns of the park's credits: hours that were really paid, and what looks arranged goes to a reviewer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.credits import door as credits
from app.hall import clock
from app.hall.db.base import db
from app.identity import door as identity
from app.sharing.bookings.models import Booking
from app.sharing.catalogue.models import Resource
from app.sharing.use.models import Payment, Settlement
from app.sharing.use.rules import BILLINGS, paid_minutes

REWARDED_MINUTES = 600


@dataclass(frozen=True)
class PaidUse:
    """Minutes of one booking that were really paid, by whom, and the number of the payment."""

    booking: int
    user: int
    minutes: int
    payment: int


def reward_hours(booking: Booking) -> None:
    """Every ten hours that an enterprise has shared, and been paid for, earn it the park's credits, once each.

    Hours between firms that look like one, or that also pay each other the other way round, are counted by
    themselves, per firm, and wait for a reviewer with the reason.
    """
    owner_id = db.session.scalar(sa.select(Resource.owner_id).where(Resource.id == booking.resource_id))
    owner = identity.get_organisation(owner_id or 0)
    if owner.kind != "enterprise":
        return
    uses = _paid_uses(owner.id)
    mine = next((use for use in uses if use.booking == booking.id), None)
    if mine is None or not mine.minutes:
        return
    doubts = _doubts(owner.id, uses)
    alike = doubts[mine.booking]
    stream = [use for use in uses if bool(doubts[use.booking]) == bool(alike)]
    if alike:
        stream = [use for use in stream if use.user == mine.user]
    after = sum(use.minutes for use in stream)
    before = after - mine.minutes
    said = told_doubts(mine.user, alike)
    for number in range(before // REWARDED_MINUTES + 1, after // REWARDED_MINUTES + 1):
        key = f"hours_shared:{owner.id}:{number}"
        if alike:
            key = f"hours_shared:{owner.id}:with:{mine.user}:{number}"
        evidence = [("platform", key)]
        credits.award(identity.SYSTEM, owner.id, "hours_shared", clock.today(), evidence, key, said)


def told_doubts(other_id: int, kinds: Iterable[str]) -> list[str]:
    """The doubts about a deed between an enterprise and this other one, as memos a reviewer reads in their language."""
    other = identity.get_organisation(other_id)
    name = {"zh": other.name_zh, "en": other.name_en or other.name_zh}
    return [credits.memo(f"award_doubt_{kind}", firm=name) for kind in kinds]


def _paid_uses(owner_id: int) -> list[PaidUse]:
    charged = (
        sa.select(Settlement.booking_id, sa.func.max(Settlement.version).label("version"))
        .where(Settlement.rule.in_(BILLINGS))
        .group_by(Settlement.booking_id)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(
            Booking.id,
            Booking.organisation_id,
            Settlement.charged_minutes,
            Settlement.amount_fen,
            Payment.amount_fen.label("paid_fen"),
            Payment.id.label("payment_id"),
        )
        .join(Payment, Payment.booking_id == Booking.id)
        .join(Resource, Resource.id == Booking.resource_id)
        .join(charged, charged.c.booking_id == Booking.id)
        .join(
            Settlement,
            (Settlement.booking_id == charged.c.booking_id) & (Settlement.version == charged.c.version),
        )
        .where(Resource.owner_id == owner_id, Booking.state == "settled", Booking.own_use.is_(False))
        .order_by(Booking.id)
    )
    return [
        PaidUse(
            row.id,
            row.organisation_id,
            paid_minutes(row.charged_minutes, row.amount_fen, row.paid_fen),
            row.payment_id,
        )
        for row in rows
    ]


def _doubts(owner_id: int, uses: Sequence[PaidUse]) -> dict[int, tuple[str, ...]]:
    """Per booking what its two firms share, and whether money had gone round between them when it was paid."""
    alike = identity.likenesses(owner_id, {use.user for use in uses})
    back = _first_payment_back(owner_id)
    found = {}
    for use in uses:
        circle = ("circle",) if back.get(use.user, use.payment) < use.payment else ()
        found[use.booking] = (*alike.get(use.user, ()), *circle)
    return found


def _first_payment_back(owner_id: int) -> dict[int, int]:
    """Of each firm the number of the first payment that this owner made to it."""
    rows = db.session.execute(
        sa.select(Resource.owner_id, sa.func.min(Payment.id))
        .join(Booking, Booking.resource_id == Resource.id)
        .join(Payment, Payment.booking_id == Booking.id)
        .where(Booking.organisation_id == owner_id, Payment.amount_fen > 0)
        .group_by(Resource.owner_id)
    )
    return {int(firm): int(number) for firm, number in rows}
