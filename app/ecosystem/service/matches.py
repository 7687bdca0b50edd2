"""Pairs that could meet: proposed with reasons, masked until both said yes, and a no that stays a no."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app import clock
from app.db import db, locked, transaction
from app.ecosystem import matching, pipeline
from app.ecosystem.models import Introduction, Match, MatchPolicy, MatchRefusal, Outcome, Post
from app.ecosystem.service import around, posts, sight
from app.errors import Conflict, NotAllowed, NotFound
from app.identity import service as identity

if TYPE_CHECKING:
    from app.identity.service import Actor, OrganisationInfo

OPEN = ("proposed", "asked")
LIVE = ("proposed", "asked", "mutual", "introduced")


def propose_for(post: Post) -> list[Match]:
    """Propose pairs for one post that just went out or changed."""
    return _propose(post)


def propose_all() -> int:
    """Look at the whole market again (chain, history and refusal periods move on by themselves)."""
    with transaction():
        return len(_propose(None))


def _as_post(row: Post, tags: tuple[str, ...], places: frozenset[str]) -> matching.Post:
    return matching.Post(
        row.id, row.organisation_id, posts.terms_of(row), frozenset(tags), row.segment,
        row.place if row.place in places else None,
        row.amount_fen, float(row.quantity) if row.quantity else None, row.unit,
    )  # fmt: skip


def _crowded_places(rows: Sequence[Post]) -> frozenset[str]:
    """Return the places with so many organisations in the market that "close by" names nobody."""
    there: dict[str, set[int]] = {}
    for row in rows:
        if row.place:
            there.setdefault(row.place, set()).add(row.organisation_id)
    return frozenset(place for place, who in there.items() if len(who) >= around.LEAST_FIRMS)


def _propose(one: Post | None) -> list[Match]:
    """Run the pure core over the open market and store what is new; inside a transaction."""
    with transaction() as session:
        # One at a time: two that look at once would propose the same pair, or each miss the other's new post.
        session.execute(locked(sa.select(MatchPolicy.id).where(MatchPolicy.id == 1)))
        market = sa.select(Post).where(Post.state.in_(posts.OPEN_STATES), Post.matching)
        rows: Sequence[Post] = session.scalars(market.order_by(Post.id)).all()
        tags = posts.tags_of(row.id for row in rows)
        places = _crowded_places(rows)
        needs = [_as_post(row, tags[row.id], places) for row in rows if row.kind == "need"]
        offers = [_as_post(row, tags[row.id], places) for row in rows if row.kind == "offer"]
        rules = posts.policy()
        found = matching.propose(
            needs,
            offers,
            around=matching.Surroundings(around.inputs(), _proven()),
            refused=_standing_refusals(),
            known=_known_pairs(),
            open_by_organisation=_open_counts(),
            most_open=rules.most_open,
            least=rules.least_percent / 100,
            about=None if one is None else [one.id],
        )
        return [_store(proposal, rules.answer_days) for proposal in found]


def _store(proposal: matching.Proposal, answer_days: int) -> Match:
    row = Match(
        need_id=proposal.need,
        offer_id=proposal.offer,
        need_organisation_id=proposal.need_organisation,
        offer_organisation_id=proposal.offer_organisation,
        score_ratio=proposal.score,
        reasons=[
            {"code": w.code, "ratio": round(w.ratio, 4), "params": _plain(w.params)} for w in proposal.reasons
        ],
        expires_on=clock.today() + dt.timedelta(days=answer_days),
        created_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    for side in (row.need_organisation_id, row.offer_organisation_id):
        identity.notify_organisation(side, "match_proposed", "/ecosystem/matches")
    return row


def _plain(params: Any) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in params.items()}


def _standing_refusals() -> list[matching.Refused]:
    rows = db.session.scalars(sa.select(MatchRefusal).where(MatchRefusal.until_on > clock.today()))
    return [
        matching.Refused(r.need_id, r.offer_id, r.need_organisation_id, r.offer_organisation_id) for r in rows
    ]


def _known_pairs() -> set[tuple[int, int]]:
    rows = db.session.execute(sa.select(Match.need_id, Match.offer_id).where(Match.state.in_(LIVE)))
    return {(need, offer) for need, offer in rows}


def _open_counts() -> dict[int, int]:
    count: Counter[int] = Counter()
    rows = db.session.execute(
        sa.select(Match.need_organisation_id, Match.offer_organisation_id).where(Match.state.in_(OPEN))
    )
    for pair in rows:
        count.update(pair)
    return dict(count)


def _proven() -> frozenset[int]:
    """Return the organisations that have had a confirmed outcome."""
    rows = db.session.execute(
        sa.select(Introduction.asking_id, Introduction.giving_id)
        .join(Outcome, Outcome.introduction_id == Introduction.id)
        .where(Outcome.confirmed_at.is_not(None))
    )
    return frozenset(side for pair in rows for side in pair if side is not None)


# --- answers ---------------------------------------------------------------------------------------------


def accept(actor: Actor, match_id: int) -> Match:
    """Say yes for the actor's side; the second yes opens the introduction in the same transaction."""
    from app.ecosystem.service import introductions

    with transaction():
        row = _answerable(actor, match_id)
        _answer(actor, row, True)
        state = pipeline.after_answers(row.need_says, row.offer_says)
        if state == "mutual" and row.state == "proposed":
            row.state = pipeline.step("match", row.state, "asked")
        row.state = pipeline.step("match", row.state, state)
        identity.audit(actor, "match.accepted", "match", row.id)
        if row.state == "mutual":
            db.session.flush()
            introductions.open_from_match(actor, row)
            row.state = pipeline.step("match", row.state, "introduced")
            row.closed_at = clock.now()
        else:
            other = row.offer_organisation_id if row.need_says else row.need_organisation_id
            identity.notify_organisation(other, "match_asked", f"/ecosystem/matches/{row.id}")
        db.session.flush()
        return row


