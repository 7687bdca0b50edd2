"""Starter sets over the API."""

from __future__ import annotations

from app.hall.api.blueprint import listed_part
from app.hall.api.fields import PartQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.web.guards import current_actor, only
from app.identity.pages import api
from app.identity.roles import RUNS_THE_PARK, SEES_STARTER_SETS
from app.identity.starter import service as starter
from app.identity.starter import shapes
from app.identity.starter.schemas import DecideBody, ProposeBody, StarterPath


@api.get("/starter")
@only(SEES_STARTER_SETS)
def list_starter(query: PartQuery) -> Listed[starter.Offer]:
    """Lines that a fresh park can take over and that are not in force yet."""
    return listed_part(list(starter.offers()), query)


@api.post("/starter")
@only(RUNS_THE_PARK)
@idempotent
def propose_starter(body: ProposeBody) -> tuple[shapes.StarterProposed, int]:
    """Propose the starter set without the lines in `strike`."""
    row = starter.propose(current_actor(), body.strike, body.reason)
    return {"id": row.id, "state": row.state, "lines": len(row.lines)}, 201


@api.post("/starter/<int:set_id>/decide")
@only(RUNS_THE_PARK)
@idempotent
def decide_starter(path: StarterPath, body: DecideBody) -> shapes.StarterDecided:
    """Take the proposed set over, or refuse it; never by the one who proposed it."""
    row = starter.decide(current_actor(), path.set_id, body.agree, body.reason)
    return {"id": row.id, "state": row.state}
