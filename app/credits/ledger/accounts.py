"""What an enterprise has: its balance, what expires when, twelve months of earning and using."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
import sqlalchemy.orm

from app.credits.ledger import rules
from app.credits.ledger.models import Account, Entry, Lot, Transfer
from app.hall import clock
from app.hall.clock import micros, moment_of
from app.hall.db.base import db
from app.hall.db.windows import window_of
from app.hall.errors import NotAllowed
from app.identity import door as identity
from app.identity.door import Actor, roles


@dataclass(frozen=True)
class Expiring:
    """So much is gone from this day on."""

    on: dt.date
    credits: int


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


@dataclass(frozen=True)
class MonthFlow:
    """Earned and used in one calendar month of the park."""

    month: dt.date
    earned: int
    used: int


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
        return AccountSummary(organisation_id, None, 0, 0, 0, 0, 0, False, 0, 0, ())
    now = micros(clock.now())
    rows = db.session.execute(
        sa.select(Lot.id, Lot.amount, Lot.expires_at, Lot.used, Lot.held).where(
            Lot.account_id == account.id, Lot.used + Lot.held < Lot.amount
        )
    )
    lots = [rules.Lot(row.id, row.amount, micros(row.expires_at), row.used, row.held) for row in rows]
    earned, used = _flow(account.id, None)
    month = clock.start_of_day(clock.today().replace(day=1))
    month_earned, month_used = _flow(account.id, month)
    soon = tuple(Expiring(clock.day_of(moment_of(at)), credits) for at, credits in rules.expiring(lots, now))
    return AccountSummary(
        organisation_id,
        account.id,
        rules.available(lots, now),
        account.held,
        earned,
        used,
        account.owed,
        account.frozen,
        month_earned,
        month_used,
        soon,
    )


def _flow(account_id: int, since: dt.datetime | None) -> tuple[int, int]:
    """Earned (less what was revoked) and used (less what was given back); expiry counts as neither."""
    original = sa.orm.aliased(Transfer)
    kind = sa.func.coalesce(original.kind, Transfer.kind)
    query = (
        sa.select(
            sa.func.coalesce(sa.func.sum(sa.case((kind.in_(("earn", "recover")), Entry.amount), else_=0)), 0),
            sa.func.coalesce(sa.func.sum(sa.case((kind == "redeem", -Entry.amount), else_=0)), 0),
        )
        .select_from(Entry)
        .join(Transfer, Transfer.id == Entry.transfer_id)
        .outerjoin(original, original.id == Transfer.reverses_id)
        .where(Entry.account_id == account_id)
    )
    if since is not None:
        query = query.where(Transfer.recorded_at >= since)
    earned, used = db.session.execute(query).one()
    return int(earned), int(used)


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


def all_available_credits() -> dict[int, int]:
    """What every organisation that has something can spend now: one query for all."""
    query = (
        sa.select(Account.organisation_id, sa.func.sum(Lot.amount - Lot.used - Lot.held))
        .join(Account, Account.id == Lot.account_id)
        .where(Lot.used + Lot.held < Lot.amount, Lot.expires_at > clock.now())
        .group_by(Account.organisation_id)
    )
    return {number: int(total) for number, total in db.session.execute(query) if number is not None}


def earned_between(edges: Sequence[dt.datetime]) -> list[int]:
    """What all firms together earned between one of these moments and the next, as their twelve months count it."""
    place = window_of(Transfer.effective_at, edges)
    rows = db.session.execute(
        sa.select(place, sa.func.sum(Entry.amount))
        .join(Transfer, Transfer.id == Entry.transfer_id)
        .join(Account, Account.id == Entry.account_id)
        .where(
            Account.kind == "enterprise",
            Entry.amount > 0,
            Transfer.effective_at >= edges[0],
            Transfer.effective_at < edges[-1],
            Transfer.kind.in_(("earn", "redeem", "reverse", "adjust", "recover")),
        )
        .group_by(place)
    )
    found = {int(number): int(amount) for number, amount in rows}
    return [found.get(number, 0) for number in range(len(edges) - 1)]


def twelve_months(organisation_id: int) -> list[MonthFlow]:
    """The last twelve months, this one last; empty months are there too."""
    this = clock.today().replace(day=1)
    months = [clock.months_later(this, -back) for back in range(11, -1, -1)]
    rows = db.session.execute(
        sa.select(Transfer.effective_at, Entry.amount)
        .join(Entry, Entry.transfer_id == Transfer.id)
        .join(Account, Account.id == Entry.account_id)
        .where(
            Account.organisation_id == organisation_id,
            Entry.amount != 0,
            Transfer.effective_at >= clock.start_of_day(months[0]),
            Transfer.kind.in_(("earn", "redeem", "reverse", "adjust", "recover")),
        )
    )
    earned = dict.fromkeys(months, 0)
    used = dict.fromkeys(months, 0)
    for at, amount in rows:
        month = clock.day_of(at).replace(day=1)
        if month in earned:
            (earned if amount > 0 else used)[month] += abs(amount)
    return [MonthFlow(month, earned[month], used[month]) for month in months]