def decline(actor: Actor, match_id: int, reason: str = "") -> Match:
    """Say no: the pair is not proposed again for the set period, whatever its score becomes."""
    with transaction() as session:
        row = _answerable(actor, match_id)
        other_said_yes = bool(row.need_says or row.offer_says)
        _answer(actor, row, False)
        row.state = pipeline.step("match", row.state, "declined")
        row.closed_at = clock.now()
        until = clock.today() + dt.timedelta(days=posts.policy().refusal_days)
        session.add(
            MatchRefusal(
                match_id=row.id,
                need_id=row.need_id,
                offer_id=row.offer_id,
                need_organisation_id=row.need_organisation_id,
                offer_organisation_id=row.offer_organisation_id,
                member_id=actor.member_id,
                reason=reason.strip()[:500],
                until_on=until,
                created_at=clock.now(),
            )
        )
        identity.audit(actor, "match.declined", "match", row.id, reason, until=str(until))
        if other_said_yes:
            other = (
                row.offer_organisation_id
                if actor.organisation_id == row.need_organisation_id
                else row.need_organisation_id
            )
            identity.notify_organisation(other, "match_declined", f"/ecosystem/matches/{row.id}")
        session.flush()
        return row


def _answerable(actor: Actor, match_id: int) -> Match:
    sight.must_write(actor)
    row = db.session.scalar(locked(sa.select(Match).where(Match.id == match_id)))
    if row is None or not _may_read(actor, row):
        raise NotFound("match_not_found")
    if actor.organisation_id not in (row.need_organisation_id, row.offer_organisation_id):
        raise NotAllowed("not_your_match")
    if row.state not in OPEN:
        raise Conflict("match_closed", state=row.state)
    if row.expires_on < clock.today():
        raise Conflict("match_lapsed")
    return row


def _answer(actor: Actor, row: Match, says: bool) -> None:
    side = "need" if actor.organisation_id == row.need_organisation_id else "offer"
    if getattr(row, f"{side}_says") is not None and says:
        raise Conflict("already_answered")
    setattr(row, f"{side}_says", says)
    setattr(row, f"{side}_answered_at", clock.now())


def lapse_of(post_id: int) -> None:
    """Close the open proposals of a post that is no longer there."""
    db.session.execute(
        sa.update(Match)
        .where(sa.or_(Match.need_id == post_id, Match.offer_id == post_id), Match.state.in_(OPEN))
        .values(state="lapsed", closed_at=clock.now())
        .execution_options(synchronize_session="fetch")
    )


def lapse_due() -> int:
    """Close proposals nobody answered in time; may run any number of times."""
    with transaction() as session:
        done = session.execute(
            sa.update(Match)
            .where(Match.state.in_(OPEN), Match.expires_on < clock.today())
            .values(state="lapsed", closed_at=clock.now())
        )
        return int(done.rowcount)


# --- reading ---------------------------------------------------------------------------------------------


def _may_read(actor: Actor, row: Match) -> bool:
    mine = actor.organisation_id in (row.need_organisation_id, row.offer_organisation_id)
    return mine or sight.may_read_all(actor)


def _told(reason: dict[str, Any]) -> dict[str, Any]:
    named = {reason.get("params", {}).get(key) for key in ("segment", "input", "output")} - {None}
    if not named or named <= around.crowded_segments():
        return reason
    return {"code": "segment_related", "ratio": reason.get("ratio", 0), "params": {}}


