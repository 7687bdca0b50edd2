"""The API of the ecosystem room: needs, offers, matches, introductions and their outcomes."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from app.api import ApiModel, Day, PageQuery, PartQuery, api_blueprint, idempotent, listed, listed_part
from app.db import part
from app.ecosystem.messages import reason_text
from app.ecosystem.models import Introduction, Match, Outcome, Post
from app.ecosystem.service import introductions, matches, outcomes, posts, sight
from app.identity.service import Actor, OrganisationInfo
from app.web import current_actor, signed_in

api = api_blueprint("ecosystem")

Tag = Annotated[str, StringConstraints(min_length=1, max_length=30)]
#: Past 10^12 nothing is an amount of this park; NaN and infinities are refused by pydantic's Decimal.
Number = Annotated[Decimal, Field(ge=-(10**12), le=10**12, max_digits=18, decimal_places=3)]


class PostBody(ApiModel):
    """What both a need and an offer say."""

    title: str = Field(min_length=4, max_length=80)
    description: str = Field("", max_length=4000)
    product: str = Field("", max_length=200)
    tags: list[Tag] = Field(default_factory=list, max_length=8)
    segment: str | None = Field(None, max_length=60)
    quantity: int | None = Field(None, ge=1, le=10**9)
    unit: str = Field("", max_length=20)
    deadline: Day | None = None
    visibility: Literal["park", "matched", "public"] = "park"
    budget_fen: int | None = Field(None, ge=0, le=10**14)
    matching: bool = True
    draft: bool = False


class NeedBody(PostBody):
    """A need; `visibility` public means the same as park: nobody's identity is public here."""


class OfferBody(PostBody):
    price_fen: int | None = Field(None, ge=0, le=10**14)


class IdPath(ApiModel):
    id: int = Field(ge=1, le=2**62)


class MatchQuery(PageQuery):
    state: Literal["", "open", "proposed", "asked", "introduced", "declined", "lapsed"] = ""


class IntroductionQuery(PageQuery):
    state: str = Field("", max_length=20, pattern="^[a-z]*$")


class PostQuery(PageQuery):
    q: str = Field("", max_length=100)
    tag: str = Field("", max_length=30)
    segment: str = Field("", max_length=60)
    mine: bool = False


class DeclineBody(ApiModel):
    """A reason may be given; a POST without any body says no as well."""

    reason: str = Field("", max_length=500)

    @model_validator(mode="before")
    @classmethod
    def _nothing_said(cls, said: Any) -> Any:
        return {} if said is None else said


class ContestBody(ApiModel):
    reason: str = Field(min_length=1, max_length=500)


class MoveBody(ApiModel):
    to: Literal["met", "negotiating", "agreed", "delivering", "lost"]
    note: str = Field("", max_length=2000)


class NoteBody(ApiModel):
    text: str = Field(min_length=1, max_length=2000)


class OutcomeBody(ApiModel):
    metric: str = Field(min_length=1, max_length=60)
    baseline: Number
    actual: Number
    unit: str = Field(min_length=1, max_length=20)
    period: str = Field(min_length=1, max_length=40)
    beneficiary: str | None = Field(None, max_length=20)


class OutcomePath(IdPath):
    outcome: int = Field(ge=1, le=2**62)


# --- needs and offers ------------------------------------------------------------------------------------


@api.post("/needs")
@signed_in
@idempotent
def create_need(body: NeedBody) -> Any:
    """Post a need: `state` says whether it is `published` already, or a `draft` that is `in_review` first."""
    return _create("need", body, body.budget_fen), 201


@api.post("/offers")
@signed_in
@idempotent
def create_offer(body: OfferBody) -> Any:
    """Post an offer: `state` says whether it is `published` already, or a `draft` that is `in_review` first."""
    return _create("offer", body, body.budget_fen if body.price_fen is None else body.price_fen), 201


