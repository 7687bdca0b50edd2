"""The API of the scorecard."""

from __future__ import annotations

from typing import cast

from app.ecosystem.pages import api
from app.ecosystem.scorecard import service, shapes
from app.ecosystem.scorecard.schemas import ScorecardQuery
from app.hall.api.blueprint import listed_part
from app.hall.api.shapes import Listed
from app.hall.web.guards import only
from app.identity.door import roles


@api.get("/scorecard")
@only(roles.SEES_SCORECARD)
def show_scorecard(query: ScorecardQuery) -> Listed[shapes.ScorecardMonth]:
    """Figures per month, oldest first; confirmed changes are added up per unit, money in 万元."""
    months = service.scorecard(query.months)
    rows = [{"month": m.key, **m.values, "confirmed": m.gains} for m in months]
    return listed_part(cast("list[shapes.ScorecardMonth]", rows), query)
