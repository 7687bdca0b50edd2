"""Needs and offers from the first draft to publication."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app import clock
from app.db import db, locked, transaction
from app.ecosystem import masking, pipeline, text
from app.ecosystem.models import Need, Offer, Post, PostTag
from app.ecosystem.service import around, sight
from app.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.identity import service as identity

if TYPE_CHECKING:
    from app.identity.service import Actor
from app.ecosystem.service.posts.reading import OPEN_STATES, may_read
from app.ecosystem.service.posts.rules import policy

DEFAULT_DAYS = 180


#: What the rules do not let out by themselves; a name alone is masked and goes out.
HELD = frozenset({"contact", "too_little"})


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


def _own(actor: Actor, post_id: int) -> Post:
    sight.must_write(actor)
    row = db.session.scalar(locked(sa.select(Post).where(Post.id == post_id)))
    if row is None or not may_read(actor, row):
        raise NotFound("post_not_found")
    if row.organisation_id != actor.organisation_id and not actor.has("park_admin", "committee_secretary"):
        raise NotAllowed("not_your_post")
    return row


def split_tags(words: str) -> tuple[str, ...]:
    """Return the tags of a line: separated by spaces or any comma.

    >>> split_tags("检测，材料、AI  仓储")
    ('检测', '材料', 'AI', '仓储')
    """
    return tuple(word for word in re.split(r"[\s,，、;；#]+", words) if word)
