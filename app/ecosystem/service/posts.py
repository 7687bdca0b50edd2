"""Needs and offers from the first draft to the last day: write, review, publish, search, expire."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app import clock
from app.db import db, locked, transaction
from app.ecosystem import masking, pipeline, text
from app.ecosystem.models import Match, MatchPolicy, Need, Offer, Post, PostTag
from app.ecosystem.service import around, sight
from app.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.identity import service as identity

if TYPE_CHECKING:
    from app.identity.service import Actor

OPEN_STATES = ("published", "engaged")
DEFAULT_DAYS = 180
#: What the rules do not let out by themselves; a name alone is masked and goes out.
HELD = frozenset({"contact", "too_little"})
REMIND_DAYS = 7


@dataclass(frozen=True)
class Draft:
    """What somebody writes into a need or an offer."""

    title: str
    description: str = ""
    product: str = ""
    tags: tuple[str, ...] = ()
    segment: str | None = None
    amount_fen: int | None = None
    quantity: int | None = None
    unit: str = ""
    deadline: dt.date | None = None
    visibility: str = "park"
    matching: bool = True


def policy() -> MatchPolicy:
    """Return the park's settings of the market, the defaults where nobody set any."""
    found = db.session.get(MatchPolicy, 1)
    if found is not None:
        return found
    return MatchPolicy(id=1, refusal_days=180, most_open=8, least_percent=30, answer_days=30, review="rules")


def set_policy(actor: Actor, **values: Any) -> None:
    """Change the settings of the market; audited."""
    if not actor.has("committee_secretary", "park_admin"):
        raise NotAllowed("only_secretary")
    with transaction() as session:
        row = session.get(MatchPolicy, 1)
        if row is None:
            row = MatchPolicy(id=1)
            session.add(row)
        for name, value in values.items():
            setattr(row, name, value)
        session.flush()
        identity.audit(actor, "ecosystem.policy_set", "match_policy", 1, **values)


def clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Return tags in one spelling, without doubles, in a stable order.

    >>> clean_tags([" 检测 ", "检测", "#ＡＩ"])
    ('ai', '检测')
    """
    found = {text.normalise(tag).strip().lstrip("#").strip()[:30] for tag in tags}
    return tuple(sorted(tag for tag in found if tag))


def _checked(actor_organisation: int, draft: Draft) -> tuple[Draft, list[str]]:
    reasons = []
    title = draft.title.strip()
    tags = clean_tags(draft.tags)
    if len(title) < 4:
        reasons.append(Reason("post_title_too_short"))
    if len(tags) > 8:
        reasons.append(Reason("post_too_many_tags"))
    if draft.deadline and draft.deadline < clock.today():
        reasons.append(Reason("post_deadline_past"))
    segment = (draft.segment or "").strip() or None
    if segment and (segments := around.segments()) and segment not in segments:
        reasons.append(Reason("post_unknown_segment", {"segment": segment}))
    names = sight.known_names(actor_organisation)
    for tag in tags:
        if masking.gives_away(tag, names):
            reasons.append(Reason("tag_gives_away", {"tag": tag}))
    if reasons:
        raise Invalid("post_refused", reasons=reasons)
    flags = []
    body = "\n".join((title, draft.description, draft.product, draft.unit))
    if masking.has_contact(body):
        flags.append("contact")
    elif masking.gives_away(body, names):
        flags.append("gives_away")
    if len(text.terms(body)) < 2:
        flags.append("too_little")
    clean = Draft(
        title, draft.description.strip(), draft.product.strip(), tags, segment, draft.amount_fen,
        draft.quantity, draft.unit.strip(), draft.deadline, draft.visibility, draft.matching,
    )  # fmt: skip
    return clean, flags


def _write(row: Post, draft: Draft) -> None:
    names = sight.known_names(row.organisation_id)
    for field in (
        "title",
        "description",
        "product",
        "segment",
        "amount_fen",
        "quantity",
        "deadline",
        "visibility",
    ):
        setattr(row, field, getattr(draft, field))
    row.unit = masking.mask(draft.unit, names)
    row.matching = draft.matching
    row.shown_title = masking.mask(draft.title, names)
    row.shown_description = masking.mask(draft.description, names)
    row.shown_product = masking.mask(draft.product, names)
    row.place = identity.get_organisation(row.organisation_id).building or None
    row.updated_at = clock.now()
    db.session.flush()
    db.session.execute(sa.delete(PostTag).where(PostTag.post_id == row.id))
    db.session.add_all(PostTag(post_id=row.id, tag=tag) for tag in draft.tags)
    db.session.flush()


def create(actor: Actor, kind: str, draft: Draft, submit: bool = True) -> Post:
    """Write a new need or offer for the actor's organisation, and hand it in unless it is to stay a draft."""
    sight.must_write(actor)
    with transaction() as session:
        clean, flags = _checked(actor.organisation_id, draft)
        row: Post = (Need if kind == "need" else Offer)(
            organisation_id=actor.organisation_id,
            created_by=actor.member_id or None,
            title=clean.title,
            shown_title="",
            flags=flags,
            created_at=clock.now(),
            updated_at=clock.now(),
        )
        session.add(row)
        _write(row, clean)
        if submit:
            _submit(actor, row)
        return row


