"""The API of a need or offer after it was written: handed in, read by the secretary, taken back, satisfied."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from app.api import ApiModel, PageQuery, idempotent, listed
from app.ecosystem.api import IdPath, api, post_out
from app.ecosystem.models import Post
from app.ecosystem.service import posts
from app.web import current_actor, roles, signed_in

SECRETARIES = ("committee_secretary", "park_admin")


class ReturnBody(ApiModel):
    note: str = Field(min_length=1, max_length=500)


def _out(row: Post) -> dict[str, Any]:
    return post_out(current_actor(), row, posts.tags_of([row.id])[row.id])


@api.get("/posts/<int:id>")
@signed_in
def show_post(path: IdPath) -> Any:
    """One need or offer as the caller may see it; both kinds share one range of numbers."""
    return _out(posts.get(current_actor(), path.id))


@api.get("/reviews")
@roles(*SECRETARIES, "auditor")
def list_reviews(query: PageQuery) -> Any:
    """What waits to be read before it is published, oldest first."""
    rows = posts.review_queue()
    return listed([_out(row) for row in rows[query.offset : query.offset + query.limit]], len(rows))


@api.post("/posts/<int:id>/approve")
@roles(*SECRETARIES)
@idempotent
def approve_post(path: IdPath) -> Any:
    """Let a post go out; matching pairs are proposed at once."""
    return _out(posts.publish(current_actor(), path.id))


@api.post("/posts/<int:id>/return")
@roles(*SECRETARIES)
@idempotent
def return_post(path: IdPath, body: ReturnBody) -> Any:
    """Give a post back to its writer with a word about what is missing."""
    return _out(posts.give_back(current_actor(), path.id, body.note))


@api.post("/posts/<int:id>/submit")
@signed_in
@idempotent
def submit_post(path: IdPath) -> Any:
    """Hand in a draft, or one that expired or was withdrawn."""
    return _out(posts.submit(current_actor(), path.id))


@api.post("/posts/<int:id>/withdraw")
@signed_in
@idempotent
def withdraw_post(path: IdPath) -> Any:
    """Take a post back; its open matches lapse, introductions go on."""
    return _out(posts.withdraw(current_actor(), path.id))


@api.post("/posts/<int:id>/satisfy")
@signed_in
@idempotent
def satisfy_post(path: IdPath) -> Any:
    """Say that a post has got what it was for."""
    return _out(posts.satisfy(current_actor(), path.id))
