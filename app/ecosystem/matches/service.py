"""Pairs that could meet: proposed with reasons, answered, and a no that stays a no."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from app.chain import door as chain
from app.ecosystem import sources
from app.ecosystem.introductions import service as introductions
from app.ecosystem.introductions.models import Introduction
from app.ecosystem.market import queries as market_queries
from app.ecosystem.market import rules as market_rules
from app.ecosystem.market.models import Post
from app.ecosystem.matches import rules, score
from app.ecosystem.matches.models import Match, MatchPolicy, MatchRefusal
from app.ecosystem.outcomes.models import Outcome
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Invalid, NotAllowed
from app.hall.text.numbers import whole
from app.identity import door as identity
from app.identity.door import Actor, roles


def policy() -> MatchPolicy:
    """Return the park's settings of the market, the defaults where nobody set any."""
    found = db.session.get(MatchPolicy, 1)
    if found is not None:
        return found
    return MatchPolicy(id=1, refusal_days=180, most_open=8, least_percent=30, answer_days=30, review="always")


def set_policy(actor: Actor, values: Mapping[str, int | str]) -> None:
    """Change the settings of the market; audited."""
    if not actor.may(roles.MODERATES_POSTS):
        raise NotAllowed("only_secretary")
    with transaction() as session:
        row = session.get(MatchPolicy, 1)
        if row is None:
            row = MatchPolicy(id=1)
            session.add(row)
        for name, value in values.items():
            setattr(row, name, value)
        session.flush()
        identity.audit(actor, "ecosystem.policy_set", "match_policy", 1, "", **values)


def set_policy_from(actor: Actor, form: Mapping[str, str]) -> None:
    """Change the settings from a form; anything out of bounds is refused."""
    bounds = {
        "refusal_days": (1, 3650),
        "most_open": (1, 100),
        "least_percent": (1, 99),
        "answer_days": (1, 365),
    }
    values: dict[str, int | str] = {}
    for name, (low, high) in bounds.items():
        number = whole(form.get(name), high)
        if number is None or number < low:
            raise Invalid("policy_out_of_bounds", low=low, high=high)
        values[name] = number
    values["review"] = "always" if form.get("review") == "always" else "rules"
    set_policy(actor, values)


#: So many new pairs are written in one transaction: with their notifications about a quarter of a second.
PAIRS_AT_ONCE = 100


def propose_all() -> int:
    """Look at the whole market again (chain, history and refusal periods move on by themselves)."""
    found = look()
    return sum(keep(found[n : n + PAIRS_AT_ONCE]) for n in range(0, len(found), PAIRS_AT_ONCE))


def _as_post(row: Post, tags: tuple[str, ...], places: frozenset[str]) -> score.Post:
    return score.Post(
        row.id,
        row.organisation_id,
        market_queries.terms_of(row),
        frozenset(tags),
        row.segment,
        row.place if row.place in places else None,
        row.amount_fen,
        float(row.quantity) if row.quantity else None,
        row.unit,
    )


def _crowded_places(rows: Sequence[Post]) -> frozenset[str]:
    """Return the places with so many organisations in the market that "close by" names nobody."""
    there: dict[str, set[int]] = {}
    for row in rows:
        if row.place:
            there.setdefault(row.place, set()).add(row.organisation_id)
    return frozenset(place for place, who in there.items() if len(who) >= chain.LEAST_FIRMS)


def look(about: Sequence[int] | None = None) -> list[score.Proposal]:
    """Return the pairs that could be proposed now, of these posts or of all; reads only, best outside a transaction."""
    market = sa.select(Post).where(Post.state.in_(market_rules.OPEN_STATES), Post.matching)
    rows: Sequence[Post] = db.session.scalars(market.order_by(Post.id)).all()
    tags = market_queries.tags_of(row.id for row in rows)
    places = _crowded_places(rows)
    settings = policy()
    return score.propose(
        [_as_post(row, tags[row.id], places) for row in rows if row.kind == "need"],
        [_as_post(row, tags[row.id], places) for row in rows if row.kind == "offer"],
        around=score.Surroundings(sources.inputs(), _proven()),
        refused=_standing_refusals(),
        known=_known_pairs(),
        open_by_organisation=_open_counts(),
        most_open=settings.most_open,
        least=settings.least_percent / 100,
        about=about,
    )


