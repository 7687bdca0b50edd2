"""What the room does by itself: expiry, lapsing, reminders, a fresh look at the market."""

from __future__ import annotations

from app.ecosystem.service import introductions, matches, posts
from app.jobs import every


@every(minutes=60)
def tidy_market() -> None:
    posts.expire_due()
    matches.lapse_due()
    introductions.remind_stalled()


@every(minutes=360)
def propose_again() -> None:
    matches.propose_all()
