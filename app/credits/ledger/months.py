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
from app.hall.db.windows import window_of
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
    return _figures([first_day(month)], up_to)[0]


def _figures(months: Sequence[dt.date], up_to: int) -> list[MonthFigures]:
    """The figures of months that follow each other, oldest first: two statements, however many they are."""
    edges = [clock.start_of_day(day) for day in (*months, clock.months_later(months[-1], 1))]
    place = window_of(Transfer.effective_at, edges)
    within = (Transfer.effective_at >= edges[0], Transfer.effective_at < edges[-1])
    sums = {
        (number, account): int(total)
        for number, account, total in db.session.execute(
            sa.select(place, Entry.account_id, sa.func.sum(Entry.amount))
            .join(Transfer, Transfer.id == Entry.transfer_id)
            .where(*within, Transfer.id <= up_to, Entry.account_id <= ADJUST)
            .group_by(place, Entry.account_id)
        )
    }
    below = sa.func.coalesce(sa.func.sum(sa.case((Transfer.id <= up_to, 1), else_=0)), 0)
    rows = db.session.execute(sa.select(place, sa.func.count(), below).where(*within).group_by(place))
    counts = {number: (int(count), int(covered)) for number, count, covered in rows}
    return [
        MonthFigures(
            f"{month:%Y-%m}",
            counts.get(number, (0, 0))[1],
            -sums.get((number, ISSUANCE), 0),
            sums.get((number, REDEEMED), 0),
            sums.get((number, EXPIRED), 0),
            -sums.get((number, ADJUST), 0),
            counts.get(number, (0, 0))[0] - counts.get(number, (0, 0))[1],
        )
        for number, month in enumerate(months)
    ]


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
    oldest, newest = (clock.day_of(one).replace(day=1) for one in span)
    months = [newest]
    while months[0] > oldest and len(months) < most:
        months.insert(0, clock.months_later(months[0], -1))
    return _figures(months, up_to)[::-1]
