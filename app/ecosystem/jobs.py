"""What the room does by itself: expiry, lapsing, reminders, credits, a fresh look at the market."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from app.ecosystem import handlers
from app.ecosystem.introductions import service as introductions
from app.ecosystem.market import service as market
from app.ecosystem.market.masks import mask_again
from app.ecosystem.matches import service as matches
from app.ecosystem.matches.score import Proposal
from app.ecosystem.packs import service as packs
from app.ecosystem.round_table import service as round_table
from app.ecosystem.signals import service as signals
from app.hall.jobs import every, on, on_thinking


@every(minutes=60, unasked="an expired post becomes a draft again, a lapsed pair is proposed again")
def tidy_market() -> None:
    market.expire_due()
    matches.lapse_due()
    introductions.remind()
    round_table.remind()


@every(minutes=360, unasked="only proposes")
def look_again() -> None:
    signals.take_refused_bookings()
    matches.propose_all()


@every(minutes=60 * 24, unasked="the text itself stays, what others read of it is made again")
def mask_posts_again() -> None:
    mask_again()


@on_thinking("posts.changed")
def posts_changed(payload: dict[str, Any]) -> Callable[[], None]:
    """Partners are looked for once the posts are durable: the whole market is read, and nobody waits for it."""
    found = matches.look([int(id_) for id_ in payload["ids"]])
    return partial(_keep_some, found)


def _keep_some(found: list[Proposal]) -> None:
    """The best; what is beyond a sitting's worth of writing comes with the next look at the whole market."""
    matches.keep(found[: matches.PAIRS_AT_ONCE])


@on("introduction.verified")
def introduction_verified(payload: dict[str, Any]) -> None:
    """Credits follow in a transaction of their own, exactly once even if the process dies in between."""
    handlers.award_introduction(int(payload["id"]))


@on("prospect.landed")
def prospect_landed(payload: dict[str, Any]) -> None:
    """The firm a prospect became takes the introductions of its packs along."""
    packs.take_along(int(payload["prospect_id"]), int(payload["organisation_id"]))
