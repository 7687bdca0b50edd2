"""What appeared, worsened or was relieved, version by version, and the course of the total gap."""

from __future__ import annotations

import itertools
from typing import Any

from flask import render_template

from app import language
from app.chain.service import alerts, chains
from app.chain.views import bp
from app.chain.views.atlas import chosen_chain
from app.web import roles


@bp.get("/changes")
@roles(*chains.STAFF)
def changes() -> Any:
    chain = chosen_chain()
    rows = alerts.snapshots(chain)
    news = [(now, alerts.news(before.segments, now.segments)) for now, before in itertools.pairwise(rows)]
    line = [(row.made_at, row.total_shortfall_wan) for row in reversed(rows)]
    top = max((total for _at, total in line), default=0.0)
    step = 600 / max(1, len(line) - 1)
    return render_template(
        "chain/changes.html",
        chain=chain,
        chains=chains.list_chains(),
        names=chains.chain_facts(chain).names(language.lang()),
        news=[(row, found) for row, found in news if found],
        quiet=sum(not found for _row, found in news),
        first=rows[-1] if rows else None,
        line=[
            (round(n * step, 1), round(110 - 100 * total / top, 1) if top else 110.0, at, total)
            for n, (at, total) in enumerate(line)
        ],
    )
