"""What an enterprise has: its balance, what expires when, twelve months of earning and using."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.credits.ledger import kept_months, rules
from app.credits.ledger.flows import Months, Sums
from app.credits.ledger.models import Account, Lot
from app.hall import clock
from app.hall.clock import micros, moment_of
from app.hall.db.base import db
from app.hall.errors import NotAllowed
from app.identity import door as identity
from app.identity.door import Actor, roles


@dataclass(frozen=True)
class Expiring:
    """So much is gone from this day on."""

    on: dt.date
    credits: int


@dataclass(frozen=True)
class MonthFlow:
    """Earned and used in one calendar month of the park."""

    month: dt.date
    earned: int
    used: int


@dataclass(frozen=True)
class AccountSummary:
    """The balance as an enterprise sees it; `available` can be spent now."""

    organisation_id: int
    account_id: int | None
    available_credits: int
    held_credits: int
    lifetime_earned_credits: int
    lifetime_used_credits: int
    owed_credits: int
    frozen: bool
    month_earned_credits: int
    month_used_credits: int
    expiring: tuple[Expiring, ...]
    months: tuple[MonthFlow, ...] = ()


def readable_organisation(actor: Actor, code: str = "") -> int:
    """Whose account the actor may read: their own; park staff of the credits room and auditors any."""
    if not code:
        return actor.organisation_id
    organisation = identity.get_enterprise(code)
    if organisation.id != actor.organisation_id and not actor.may(roles.SEES_ALL_CREDITS):
        raise NotAllowed("account_not_yours")
    return organisation.id


def account_summary(organisation_id: int) -> AccountSummary:
    """Balance now: what has expired is not available, whether or not the expiry job has run."""
    account = db.session.execute(
        sa.select(Account.id, Account.held, Account.owed, Account.frozen).where(
            Account.organisation_id == organisation_id
        )
    ).one_or_none()
    if account is None:
        return AccountSummary(organisation_id, None, 0, 0, 0, 0, 0, False, 0, 0, (), _year({}))
    now = micros(clock.now())
    rows = db.session.execute(
        sa.select(Lot.id, Lot.amount, Lot.expires_at, Lot.used, Lot.held).where(
            Lot.account_id == account.id, Lot.used + Lot.held < Lot.amount
        )
    )
    lots = [rules.Lot(row.id, row.amount, micros(row.expires_at), row.used, row.held) for row in rows]
    months = kept_months.months_of(account.id)
    this_month = months.get(clock.today().replace(day=1), Sums())
    soon = tuple(Expiring(clock.day_of(moment_of(at)), credits) for at, credits in rules.expiring(lots, now))
    return AccountSummary(
        organisation_id,
        account.id,
        rules.available(lots, now),
        account.held,
        kept_months.total(months, "earned"),
        kept_months.total(months, "used"),
        account.owed,
        account.frozen,
        this_month.earned,
        this_month.used,
        soon,
        _year(months),
    )


def available_credits(organisation_id: int) -> int:
    """What the top bar shows: one small query."""
    query = (
        sa.select(sa.func.coalesce(sa.func.sum(Lot.amount - Lot.used - Lot.held), 0))
        .join(Account, Account.id == Lot.account_id)
        .where(
            Account.organisation_id == organisation_id,
            Lot.used + Lot.held < Lot.amount,
            Lot.expires_at > clock.now(),
        )
    )
    return int(db.session.scalar(query) or 0)


def balance(organisation_id: int) -> tuple[int, int]:
    """What can be spent now and what is held, in one statement."""
    free = (
        sa.select(sa.func.sum(Lot.amount - Lot.used - Lot.held))
        .where(Lot.account_id == Account.id, Lot.used + Lot.held < Lot.amount, Lot.expires_at > clock.now())
        .correlate(Account)
        .scalar_subquery()
    )
    query = sa.select(free, Account.held).where(Account.organisation_id == organisation_id)
    found = db.session.execute(query).one_or_none()
    return (int(found[0] or 0), int(found[1])) if found else (0, 0)


def all_available_credits() -> dict[int, int]:
    """What every organisation that has something can spend now: one query for all."""
    query = (
        sa.select(Account.organisation_id, sa.func.sum(Lot.amount - Lot.used - Lot.held))
        .join(Account, Account.id == Lot.account_id)
        .where(Lot.used + Lot.held < Lot.amount, Lot.expires_at > clock.now())
        .group_by(Account.organisation_id)
    )
    return {number: int(total) for number, total in db.session.execute(query) if number is not None}


def earned_in(months: Sequence[dt.date]) -> list[int]:
    """What all firms together earned in each of these months, as their twelve months count it."""
    found = kept_months.months_together(min(months))
    return [found.get(month, Sums()).gained for month in months]


def twelve_months(organisation_id: int) -> list[MonthFlow]:
    """The last twelve months, this one last; empty months are there too."""
    account = db.session.scalar(sa.select(Account.id).where(Account.organisation_id == organisation_id))
    return list(_year(kept_months.months_of(account) if account else {}))


def _year(found: Months) -> tuple[MonthFlow, ...]:
    sums = [(month, found.get(month, Sums())) for month in last_twelve()]
    return tuple(MonthFlow(month, one.gained, one.spent) for month, one in sums)


def last_twelve() -> list[dt.date]:
    """First days of the last twelve months, this one last."""
    this = clock.today().replace(day=1)
    return [clock.months_later(this, -back) for back in range(11, -1, -1)]
