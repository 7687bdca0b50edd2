"""Scores are written here, and the sums of their months made anew in the same breath."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.hall import clock
from app.hall.db.base import db, is_sqlite
from app.hall.db.transaction import transaction
from app.hall.errors import Invalid, Reason
from app.identity import door as identity
from app.insight.scores import months
from app.insight.scores.layers import layer_of
from app.insight.scores.models import ALL, DimensionRow, MonthScore, ScoreRow

LARGEST = 10**15  # of a denominator; a score of a survey is a fraction of small numbers
PART = 500
Cell = tuple[str, int]


@dataclass(frozen=True, slots=True)
class NewScore:
    """One score of one firm; `key` names what it came from, once per source: told again it replaces the first."""

    organisation_id: int
    month: int
    dimension: str
    score: Fraction
    source: str
    key: str
    version: str = ""
    happened_on: dt.date | None = None


def dimension_rows() -> list[DimensionRow]:
    return list(db.session.scalars(sa.select(DimensionRow).order_by(DimensionRow.position)))


def keep(scores: Sequence[NewScore]) -> set[Cell]:
    """Write scores down; answers the cells (dimension, month) whose sums are no longer true."""
    if not scores:
        return set()
    known = set(db.session.scalars(sa.select(DimensionRow.code)))
    reasons = [
        Reason("insight_unknown_dimension", {"value": one}) for one in {s.dimension for s in scores} - known
    ]
    wrong = [s.score for s in scores if not 0 <= s.score <= 100 or s.score.denominator > LARGEST]
    reasons += [Reason("insight_not_a_score", {"value": float(one)}) for one in wrong[:20]]
    if reasons:
        raise Invalid("insight_scores_refused", reasons)
    with transaction() as session:
        layers = _layers(scores)
        moved = _moved(scores)
        insert = (sqlite if is_sqlite() else postgresql).insert(ScoreRow)
        changed = ("organisation_id", "month", "layer", "dimension", "version", "numerator", "denominator")
        statement = insert.on_conflict_do_update(
            index_elements=["source", "key"],
            set_={name: getattr(insert.excluded, name) for name in (*changed, "happened_on")},
        )
        rows = [_row(one, layers[one.organisation_id, one.month]) for one in scores]
        session.execute(statement, rows)
        return moved | {(one.dimension, one.month) for one in scores}


def _row(one: NewScore, layer: str) -> dict[str, object]:
    return {
        "organisation_id": one.organisation_id,
        "month": one.month,
        "layer": layer,
        "dimension": one.dimension,
        "version": one.version,
        "numerator": one.score.numerator,
        "denominator": one.score.denominator,
        "source": one.source,
        "key": one.key,
        "happened_on": one.happened_on or months.last_day(one.month),
    }


def _moved(scores: Sequence[NewScore]) -> set[Cell]:
    """The cells that rows stand in which are about to be replaced."""
    found: set[Cell] = set()
    for source in {one.source for one in scores}:
        keys = [one.key for one in scores if one.source == source]
        for start in range(0, len(keys), PART):
            query = sa.select(ScoreRow.dimension, ScoreRow.month).where(
                ScoreRow.source == source, ScoreRow.key.in_(keys[start : start + PART])
            )
            found |= {(row.dimension, row.month) for row in db.session.execute(query)}
    return found


def _layers(scores: Sequence[NewScore]) -> dict[tuple[int, int], str]:
    """One layer per firm and month: the one its scores have already, else by its size on the month's last day."""
    wanted = {(one.organisation_id, one.month) for one in scores}
    firms = sorted({firm for firm, _month in wanted})
    found: dict[tuple[int, int], str] = {}
    spread = sorted({month for _firm, month in wanted})
    for start in range(0, len(firms), PART):
        query = sa.select(ScoreRow.organisation_id, ScoreRow.month, ScoreRow.layer).where(
            ScoreRow.organisation_id.in_(firms[start : start + PART]),
            ScoreRow.month.between(spread[0], spread[-1]),
        )
        found |= {(row.organisation_id, row.month): row.layer for row in db.session.execute(query.distinct())}
    people = identity.organisations_by_id(firms)
    for firm, month in wanted - found.keys():
        who = people[firm]
        found[firm, month] = layer_of(who.registered_on, who.size, months.last_day(month))
    return found


