"""Needs and offers from the first draft to the last day: write, review, publish, close, expire."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from app.ecosystem import sight, sources, states
from app.ecosystem.limits import POST_DAYS, POST_REMINDER_DAYS
from app.ecosystem.market import rules
from app.ecosystem.market.checks import Checked, check
from app.ecosystem.market.models import Need, Offer, Post, PostTag
from app.ecosystem.market.queries import may_read
from app.ecosystem.market.rules import HELD, OPEN_STATES, Draft
from app.ecosystem.matches import service as matches
from app.ecosystem.matches.service import policy
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound
from app.hall.jobs import emit
from app.identity import door as identity
from app.identity.door import Actor, roles


def checked(organisation_id: int, draft: Draft) -> Checked:
    """Check and mask a draft; long texts take a while, so no transaction is open meanwhile."""
    return check(draft, sight.known_names(organisation_id), sources.segments(), clock.today())


def _write(row: Post, checked: Checked) -> None:
    draft = checked.draft
    for field in ("title", "description", "product", "segment", "amount_fen", "quantity", "deadline"):
        setattr(row, field, getattr(draft, field))
    row.visibility = draft.visibility
    row.matching = draft.matching
    row.unit = checked.shown_unit
    row.shown_title = checked.shown_title
    row.shown_description = checked.shown_description
    row.shown_product = checked.shown_product
    row.flags = list(checked.flags)
    row.updated_at = clock.now()


def _place(organisation_id: int) -> str | None:
    return identity.get_organisation(organisation_id).building or None


def _tagged(row: Post, checked: Checked) -> list[PostTag]:
    return [PostTag(post_id=row.id, tag=tag) for tag in checked.draft.tags]


def create(actor: Actor, kind: str, draft: Draft, submit: bool = True) -> Post:
    """Write a new need or offer for the actor's organisation, and hand it in unless it is to stay a draft."""
    (row,) = create_many(actor, [(kind, draft)], submit)
    return row


def create_many(actor: Actor, drafts: Iterable[tuple[str, Draft]], submit: bool = True) -> list[Post]:
    """Write several at once, all or none."""
    sight.must_write(actor)
    return create_checked(
        actor, [(kind, checked(actor.organisation_id, draft)) for kind, draft in drafts], submit
    )


def create_checked(actor: Actor, posts: Sequence[tuple[str, Checked]], submit: bool = True) -> list[Post]:
    """Write posts that `checked` has looked at, all or none."""
    sight.must_write(actor)
    place = _place(actor.organisation_id)
    with transaction() as session:
        rows = [_new(actor, kind, one, place) for kind, one in posts]
        session.add_all(rows)
        session.flush()
        session.add_all(
            tag for row, (_kind, one) in zip(rows, posts, strict=True) for tag in _tagged(row, one)
        )
        if submit:
            _submit(actor, rows)
        session.flush()
        return rows


def write_need(organisation_id: int, draft: Draft) -> Post:
    """A need that a firm spoke of to somebody of the park: handed in for it, reviewed like any other."""
    for_the_firm = Actor(0, organisation_id, "system", frozenset())
    return create(for_the_firm, "need", draft)


def _new(actor: Actor, kind: str, checked: Checked, place: str | None) -> Post:
    row: Post = (Need if kind == "need" else Offer)(
        organisation_id=actor.organisation_id, created_by=actor.member_id or None, created_at=clock.now()
    )
    row.place = place
    _write(row, checked)
    return row


def edit(actor: Actor, post_id: int, draft: Draft) -> Post:
    """Change a post; a published one is looked at again when its words changed."""
    return edit_checked(actor, post_id, checked(_own(actor, post_id).organisation_id, draft))


def edit_checked(actor: Actor, post_id: int, looked: Checked) -> Post:
    """Change a post to what `checked` has looked at."""
    with transaction():
        row = _own(actor, post_id)
        if row.state not in ("draft", "published", "engaged"):
            raise Conflict("post_closed")
        words_before = (row.title, row.description, row.product)
        _write(row, looked)
        row.place = _place(row.organisation_id)
        db.session.execute(sa.delete(PostTag).where(PostTag.post_id == row.id))
        db.session.add_all(_tagged(row, looked))
        db.session.flush()
        if (
            row.state != "draft"
            and words_before != (row.title, row.description, row.product)
            and not _passes(row)
        ):
            row.state = "draft"
            row.submitted_at = clock.now()
            _tell_secretary([row])
        elif row.state in OPEN_STATES:
            _look_for_partners([row])
        return row


