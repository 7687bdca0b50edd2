"""Moments sorted into windows by the database: one statement for many months."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa


def window_of(moment: Any, edges: Sequence[dt.datetime]) -> sa.Case[Any]:
    """The place of the window [edges[n], edges[n + 1]) that a moment lies in; NULL outside all of them."""
    whens: list[tuple[Any, Any]] = [
        (sa.and_(moment >= start, moment < end), sa.literal_column(str(place)))
        for place, (start, end) in enumerate(itertools.pairwise(edges))
    ]
    return sa.case(*whens)
