"""The block of trends: a part of the start page that loads by itself, or a page of its own."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.hall.web.guards import only
from app.identity.door import Actor, roles
from app.insight.cockpit import drawing
from app.insight.pages import bp
from app.insight.reading import month_text
from app.insight.start import service


def block(actor: Actor) -> str:
    """Where the start page of this reader finds the trends; nothing for whom figures of groups are not."""
    return url_for("insight.start") if actor.may(roles.SEES_FIGURES_OF_GROUPS) else ""


@bp.get("/start")
@only(roles.SEES_FIGURES_OF_GROUPS)
def start() -> ResponseReturnValue:
    """Twelve months of what the start page tells, every number opens its rows."""
    part = bool(request.headers.get("HX-Request"))
    return render_template(
        "insight/start/_trends.html" if part else "insight/start/trends.html",
        seen=service.look(),
        draw=drawing,
        month_text=month_text,
        figures=service.FIGURES,
    )
