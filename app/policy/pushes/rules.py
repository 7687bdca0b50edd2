"""When a push may go out: in working hours, and not while a no is fresh."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Protocol

QUIET_DAYS = 90
ZONE = dt.timezone(dt.timedelta(hours=8))


class Hours(Protocol):
    """The working hours of the park."""

    def working_moment(self, moment: dt.datetime) -> dt.datetime: ...


def quiet_until(declined_on: dt.date) -> dt.date:
    """The first day on which the policy may be named again.

    >>> quiet_until(dt.date(2026, 10, 8))
    datetime.date(2027, 1, 6)
    """
    return declined_on + dt.timedelta(days=QUIET_DAYS)


def due_at(now: dt.datetime, quiet: Iterable[dt.date | None], hours: Hours) -> dt.datetime:
    """The moment at which a push may go out.

    Parameters
    ----------
    now : datetime
        An aware moment.
    quiet : iterable of date or None
        Until when the firm does not want to hear of the policy, by each of its answers.
    hours : Hours
        Says when people work.
    """
    days = [day for day in quiet if day is not None]
    earliest = max([now, *(dt.datetime.combine(day, dt.time(), ZONE) for day in days)])
    return hours.working_moment(earliest)
