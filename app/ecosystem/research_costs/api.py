"""The API of research costs."""

from __future__ import annotations

from pydantic import Field

from app.ecosystem.pages import api
from app.ecosystem.research_costs import rules, service, shapes
from app.ecosystem.research_costs.models import ResearchCost
from app.ecosystem.research_costs.schemas import ResearchCostBody
from app.hall.api.fields import ApiModel
from app.hall.api.idempotency import idempotent
from app.hall.text.numbers import as_float
from app.hall.web.guards import current_actor, only, signed_in
from app.identity import door as identity
from app.identity.door import roles


class YearPath(ApiModel):
    year: int = Field(ge=rules.FIRST_YEAR, le=2199)


@api.get("/research-costs/<int:year>")
@only(roles.WRITES_POSTS | roles.SEES_SCORECARD)
def research_costs_of(path: YearPath) -> shapes.ResearchCostsYear:
    """The means of a year, each with its n; the own row, and for the park the rows of firms that allow it."""
    actor = current_actor()
    rows = service.rows_of(path.year)
    seen = [
        row
        for row in rows
        if row.organisation_id == actor.organisation_id or (row.shown and actor.may(roles.SEES_SCORECARD))
    ]
    firms = identity.organisations_by_id(row.organisation_id for row in seen)
    means = rules.means([service.said_of(row) for row in rows])
    return {
        "year": path.year,
        "means": {name: {"n": one.n, "value": as_float(one.value)} for name, one in means.items()},
        "firms": [_out(row, firms[row.organisation_id].code) for row in seen],
    }


@api.post("/research-costs")
@signed_in
@idempotent
def say_research_costs(body: ResearchCostBody) -> tuple[shapes.ResearchCosts, int]:
    """A firm says what its research cost in a year; the same year again replaces it."""
    actor = current_actor()
    said = rules.Said(
        body.base_year,
        body.base_fen,
        body.actual_fen,
        body.sharing_fen,
        body.licences_fen,
        body.credits_fen,
    )
    row = service.say(actor, body.year, said, shown=body.shown, note=body.note)
    return _out(row, identity.organisation_of(actor).code), 201


def _out(row: ResearchCost, firm: str) -> shapes.ResearchCosts:
    said = service.said_of(row)
    return {
        "firm": firm,
        "year": row.year,
        "base_year": row.base_year,
        "base_fen": row.base_fen,
        "actual_fen": row.actual_fen,
        "sharing_fen": row.sharing_fen,
        "licences_fen": row.licences_fen,
        "credits_fen": row.credits_fen,
        "saved_fen": said.saved_fen,
        "saved_ratio": as_float(said.saved_ratio),
        "change_ratio": as_float(said.change_ratio),
        "shown": row.shown,
    }
