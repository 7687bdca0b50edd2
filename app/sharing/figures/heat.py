"""At which hours of the week instruments are used: seven rows of twenty-four."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from app.hall.db.base import db
from app.sharing.calendar.park_time import minute_of
from app.sharing.calendar.rules import DAY, weekday_of
from app.sharing.use.models import Usage


def hours(resource_ids: Sequence[int], start: dt.datetime, end: dt.datetime) -> list[list[float]]:
    """Hours used per weekday (Monday first) and hour of the day, summed over the period."""
    minutes = [[0] * 24 for _ in range(7)]
    rows = db.session.execute(
        sa.select(Usage.start_at, Usage.end_at).where(
            Usage.resource_id.in_(list(resource_ids)),
            Usage.voided_at.is_(None),
            Usage.end_at.is_not(None),
            Usage.start_at < end,
            Usage.end_at > start,
        )
    )
    for row in rows:
        at, last = max(minute_of(row.start_at), minute_of(start)), min(minute_of(row.end_at), minute_of(end))
        while at < last:
            until = min(last, (at // 60 + 1) * 60)
            minutes[weekday_of(at // DAY) - 1][at % DAY // 60] += until - at
            at = until
    return [[round(m / 60, 2) for m in day] for day in minutes]
