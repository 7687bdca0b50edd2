"""What a reader may see of needs and offers; others read and search the masked copy only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from app.ecosystem import sight, sources
from app.ecosystem.market import similarity
from app.ecosystem.market.models import Post, PostTag
from app.ecosystem.market.rules import OPEN_STATES, Wanted
from app.hall.db.base import db
from app.hall.db.counting import Question, how_many
from app.hall.errors import NotFound
from app.hall.text.normalise import escape_like
from app.identity.door import Actor


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


def find_many(actor: Actor, ids: Iterable[int]) -> dict[int, Post]:
    """Return those of the posts with these numbers that the actor may know of."""
    rows = db.session.scalars(sa.select(Post).where(Post.id.in_(sorted(set(ids)))))
    return {row.id: row for row in rows if may_read(actor, row)}


def shows_identity(actor: Actor, row: Post) -> bool:
    return row.organisation_id == actor.organisation_id or sight.is_matchmaker(actor)


def open_posts() -> list[Post]:
    """Every need and offer that is out."""
    return list(db.session.scalars(sa.select(Post).where(Post.state.in_(OPEN_STATES)).order_by(Post.id)))


def shown_segment(actor: Actor, row: Post) -> str | None:
    """Return the segment of a post, None where so few firms stand on it that it would tell whose the post is."""
    if row.segment is None or shows_identity(actor, row) or row.segment in sources.crowded_segments():
        return row.segment
    return None


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


def market_query(actor: Actor, wanted: Wanted) -> sa.Select[Post]:
    """Return the statement for the market as this reader may see it; only masked columns are searched."""
    query = sa.select(Post)
    if wanted.mine:
        query = query.where(Post.organisation_id == actor.organisation_id)
    elif sight.may_read_all(actor):
        query = query.where(Post.state.in_(OPEN_STATES if not wanted.state else (wanted.state,)))
    else:
        query = query.where(Post.state.in_(OPEN_STATES))
        query = query.where(sa.or_(Post.visibility == "park", Post.organisation_id == actor.organisation_id))
    if wanted.mine and wanted.state:
        query = query.where(Post.state == wanted.state)
    if wanted.kind in ("need", "offer"):
        query = query.where(Post.kind == wanted.kind)
    if wanted.segment:
        query = query.where(Post.segment == wanted.segment)
        if not sight.is_matchmaker(actor) and wanted.segment not in sources.crowded_segments():
            query = query.where(Post.organisation_id == actor.organisation_id)
    if wanted.tag:
        tagged = sa.select(PostTag.post_id).where(PostTag.tag == similarity.normalise(wanted.tag).strip())
        query = query.where(Post.id.in_(tagged))
    for word in wanted.q.split()[:6]:
        like = f"%{escape_like(word)}%"
        columns = (Post.shown_title, Post.shown_description, Post.shown_product)
        tagged = sa.select(PostTag.post_id).where(PostTag.tag.ilike(like, escape="\\"))
        query = query.where(sa.or_(*(c.ilike(like, escape="\\") for c in columns), Post.id.in_(tagged)))
    return query


def newest(statement: sa.Select[Post], most: int) -> list[Post]:
    """Return the first of these posts, what was changed last first."""
    return list(db.session.scalars(statement.order_by(Post.updated_at.desc(), Post.id.desc()).limit(most)))


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


def similar(
    actor: Actor, kind: str, words: str, but: int | None = None
) -> list[tuple[Post, similarity.Similar]]:
    """Return open posts of the same kind that resemble what is being typed."""
    wanted = similarity.terms(words)
    if len(wanted) < 2:
        return []
    query = (
        market_query(actor, Wanted(kind=kind)).order_by(Post.published_at.desc(), Post.id.desc()).limit(2000)
    )
    rows: Sequence[Post] = db.session.scalars(query).all()
    by_id = {row.id: row for row in rows if row.id != but}
    found = similarity.most_similar(wanted, {id_: terms_of(row) for id_, row in by_id.items()})
    return [(by_id[s.id], s) for s in found]


_TO_REVIEW = (Post.state == "draft", Post.submitted_at.is_not(None))


def terms_of(row: Post) -> tuple[str, ...]:
    """Return the terms of what others may read of a post; the title counts twice."""
    return similarity.terms(
        "\n".join((row.shown_title, row.shown_title, row.shown_product, row.shown_description))
    )


def to_review() -> Question:
    """How many posts wait for the secretary."""
    return how_many(*_TO_REVIEW)


def review_queue() -> list[Post]:
    """Return what waits for the secretary, oldest first."""
    query = sa.select(Post).where(*_TO_REVIEW)
    return list(db.session.scalars(query.order_by(Post.submitted_at, Post.id)))


def search(actor: Actor, q: str, most: int = 8) -> list[Post]:
    """Return what the search across the rooms finds here."""
    query = market_query(actor, Wanted(q=q)).order_by(Post.published_at.desc(), Post.id.desc()).limit(most)
    return list(db.session.scalars(query)) if q.strip() else []
