"""Options for selects: organisations, segments."""

from __future__ import annotations

from collections.abc import Iterable

from app.ecosystem import sources
from app.identity import door as identity


def organisations(*kinds: str) -> list[tuple[int, str]]:
    """Return (id, name) of active organisations of these kinds (all where none is named), by name."""
    return options(identity.active_organisations(*kinds))


def options(found: Iterable[identity.OrganisationInfo]) -> list[tuple[int, str]]:
    return [(o.id, o.name) for o in sorted(found, key=lambda o: (o.kind == "enterprise", o.code))]


def segments() -> list[tuple[str, str]]:
    """Return (code, name) of all segments, with an empty first."""
    return [("", "—"), *((code, info.name) for code, info in sorted(sources.segments().items()))]
