"""The layer of a firm in a month."""

from __future__ import annotations

import datetime as dt

DAYS_NEW = 90
OF_SIZE = {"large": "large", "medium": "medium"}


def layer_of(registered_on: dt.date | None, size: str, day: dt.date) -> str:
    """`new` for the first 90 days after registration, else by size.

    >>> layer_of(dt.date(2026, 9, 1), "large", dt.date(2026, 9, 30)), layer_of(None, "micro", dt.date(2026, 9, 30))
    ('new', 'small_micro')
    """
    if registered_on is not None and (day - registered_on).days < DAYS_NEW:
        return "new"
    return OF_SIZE.get(size, "small_micro")
