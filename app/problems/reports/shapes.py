"""What the calls of reports answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict


class Spread(TypedDict):
    mean: float
    median: float
    worst: float
    n: int


class Confirmed(TypedDict):
    """By the firm itself, or by its silence."""

    firm: int
    silence: int


_ProblemFiguresWords = TypedDict("_ProblemFiguresWords", {"class": str})


class ProblemFigures(_ProblemFiguresWords):
    n: int
    share_percent: float | None
    late: int | None
    first_response_hours: Spread | None
    first_response_before: Spread | None  # of as many days before, where both days are asked for
    first_response_change_percent: float | None
    plan_days: Spread | None
    resolution_days: Spread | None
    resolution_months: float | None
    confirmed: Confirmed | None
    reopened: int | None
