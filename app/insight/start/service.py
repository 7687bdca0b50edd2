"""A year of the figures the start page tells: the index, and sums of the other rooms, in four statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from app.insight.cockpit.service import YEAR, Period, period
from app.insight.forecast.service import FAR_MONTHLY, MONTHLY, Foreseen, Sums, monthly_sums, of_figure
from app.insight.reading import month_text
from app.insight.scores.queries import Board, board

FIGURES = ("gap_fen", "shared_minutes", "credits_redeemed", "needs", "introductions", "outcomes")


@dataclass(frozen=True)
class Trends:
    """The sums of twelve months up to this one, and the index of twelve months that are over."""

    period: Period
    board: Board
    monthly: Sums

    @property
    def until(self) -> int:
        return self.period.until

    @cached_property
    def foreseen(self) -> Mapping[str, Foreseen]:
        """The month after the last that is over."""
        return {figure: of_figure(self.monthly, figure, self.period.month) for figure in MONTHLY}

    @property
    def gap_month(self) -> int:
        """The newest month whose gaps were kept."""
        return max(self.monthly.get("gap_fen", {}), default=self.until)

    @property
    def months(self) -> range:
        """The months of the bars, the newest last."""
        return range(self.until - YEAR + 1, self.until + 1)

    @cached_property
    def index_by_month(self) -> dict[str, float | None]:
        return dict(self.index)

    @cached_property
    def index(self) -> list[tuple[str, float | None]]:
        """The whole index by month; nothing for a month in which a dimension is missing."""
        last = self.period.month
        found = [(month, self.board.index(month)) for month in range(last - YEAR + 1, last + 1)]
        return [
            (month_text(month), None if one.index is None or one.coverage != 1 else float(one.index))
            for month, one in found
        ]


def look() -> Trends:
    """Read them."""
    when = period(None, None)
    first = min(when.until - YEAR + 1, when.month - FAR_MONTHLY + 1)
    return Trends(when, board(when.month - YEAR + 1, when.month), monthly_sums(first, when.until))
