"""Which step of an introduction may follow which, and when it counts as silent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from app.ecosystem.limits import STALLED_AFTER_DAYS

INTRODUCTION: Mapping[str, tuple[str, ...]] = {
    "opened": ("met", "lost"),
    "met": ("negotiating", "agreed", "lost"),
    "negotiating": ("agreed", "lost"),
    "agreed": ("delivering", "lost"),
    "delivering": ("verified", "lost"),
    "verified": (),
    "lost": (),
}
#: Introductions in these states move on only when somebody does something.
RUNNING = ("opened", "met", "negotiating", "agreed", "delivering")


def shown_state(state: str, last_noted_at: datetime, now: datetime) -> str:
    """Return the state of an introduction as the world sees it: `stalled` after 14 silent days.

    `stalled` is derived from the last note, so it can be neither forgotten nor wrong; any note ends it.

    >>> from datetime import UTC
    >>> t = datetime(2026, 11, 1, tzinfo=UTC)
    >>> [shown_state("met", t, t + timedelta(days=n)) for n in (14, 15)]
    ['met', 'stalled']
    >>> shown_state("verified", t, t + timedelta(days=99))
    'verified'
    """
    if state in RUNNING and now - last_noted_at > timedelta(days=STALLED_AFTER_DAYS):
        return "stalled"
    return state


def is_late(state: str, due_on: date | None, today: date) -> bool:
    """Say whether the next step of a running introduction is past its day; without a day it is not.

    >>> day = date(2026, 3, 31)
    >>> is_late("met", day, day), is_late("met", day, date(2026, 4, 1)), is_late("lost", day, date(2026, 4, 1))
    (False, True, False)
    >>> is_late("met", None, day)
    False
    """
    return state in RUNNING and due_on is not None and due_on < today
