"""The statement line by line, told so that its owner recognises what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import sqlalchemy.orm

from app.credits.claims.models import Claim, EarnRule
from app.credits.ledger import memos
from app.credits.ledger.models import Account, Entry, Transfer
from app.credits.limits import STATEMENT_LINES
from app.credits.rewards.models import Reward
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.paging import Page
from app.hall.text import language
from app.hall.text.numbers import whole


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


def statement_query(
    organisation_id: int,
    kind: str = "",
    q: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> sa.Select[Entry, Transfer]:
    """The entries of one account; `kind` is earned, used, moved, held or nothing for all.

    Only numbered entries are asked for: that is what the account's index holds. Every entry has its movement; the outer
    join says so to the database, which then counts without looking at one.
    """
    whose = sa.select(Account.id).where(Account.organisation_id == organisation_id).scalar_subquery()
    query = (
        sa.select(Entry, Transfer)
        .outerjoin(Transfer, Transfer.id == Entry.transfer_id)
        .where(Entry.account_id == whose, Entry.seq.is_not(None))
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
    total = count_entries(query)
    page = min(max(1, page), max(1, -(-total // per_page)))
    return Page(lines_between(query, per_page, (page - 1) * per_page), total, page, per_page)


def all_lines(query: sa.Select[Entry, Transfer], limit: int = STATEMENT_LINES) -> list[StatementLine]:
    """The whole statement, oldest first, for PDF and Excel."""
    return lines_of(db.session.execute(query.order_by(Entry.seq).limit(limit)).all())


def earned_by_firm(month: dt.date, kinds: Collection[str]) -> dict[int, list[StatementLine]]:
    """Organisation to the lines of these kinds that its account gained in a month, by the day they took effect."""
    query = (
        sa.select(Entry, Transfer, Account.organisation_id)
        .join(Transfer, Transfer.id == Entry.transfer_id)
        .join(Account, Account.id == Entry.account_id)
        .where(
            Account.organisation_id.is_not(None),
            Entry.amount > 0,
            Transfer.kind.in_(kinds),
            Transfer.effective_at >= clock.start_of_day(month),
            Transfer.effective_at < clock.start_of_day(clock.months_later(month, 1)),
        )
        .order_by(Account.organisation_id, Entry.seq)
    )
    found: dict[int, list[StatementLine]] = {}
    rows = db.session.execute(query).all()
    for start in range(0, len(rows), STATEMENT_LINES):
        part = rows[start : start + STATEMENT_LINES]
        lines = lines_of((entry, transfer) for entry, transfer, _owner in part)
        for (_entry, _transfer, owner), line in zip(part, lines, strict=True):
            found.setdefault(owner or 0, []).append(line)
    return found


def is_id(digits: str) -> bool:
    """Whether these are the digits of an id: nothing exotic, nothing beyond 64 bits."""
    return whole(digits) is not None


def transfer_number(transfer_id: int, at: dt.datetime) -> str:
    return f"TR-{clock.day_of(at):%Y%m%d}-{transfer_id:06d}"


def lines_of(rows: Iterable[Any]) -> list[StatementLine]:
    pairs: list[tuple[Entry, Transfer]] = list(rows)
    titles = _titles(transfer.source for _, transfer in pairs)
    return [
        StatementLine(
            transfer_number(transfer.id, transfer.recorded_at),
            transfer.id,
            entry.seq or 0,
            transfer.recorded_at,
            transfer.effective_at,
            transfer.kind,
            transfer.phase,
            titles.get(transfer.source, "") or memos.told(transfer.memo),
            transfer.source,
            memos.told(transfer.memo),
            entry.amount,
            entry.held,
            entry.balance_after or 0,
            entry.held_after or 0,
            entry.hash or "",
        )
        for entry, transfer in pairs
    ]


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


def count_entries(query: sa.Select[Entry, Transfer]) -> int:
    """How many lines of `statement_query` there are."""
    counted = query.with_only_columns(sa.func.count(Entry.seq), maintain_column_froms=True).order_by(None)
    return int(db.session.scalar(counted) or 0)


def count(query: sa.Select[*tuple[Any, ...]]) -> int:
    return int(
        db.session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0
    )


def lines_between(query: sa.Select[Entry, Transfer], limit: int, offset: int) -> list[StatementLine]:
    rows = db.session.execute(query.order_by(Entry.seq.desc()).limit(limit).offset(offset)).all()
    return lines_of(rows)
