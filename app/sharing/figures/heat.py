"""At which hours of the week instruments are used: seven rows of twenty-four."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from app.hall.db.base import db
from app.sharing.calendar.park_time import ParkMinute, minute_of
from app.sharing.calendar.rules import DAY, weekday_of
from app.sharing.use.models import Usage

WEEK = 7 * DAY


def hours(resource_ids: Sequence[int], start: dt.datetime, end: dt.datetime) -> list[list[float]]:
    """Hours used per weekday (Monday first) and hour of the day, summed over the period."""
    minutes = [[0] * 24 for _ in range(7)]
    at, last = minute_of(start), minute_of(end)
    begins, ends = ParkMinute(Usage.start_at), ParkMinute(Usage.end_at)
    first = sa.case((begins < at, at), else_=begins)
    length = sa.case((ends > last, last), else_=ends) - first
    in_week = first % WEEK
    rows = db.session.execute(
        sa.select(in_week, length, sa.func.count())
        .where(
            Usage.resource_id.in_(list(resource_ids)),
            Usage.voided_at.is_(None),
            Usage.end_at.is_not(None),
            Usage.start_at < end,
            Usage.end_at > start,
        )
        .group_by(in_week, length)
    )
    for begun, minutes_long, times in rows:
        _spread(minutes, begun, begun + minutes_long, times)
    return [[round(m / 60, 2) for m in day] for day in minutes]


def _spread(minutes: list[list[int]], at: int, last: int, times: int) -> None:
    """Give each hour what lies in it of a stretch that so many bookings have; a week ends where it began."""
    while at < last:
        until = min(last, (at // 60 + 1) * 60)
        minutes[weekday_of(at // DAY) - 1][at % DAY // 60] += (until - at) * times
        at = until
