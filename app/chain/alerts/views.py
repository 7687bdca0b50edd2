"""What appeared, worsened or was relieved, version by version, and the course of the total gap."""

from __future__ import annotations

import itertools

from flask import render_template
from flask.typing import ResponseReturnValue

from app.chain.alerts import service as alerts
from app.chain.alerts.rules import news
from app.chain.pages import bp, chosen_chain
from app.chain.register import service as chains
from app.hall.text import language
from app.hall.web.guards import only
from app.identity.door import roles


@bp.get("/changes")
@only(roles.SEES_CHAINS)
def changes() -> ResponseReturnValue:
    chain = chosen_chain()
    rows = alerts.snapshots(chain)
    told = [(now, news(before.segments, now.segments)) for now, before in itertools.pairwise(rows)]
    line = [(row.made_at, row.total_shortfall_wan) for row in reversed(rows)]
    top = max((total for _at, total in line), default=0.0)
    step = 600 / max(1, len(line) - 1)
    return render_template(
        "chain/alerts/changes.html",
        chain=chain,
        chains=chains.list_chains(),
        names=chains.chain_facts(chain).names(language.lang()),
        news=[(row, found) for row, found in told if found],
        quiet=sum(not found for _row, found in told),
        first=rows[-1] if rows else None,
        line=[
            (round(n * step, 1), round(110 - 100 * total / top, 1) if top else 110.0, at, total)
            for n, (at, total) in enumerate(line)
        ],
    )
