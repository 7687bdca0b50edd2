"""Series and cells as they may be shown: exact sums read in one statement, small numbers hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sqlalchemy as sa

from app.hall.db.base import db
from app.insight.scores.models import ALL, LAYERS, DimensionRow, MonthScore, ScoreRow
from app.insight.scores.rules import (
    NOTHING,
    Dimension,
    IndexMonth,
    Month,
    Series,
    Sum,
    index_of,
    tone_of,
    within_and_mix_of_sums,
)
from app.insight.scores.small import hidden_cells
from app.insight.scores.store import dimension_rows
from app.insight.weights.service import in_force, weights_of


@dataclass(frozen=True)
class Cell:
    """One cell as everybody may see it: how many firms, what they scored, or why it is not shown."""

    dimension: str
    layer: str | None
    month: int
    n: int
    score: Fraction | None
    reason: str | None
    change: Fraction | None
    tone: str

    @property
    def figure(self) -> str:
        return (
            f"score:{self.dimension}:{self.layer or 'all'}:{self.month // 12:04d}-{self.month % 12 + 1:02d}"
        )


@dataclass(frozen=True)
class Board:
    """All sums of some months: every series of the room, and the dimensions with the weights in force."""

    names: Sequence[DimensionRow]
    dimensions: Sequence[Dimension]
    series: Mapping[tuple[str, str], Series]
    first: int
    last: int

    def of(self, dimension: str, layer: str = ALL) -> Series:
        return self.series.get((dimension, layer)) or Series(dimension, layer or None, self.first, ())

    def dimension(self, code: str) -> Dimension:
        return next(one for one in self.dimensions if one.code == code)

    def hidden(self, dimension: str, month: int) -> frozenset[str]:
        """Layers of this row whose scores stay hidden because the total is shown."""
        return hidden_cells({layer: self.of(dimension, layer).at(month).n for layer in LAYERS})

    def shown(self, dimension: str, layer: str, month: int) -> Fraction | None:
        """The score of a month as it may be shown."""
        one = self.of(dimension, layer).at(month)
        if one.reason or (layer != ALL and layer in self.hidden(dimension, month)):
            return None
        return one.shown

    def reason(self, dimension: str, layer: str, month: int) -> str | None:
        one = self.of(dimension, layer).at(month)
        if one.reason:
            return one.reason
        return "suppressed" if layer != ALL and layer in self.hidden(dimension, month) else None

    def cell(self, dimension: str, layer: str, month: int) -> Cell:
        series = self.of(dimension, layer)
        now = series.at(month)
        score, before = self.shown(dimension, layer, month), self.shown(dimension, layer, month - 1)
        same = series.not_comparable(month - 1, now.version) is None
        change = score - before if score is not None and before is not None and same else None
        reason = self.reason(dimension, layer, month)
        colour = tone_of(score, self.dimension(dimension))
        return Cell(dimension, layer or None, month, now.n, score, reason, change, colour)

    def scores(self, month: int) -> dict[str, Fraction]:
        """Shown scores over all firms of the dimensions that are available in a month."""
        found = {one.code: self.of(one.code).at(month).shown for one in self.dimensions}
        return {code: score for code, score in found.items() if score is not None}

    def comparable(self, month: int, before: int) -> bool:
        """Whether every weighed dimension asked the same questions in both months."""
        weighed = [self.of(one.code) for one in self.dimensions if one.weight]
        return all(one.not_comparable(before, one.at(month).version) is None for one in weighed)

    def index(self, month: int, before: int | None = None) -> IndexMonth:
        """The index of a month with the contributions of its change since `before`, by default the month before."""
        before = month - 1 if before is None else before
        # The rule compares with the month before: the one compared with is put there.
        scores = {month - 1: self.scores(before), month: self.scores(month)}
        return index_of(scores, self.dimensions, [month] if self.comparable(month, before) else [])[-1]

    def mix(self, dimension: str, month: int, before: int) -> tuple[Fraction, Fraction] | None:
        """How much of the change came from changed scores, and how much from who answered."""
        whole = self.of(dimension)
        if whole.at(month).reason or whole.not_comparable(before, whole.at(month).version):
            return None
        sums = [{layer: _sum(self.of(dimension, layer).at(m)) for layer in LAYERS} for m in (before, month)]
        return within_and_mix_of_sums(*sums)


def _sum(month: Month) -> tuple[int, Fraction]:
    return (month.n, month.mean * month.n) if month.n else (0, Fraction(0))


def board(first: int, last: int) -> Board:
    """The sums of these months, and two more before so that every rule can look back."""
    weights = weights_of(in_force())
    names = dimension_rows()
    rows: dict[tuple[str, str], dict[int, Month]] = {}
    start = first - 3
    query = sa.select(
        MonthScore.dimension,
        MonthScore.layer,
        MonthScore.month,
        MonthScore.version,
        MonthScore.n,
        MonthScore.numerator,
        MonthScore.denominator,
    ).where(MonthScore.month.between(start, last))
    for one in db.session.execute(query):
        total = Fraction(int(one.numerator), int(one.denominator))
        rows.setdefault((one.dimension, one.layer), {})[one.month] = Sum({}, one.version, one.n, total)
    series = {
        key: Series(key[0], key[1] or None, start, tuple(of.get(m, NOTHING) for m in range(start, last + 1)))
        for key, of in rows.items()
    }
    dimensions = [
        Dimension(one.code, *weights.get(one.code, (0, Fraction(75), Fraction(60)))) for one in names
    ]
    return Board(names, dimensions, series, start, last)


def span() -> tuple[int, int] | None:
    """The first and the last month with sums."""
    first, last = db.session.execute(
        sa.select(sa.func.min(MonthScore.month), sa.func.max(MonthScore.month)).where(MonthScore.layer == ALL)
    ).one()
    return None if first is None else (first, last)


def firm_scores(
    dimension: str, month: int, layer: str = ALL, firm: int | None = None
) -> dict[int, tuple[Fraction, str]]:
    """Each firm's exact score and layer in a month, of the version that counts: the rows behind a cell."""
    version = (
        db.session.scalar(
            sa.select(MonthScore.version).where(
                MonthScore.dimension == dimension, MonthScore.month == month, MonthScore.layer == ALL
            )
        )
        or ""
    )
    query = sa.select(
        ScoreRow.organisation_id, ScoreRow.layer, ScoreRow.numerator, ScoreRow.denominator
    ).where(ScoreRow.dimension == dimension, ScoreRow.month == month, ScoreRow.version.in_(("", version)))
    if layer != ALL:
        query = query.where(ScoreRow.layer == layer)
    if firm is not None:
        query = query.where(ScoreRow.organisation_id == firm)
    found: dict[int, list[Fraction]] = {}
    layers: dict[int, str] = {}
    for who, its_layer, numerator, denominator in db.session.execute(query):
        found.setdefault(who, []).append(Fraction(numerator, denominator))
        layers[who] = its_layer
    return {who: (sum(some, Fraction(0)) / len(some), layers[who]) for who, some in found.items()}