def create_many(actor: Actor, drafts: Iterable[tuple[str, Draft]]) -> list[Post]:
    """Write several at once, all or none."""
    with transaction():
        return [create(actor, kind, draft) for kind, draft in drafts]


def edit(actor: Actor, post_id: int, draft: Draft) -> Post:
    """Change a post; a published one is looked at again when its words changed."""
    with transaction():
        row = _own(actor, post_id)
        if row.state not in ("draft", "published", "engaged"):
            raise Conflict("post_closed")
        clean, flags = _checked(row.organisation_id, draft)
        words_before = (row.title, row.description, row.product)
        _write(row, clean)
        row.flags = flags
        if (
            row.state != "draft"
            and words_before != (row.title, row.description, row.product)
            and not _passes(row)
        ):
            row.state = "draft"
            row.submitted_at = clock.now()
            _tell_secretary(row)
        elif row.state in OPEN_STATES:
            _match(row)
        return row


def submit(actor: Actor, post_id: int) -> Post:
    """Hand a draft in; it is published at once when the rules find nothing a person must look at."""
    with transaction():
        row = _own(actor, post_id)
        if row.state not in ("draft", "expired", "withdrawn"):
            raise Conflict("ecosystem_step_refused", state=row.state, to="published")
        if row.state != "draft":
            row.state = pipeline.step("post", row.state, "draft")
        if row.deadline and row.deadline < clock.today():
            raise Conflict("post_deadline_past")
        _submit(actor, row)
        return row


def _passes(row: Post) -> bool:
    return policy().review == "rules" and HELD.isdisjoint(row.flags)


def _submit(actor: Actor, row: Post) -> None:
    row.submitted_at = clock.now()
    row.review_note = ""
    if _passes(row):
        _publish(row, None)
    else:
        _tell_secretary(row)
    identity.audit(actor, "post.submitted", "post", row.id, state=row.state)


def _tell_secretary(row: Post) -> None:
    identity.notify_role("committee_secretary", "post_to_review", "/ecosystem/review", title=row.title)


def _publish(row: Post, by: int | None) -> None:
    row.state = pipeline.step("post", row.state, "published")
    row.published_at = clock.now()
    row.published_by = by
    if row.deadline is None:
        row.deadline = clock.today() + dt.timedelta(days=DEFAULT_DAYS)
    row.reminded_on = None
    db.session.flush()
    _match(row)


def _match(row: Post) -> None:
    from app.ecosystem.service import matches

    if row.matching:
        matches.propose_for(row)


def publish(actor: Actor, post_id: int) -> Post:
    """Let a reviewed post go out."""
    with transaction():
        row = _to_review(actor, post_id)
        _publish(row, actor.member_id)
        identity.audit(actor, "post.published", "post", row.id)
        identity.notify_organisation(
            row.organisation_id, "post_published", f"/ecosystem/posts/{row.id}", title=row.title
        )
        return row


def give_back(actor: Actor, post_id: int, note: str) -> Post:
    """Return a post to its writer with a word about what is missing."""
    if not note.strip():
        raise Invalid("ecosystem_note_missing")
    with transaction():
        row = _to_review(actor, post_id)
        row.submitted_at = None
        row.review_note = note.strip()
        identity.audit(actor, "post.returned", "post", row.id, note)
        identity.notify_organisation(
            row.organisation_id, "post_returned", f"/ecosystem/posts/{row.id}", title=row.title
        )
        return row


