"""The page of a department."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.hall.web.guards import current_actor, only
from app.identity.door import roles
from app.insight.cockpit import drawing
from app.insight.department import service
from app.insight.pages import bp
from app.insight.reading import month_text


@bp.get("/department")
@only(roles.SEES_FIGURES_OF_GROUPS)
def department() -> ResponseReturnValue:
    """A department's problems by clock, the dimensions they speak of, what it carries."""
    seen = service.look(current_actor(), request.args.get("department", "").strip())
    return render_template(
        "insight/department.html",
        seen=seen,
        when=seen.period,
        at="@" + seen.department.code,
        draw=drawing,
        month_text=month_text,
    )
