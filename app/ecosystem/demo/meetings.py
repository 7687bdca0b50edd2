"""The round table of the demo park."""

from __future__ import annotations

from app.ecosystem.demo.people import Cast


def load(cast: Cast) -> None:
    """Filled in with the committee."""
