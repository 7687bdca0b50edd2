"""The next month of a dimension or of a monthly figure of the park, with its back-test; unknown with too few months."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import sqlalchemy as sa

from app.hall.db.base import db
from app.insight.cockpit.models import FigureRow
from app.insight.forecast.rules import NEEDS, Aim, Forecast, forecast, without_hole
from app.insight.reading import month_text
from app.insight.scores.models import ALL
from app.insight.scores.queries import Board, board
from app.insight.scores.rules import shown
from app.insight.scores.store import finished
from app.insight.versions import shapes
from app.insight.words import FIGURES

FAR = 60  # months a forecast of a dimension looks back
FAR_MONTHLY = 24  # and one of a monthly figure
# What is warned of: fewer hours, needs and credits than in the twelve months before, a larger gap.
MONTHLY: Mapping[str, Aim] = {
    "shared_minutes": Aim(top=None),
    "gap_fen": Aim(top=None, above=True),
    "needs": Aim(top=None),
    "credits_redeemed": Aim(top=None),
}
KNOWN_AS_THEY_ARE = frozenset({"gap_fen", "silence"})  # read as of today, never for a month that is over
# Figures of one room: from the first month in which any of them had a row, a month without is a true zero.
TOGETHER = (
    ("shared_minutes", "own_minutes", "income_fen"),
    ("credits_redeemed", "credits_earned"),
    ("needs", "introductions", "outcomes"),
)
Sums = Mapping[str, Mapping[int, int]]


@dataclass(frozen=True)
class Foreseen:
    """What is expected of the month after `last`; nothing with fewer than twelve values in a row up to it."""

    what: str
    last: int
    values: tuple[Fraction, ...]
    aim: Aim
    found: Forecast | None

    @property
    def first(self) -> int:
        """The month of the first value."""
        return self.last - len(self.values) + 1

    @property
    def dimension(self) -> str | None:
        return None if self.what in MONTHLY else self.what

    @property
    def figure(self) -> str:
        """The name under which its parts are opened."""
        return f"forecast:{self.what}:{month_text(self.last)}"

    @property
    def level_figure(self) -> str:
        """The name under which what it is held against is opened."""
        return f"level:{self.what}:{month_text(self.last)}"

    def record_figure(self, outcome: str) -> str:
        """The name under which the months with this outcome of the early warning are opened."""
        return f"record:{self.what}:{outcome}:{month_text(self.last)}"

    @property
    def answer(self) -> shapes.Foreseen:
        """As the command writes it, with what the early warning is held against."""
        one = self.found
        figure, month = None if self.dimension else self.what, month_text(self.last + 1)
        if one is None:
            return {
                "figure": figure,
                "month": month,
                "state": "insufficient",
                "needs": NEEDS,
                "months": len(self.values),
            }
        record, worse = one.record, float(shown(one.below * 100))
        found: shapes.Foreseen = {
            "figure": figure,
            "month": month,
            "state": "ok",
            "method": one.method,
            "mae": {name: float(value) for name, value in one.mae.items()},
            "forecast": float(one.forecast),
            "low": float(one.low),
            "high": float(one.high),
            "level": float(one.level),
            "worse": "above" if self.aim.above else "below",
            "warning": one.warning,
            "backtest": {
                "hits": record.hits,
                "false_alarms": record.false_alarms,
                "missed": record.missed,
                "quiet": record.quiet,
            },
            "rows_url": f"/api/v1/insight/rows?figure={self.figure}",
        }
        if self.dimension:
            found["below_target_percent"] = worse
        else:
            found["worse_percent"] = worse
        return found


def foresee(dimension: str = "") -> tuple[Board, list[Foreseen]]:
    """Every dimension, or one: the values are the scores as they are shown."""
    last = finished()
    found = board(last - FAR + 1, last)
    codes = [one.code for one in found.dimensions if dimension in ("", one.code)]
    return found, [of_dimension(found, code, last) for code in codes]


def of_dimension(found: Board, code: str, last: int) -> Foreseen:
    """The month after `last` of a dimension, from sums that reach sixty months back."""
    rows = []
    for month in range(last - FAR + 1, last + 1):
        score = found.shown(code, ALL, month)
        if score is not None:
            rows.append((month, score))
    return _foreseen(code, rows, last, Aim(found.dimension(code).target))


def of_figure(sums: Sums, figure: str, last: int) -> Foreseen:
    """The month after `last` of a monthly figure.

    Zero is a month in which the rooms were read and this one had nothing, once it ever had; missing one in which
    nothing was read, and of gaps (known as of today alone) one whose state was not kept.
    """
    mine = sums.get(figure, {})
    read = set(mine)
    room = next((some for some in TOGETHER if figure in some), ())
    began = [min(sums[name]) for name in room if sums.get(name)]
    if began:
        counted = (set(sums.get(name, ())) for some in (*TOGETHER, ("bookable_minutes",)) for name in some)
        read = {month for month in set().union(*counted) if month >= min(began)}
    scale = FIGURES[figure].scale
    spread = range(last - FAR_MONTHLY + 1, last + 1)
    rows = [(month, Fraction(mine.get(month, 0), scale)) for month in spread if month in read]
    return _foreseen(figure, rows, last, MONTHLY[figure])


def _foreseen(what: str, rows: list[tuple[int, Fraction]], last: int, aim: Aim) -> Foreseen:
    if not rows or rows[-1][0] != last:
        return Foreseen(what, last, (), aim, None)
    values = without_hole(rows)
    return Foreseen(what, last, tuple(values), aim, forecast(values, aim))


def monthly_sums(first: int, last: int) -> Sums:
    """The monthly figures of these months: one statement."""
    query = (
        sa.select(FigureRow.figure, FigureRow.month, sa.func.sum(FigureRow.amount))
        .where(FigureRow.month.between(first, last))
        .group_by(FigureRow.figure, FigureRow.month)
    )
    found: dict[str, dict[int, int]] = {}
    for figure, month, amount in db.session.execute(query):
        found.setdefault(figure, {})[month] = int(amount)
    return found


def foresee_monthly(figures: Iterable[str] = tuple(MONTHLY)) -> list[Foreseen]:
    """The park's other monthly figures."""
    last = finished()
    sums = monthly_sums(last - FAR_MONTHLY + 1, last)
    return [of_figure(sums, figure, last) for figure in figures]
