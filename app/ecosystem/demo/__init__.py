"""The ecosystem of the fictional demo park (虚构): what its firms need, offer and have achieved together."""

from __future__ import annotations

from app.ecosystem.demo import market as demo_market
from app.ecosystem.demo import meetings as demo_meetings
from app.ecosystem.demo import prospects as demo_prospects
from app.ecosystem.demo.people import Cast
from app.ecosystem.signals import service as signals


def load() -> None:
    """Needs and offers, matches and introductions in every state, the round table, projects, packs, signals."""
    cast = Cast()
    demo_market.load(cast)
    demo_meetings.load(cast)
    demo_prospects.load(cast)
    signals.take_refused_bookings()
