"""The API of needs and offers: written, read by the secretary, taken back, satisfied."""

from __future__ import annotations

from app.ecosystem import sight
from app.ecosystem.market import queries, rules, service, shapes
from app.ecosystem.market.models import Post
from app.ecosystem.market.rules import Wanted
from app.ecosystem.market.schemas import NeedBody, OfferBody, PostBody, PostQuery, ReturnBody
from app.ecosystem.pages import api
from app.ecosystem.schemas import IdPath
from app.hall.api.blueprint import listed, part_of
from app.hall.api.fields import PageQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.db.paging import part
from app.hall.web.guards import current_actor, only, signed_in
from app.identity.door import Actor, roles


@api.post("/needs")
@signed_in
@idempotent
def create_need(body: NeedBody) -> tuple[shapes.Post, int]:
    """Post a need: `state` says whether it is `published` already, or a `draft` that is `in_review` first."""
    return _create("need", body, body.budget_fen), 201


@api.post("/offers")
@signed_in
@idempotent
def create_offer(body: OfferBody) -> tuple[shapes.Post, int]:
    """Post an offer: `state` says whether it is `published` already, or a `draft` that is `in_review` first."""
    return _create("offer", body, body.budget_fen if body.price_fen is None else body.price_fen), 201


def _create(kind: str, body: PostBody, amount_fen: int | None) -> shapes.Post:
    actor = current_actor()
    draft = rules.Draft(
        title=body.title,
        description=body.description,
        product=body.product,
        tags=tuple(body.tags),
        segment=body.segment,
        amount_fen=amount_fen,
        quantity=body.quantity,
        unit=body.unit,
        deadline=body.deadline,
        visibility="matched" if body.visibility == "matched" else "park",
        matching=body.matching,
    )
    row = service.create(actor, kind, draft, submit=not body.draft)
    return post_out(actor, row, queries.tags_of([row.id])[row.id])


@api.get("/needs")
@signed_in
def list_needs(query: PostQuery) -> Listed[shapes.Post]:
    """List needs as the caller may see them: whose they are stays hidden."""
    return _posts("need", query)


@api.get("/offers")
@signed_in
def list_offers(query: PostQuery) -> Listed[shapes.Post]:
    """List offers as the caller may see them: whose they are stays hidden."""
    return _posts("offer", query)


def _posts(kind: str, query: PostQuery) -> Listed[shapes.Post]:
    actor = current_actor()
    found = queries.market_query(
        actor, Wanted(kind=kind, q=query.q, tag=query.tag, segment=query.segment, mine=query.mine)
    )
    rows, total = part(found.order_by(Post.id.desc()), query.limit, query.offset)
    tags = queries.tags_of(row.id for row in rows)
    return listed([post_out(actor, row, tags[row.id]) for row in rows], total)


def post_out(actor: Actor, row: Post, tags: tuple[str, ...], shown: bool | None = None) -> shapes.Post:
    """Return a post as the caller may see it; `shown`: whether it knows whose it is, where that is known."""
    known = queries.shows_identity(actor, row) if shown is None else shown
    out: shapes.Post = {
        "id": row.id,
        "kind": row.kind,
        "title": row.title if known else row.shown_title,
        "description": row.description if known else row.shown_description,
        "product": row.product if known else row.shown_product,
        "tags": list(tags),
        "segment": row.segment if known else queries.shown_segment(actor, row),
        "quantity": row.quantity,
        "unit": row.unit,
        "deadline": row.deadline.isoformat() if row.deadline else None,
        "visibility": row.visibility,
        "state": row.state,
    }
    if row.kind == "need":
        out["budget_fen"] = row.amount_fen
    else:
        out["price_fen"] = row.amount_fen
    mine = row.organisation_id == actor.organisation_id
    if mine or sight.is_matchmaker(actor):
        out["mine"] = mine
        out["in_review"] = row.state == "draft" and row.submitted_at is not None
        out["flags"] = row.flags
    return out


def _out(row: Post) -> shapes.Post:
    return post_out(current_actor(), row, queries.tags_of([row.id])[row.id])


@api.get("/posts/<int:id>")
@signed_in
def show_post(path: IdPath) -> shapes.Post:
    """One need or offer as the caller may see it; both kinds share one range of numbers."""
    return _out(queries.get(current_actor(), path.id))


@api.get("/reviews")
@only(roles.SEES_COMMITTEE_REVIEW)
def list_reviews(query: PageQuery) -> Listed[shapes.Post]:
    """What waits to be read before it is published, oldest first."""
    rows = queries.review_queue()
    return listed([_out(row) for row in part_of(rows, query)], len(rows))


@api.post("/posts/<int:id>/approve")
@only(roles.MODERATES_POSTS)
@idempotent
def approve_post(path: IdPath) -> shapes.Post:
    """Let a post go out; matching pairs are proposed at once."""
    return _out(service.publish(current_actor(), path.id))


@api.post("/posts/<int:id>/return")
@only(roles.MODERATES_POSTS)
@idempotent
def return_post(path: IdPath, body: ReturnBody) -> shapes.Post:
    """Give a post back to its writer with a word about what is missing."""
    return _out(service.give_back(current_actor(), path.id, body.note))


@api.post("/posts/<int:id>/submit")
@signed_in
@idempotent
def submit_post(path: IdPath) -> shapes.Post:
    """Hand in a draft, or one that expired or was withdrawn."""
    return _out(service.submit(current_actor(), path.id))


@api.post("/posts/<int:id>/withdraw")
@signed_in
@idempotent
def withdraw_post(path: IdPath) -> shapes.Post:
    """Take a post back; its open matches lapse, introductions go on."""
    return _out(service.withdraw(current_actor(), path.id))


@api.post("/posts/<int:id>/satisfy")
@signed_in
@idempotent
def satisfy_post(path: IdPath) -> shapes.Post:
    """Say that a post has got what it was for."""
    return _out(service.satisfy(current_actor(), path.id))
