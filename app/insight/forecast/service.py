"""The next month of every dimension with its back-test, from the sums over all firms."""

from __future__ import annotations

from dataclasses import dataclass

from app.insight.forecast.rules import NEEDS, Forecast, forecast, without_hole
from app.insight.scores.models import ALL
from app.insight.scores.queries import Board, board, span
from app.insight.scores.rules import shown
from app.insight.scores.store import finished


@dataclass(frozen=True)
class Foreseen:
    """What is expected of one dimension after the last finished month; nothing with fewer than twelve in a row."""

    dimension: str
    months: int
    found: Forecast | None

    @property
    def answer(self) -> dict[str, object]:
        """As the command writes it."""
        one = self.found
        if one is None:
            return {"state": "insufficient", "needs": NEEDS, "months": self.months}
        record = one.record
        return {
            "state": "ok",
            "method": one.method,
            "mae": {name: float(value) for name, value in one.mae.items()},
            "forecast": float(one.forecast),
            "low": float(one.low),
            "high": float(one.high),
            "below_target_percent": float(shown(one.below * 100)),
            "warning": one.warning,
            "backtest": {
                "hits": record.hits,
                "false_alarms": record.false_alarms,
                "missed": record.missed,
                "quiet": record.quiet,
            },
        }


def foresee(dimension: str = "") -> tuple[Board, list[Foreseen]]:
    """Every dimension, or one: the values are the scores as they are shown."""
    last = finished()
    reach = span() or (last, last)
    found = board(max(reach[0], last - 59), last)
    codes = [one.code for one in found.dimensions if dimension in ("", one.code)]
    return found, [_foreseen(found, code, last) for code in codes]


def _foreseen(found: Board, code: str, last: int) -> Foreseen:
    rows = []
    for month in range(found.first, last + 1):
        score = found.shown(code, ALL, month)
        if score is not None:
            rows.append((month, score))
    if not rows or rows[-1][0] != last:
        return Foreseen(code, 0, None)
    values = without_hole(rows)
    return Foreseen(code, len(values), forecast(values, found.dimension(code).target))
