"""Options for selects: organisations, segments."""

from __future__ import annotations

from app.ecosystem.service import around
from app.identity import service as identity


def organisations(*kinds: str) -> list[tuple[int, str]]:
    """Return (id, name) of active organisations of these kinds (all where none is named), by name."""
    found: list[identity.OrganisationInfo] = []
    for kind in kinds or (None,):
        found += identity.list_organisations(kind=kind, per_page=1000).items
    return [(o.id, o.name) for o in sorted(found, key=lambda o: (o.kind == "enterprise", o.code))]


def segments() -> list[tuple[str, str]]:
    """Return (code, name) of all segments, with an empty first."""
    return [("", "—"), *((code, info.name) for code, info in sorted(around.segments().items()))]
