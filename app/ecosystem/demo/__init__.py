"""The ecosystem of the fictional demo park (虚构): what its firms need, offer and have achieved together."""

from __future__ import annotations

from app.ecosystem.demo import market, meetings, prospects
from app.ecosystem.demo.people import Cast
from app.ecosystem.service import signals


def load() -> None:
    """Needs and offers, matches and introductions in every state, the round table, projects, packs, signals."""
    cast = Cast()
    market.load(cast)
    meetings.load(cast)
    prospects.load(cast)
    signals.take_refused_bookings()
