"""The pipeline over the API."""

from __future__ import annotations

from app.chain.pages import api
from app.chain.prospects import queries as prospect_queries
from app.chain.prospects import service as prospects
from app.chain.prospects import shapes
from app.chain.prospects.models import Prospect
from app.chain.prospects.rules import Landing
from app.chain.prospects.schemas import MoveBody, ProspectQuery, TakeBackBody
from app.chain.register import service as chains
from app.chain.register import words as wording
from app.chain.schemas import FirmPath
from app.hall.api.blueprint import listed, part_of
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.text import language
from app.hall.web.guards import current_actor, only
from app.identity import door as identity
from app.identity.door import roles


@api.get("/prospects")
@only(roles.SEES_CHAINS)
def list_prospects(
    query: ProspectQuery,
) -> Listed[shapes.Prospect]:
    """The pipeline, open ones by fit first; `state` narrows it."""
    chain = chains.get_chain(query.chain)
    fits = {fit.code: fit for fit in prospect_queries.fits(chain)}
    names = chains.chain_facts(chain).names(language.lang())
    every = [r for r in prospect_queries.list_prospects(chain) if not query.state or r.state == query.state]
    every.sort(key=lambda row: -fits[row.code].score if row.code in fits else 1.0)
    rows = part_of(every, query)
    adds = prospect_queries.adds_of([row.id for row in rows])
    items: list[shapes.Prospect] = []
    for row in rows:
        fit = fits.get(row.code)
        items.append(
            {
                "prospect": row.code,
                "name": prospect_queries.prospect_name(row),
                "state": row.state,
                "adds": [{"segment": code, "output_wan": output} for code, output in adds.get(row.id, ())],
                "fit": fit.score if fit else None,
                "reasons": wording.sentences(fit.reasons, names) if fit else [],
                "stalled": prospect_queries.is_stalled(row),
            }
        )
    return listed(items, len(every))


@api.post("/prospects/<code>/move")
@only(roles.EDITS_CHAINS)
@identity.with_link
@idempotent
def move_prospect(path: FirmPath, body: MoveBody) -> shapes.ProspectMoved:
    named = body.administrator
    landing = Landing(
        body.credit_code,
        body.contact,
        body.contact_phone,
        named.name if named else "",
        named.email if named else "",
        body.organisation,
        body.another,
    )
    row = prospects.move(current_actor(), path.code, body.state, body.note, landing)
    return _moved(row)


def _moved(row: Prospect) -> shapes.ProspectMoved:
    """Where it stands; the organisation a landing made, and the invitation of its first person."""
    found: shapes.ProspectMoved = {"prospect": row.code, "state": row.state}
    if row.organisation_id is None:
        return found
    found["organisation"] = identity.get_organisation(row.organisation_id).code
    if link := identity.waiting_invitation(row.organisation_id):
        found["invitation"] = {
            "id": link.id,
            "name": link.detail["name"],
            "mailed": bool(link.mailed),
            "expires_at": link.expires_at.isoformat(),
        }
    return found


@api.post("/prospects/<code>/take-back")
@only(roles.EDITS_CHAINS)
@idempotent
def take_back_landing(path: FirmPath, body: TakeBackBody) -> shapes.LandingTakenBack:
    """Take a landing back while nothing hangs on the firm."""
    row = prospects.take_back(current_actor(), path.code, body.reason)
    return {"prospect": row.code, "state": row.state}
