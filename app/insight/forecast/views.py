"""The page of forecasts: what is expected, and how often its warning was right."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.hall.web.guards import only
from app.identity.door import roles
from app.insight.cockpit import drawing
from app.insight.forecast.service import foresee, foresee_monthly
from app.insight.pages import bp


@bp.get("/forecasts")
@only(roles.SEES_FIGURES_OF_GROUPS)
def forecast_page() -> ResponseReturnValue:
    """The month to come of each dimension and of the park's other monthly figures."""
    names, found = foresee()
    return render_template(
        "insight/forecasts.html", found=found, monthly=foresee_monthly(), names=names, draw=drawing
    )
