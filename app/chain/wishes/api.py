"""A firm gets onto the chain without a file, over the API."""

from __future__ import annotations

from app.chain.pages import api
from app.chain.register import service as chains
from app.chain.wishes import service as wishes
from app.chain.wishes import shapes
from app.chain.wishes.schemas import PositionBody, QuestionBody, SayBody, SuggestQuery, SupplyBody, WishPath
from app.hall.api.blueprint import listed_part
from app.hall.api.fields import PartQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.web.guards import current_actor, only
from app.identity.door import roles


@api.get("/segments/suggest")
@only(roles.SUGGESTS_SEGMENTS)
def suggest_segments(query: SuggestQuery) -> Listed[shapes.SegmentSuggestion]:
    """The ten segments that a free text most likely means, the likeliest first."""
    found = wishes.suggest(chains.get_chain(query.chain), query.q)
    rows: list[shapes.SegmentSuggestion] = [
        {"segment": code, "name": name, "score": round(score, 3)} for code, name, score in found
    ]
    return listed_part(rows, query)


@api.get("/wishes")
@only(roles.SEES_WISHES)
def list_wishes(query: PartQuery) -> Listed[shapes.ChainWish]:
    """What firms say of themselves and nobody has looked at yet."""
    rows: list[shapes.ChainWish] = [
        {
            "id": wish.id,
            "segment": segment.code,
            "makes": wish.makes,
            "output_wan": wish.output_wan,
            "suppliers": wish.suppliers,
            "customers": wish.customers,
        }
        for wish, segment in wishes.waiting()
    ]
    return listed_part(rows, query)


@api.post("/wishes")
@only(roles.MANAGES_OWN_FIRM)
@idempotent
def say(body: SayBody) -> tuple[shapes.WishSaid, int]:
    """Say what my firm makes; an officer confirms it or asks back."""
    said = wishes.Said(
        body.segment, body.makes, body.output_wan, body.inputs, tuple(body.suppliers), tuple(body.customers)
    )
    row = wishes.say(current_actor(), chains.get_chain(body.chain), said)
    return {"id": row.id, "state": row.state}, 201


@api.post("/wishes/<int:wish_id>/confirm")
@only(roles.EDITS_CHAINS)
@idempotent
def confirm_wish(path: WishPath) -> shapes.WishConfirmed:
    """The firm stands on the map at once."""
    row = wishes.confirm(current_actor(), path.wish_id)
    return {"id": row.id, "state": row.state}


@api.post("/wishes/<int:wish_id>/ask-back")
@only(roles.EDITS_CHAINS)
@idempotent
def ask_back(path: WishPath, body: QuestionBody) -> shapes.WishAsked:
    """Ask the firm for more."""
    row = wishes.ask_back(current_actor(), path.wish_id, body.question)
    return {"id": row.id, "state": row.state}


@api.post("/positions")
@only(roles.EDITS_CHAINS)
@idempotent
def add_position(body: PositionBody) -> tuple[shapes.PositionAdded, int]:
    """Write one position down, or correct it."""
    wishes.add_position(
        current_actor(), body.chain, body.enterprise, body.segment, body.output_wan, body.products
    )
    return {"enterprise": body.enterprise, "segment": body.segment}, 201


@api.post("/supplies")
@only(roles.EDITS_CHAINS)
@idempotent
def add_supply(body: SupplyBody) -> tuple[shapes.SupplyAdded, int]:
    """Write one supply row down, or correct it."""
    wishes.add_supply(current_actor(), body.chain, body.supplier, body.customer, body.segment, body.value_wan)
    return {"supplier": body.supplier, "customer": body.customer, "segment": body.segment}, 201
