"""Which kinds of member a round table needs."""

from __future__ import annotations

from collections.abc import Iterable

#: Every round table wants a voice of each of these.
KINDS = ("enterprise", "university", "institute", "association", "bank", "park")


def missing_kinds(kinds: Iterable[str]) -> tuple[str, ...]:
    """Return the kinds of member nobody stands for.

    >>> missing_kinds(["park", "enterprise", "university", "bank"])
    ('institute', 'association')
    """
    there = set(kinds)
    return tuple(kind for kind in KINDS if kind not in there)
