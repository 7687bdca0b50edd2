"""Who makes it: one search field over everything firms and prospects are known to make."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from app.chain.service import chains, makers
from app.chain.views import bp
from app.web import roles


@bp.get("/makers")
@roles(*chains.STAFF)
def makers_page() -> Any:
    q = request.args.get("q", "").strip()[: makers.LONGEST]
    return render_template("chain/makers.html", q=q, found=makers.search(q, 20) if q else [])