def submit(actor: Actor, post_id: int) -> Post:
    """Hand a draft in; it is published at once when the rules find nothing a person must look at."""
    with transaction():
        row = _own(actor, post_id)
        if row.state not in ("draft", "expired", "withdrawn"):
            raise Conflict("ecosystem_step_refused", state=row.state, to="published")
        if row.state != "draft":
            row.state = states.step(rules.POST, row.state, "draft")
        if row.deadline and row.deadline < clock.today():
            raise Conflict("post_deadline_past")
        _submit(actor, [row])
        return row


def _passes(row: Post) -> bool:
    return policy().review == "rules" and HELD.isdisjoint(row.flags)


def _submit(actor: Actor, rows: Sequence[Post]) -> None:
    """Hand posts in: those that nobody must look at go out, the others wait for the secretary."""
    by_rules = policy().review == "rules"
    waiting, out = [], []
    for row in rows:
        row.submitted_at = clock.now()
        row.review_note = ""
        if by_rules and HELD.isdisjoint(row.flags):
            _publish(row, None)
            out.append(row)
        else:
            waiting.append(row)
        identity.audit(actor, "post.submitted", "post", row.id, state=row.state or "draft")
    _tell_secretary(waiting)
    _look_for_partners(out)


def _tell_secretary(rows: Sequence[Post]) -> None:
    """One message, however many posts came at once."""
    if len(rows) == 1:
        identity.notify_role(
            "committee_secretary", "post_to_review", "/ecosystem/review", title=rows[0].title
        )
    elif rows:
        identity.notify_role(roles.COMMITTEE_SECRETARY, "posts_to_review", "/ecosystem/review", num=len(rows))


def _publish(row: Post, by: int | None) -> None:
    row.state = states.step(rules.POST, row.state, "published")
    row.published_at = clock.now()
    row.published_by = by
    if row.deadline is None:
        row.deadline = clock.today() + dt.timedelta(days=POST_DAYS)
    row.reminded_on = None


def _look_for_partners(rows: Sequence[Post]) -> None:
    """Have partners looked for after the commit: the whole market is read for it."""
    if ids := [row.id for row in rows if row.matching]:
        emit("posts.changed", {"ids": ids})


def publish(actor: Actor, post_id: int) -> Post:
    """Let a reviewed post go out."""
    with transaction():
        row = _to_review(actor, post_id)
        _publish(row, actor.member_id)
        _look_for_partners([row])
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
    if not actor.may(roles.MODERATES_POSTS):
        raise NotAllowed("only_secretary")
    row = db.session.scalar(locked(sa.select(Post).where(Post.id == post_id)))
    if row is None:
        raise NotFound("post_not_found")
    if row.state != "draft" or row.submitted_at is None:
        raise Conflict("not_in_review")
    return row


def _own(actor: Actor, post_id: int) -> Post:
    sight.must_write(actor)
    row = db.session.scalar(locked(sa.select(Post).where(Post.id == post_id)))
    if row is None or not may_read(actor, row):
        raise NotFound("post_not_found")
    if row.organisation_id != actor.organisation_id and not actor.may(roles.MODERATES_POSTS):
        raise NotAllowed("not_your_post")
    return row


def withdraw(actor: Actor, post_id: int) -> Post:
    """Take a post back; its open proposals lapse with it, introductions go on."""
    return _close(actor, post_id, "withdrawn")


def satisfy(actor: Actor, post_id: int) -> Post:
    """Say that a post has got what it was for."""
    return _close(actor, post_id, "satisfied")


def _close(actor: Actor, post_id: int, state: str) -> Post:

    with transaction():
        row = _own(actor, post_id)
        row.state = states.step(rules.POST, row.state, state)
        matches.lapse_of(row.id)
        identity.audit(actor, f"post.{state}", "post", row.id)
        return row


def expire_due() -> int:
    """Close what is past its day and remind of what soon will be; may run any number of times."""

    today = clock.today()
    with transaction() as session:
        late = session.scalars(
            locked(sa.select(Post).where(Post.state.in_(OPEN_STATES), Post.deadline < today))
        ).all()
        for row in late:
            row.state = states.step(rules.POST, row.state, "expired")
            matches.lapse_of(row.id)
            identity.notify_organisation(
                row.organisation_id, "post_expired", f"/ecosystem/posts/{row.id}", title=row.title
            )
        soon = session.scalars(
            locked(
                sa.select(Post).where(
                    Post.state == "published",
                    Post.deadline <= today + dt.timedelta(days=POST_REMINDER_DAYS),
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


def open_needs_of(organisation_id: int, limit: int = 10) -> list[Need]:
    """Open needs of a firm, the newest first."""
    query = sa.select(Need).where(Need.organisation_id == organisation_id, Need.state.in_(OPEN_STATES))
    return list(db.session.scalars(query.order_by(Need.id.desc()).limit(limit)))
