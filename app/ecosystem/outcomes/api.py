"""The API of outcomes."""

from __future__ import annotations

from app.ecosystem.introductions import queries as introductions_queries
from app.ecosystem.outcomes import service, shapes
from app.ecosystem.outcomes.models import Outcome
from app.ecosystem.outcomes.rules import Result
from app.ecosystem.outcomes.schemas import ContestBody, OutcomeBody, OutcomePath
from app.ecosystem.pages import api
from app.ecosystem.schemas import IdPath
from app.hall.api.blueprint import listed_part
from app.hall.api.fields import PartQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.web.guards import current_actor, signed_in


@api.get("/introductions/<int:id>/outcomes")
@signed_in
def list_outcomes(path: IdPath, query: PartQuery) -> Listed[shapes.Outcome]:
    """List the outcomes of an introduction, confirmed or not."""
    introductions_queries.get(current_actor(), path.id)
    rows = service.of(path.id)
    return listed_part([outcome_out(row) for row in rows], query)


@api.post("/introductions/<int:id>/outcomes")
@signed_in
@idempotent
def record_outcome(path: IdPath, body: OutcomeBody) -> tuple[shapes.Outcome, int]:
    """Write an outcome down; it counts once the one who got it confirms it."""
    actor = current_actor()
    row = service.record(
        actor,
        path.id,
        Result(
            metric=body.metric, baseline=body.baseline, actual=body.actual, unit=body.unit, period=body.period
        ),
        beneficiary_id=service.beneficiary_by_code(actor, path.id, body.beneficiary),
    )
    return outcome_out(row), 201


@api.post("/introductions/<int:id>/outcomes/<int:outcome>/confirm")
@signed_in
@idempotent
def confirm_outcome(path: OutcomePath) -> shapes.Outcome:
    """Sign for an outcome: only the one who got it, never the one who wrote it."""
    service.must_belong(path.outcome, path.id)
    return outcome_out(service.confirm(current_actor(), path.outcome))


@api.post("/introductions/<int:id>/outcomes/<int:outcome>/contest")
@signed_in
@idempotent
def contest_outcome(path: OutcomePath, body: ContestBody) -> shapes.Outcome:
    """Say that an outcome is not so; it will never count."""
    service.must_belong(path.outcome, path.id)
    return outcome_out(service.contest(current_actor(), path.outcome, body.reason))


def outcome_out(row: Outcome) -> shapes.Outcome:
    return {
        "id": row.id,
        "introduction": row.introduction_id,
        "metric": row.metric,
        "baseline": row.baseline_milli / 1000,
        "actual": row.actual_milli / 1000,
        "change": (row.actual_milli - row.baseline_milli) / 1000,
        "unit": row.unit,
        "period": row.period,
        "state": "confirmed" if row.confirmed_at else "contested" if row.contested_at else "recorded",
        "confirmed_at": row.confirmed_at.isoformat() if row.confirmed_at else None,
    }
