"""Closed days in ranges and in whole years: typed, from a notice or calendar file, or as the product ships them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Invalid
from app.identity import door as identity
from app.identity.door import Actor, DayRow
from app.sharing.calendar.models import Holiday
from app.sharing.park_terms import service

LONGEST_RANGE = 60


def close_range(actor: Actor, first: dt.date, last: dt.date, name: str) -> int:
    """Closed on every day from `first` to `last`; answers how many days."""
    if not 0 <= (last - first).days < LONGEST_RANGE:
        raise Invalid("days_backwards", most=LONGEST_RANGE, at="until")
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    with transaction():
        for day in days:
            service.set_holiday(actor, day, name)
    return len(days)


def take_over(actor: Actor, rows: Sequence[DayRow], *, of_the_offices: bool = True) -> tuple[int, int]:
    """Days off close the instruments, make-up working days open them again; the offices' calendar follows.

    Answers how many days are closed and how many open. Bookings that stand are not touched.
    """
    service.park_only(actor)
    with transaction():
        if of_the_offices:
            identity.set_work_days(actor, rows)
        closed = [row for row in rows if row.kind == "holiday"]
        opened = [row.day for row in rows if row.kind != "holiday"]
        for row in closed:
            db.session.merge(Holiday(on_day=row.day, name=row.name.strip()[:60] or "—"))
        if opened:
            db.session.execute(sa.delete(Holiday).where(Holiday.on_day.in_(opened)))
        first, last = min(row.day for row in rows), max(row.day for row in rows)
        identity.audit(
            actor,
            "holidays.taken_over",
            "sharing_terms",
            1,
            closed=len(closed),
            open=len(opened),
            first=first.isoformat(),
            last=last.isoformat(),
        )
    return len(closed), len(opened)


def shipped_years() -> list[int]:
    """Years from this one on whose days the product knows."""
    return sorted({row.day.year for row in identity.named_rows() if row.day.year >= clock.today().year})


def take_over_shipped(actor: Actor, year: int) -> tuple[int, int]:
    rows = [row for row in identity.named_rows() if row.day.year == year]
    if not rows:
        raise Invalid("days_unread")
    return take_over(actor, rows, of_the_offices=False)