def keep(found: Sequence[score.Proposal]) -> int:
    """Store those of the pairs that still may be proposed; answers how many."""
    with transaction() as session:
        # One at a time: two that look at once would propose the same pair, or go past the most open ones.
        session.execute(locked(sa.select(MatchPolicy.id).where(MatchPolicy.id == 1)))
        settings = policy()
        wanted = sorted({id_ for one in found for id_ in (one.need, one.offer)})
        open_posts = set(
            session.scalars(
                locked(
                    sa.select(Post.id)
                    .where(Post.id.in_(wanted), Post.state.in_(market_rules.OPEN_STATES), Post.matching)
                    .order_by(Post.id)
                )
            )
        )
        still = score.still_standing(
            [one for one in found if {one.need, one.offer} <= open_posts],
            refused=_standing_refusals(),
            known=_known_pairs(),
            open_by_organisation=_open_counts(),
            most_open=settings.most_open,
        )
        for proposal in still:
            _store(proposal, settings.answer_days)
        return len(still)


def _store(proposal: score.Proposal, answer_days: int) -> Match:
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


def _plain(params: Mapping[str, object]) -> dict[str, object]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in params.items()}


def _standing_refusals() -> list[score.Refused]:
    rows = db.session.scalars(sa.select(MatchRefusal).where(MatchRefusal.until_on > clock.today()))
    return [
        score.Refused(r.need_id, r.offer_id, r.need_organisation_id, r.offer_organisation_id) for r in rows
    ]


def _known_pairs() -> set[tuple[int, int]]:
    rows = db.session.execute(sa.select(Match.need_id, Match.offer_id).where(Match.state.in_(rules.LIVE)))
    return {(need, offer) for need, offer in rows}


def _open_counts() -> dict[int, int]:
    count: Counter[int] = Counter()
    rows = db.session.execute(
        sa.select(Match.need_organisation_id, Match.offer_organisation_id).where(Match.state.in_(rules.OPEN))
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


def accept(actor: Actor, match_id: int) -> Introduction | None:
    """Say yes for the actor's side; the second yes opens the introduction in the same transaction and returns it."""
    with transaction() as session:
        row, decision = _answered(actor, match_id, True)
        identity.audit(actor, "match.accepted", "match", row.id)
        if not decision.opens:
            return None
        need, offer = session.get_one(Post, row.need_id), session.get_one(Post, row.offer_id)
        for post in (need, offer):
            post.state = market_rules.engaged(post.state)
        return introductions.open_from_match(actor, row, need.title)


def decline(actor: Actor, match_id: int, reason: str = "") -> MatchRefusal:
    """Say no: the pair is not proposed again for the set period, whatever its score becomes."""
    with transaction() as session:
        row, _decision = _answered(actor, match_id, False)
        until = clock.today() + dt.timedelta(days=policy().refusal_days)
        refusal = MatchRefusal(
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
        session.add(refusal)
        identity.audit(actor, "match.declined", "match", row.id, reason, until=str(until))
        session.flush()
        return refusal


def _answered(actor: Actor, match_id: int, says: bool) -> tuple[Match, rules.Decision]:
    """Read the situation, decide, and write the answer down; the other side hears of it."""
    row = db.session.scalar(locked(sa.select(Match).where(Match.id == match_id)))
    decision = rules.decide(_pair(row), _answerer(actor), says, clock.today())
    assert row is not None  # decide refuses what is not there
    if decision.side == "need":
        row.need_says, row.need_answered_at = says, clock.now()
    else:
        row.offer_says, row.offer_answered_at = says, clock.now()
    row.state = decision.state
    row.closed_at = clock.now() if decision.closes else None
    db.session.flush()
    if decision.told:
        identity.notify_organisation(decision.other, decision.told, f"/ecosystem/matches/{row.id}")
    return row, decision


def _answerer(actor: Actor) -> rules.Answerer:
    return rules.Answerer(
        actor.organisation_id, actor.may(roles.WRITES_POSTS), actor.may(roles.SEES_WHOLE_MARKET)
    )


def _pair(row: Match | None) -> rules.Pair | None:
    if row is None:
        return None
    return rules.Pair(
        row.state,
        row.need_organisation_id,
        row.offer_organisation_id,
        row.need_says,
        row.offer_says,
        row.expires_on,
    )


def lapse_of(post_id: int) -> None:
    """Close the open proposals of a post that is no longer there."""
    db.session.execute(
        sa.update(Match)
        .where(sa.or_(Match.need_id == post_id, Match.offer_id == post_id), Match.state.in_(rules.OPEN))
        .values(state="lapsed", closed_at=clock.now())
        .execution_options(synchronize_session="fetch")
    )


def lapse_due() -> int:
    """Close proposals nobody answered in time; may run any number of times."""
    with transaction() as session:
        done = session.execute(
            sa.update(Match)
            .where(Match.state.in_(rules.OPEN), Match.expires_on < clock.today())
            .values(state="lapsed", closed_at=clock.now())
        )
        return int(done.rowcount)
