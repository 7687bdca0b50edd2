"""`POST /chain/recruit`: the proven choice over the API, as the command answers it."""

from __future__ import annotations

from app.chain.pages import api
from app.chain.planner import service as planner
from app.chain.planner import shapes
from app.chain.planner.schemas import RecruitBody, ask_from_body
from app.chain.recruit.cli import answer
from app.chain.register import service as chains
from app.hall.api.idempotency import idempotent
from app.hall.text.numbers import as_float
from app.hall.web.guards import only
from app.identity.door import roles


@api.post("/recruit")
@only(roles.SEES_CHAINS)
@idempotent
def recruit(body: RecruitBody) -> shapes.RecruitAnswer:
    """Whom to recruit together: value, bound, front, why not the others, and which demand becomes whose purchase."""
    found = planner.solve(chains.get_chain(body.chain), ask_from_body(body))
    return {
        **answer(found.plan),
        "without_cost": found.without_cost,
        "coverage": [
            {
                "segment": row.segment,
                "before_ratio": as_float(row.ratio_before),
                "after_ratio": as_float(row.ratio_after),
                "missing_wan": float(row.missing_after),
            }
            for row in found.coverage
        ],
        "purchases": [
            {"seller": row.seller, "segment": row.segment, "buyer": row.buyer, "value_wan": float(row.value)}
            for row in found.purchases
        ],
        "outlooks": [
            {
                "name": row.name,
                "value_wan": float(row.value),
                "best_wan": float(row.best),
                "best_chosen": list(row.best_chosen),
                "regret_wan": float(row.regret),
            }
            for row in found.outlooks
        ],
    }