def refresh_sums(cells: Iterable[Cell]) -> None:
    """Make the sums of these cells anew; few of them at a time, for nobody else writes meanwhile."""
    wanted = sorted(set(cells))
    for start in range(0, len(wanted), PART):
        part = wanted[start : start + PART]
        with transaction() as session:
            made = _sums(part)
            session.execute(
                sa.delete(MonthScore).where(sa.tuple_(MonthScore.dimension, MonthScore.month).in_(part))
            )
            if made:
                session.execute(sa.insert(MonthScore), made)


def rebuild_sums() -> int:
    """All sums anew from the scores, a dimension and a year at a time; answers how many there are."""
    first, last = db.session.execute(
        sa.select(sa.func.min(ScoreRow.month), sa.func.max(ScoreRow.month))
    ).one()
    codes = [row.code for row in dimension_rows()]
    with transaction() as session:
        session.execute(sa.delete(MonthScore))
    if first is not None:
        for code in codes:
            for start in range(first, last + 1, 6):
                refresh_sums((code, month) for month in range(start, min(start + 6, last + 1)))
    return db.session.scalar(sa.select(sa.func.count()).select_from(MonthScore)) or 0


def _sums(cells: Sequence[Cell]) -> list[dict[str, object]]:
    # The pairs alone are looked for in the whole index; their bounds lead straight to them.
    here = sa.and_(
        ScoreRow.dimension.in_({dimension for dimension, _month in cells}),
        ScoreRow.month.between(min(month for _code, month in cells), max(month for _code, month in cells)),
        sa.tuple_(ScoreRow.dimension, ScoreRow.month).in_(cells),
    )
    versions = _versions(here)
    # A firm with several scores in a month counts once, with their mean: each weighs 1 / parts.
    parts = sa.func.count().over(partition_by=(ScoreRow.dimension, ScoreRow.month, ScoreRow.organisation_id))
    counted = sa.or_(
        ScoreRow.version == "",
        sa.tuple_(ScoreRow.dimension, ScoreRow.month, ScoreRow.version).in_(
            [(dimension, month, version) for (dimension, month), version in versions.items()]
        ),
    )
    one = (
        sa.select(
            ScoreRow.dimension,
            ScoreRow.month,
            ScoreRow.layer,
            ScoreRow.numerator,
            ScoreRow.denominator,
            parts.label("parts"),
        )
        .where(here, counted)
        .subquery()
    )
    groups = (one.c.dimension, one.c.month, one.c.layer, one.c.parts, one.c.denominator)
    totals: dict[tuple[str, str, int], tuple[Fraction, Fraction]] = {}
    query = sa.select(*groups, sa.func.sum(one.c.numerator), sa.func.count()).group_by(*groups)
    for dimension, month, layer, several, denominator, numerator, rows in db.session.execute(query):
        for place in (layer, ALL):
            total, n = totals.get((dimension, place, month), (Fraction(0), Fraction(0)))
            more = Fraction(int(numerator), int(denominator) * several)
            totals[dimension, place, month] = (total + more, n + Fraction(rows, several))
    return [
        {
            "dimension": dimension,
            "layer": layer,
            "month": month,
            "version": versions.get((dimension, month), ""),
            "n": int(n),
            "numerator": str(total.numerator),
            "denominator": str(total.denominator),
        }
        for (dimension, layer, month), (total, n) in totals.items()
    ]


def _versions(here: sa.ColumnElement[bool]) -> dict[Cell, str]:
    """The version that counts: that of most firms (equal: the later in sort order); '' where only the system measured."""
    firms = sa.func.count(sa.distinct(ScoreRow.organisation_id))
    query = (
        sa.select(ScoreRow.dimension, ScoreRow.month, ScoreRow.version, firms)
        .where(here, ScoreRow.version != "")
        .group_by(ScoreRow.dimension, ScoreRow.month, ScoreRow.version)
    )
    best: dict[Cell, tuple[int, str]] = {}
    for dimension, month, version, n in db.session.execute(query):
        best[dimension, month] = max(best.get((dimension, month), (0, "")), (n, version))
    return {cell: version for cell, (_n, version) in best.items()}


def finished() -> int:
    """The last month that is over."""
    return months.last_finished(clock.today())
