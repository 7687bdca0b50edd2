"""Cells of tables and options of commands that hold a day, a whole number, yes or no: read strictly, never guessed."""

from __future__ import annotations

import datetime as dt
import re

from app.hall.files.cells import BadCell, shown

FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,9}", re.ASCII)
_YES = frozenset({"yes", "y", "true", "t", "1", "是"})
_NO = frozenset({"no", "n", "false", "f", "0", "否"})


def read_day(text: str) -> dt.date:
    """A day as `YYYY-MM-DD`, 1900 to 2199.

    >>> read_day(" 2026-12-10 ")
    datetime.date(2026, 12, 10)
    """
    text = text.strip()
    if not text:
        raise BadCell("table_empty")
    try:
        day = dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        raise BadCell("table_not_a_day", value=shown(text))
    return day


def read_optional_day(text: str) -> dt.date | None:
    """A day, or nothing where the cell is blank.

    >>> read_optional_day("  ")
    """
    return read_day(text) if text.strip() else None


def read_whole(text: str, low: int, high: int) -> int:
    """A whole number from `low` to `high`, in ASCII digits.

    >>> read_whole("10", 1, 100)
    10
    >>> read_whole("²", 1, 100)
    Traceback (most recent call last):
    ...
    app.hall.files.cells.BadCell: table_not_whole
    """
    text = text.strip()
    if not _WHOLE.fullmatch(text) or not low <= int(text) <= high:
        raise BadCell("table_not_whole", value=shown(text), low=low, high=high)
    return int(text)


def read_yes_no(text: str) -> bool:
    """Yes or no; a blank cell is no.

    >>> read_yes_no("yes"), read_yes_no("")
    (True, False)
    """
    word = text.strip().lower()
    if word and word not in _YES | _NO:
        raise BadCell("table_not_yes_no", value=shown(text.strip()))
    return word in _YES
