"""What a month says that a seal covers: the figures on the printed seal, and what the command answers for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.credits.ledger.models import ADJUST, EXPIRED, ISSUANCE, REDEEMED, Entry, Seal, Transfer
from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import Invalid


@dataclass(frozen=True)
class MonthFigures:
    """A month as the movements up to one of them tell it; `later` were recorded for it since."""

    month: str
    transfers: int
    issued: int
    redeemed: int
    expired: int
    adjusted: int
    later: int = 0


def first_day(month: str) -> dt.date:
    """The first day of a month such as 2026-03."""
    try:
        return dt.date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Invalid("month_malformed") from None


def month_figures(month: str, up_to: int) -> MonthFigures:
    """What moved in a month, of the movements up to this one."""
    first = first_day(month)
    within = (
        Transfer.effective_at >= clock.start_of_day(first),
        Transfer.effective_at < clock.start_of_day(clock.months_later(first, 1)),
    )
    sums = {
        account: int(total)
        for account, total in db.session.execute(
            sa.select(Entry.account_id, sa.func.sum(Entry.amount))
            .join(Transfer, Transfer.id == Entry.transfer_id)
            .where(*within, Transfer.id <= up_to, Entry.account_id <= ADJUST)
            .group_by(Entry.account_id)
        )
    }
    below = sa.func.coalesce(sa.func.sum(sa.case((Transfer.id <= up_to, 1), else_=0)), 0)
    count, covered = db.session.execute(sa.select(sa.func.count(), below).where(*within)).one()
    return MonthFigures(
        month,
        int(covered),
        -sums.get(ISSUANCE, 0),
        sums.get(REDEEMED, 0),
        sums.get(EXPIRED, 0),
        -sums.get(ADJUST, 0),
        int(count) - int(covered),
    )


def month_below(month: str, kept: Sequence[str]) -> MonthFigures:
    """A month below the newest of the seals somebody kept, or below the newest there is."""
    query = sa.select(sa.func.coalesce(sa.func.max(Seal.up_to_id), 0))
    if kept:
        query = query.where(Seal.hash.in_(kept))
    return month_figures(month, int(db.session.scalar(query) or 0))


def months_of(up_to: int, most: int = 12) -> list[MonthFigures]:
    """The last months in which one of the movements up to this one became effective, newest first."""
    bounds = sa.select(sa.func.min(Transfer.effective_at), sa.func.max(Transfer.effective_at))
    span: Any = db.session.execute(bounds.where(Transfer.id <= up_to)).one()
    if span[0] is None:
        return []
    oldest, month = (clock.day_of(one).replace(day=1) for one in span)
    found: list[MonthFigures] = []
    while month >= oldest and len(found) < most:
        found.append(month_figures(f"{month:%Y-%m}", up_to))
        month = clock.months_later(month, -1)
    return found
