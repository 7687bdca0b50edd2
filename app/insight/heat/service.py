"""The cells of the heat map as this reader may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sqlalchemy as sa

from app.hall.db.base import db
from app.hall.errors import NotAllowed
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.insight.scores.models import ALL, LAYERS, ScoreRow
from app.insight.scores.queries import Board, Cell, board
from app.insight.scores.rules import shown, tone_of


@dataclass(frozen=True)
class FirmCell:
    """One firm's score of one dimension beside the park's mean; None where it did not answer."""

    dimension: str
    score: Fraction | None
    mean: Fraction | None
    tone: str


@dataclass(frozen=True)
class FirmRow:
    """One firm of the heat map."""

    code: str
    name: str
    layer: str
    cells: Sequence[FirmCell]


def by_layer(actor: Actor, month: int) -> Mapping[str, list[Cell]]:
    """Dimension to its cells, over all firms first, then by layer."""
    if not actor.may(roles.SEES_FIGURES_OF_GROUPS):
        raise NotAllowed("insight_figures_not_yours")
    found = board(month, month)
    return cells_of(found, month)


def cells_of(found: Board, month: int) -> Mapping[str, list[Cell]]:
    return {
        one.code: [found.cell(one.code, layer, month) for layer in (ALL, *LAYERS)] for one in found.dimensions
    }


def by_firm(actor: Actor, month: int) -> list[FirmRow]:
    """Every firm for whom single firms may be seen; for a firm itself alone."""
    query = sa.select(
        ScoreRow.organisation_id,
        ScoreRow.layer,
        ScoreRow.dimension,
        ScoreRow.version,
        ScoreRow.numerator,
        ScoreRow.denominator,
    ).where(ScoreRow.month == month)
    if not actor.may(roles.SEES_ONE_FIRMS_SCORES):
        if not actor.may(roles.SEES_OWN_SCORES):
            raise NotAllowed("insight_firms_not_yours")
        query = query.where(ScoreRow.organisation_id == actor.organisation_id)
    found = board(month, month)
    counts = {one.code: found.of(one.code).at(month).version or "" for one in found.dimensions}
    scores: dict[int, dict[str, list[Fraction]]] = {}
    layers: dict[int, str] = {}
    for firm, layer, dimension, version, numerator, denominator in db.session.execute(query):
        if version in ("", counts[dimension]):
            scores.setdefault(firm, {}).setdefault(dimension, []).append(Fraction(numerator, denominator))
            layers[firm] = layer
    firms = identity.organisations_by_id(scores)
    rows = [
        FirmRow(
            firms[who].code,
            firms[who].name,
            layers[who],
            [_firm_cell(found, one.code, of.get(one.code), month) for one in found.dimensions],
        )
        for who, of in scores.items()
    ]
    return sorted(rows, key=lambda row: row.code)


def _firm_cell(found: Board, dimension: str, scores: list[Fraction] | None, month: int) -> FirmCell:
    score = shown(sum(scores, Fraction(0)) / len(scores)) if scores else None
    tone = tone_of(score, found.dimension(dimension))
    return FirmCell(dimension, score, found.shown(dimension, ALL, month), tone)
