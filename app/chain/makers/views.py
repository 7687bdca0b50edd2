"""Who makes it: one search field over everything firms and prospects are known to make."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.chain.limits import LONGEST_QUERY
from app.chain.makers import service as makers
from app.chain.pages import bp
from app.hall.web.guards import only
from app.identity.door import roles


@bp.get("/makers")
@only(roles.SEES_CHAINS)
def makers_page() -> ResponseReturnValue:
    q = request.args.get("q", "").strip()[:LONGEST_QUERY]
    return render_template("chain/makers/makers.html", q=q, found=makers.search(q, 20) if q else [])
