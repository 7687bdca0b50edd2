"""How needs and offers end: withdrawn, satisfied, expired."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app import clock
from app.db import locked, transaction
from app.ecosystem import pipeline
from app.ecosystem.models import Post
from app.identity import service as identity

if TYPE_CHECKING:
    from app.identity.service import Actor
from app.ecosystem.service.posts.reading import OPEN_STATES
from app.ecosystem.service.posts.writing import _own

REMIND_DAYS = 7


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
