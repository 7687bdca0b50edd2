"""The API of matches."""

from __future__ import annotations

from app.ecosystem.market import queries as market_queries
from app.ecosystem.market.api import post_out
from app.ecosystem.matches import queries, service, shapes
from app.ecosystem.matches.models import Match
from app.ecosystem.matches.schemas import DeclineBody, MatchQuery
from app.ecosystem.matches.words import reason_text
from app.ecosystem.pages import api
from app.ecosystem.schemas import IdPath, named
from app.hall.api.blueprint import listed
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.db.paging import part
from app.hall.web.guards import current_actor, signed_in
from app.identity.door import Actor


@api.get("/matches")
@signed_in
def list_matches(query: MatchQuery) -> Listed[shapes.Match]:
    """List the caller's matches with their reasons; the counterpart is null until both sides said yes."""
    actor = current_actor()
    statement = queries.query(actor, query.state).order_by(Match.score_ratio.desc(), Match.id)
    rows, total = part(statement, query.limit, query.offset)
    seen = queries.see(actor, rows)
    tags = market_queries.tags_of(p.id for s in seen for p in (s.need, s.offer))
    return listed([_match(actor, s, tags) for s in seen], total)


@api.post("/matches/<int:id>/accept")
@signed_in
@idempotent
def accept_match(path: IdPath) -> shapes.Match:
    """Say yes for the caller's side; the second yes opens the introduction."""
    actor = current_actor()
    service.accept(actor, path.id)
    return _one_match(actor, path.id)


@api.post("/matches/<int:id>/decline")
@signed_in
@idempotent
def decline_match(path: IdPath, body: DeclineBody) -> shapes.Match:
    """Say no: the pair is not proposed again for the set period."""
    actor = current_actor()
    service.decline(actor, path.id, body.reason)
    return _one_match(actor, path.id)


def _one_match(actor: Actor, match_id: int) -> shapes.Match:
    seen = queries.get(actor, match_id)
    return _match(actor, seen, market_queries.tags_of([seen.need.id, seen.offer.id]))


def _match(actor: Actor, seen: queries.Seen, tags: dict[int, tuple[str, ...]]) -> shapes.Match:
    row = seen.match
    return {
        "id": row.id,
        "state": row.state,
        "score": round(row.score_ratio, 4),
        "reasons": [{"code": str(r["code"]), "message": reason_text(r)} for r in seen.reasons],
        "side": seen.side or None,
        "need": post_out(actor, seen.need, tags[seen.need.id], seen.need_who is not None),
        "offer": post_out(actor, seen.offer, tags[seen.offer.id], seen.offer_who is not None),
        "counterpart": named(seen.counterpart),
        "sides": {"need": named(seen.need_who), "offer": named(seen.offer_who)},
        "my_answer": seen.my_answer,
        "their_answer": seen.their_answer,
        "expires_on": row.expires_on.isoformat(),
        "refused_until": seen.refused_until.isoformat() if seen.refused_until else None,
        "introduction": seen.introduction_id,
    }
