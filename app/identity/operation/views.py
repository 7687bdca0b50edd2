"""The operator's page: last tick, queue, lost rounds, what stands still and what was given up."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.hall import jobs, ops
from app.hall.web.guards import only
from app.identity.pages import bp
from app.identity.roles import SEES_OPERATION


@bp.get("/identity/operation")
@only(SEES_OPERATION)
def operation() -> ResponseReturnValue:
    return render_template(
        "identity/operation/operation.html",
        state=ops.clockwork(),
        last_tick=jobs.last_tick(),
        waiting=jobs.waiting(),
        given_up=jobs.given_up(),
    )
