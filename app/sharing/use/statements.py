"""Monthly statements of what an organisation owes and earns, to the fen, and the invoice to each counterpart."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import Invalid, NotFound
from app.identity import door as identity
from app.identity.door import OrganisationInfo
from app.sharing.bookings.models import Booking
from app.sharing.catalogue.models import Resource
from app.sharing.use.models import Payment, Settlement


@dataclass(frozen=True)
class StatementLine:
    """One settlement row: what it changed, and for which booking."""

    made_at: dt.datetime
    booking_id: int
    version: int
    resource: str
    counterpart: OrganisationInfo
    start_at: dt.datetime
    end_at: dt.datetime
    rule: str
    charged_minutes: int
    change_fen: int
    settled: bool = False


@dataclass(frozen=True)
class Statement:
    """A month of one organisation; `side` is `user` (what it owes) or `owner` (what it earns).

    With a `counterpart` it is the invoice between those two: the owner's to its user.
    """

    organisation: OrganisationInfo
    side: str
    month: dt.date
    lines: list[StatementLine]
    credits_fen: int
    voucher_fen: int
    cash_fen: int
    paid_fen: int
    counterpart: OrganisationInfo | None = None

    @property
    def by_counterpart(self) -> list[tuple[OrganisationInfo, int, int]]:
        """Every other side with its number of rows and its sum, the largest sum first."""
        found: dict[int, tuple[OrganisationInfo, int, int]] = {}
        for line in self.lines:
            _other, count, fen = found.get(line.counterpart.id, (line.counterpart, 0, 0))
            found[line.counterpart.id] = (line.counterpart, count + 1, fen + line.change_fen)
        return sorted(found.values(), key=lambda row: (-row[2], row[0].code))

    @property
    def settled_fen(self) -> int:
        """What of the month's rows is closed: nothing changes it any more."""
        return sum(line.change_fen for line in self.lines if line.settled)

    @property
    def open_fen(self) -> int:
        """What may still be disputed or corrected; with `settled_fen` it is the total."""
        return self.total_fen - self.settled_fen

    @property
    def total_fen(self) -> int:
        return sum(line.change_fen for line in self.lines)

    @property
    def number(self) -> str:
        if self.counterpart is not None:
            pair = (
                (self.organisation, self.counterpart)
                if self.side == "owner"
                else (self.counterpart, self.organisation)
            )
            return f"INV-{pair[0].code}-{pair[1].code}-{self.month:%Y%m}"
        return f"{'SI' if self.side == 'owner' else 'SU'}-{self.organisation.code}-{self.month:%Y%m}"


def month_of(text: str) -> dt.date:
    """`2026-11` → its first day; nothing: this month."""
    if not text:
        return clock.today().replace(day=1)
    try:
        return dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Invalid("statement_month") from None


def next_month(month: dt.date) -> dt.date:
    """
    >>> next_month(dt.date(2026, 12, 1))
    datetime.date(2027, 1, 1)
    """
    return clock.months_later(month.replace(day=1), 1)


def statement(organisation_id: int, side: str, month: dt.date, with_code: str = "") -> Statement:
    """All settlement rows made in the month, own use left out; `with_code` keeps those with one counterpart."""
    if side not in ("user", "owner"):
        raise Invalid("statement_month")
    start, end = clock.start_of_day(month), clock.start_of_day(next_month(month))
    query = (
        sa.select(Settlement, Booking, Resource)
        .join(Booking, Booking.id == Settlement.booking_id)
        .join(Resource, Resource.id == Booking.resource_id)
        .where(Settlement.made_at >= start, Settlement.made_at < end, Booking.own_use.is_(False))
        .order_by(Settlement.made_at, Settlement.id)
    )
    mine, theirs = Booking.organisation_id, Resource.owner_id
    if side == "owner":
        mine, theirs = theirs, mine
    query = query.where(mine == organisation_id)
    counterpart = identity.find_organisation(with_code) if with_code else None
    if with_code and counterpart is None:
        raise NotFound("organisation_not_found")
    if counterpart is not None:
        query = query.where(theirs == counterpart.id)
    rows = db.session.execute(query).all()
    others = [r.Resource.owner_id if side == "user" else r.Booking.organisation_id for r in rows]
    names = identity.organisations_by_id([organisation_id, *others])
    lines = [
        StatementLine(
            row.Settlement.made_at,
            row.Booking.id,
            row.Settlement.version,
            row.Resource.name,
            names[other],
            row.Booking.start_at,
            row.Booking.end_at,
            row.Settlement.rule,
            row.Settlement.charged_minutes,
            row.Settlement.change_fen,
            row.Booking.state == "settled",
        )
        for row, other in zip(rows, others, strict=True)
    ]
    payments = (
        sa.select(
            sa.func.coalesce(sa.func.sum(Payment.credits_fen), 0),
            sa.func.coalesce(sa.func.sum(Payment.voucher_fen), 0),
            sa.func.coalesce(sa.func.sum(Payment.cash_fen), 0),
            sa.func.coalesce(sa.func.sum(Payment.amount_fen), 0),
        )
        .join(Booking, Booking.id == Payment.booking_id)
        .join(Resource, Resource.id == Booking.resource_id)
        .where(Payment.made_at >= start, Payment.made_at < end, mine == organisation_id)
    )
    if counterpart is not None:
        payments = payments.where(theirs == counterpart.id)
    paid = db.session.execute(payments).one()
    credits_fen, voucher_fen, cash_fen, paid_fen = (int(fen) for fen in paid)
    return Statement(
        names[organisation_id], side, month, lines, credits_fen, voucher_fen, cash_fen, paid_fen, counterpart
    )
