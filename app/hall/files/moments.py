"""Moments in cells and options: ASCII digits, an offset with every one, no year beyond the park's."""

from __future__ import annotations

import datetime as dt
import re

from app.hall.files.cells import BadCell, shown

FIRST_YEAR, LAST_YEAR = 2000, 2199
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)


def read_moment(text: str) -> dt.datetime:
    """A moment with its offset from UTC; without one it is a guess and refused.

    >>> read_moment("2026-09-30T18:30:00+08:00").isoformat()
    '2026-09-30T18:30:00+08:00'
    >>> read_moment("2026-09-30T18:30:00")
    Traceback (most recent call last):
    ...
    app.hall.files.cells.BadCell: table_no_offset
    """
    text = text.strip()
    if not text:
        raise BadCell("table_empty")
    try:
        moment = dt.datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
    except ValueError:
        moment = None
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise BadCell("table_not_a_moment", value=shown(text))
    if moment.tzinfo is None:
        raise BadCell("table_no_offset", value=shown(text))
    return moment


def read_optional_moment(text: str) -> dt.datetime | None:
    """A moment, or nothing where the cell is blank.

    >>> read_optional_moment("  ")
    """
    return read_moment(text) if text.strip() else None
