"""Outside firms that imported data know of: who could be asked to come, and how one gets into the pipeline."""

from __future__ import annotations

import sqlalchemy as sa

from app.chain.models import ChainFirm, IndustryChain, Position, Prospect
from app.chain.recruiting import Candidate, Fit
from app.chain.service import chains, prospects
from app.db import db
from app.errors import NotFound
from app.identity import service as identity


def candidates(chain: IndustryChain) -> dict[str, Candidate]:
    """Outside firms with a position on the chain that are not in the pipeline, by code."""
    from app.chain.recruiting import outside_candidates

    known = set(db.session.scalars(sa.select(Prospect.code)))
    return {row.code: row for row in outside_candidates(chains.chain_facts(chain)) if row.code not in known}


def fits(chain: IndustryChain, segment: str = "") -> list[tuple[Fit, Candidate]]:
    """How well each would fit, the best first; only those that make `segment` where one is named."""
    from app.chain.recruiting import ranked_fits

    able = {
        code: row
        for code, row in candidates(chain).items()
        if not segment or any(made == segment for made, _output in row.adds)
    }
    ranked = ranked_fits(chains.chain_facts(chain), chains.assessment(chain), able.values())
    return [(fit, able[fit.code]) for fit in ranked]


def take_up(actor: identity.Actor, chain: IndustryChain, code: str) -> Prospect:
    """The firm becomes a prospect under its own code, with what the data say it makes."""
    found = candidates(chain).get(code)
    if found is None:
        raise NotFound("chain_firm_not_found", code=code)
    rows = db.session.execute(
        sa.select(Position.products, Position.source)
        .join(ChainFirm, ChainFirm.id == Position.firm_id)
        .where(Position.chain_id == chain.id, ChainFirm.code == code)
        .order_by(Position.id)
    ).all()
    return prospects.create_prospect(
        actor, chain, code=code, name_zh=found.name, adds=dict(found.adds),
        products=" ".join(dict.fromkeys(products for products, _source in rows if products)),
        source=next((source for _products, source in rows if source), ""),
    )  # fmt: skip