def _to_review(actor: Actor, post_id: int) -> Post:
    if not actor.has("committee_secretary", "park_admin"):
        raise NotAllowed("only_secretary")
    row = db.session.scalar(locked(sa.select(Post).where(Post.id == post_id)))
    if row is None:
        raise NotFound("post_not_found")
    if row.state != "draft" or row.submitted_at is None:
        raise Conflict("not_in_review")
    return row


def withdraw(actor: Actor, post_id: int) -> Post:
    """Take a post back; its open proposals lapse with it, introductions go on."""
    return _close(actor, post_id, "withdrawn")


def satisfy(actor: Actor, post_id: int) -> Post:
    """Say that a post has got what it was for."""
    return _close(actor, post_id, "satisfied")


def _close(actor: Actor, post_id: int, state: str) -> Post:
    from app.ecosystem.service import matches

    with transaction():
        row = _own(actor, post_id)
        row.state = pipeline.step("post", row.state, state)
        matches.lapse_of(row.id)
        identity.audit(actor, f"post.{state}", "post", row.id)
        return row


def _own(actor: Actor, post_id: int) -> Post:
    sight.must_write(actor)
    row = db.session.scalar(locked(sa.select(Post).where(Post.id == post_id)))
    if row is None or not may_read(actor, row):
        raise NotFound("post_not_found")
    if row.organisation_id != actor.organisation_id and not actor.has("park_admin", "committee_secretary"):
        raise NotAllowed("not_your_post")
    return row


def may_read(actor: Actor, row: Post) -> bool:
    """Say whether the actor may know that the post exists."""
    if row.organisation_id == actor.organisation_id or sight.may_read_all(actor):
        return True
    return row.state in OPEN_STATES and row.visibility == "park"


def get(actor: Actor, post_id: int) -> Post:
    """Return a post the actor may know of."""
    row = db.session.get(Post, post_id)
    if row is None or not may_read(actor, row):
        raise NotFound("post_not_found")
    return row


def shows_identity(actor: Actor, row: Post) -> bool:
    return row.organisation_id == actor.organisation_id or sight.is_matchmaker(actor)


