"""Lots whose time is over leave the balance, and their owners are warned 30 and 7 days before."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.credits.ledger import corrections
from app.credits.ledger import service as ledger
from app.credits.ledger.models import Account, ExpiryNotice, Lot, Transfer
from app.credits.limits import EXPIRES_UNASKED, WARN_DAYS
from app.hall import clock
from app.hall.db.base import db, is_sqlite
from app.hall.db.transaction import transaction
from app.hall.standstill import Batch
from app.identity import door as identity
from app.identity.door import SYSTEM, roles


def batch_due() -> Batch:
    """How many credits would expire now, of all that enterprises hold."""
    free = sa.func.coalesce(sa.func.sum(Lot.amount - Lot.used - Lot.held), 0)
    due = db.session.scalar(
        sa.select(free).where(Lot.used + Lot.held < Lot.amount, Lot.expires_at <= clock.now())
    )
    return Batch("credits", int(due or 0), EXPIRES_UNASKED, _credits_held)


def _credits_held() -> int:
    held = sa.select(sa.func.sum(Lot.amount - Lot.used)).where(Lot.used + Lot.held < Lot.amount)
    return int(db.session.scalar(held) or 0)


def newest_movement() -> dt.datetime | None:
    """When the newest transfer was recorded."""
    return db.session.scalar(sa.select(Transfer.recorded_at).order_by(Transfer.id.desc()).limit(1))


def expire_lots() -> int:
    """Expire what is due, one transaction per enterprise; run late, twice or after a week it gives the same ledger."""
    due = sa.and_(Lot.used + Lot.held < Lot.amount, Lot.expires_at <= clock.now())
    accounts = db.session.scalars(
        sa.select(Lot.account_id).where(due).distinct().order_by(Lot.account_id)
    ).all()
    done = 0
    for account_id in accounts:
        with transaction():
            ledger.lock_accounts(account_id)
            open_from = corrections.open_since()
            rows = db.session.scalars(
                sa.select(Lot)
                .where(due, Lot.account_id == account_id)
                .order_by(Lot.expires_at, Lot.id)
                .execution_options(populate_existing=True)
            ).all()
            for lot in rows:
                corrections.expire(SYSTEM, lot, open_from)
            done += len(rows)
    return done


def warn_of_expiry() -> int:
    """Tell each enterprise once per lot and distance; a warning that was missed comes late rather than not at all."""
    now = clock.now()
    sent = 0
    for days in sorted(WARN_DAYS):
        nearer = [one for one in WARN_DAYS if one < days]
        query = (
            sa.select(Lot.id, Account.organisation_id, Lot.expires_at, Lot.amount - Lot.used - Lot.held)
            .join(Account, Account.id == Lot.account_id)
            .where(
                Lot.used + Lot.held < Lot.amount,
                Lot.expires_at > now + dt.timedelta(days=max(nearer, default=0)),
                Lot.expires_at <= now + dt.timedelta(days=days),
                ~sa.exists().where(ExpiryNotice.lot_id == Lot.id, ExpiryNotice.days_before == days),
            )
            .order_by(Lot.id)
        )
        by_firm: dict[tuple[int, dt.date], list[tuple[int, int]]] = {}
        for lot_id, organisation_id, expires_at, free in db.session.execute(query):
            by_firm.setdefault((organisation_id or 0, clock.day_of(expires_at)), []).append((lot_id, free))
        for (organisation_id, day), lots in by_firm.items():
            sent += _warn(organisation_id, day, days, lots)
    return sent


def _warn(organisation_id: int, day: dt.date, days: int, lots: list[tuple[int, int]]) -> int:
    with transaction():
        insert = (sqlite if is_sqlite() else postgresql).insert(ExpiryNotice)
        new = 0
        for lot_id, free in lots:
            values = {"lot_id": lot_id, "days_before": days, "sent_at": clock.now()}
            statement = insert.values(values).on_conflict_do_nothing(index_elements=["lot_id", "days_before"])
            made = db.session.scalars(statement.returning(ExpiryNotice.id)).all()
            new += free if made else 0
        if new:
            identity.notify_organisation(
                organisation_id,
                "credits_expire_note",
                "/credits/",
                roles=[roles.ENTERPRISE_ADMIN],
                credits=new,
                on=day.isoformat(),
            )
        return 1 if new else 0
