"""What the lower rooms know and this room needs, asked through their services only."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, has_request_context

from app import language


@dataclass(frozen=True)
class SegmentInfo:
    """A segment of a chain by its code."""

    code: str
    name_zh: str
    name_en: str

    @property
    def name(self) -> str:
        return (self.name_en if language.lang() == "en" else "") or self.name_zh or self.code


def segments() -> dict[str, SegmentInfo]:
    """Return all segments of the park's chains by code."""
    return {}


def inputs() -> frozenset[tuple[str, str]]:
    """Return (input, output) pairs of all chains."""
    return frozenset()


def segment_name(code: str | None) -> str:
    """Return how a segment is called in the reader's language; its code where it is not known."""
    if not code:
        return ""
    if has_request_context():
        if "ecosystem_segments" not in g:
            g.ecosystem_segments = segments()
        known = g.ecosystem_segments
    else:
        known = segments()
    found = known.get(code)
    return found.name if found else code