@dataclass(frozen=True)
class Seen:
    """A match as one reader may see it."""

    match: Match
    need: Post
    offer: Post
    side: str
    need_who: OrganisationInfo | None
    offer_who: OrganisationInfo | None
    introduction_id: int | None
    refused_until: dt.date | None

    @property
    def mine(self) -> Post:
        return self.offer if self.side == "offer" else self.need

    @property
    def theirs(self) -> Post:
        return self.need if self.side == "offer" else self.offer

    @property
    def my_answer(self) -> bool | None:
        return {"need": self.match.need_says, "offer": self.match.offer_says}.get(self.side)

    @property
    def their_answer(self) -> bool | None:
        return {"need": self.match.offer_says, "offer": self.match.need_says}.get(self.side)

    @property
    def counterpart(self) -> OrganisationInfo | None:
        return {"need": self.offer_who, "offer": self.need_who}.get(self.side)

    @property
    def is_open(self) -> bool:
        return self.match.state in OPEN

    @property
    def reasons(self) -> list[dict[str, Any]]:
        """Why these two, without what would tell a side who the other is before both said yes."""
        if self.need_who and self.offer_who:
            return list(self.match.reasons)
        return [_told(reason) for reason in self.match.reasons]

    def segment_of(self, post: Post) -> str | None:
        known = self.need_who if post.kind == "need" else self.offer_who
        return post.segment if known or post.segment in around.crowded_segments() else None

    def title_of(self, post: Post) -> str:
        """Return a post's title: its own words when the reader may know whose they are."""
        known = self.need_who if post.kind == "need" else self.offer_who
        return post.title if known else post.shown_title

    def description_of(self, post: Post) -> str:
        known = self.need_who if post.kind == "need" else self.offer_who
        return post.description if known else post.shown_description


def query(actor: Actor, state: str = "") -> Any:
    """Return the statement for the matches this reader may see."""
    found = sa.select(Match)
    if not sight.may_read_all(actor):
        found = found.where(
            sa.or_(
                Match.need_organisation_id == actor.organisation_id,
                Match.offer_organisation_id == actor.organisation_id,
            )
        )
    if state == "open":
        found = found.where(Match.state.in_(OPEN))
    elif state:
        found = found.where(Match.state == state)
    return found


def see(actor: Actor, rows: Sequence[Match]) -> list[Seen]:
    """Dress matches for a reader: identities only where both said yes, or for matchmakers."""
    ids = {row.need_id for row in rows} | {row.offer_id for row in rows}
    found = {p.id: p for p in db.session.scalars(sa.select(Post).where(Post.id.in_(ids)))}
    who = sight.organisations(o for r in rows for o in (r.need_organisation_id, r.offer_organisation_id))
    match_ids = [row.id for row in rows]
    intro_rows = db.session.execute(
        sa.select(Introduction.match_id, Introduction.id).where(Introduction.match_id.in_(match_ids))
    )
    intros: dict[int | None, int] = dict(intro_rows.all())
    no_rows = db.session.execute(
        sa.select(MatchRefusal.match_id, MatchRefusal.until_on).where(MatchRefusal.match_id.in_(match_ids))
    )
    nos: dict[int, dt.date] = dict(no_rows.all())
    all_seen = sight.is_matchmaker(actor)
    seen = []
    for row in rows:
        open_to_all = all_seen or row.state in ("mutual", "introduced")
        is_need, is_offer = (
            actor.organisation_id == o for o in (row.need_organisation_id, row.offer_organisation_id)
        )
        seen.append(
            Seen(
                row,
                found[row.need_id],
                found[row.offer_id],
                "need" if is_need else "offer" if is_offer else "",
                who[row.need_organisation_id] if open_to_all or is_need else None,
                who[row.offer_organisation_id] if open_to_all or is_offer else None,
                intros.get(row.id),
                nos.get(row.id),
            )
        )
    return seen


def get(actor: Actor, match_id: int) -> Seen:
    row = db.session.get(Match, match_id)
    if row is None or not _may_read(actor, row):
        raise NotFound("match_not_found")
    return see(actor, [row])[0]


def count_to_answer(actor: Actor) -> int:
    """Return how many open matches wait for the actor's side."""
    mine = sa.or_(
        sa.and_(Match.need_organisation_id == actor.organisation_id, Match.need_says.is_(None)),
        sa.and_(Match.offer_organisation_id == actor.organisation_id, Match.offer_says.is_(None)),
    )
    return (
        db.session.scalar(sa.select(sa.func.count()).select_from(Match).where(Match.state.in_(OPEN), mine))
        or 0
    )