def tags_of(ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return the tags of posts, in order."""
    found: dict[int, list[str]] = {}
    wanted = sorted(set(ids))
    rows = db.session.execute(
        sa.select(PostTag.post_id, PostTag.tag).where(PostTag.post_id.in_(wanted)).order_by(PostTag.tag)
    )
    for post_id, tag in rows:
        found.setdefault(post_id, []).append(tag)
    return {id_: tuple(found.get(id_, ())) for id_ in wanted}


def market_query(
    actor: Actor,
    *,
    q: str = "",
    kind: str = "",
    segment: str = "",
    tag: str = "",
    mine: bool = False,
    state: str = "",
) -> Any:
    """Return the statement for the market as this reader may see it; only masked columns are searched."""
    query = sa.select(Post)
    if mine:
        query = query.where(Post.organisation_id == actor.organisation_id)
    elif sight.may_read_all(actor):
        query = query.where(Post.state.in_(OPEN_STATES if not state else (state,)))
    else:
        query = query.where(Post.state.in_(OPEN_STATES))
        query = query.where(sa.or_(Post.visibility == "park", Post.organisation_id == actor.organisation_id))
    if mine and state:
        query = query.where(Post.state == state)
    if kind in ("need", "offer"):
        query = query.where(Post.kind == kind)
    if segment:
        query = query.where(Post.segment == segment)
    if tag:
        tagged = sa.select(PostTag.post_id).where(PostTag.tag == text.normalise(tag).strip())
        query = query.where(Post.id.in_(tagged))
    for word in q.split()[:6]:
        like = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        columns = (Post.shown_title, Post.shown_description, Post.shown_product)
        tagged = sa.select(PostTag.post_id).where(PostTag.tag.ilike(like, escape="\\"))
        query = query.where(sa.or_(*(c.ilike(like, escape="\\") for c in columns), Post.id.in_(tagged)))
    return query


def popular_tags(most: int = 12) -> list[tuple[str, int]]:
    """Return the tags of open posts that are visible to all, most used first."""
    count = sa.func.count()
    rows = db.session.execute(
        sa.select(PostTag.tag, count)
        .join(Post, Post.id == PostTag.post_id)
        .where(Post.state.in_(OPEN_STATES), Post.visibility == "park")
        .group_by(PostTag.tag)
        .order_by(count.desc(), PostTag.tag)
        .limit(most)
    )
    return [(tag, n) for tag, n in rows]


def similar(actor: Actor, kind: str, words: str, but: int | None = None) -> list[tuple[Post, text.Similar]]:
    """Return open posts of the same kind that resemble what is being typed."""
    wanted = text.terms(words)
    if len(wanted) < 2:
        return []
    query = market_query(actor, kind=kind).order_by(Post.published_at.desc(), Post.id.desc()).limit(2000)
    rows: Sequence[Post] = db.session.scalars(query).all()
    by_id = {row.id: row for row in rows if row.id != but}
    found = text.most_similar(wanted, {id_: terms_of(row) for id_, row in by_id.items()})
    return [(by_id[s.id], s) for s in found]


def terms_of(row: Post) -> tuple[str, ...]:
    """Return the terms of what others may read of a post; the title counts twice."""
    return text.terms("\n".join((row.shown_title, row.shown_title, row.shown_product, row.shown_description)))


def review_queue() -> list[Post]:
    """Return what waits for the secretary, oldest first."""
    query = sa.select(Post).where(Post.state == "draft", Post.submitted_at.is_not(None))
    return list(db.session.scalars(query.order_by(Post.submitted_at, Post.id)))


def expire_due() -> int:
    """Close what is past its day and remind of what soon will be; may run any number of times."""
    from app.ecosystem.service import matches

    today = clock.today()
    with transaction() as session:
        late = session.scalars(
            locked(sa.select(Post).where(Post.state.in_(OPEN_STATES), Post.deadline < today))
        ).all()
        for row in late:
            row.state = pipeline.step("post", row.state, "expired")
            matches.lapse_of(row.id)
            identity.notify_organisation(
                row.organisation_id, "post_expired", f"/ecosystem/posts/{row.id}", title=row.title
            )
        soon = session.scalars(
            locked(
                sa.select(Post).where(
                    Post.state == "published",
                    Post.deadline <= today + dt.timedelta(days=REMIND_DAYS),
                    Post.reminded_on.is_(None),
                )
            )
        ).all()
        for row in soon:
            row.reminded_on = today
            identity.notify_organisation(
                row.organisation_id,
                "post_expires_soon",
                f"/ecosystem/posts/{row.id}",
                title=row.title,
                on=str(row.deadline),
            )
    return len(late)


def search(actor: Actor, q: str, most: int = 8) -> list[Post]:
    """Return what the search across the rooms finds here."""
    query = market_query(actor, q=q).order_by(Post.published_at.desc(), Post.id.desc()).limit(most)
    return list(db.session.scalars(query)) if q.strip() else []


def matches_of(actor: Actor, row: Post) -> list[Match]:
    """Return the matches of a post, best first."""
    query = sa.select(Match).where(sa.or_(Match.need_id == row.id, Match.offer_id == row.id))
    return list(db.session.scalars(query.order_by(Match.score_ratio.desc(), Match.id).limit(50)))


def split_tags(words: str) -> tuple[str, ...]:
    """Return the tags of a line: separated by spaces or any comma.

    >>> split_tags("检测，材料、AI  仓储")
    ('检测', '材料', 'AI', '仓储')
    """
    return tuple(word for word in re.split(r"[\s,，、;；#]+", words) if word)


def set_policy_from(actor: Actor, form: Mapping[str, str]) -> None:
    """Change the settings from a form; anything out of bounds is refused."""
    bounds = {
        "refusal_days": (1, 3650),
        "most_open": (1, 100),
        "least_percent": (1, 99),
        "answer_days": (1, 365),
    }
    values: dict[str, Any] = {}
    for name, (low, high) in bounds.items():
        text_value = form.get(name, "")
        if not text_value.isdecimal() or not low <= int(text_value) <= high:
            raise Invalid("policy_out_of_bounds", low=low, high=high)
        values[name] = int(text_value)
    values["review"] = "always" if form.get("review") == "always" else "rules"
    set_policy(actor, **values)
