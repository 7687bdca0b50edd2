"""What an enterprise has: balance, expiring lots, twelve months, and the statement line by line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import sqlalchemy.orm

from app import clock, language
from app.credits import ledger
from app.credits.models import Account, Claim, EarnRule, Entry, Lot, Reward, Transfer
from app.credits.moments import micros, moment_of
from app.db import Page, db, paginate
from app.errors import NotAllowed
from app.identity import service as identity
from app.identity.service import Actor


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
class StatementLine:
    """One entry, told so that its owner recognises it."""

    number: str
    transfer_id: int
    seq: int
    at: dt.datetime
    effective_at: dt.datetime
    kind: str
    phase: str
    title: str
    source: str
    memo: str
    amount: int
    held: int
    balance: int
    held_after: int
    hash: str


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
    if organisation.id != actor.organisation_id and not actor.has("auditor", "park_admin", "credit_reviewer"):
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
    lots = [ledger.Lot(row.id, row.amount, micros(row.expires_at), row.used, row.held) for row in rows]
    earned, used = _flow(account.id, None)
    month = clock.start_of_day(clock.today().replace(day=1))
    month_earned, month_used = _flow(account.id, month)
    soon = tuple(Expiring(clock.day_of(moment_of(at)), credits) for at, credits in ledger.expiring(lots, now))
    return AccountSummary(
        organisation_id, account.id, ledger.available(lots, now), account.held, earned, used, account.owed, account.frozen,
        month_earned, month_used, soon,
    )  # fmt: skip


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


def statement_query(
    organisation_id: int,
    kind: str = "",
    q: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> sa.Select[Entry, Transfer]:
    """The entries of one account; `kind` is earned, used, moved, held or nothing for all."""
    query = (
        sa.select(Entry, Transfer)
        .join(Transfer, Transfer.id == Entry.transfer_id)
        .join(Account, Account.id == Entry.account_id)
        .where(Account.organisation_id == organisation_id)
    )
    if kind == "earned":
        query = query.where(Entry.amount > 0)
    elif kind == "used":
        query = query.where(Entry.amount < 0)
    elif kind == "moved":
        query = query.where(Entry.amount != 0)
    elif kind == "held":
        query = query.where(Entry.held != 0)
    if q:
        text = q.strip().upper()
        digits = text.rsplit("-", 1)[-1] if text.startswith("TR-") else ""
        like = f"%{q.strip()}%"
        found = sa.or_(Transfer.memo.ilike(like), Transfer.source.ilike(like))
        query = query.where(Transfer.id == int(digits) if is_id(digits) else found)
    if since:
        query = query.where(Transfer.recorded_at >= clock.start_of_day(since))
    if until:
        query = query.where(Transfer.recorded_at < clock.start_of_day(until + dt.timedelta(days=1)))
    return query


def statement(query: sa.Select[Entry, Transfer], page: int = 1, per_page: int = 20) -> Page:
    """One page of `statement_query`, newest first, as `StatementLine`s."""
    found = paginate(query.order_by(Entry.seq.desc()), page, per_page, scalars=False)
    return Page(lines_of(found.items), found.total, found.page, found.per_page)


def all_lines(query: sa.Select[Entry, Transfer], limit: int = 20_000) -> list[StatementLine]:
    """The whole statement, oldest first, for PDF and Excel."""
    return lines_of(db.session.execute(query.order_by(Entry.seq).limit(limit)).all())


def is_id(digits: str) -> bool:
    """Whether these are the digits of an id: nothing exotic, nothing beyond 64 bits."""
    return digits.isdecimal() and digits.isascii() and len(digits) <= 18


def transfer_number(transfer_id: int, at: dt.datetime) -> str:
    return f"TR-{clock.day_of(at):%Y%m%d}-{transfer_id:06d}"


def lines_of(rows: Iterable[Any]) -> list[StatementLine]:
    pairs: list[tuple[Entry, Transfer]] = list(rows)
    titles = _titles(transfer.source for _, transfer in pairs)
    return [
        StatementLine(
            transfer_number(transfer.id, transfer.recorded_at), transfer.id, entry.seq or 0, transfer.recorded_at,
            transfer.effective_at, transfer.kind, transfer.phase, titles.get(transfer.source, "") or transfer.memo,
            transfer.source, transfer.memo, entry.amount, entry.held, entry.balance_after or 0, entry.held_after or 0,
            entry.hash or "",
        )
        for entry, transfer in pairs
    ]  # fmt: skip


def _titles(sources: Iterable[str]) -> dict[str, str]:
    """What a claim or a reward is called, in the reader's language: two queries for a whole page."""
    claim_ids, reward_codes = set(), set()
    for source in sources:
        kind, _, key = source.partition(":")
        if kind == "claim" and is_id(key):
            claim_ids.add(int(key))
        elif kind == "reward":
            reward_codes.add(key)
    english = language.lang() == "en"
    title = EarnRule.title_en if english else EarnRule.title_zh
    name = Reward.name_en if english else Reward.name_zh
    claims = (
        sa.select(Claim.id, title)
        .join(EarnRule, EarnRule.id == Claim.earn_rule_id)
        .where(Claim.id.in_(claim_ids))
    )
    rewards = sa.select(Reward.code, name).where(Reward.code.in_(reward_codes))
    found: dict[str, str] = {}
    if claim_ids:
        found.update({f"claim:{key}": text for key, text in db.session.execute(claims)})
    if reward_codes:
        found.update({f"reward:{key}": text for key, text in db.session.execute(rewards)})
    return found


def count(query: sa.Select[*tuple[Any, ...]]) -> int:
    return int(
        db.session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0
    )


def lines_between(query: sa.Select[Entry, Transfer], limit: int, offset: int) -> list[StatementLine]:
    rows = db.session.execute(query.order_by(Entry.seq.desc()).limit(limit).offset(offset)).all()
    return lines_of(rows)