def _create(kind: str, body: PostBody, amount_fen: int | None) -> dict[str, Any]:
    actor = current_actor()
    draft = posts.Draft(
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
    row = posts.create(actor, kind, draft, submit=not body.draft)
    return post_out(actor, row, posts.tags_of([row.id])[row.id])


@api.get("/needs")
@signed_in
def list_needs(query: PostQuery) -> Any:
    """List needs as the caller may see them: whose they are stays hidden."""
    return _posts("need", query)


@api.get("/offers")
@signed_in
def list_offers(query: PostQuery) -> Any:
    """List offers as the caller may see them: whose they are stays hidden."""
    return _posts("offer", query)


def _posts(kind: str, query: PostQuery) -> dict[str, Any]:
    actor = current_actor()
    found = posts.market_query(
        actor, kind=kind, q=query.q, tag=query.tag, segment=query.segment, mine=query.mine
    )
    rows, total = part(found.order_by(Post.id.desc()), query.limit, query.offset)
    tags = posts.tags_of(row.id for row in rows)
    return listed([post_out(actor, row, tags[row.id]) for row in rows], total)


def post_out(actor: Actor, row: Post, tags: tuple[str, ...], shown: bool | None = None) -> dict[str, Any]:
    """Return a post as the caller may see it; `shown`: whether it knows whose it is, where that is known."""
    known = posts.shows_identity(actor, row) if shown is None else shown
    out: dict[str, Any] = {
        "id": row.id,
        "kind": row.kind,
        "title": row.title if known else row.shown_title,
        "description": row.description if known else row.shown_description,
        "product": row.product if known else row.shown_product,
        "tags": list(tags),
        "segment": row.segment if known else posts.shown_segment(actor, row),
        "budget_fen" if row.kind == "need" else "price_fen": row.amount_fen,
        "quantity": row.quantity,
        "unit": row.unit,
        "deadline": row.deadline.isoformat() if row.deadline else None,
        "visibility": row.visibility,
        "state": row.state,
    }
    mine = row.organisation_id == actor.organisation_id
    if mine or sight.is_matchmaker(actor):
        out |= {
            "mine": mine,
            "in_review": row.state == "draft" and row.submitted_at is not None,
            "flags": row.flags,
        }
    return out


# --- matches ---------------------------------------------------------------------------------------------


@api.get("/matches")
@signed_in
def list_matches(query: MatchQuery) -> Any:
    """List the caller's matches with their reasons; the counterpart is null until both sides said yes."""
    actor = current_actor()
    statement = matches.query(actor, query.state).order_by(Match.score_ratio.desc(), Match.id)
    rows, total = part(statement, query.limit, query.offset)
    seen = matches.see(actor, rows)
    tags = posts.tags_of(p.id for s in seen for p in (s.need, s.offer))
    return listed([_match(actor, s, tags) for s in seen], total)


@api.post("/matches/<int:id>/accept")
@signed_in
@idempotent
def accept_match(path: IdPath) -> Any:
    """Say yes for the caller's side; the second yes opens the introduction."""
    actor = current_actor()
    matches.accept(actor, path.id)
    return _one_match(actor, path.id)


@api.post("/matches/<int:id>/decline")
@signed_in
@idempotent
def decline_match(path: IdPath, body: DeclineBody) -> Any:
    """Say no: the pair is not proposed again for the set period."""
    actor = current_actor()
    matches.decline(actor, path.id, body.reason)
    return _one_match(actor, path.id)


def _one_match(actor: Actor, match_id: int) -> dict[str, Any]:
    seen = matches.get(actor, match_id)
    return _match(actor, seen, posts.tags_of([seen.need.id, seen.offer.id]))


def _who(info: OrganisationInfo | None) -> dict[str, str] | None:
    return {"code": info.code, "name": info.name} if info else None


def _match(actor: Actor, seen: matches.Seen, tags: dict[int, tuple[str, ...]]) -> dict[str, Any]:
    row = seen.match
    return {
        "id": row.id,
        "state": row.state,
        "score": round(row.score_ratio, 4),
        "reasons": [{"code": r["code"], "message": reason_text(r)} for r in seen.reasons],
        "side": seen.side or None,
        "need": post_out(actor, seen.need, tags[seen.need.id], seen.need_who is not None),
        "offer": post_out(actor, seen.offer, tags[seen.offer.id], seen.offer_who is not None),
        "counterpart": _who(seen.counterpart),
        "sides": {"need": _who(seen.need_who), "offer": _who(seen.offer_who)},
        "my_answer": seen.my_answer,
        "their_answer": seen.their_answer,
        "expires_on": row.expires_on.isoformat(),
        "refused_until": seen.refused_until.isoformat() if seen.refused_until else None,
        "introduction": seen.introduction_id,
    }


# --- introductions and outcomes --------------------------------------------------------------------------


@api.get("/introductions")
@signed_in
def list_introductions(query: IntroductionQuery) -> Any:
    """List the introductions the caller is a side of (the staff: all)."""
    actor = current_actor()
    rows, total = part(
        introductions.query(actor, query.state).order_by(Introduction.id.desc()), query.limit, query.offset
    )
    return listed([_introduction(seen) for seen in introductions.see(rows)], total)


@api.get("/introductions/<int:id>")
@signed_in
def get_introduction(path: IdPath) -> Any:
    """Return one introduction with its outcomes."""
    seen = introductions.get(current_actor(), path.id)
    return _introduction(seen) | {"outcomes": [_outcome(o) for o in outcomes.of(path.id)]}


@api.post("/introductions/<int:id>/notes")
@signed_in
@idempotent
def note_introduction(path: IdPath, body: NoteBody) -> Any:
    """Write into the timeline."""
    actor = current_actor()
    introductions.note(actor, path.id, body.text)
    return _introduction(introductions.get(actor, path.id)), 201


@api.post("/introductions/<int:id>/move")
@signed_in
@idempotent
def move_introduction(path: IdPath, body: MoveBody) -> Any:
    """Take the next step of the state machine."""
    actor = current_actor()
    introductions.move(actor, path.id, body.to, body.note)
    return _introduction(introductions.get(actor, path.id))


@api.get("/introductions/<int:id>/outcomes")
@signed_in
def list_outcomes(path: IdPath, query: PartQuery) -> Any:
    """List the outcomes of an introduction, confirmed or not."""
    introductions.get(current_actor(), path.id)
    rows = outcomes.of(path.id)
    return listed_part([_outcome(row) for row in rows], query)


@api.post("/introductions/<int:id>/outcomes")
@signed_in
@idempotent
def record_outcome(path: IdPath, body: OutcomeBody) -> Any:
    """Write an outcome down; it counts once the one who got it confirms it."""
    actor = current_actor()
    row = outcomes.record(
        actor,
        path.id,
        metric=body.metric,
        baseline=body.baseline,
        actual=body.actual,
        unit=body.unit,
        period=body.period,
        beneficiary_id=outcomes.beneficiary_by_code(actor, path.id, body.beneficiary),
    )
    return _outcome(row), 201


@api.post("/introductions/<int:id>/outcomes/<int:outcome>/confirm")
@signed_in
@idempotent
def confirm_outcome(path: OutcomePath) -> Any:
    """Sign for an outcome: only the one who got it, never the one who wrote it."""
    outcomes.must_belong(path.outcome, path.id)
    return _outcome(outcomes.confirm(current_actor(), path.outcome))


@api.post("/introductions/<int:id>/outcomes/<int:outcome>/contest")
@signed_in
@idempotent
def contest_outcome(path: OutcomePath, body: ContestBody) -> Any:
    """Say that an outcome is not so; it will never count."""
    outcomes.must_belong(path.outcome, path.id)
    return _outcome(outcomes.contest(current_actor(), path.outcome, body.reason))


def _introduction(seen: introductions.Seen) -> dict[str, Any]:
    row = seen.row
    return {
        "id": row.id,
        "title": row.title,
        "origin": row.origin,
        "state": seen.state,
        "stage": row.state,
        "asking": _who(seen.asking),
        "giving": _who(seen.giving),
        "prospect": seen.prospect or None,
        "match": row.match_id,
        "next_step": row.next_step,
        "next_due_on": row.next_due_on.isoformat() if row.next_due_on else None,
        "opened_at": row.opened_at.isoformat(),
        "last_noted_at": row.last_noted_at.isoformat(),
        "confirmed_outcomes": seen.confirmed,
    }


def _outcome(row: Outcome) -> dict[str, Any]:
    return {
        "id": row.id,
        "introduction": row.introduction_id,
        "metric": row.metric,
        "baseline": row.baseline_milli / 1000,
        "actual": row.actual_milli / 1000,
        "change": (row.actual_milli - row.baseline_milli) / 1000,
        "unit": row.unit,
        "period": row.period,
        "state": "confirmed" if row.confirmed_at else "contested" if row.contested_at else "recorded",
        "confirmed_at": row.confirmed_at.isoformat() if row.confirmed_at else None,
    }
