"""What the room does by itself: expiry, lapsing, reminders, credits, a fresh look at the market."""

from __future__ import annotations

from typing import Any

from app.ecosystem.service import across, committee, introductions, matches, packs, posts, signals
from app.jobs import every, on


@every(minutes=60)
def tidy_market() -> None:
    posts.expire_due()
    matches.lapse_due()
    introductions.remind()
    committee.remind()


@every(minutes=360)
def look_again() -> None:
    signals.take_refused_bookings()
    matches.propose_all()


@on("introduction.verified")
def introduction_verified(payload: dict[str, Any]) -> None:
    """Credits follow in a transaction of their own, exactly once even if the process dies in between."""
    across.award_introduction(int(payload["id"]))


@on("prospect.landed")
def prospect_landed(payload: dict[str, Any]) -> None:
    """The firm a prospect became takes the introductions of its packs along."""
    packs.take_along(int(payload["prospect_id"]), int(payload["organisation_id"]))
