"""What became of the pushes: how many were filed, granted, paid, and the days from push to money."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pushed:
    """One push to one firm and the days on which its case went on; a step that has not come is nothing."""

    enterprise: str
    pushed_on: dt.date
    filed_on: dt.date | None = None
    granted_on: dt.date | None = None
    paid_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Calibration:
    """Counts of pushes by how far they came, and the days from push to money of those paid."""

    pushed: int
    filed: int
    granted: int
    paid: int
    days: tuple[int, ...]
    median_days: float | None
    mean_days: float | None


def calibrate(pushes: Sequence[Pushed]) -> Calibration:
    """How well pushes foretell money; who was paid counts as granted and filed also where that day was not noted.

    Examples
    --------
    >>> day = dt.date(2026, 3, 2)
    >>> calibrate([Pushed("A", day, paid_on=dt.date(2026, 3, 25)), Pushed("B", day, filed_on=day), Pushed("C", day)])
    Calibration(pushed=3, filed=2, granted=1, paid=1, days=(23,), median_days=23, mean_days=23)
    """
    paid = [p for p in pushes if p.paid_on is not None]
    granted = [p for p in pushes if p.granted_on is not None or p.paid_on is not None]
    filed = [p for p in pushes if any((p.filed_on, p.granted_on, p.paid_on))]
    days = tuple(sorted((p.paid_on - p.pushed_on).days for p in paid if p.paid_on is not None))
    return Calibration(
        len(pushes),
        len(filed),
        len(granted),
        len(paid),
        days,
        statistics.median(days) if days else None,
        statistics.mean(days) if days else None,
    )
