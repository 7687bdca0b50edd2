"""The ecosystem of the fictional demo park (虚构): needs, offers, matches, introductions."""

from __future__ import annotations


def load() -> None:
    """Nothing yet."""
