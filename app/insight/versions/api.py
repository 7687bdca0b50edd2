"""The API of forecasts, of the weights and of the codebook: one proposes, another approves."""

from __future__ import annotations

from app.hall.api.blueprint import listed_part
from app.hall.api.fields import PartQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.errors import NotFound
from app.hall.web.guards import current_actor, only
from app.identity.door import roles
from app.insight import schemas
from app.insight.forecast.service import MONTHLY, Foreseen, foresee, foresee_monthly
from app.insight.pages import api
from app.insight.reading import read_score
from app.insight.themes import service as themes
from app.insight.themes.models import CodebookVersion
from app.insight.versions import service as versions
from app.insight.versions import shapes
from app.insight.weights import service as weights
from app.insight.weights.models import WeightsVersion
from app.insight.weights.rules import Weight


@api.get("/forecasts")
@only(roles.SEES_FIGURES_OF_GROUPS)
def forecasts(query: schemas.ForecastQuery) -> Listed[shapes.Forecast]:
    """The month to come of each dimension and monthly figure, with how often its early warning was right."""
    found = [] if query.figure else foresee(query.dimension)[1]
    if query.dimension and not found:
        raise NotFound("insight_unknown_dimension", value=query.dimension)
    if query.figure and query.figure not in MONTHLY:
        raise NotFound("insight_figure_not_found")
    if not query.dimension:
        found += foresee_monthly([query.figure] if query.figure else MONTHLY)
    return listed_part([_forecast(one) for one in found], query)


def _forecast(one: Foreseen) -> shapes.Forecast:
    return {"dimension": one.dimension, **one.answer}


@api.get("/weights")
@only(roles.SEES_INSIGHT_VERSIONS)
def list_weights(query: PartQuery) -> Listed[shapes.WeightsVersion]:
    """Versions of the weights, the newest first."""
    return listed_part([_weights(one) for one in weights.list_versions()], query)


def _weights(row: WeightsVersion) -> shapes.WeightsVersion:
    return {
        "id": row.id,
        "state": row.state,
        "note": row.note,
        "weights": [
            {
                "dimension": code,
                "weight_permille": weight,
                "target": float(target),
                "red_below": float(red),
            }
            for code, (weight, target, red) in weights.weights_of(row).items()
        ],
    }


@api.post("/weights")
@only(roles.PROPOSES_INSIGHT_CHANGES)
@idempotent
def propose_weights(body: schemas.WeightsBody) -> tuple[shapes.WeightsVersion, int]:
    """New weights of all dimensions: they add up to 1000."""
    wanted = {
        one.dimension: Weight(one.weight_permille, read_score(one.target), read_score(one.red_below))
        for one in body.weights
    }
    return _weights(weights.propose(current_actor(), wanted, body.note)), 201


@api.post("/weights/<int:version_id>/approve")
@only(roles.APPROVES_INSIGHT_CHANGES)
@idempotent
def approve_weights(path: schemas.VersionPath) -> shapes.WeightsVersion:
    """A second person approves: in force at once."""
    return _weights(versions.decide(current_actor(), WeightsVersion, path.version_id, approve=True))


@api.post("/weights/<int:version_id>/reject")
@only(roles.APPROVES_INSIGHT_CHANGES)
@idempotent
def reject_weights(path: schemas.VersionPath) -> shapes.WeightsVersion:
    """A second person says no."""
    return _weights(versions.decide(current_actor(), WeightsVersion, path.version_id, approve=False))


def _codebook(row: CodebookVersion) -> shapes.Codebook:
    return {"id": row.id, "version": row.version, "state": row.state}


@api.post("/codebooks")
@only(roles.PROPOSES_INSIGHT_CHANGES)
@idempotent
def propose_codebook(body: schemas.CodebookBody) -> tuple[shapes.Codebook, int]:
    """The next version of the codebook; its own tests pass or nothing is kept."""
    return _codebook(themes.propose(current_actor(), body.text)), 201


@api.post("/codebooks/<int:version_id>/approve")
@only(roles.APPROVES_INSIGHT_CHANGES)
@idempotent
def approve_codebook(path: schemas.VersionPath) -> shapes.Codebook:
    """A second person approves; every sentence is read again."""
    return _codebook(themes.decide(current_actor(), path.version_id, approve=True))
