"""The agenda's second half: what the park can bring together, each with the concern it answers. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.ecosystem.round_table.agenda import Idle

KINDS = ("offer", "instrument", "expert")
MOST = 3
"""Of one kind for one subject: a table looks at names, not at lists."""
IDLE_RATIO = 0.5
"""An instrument that is used less than half of its open hours has room for others."""


@dataclass(frozen=True)
class Concern:
    """A subject of the agenda that something may answer: by its word, by a segment, or both."""

    item: int
    topic: str = ""
    segment: str | None = None
    said_by: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Thing:
    """Something shared that was found by the words of a concern: `used` of its open hours, None if that is unknown."""

    id: int
    kind: str
    organisation: int
    used: float | None = None


@dataclass(frozen=True)
class Answer:
    """What could answer a concern; `by` says how it was found: the word, or the segment."""

    item: int
    kind: str
    id: int
    organisation: int
    by: str
    used: float | None = None


def bring_together(
    concerns: Sequence[Concern], offers: Iterable[Idle], things: Mapping[str, Sequence[Thing]]
) -> list[Answer]:
    """What could answer each concern: open offers first, then idle instruments, then experts.

    Nobody answers a concern of their own. An instrument counts while it is used less than half of its open hours or
    nothing is known of its use; the least used come first. `things` are by topic. O(concerns · (offers + things)).

    >>> concerns = [Concern(7, "热管理", "thermal", frozenset({1}))]
    >>> offers = [Idle(3, 2, frozenset({"热管理"})), Idle(4, 1, frozenset({"热管理"})), Idle(5, 6, segment="thermal")]
    >>> things = {"热管理": [Thing(8, "instrument", 5, 0.9), Thing(9, "instrument", 5, 0.1), Thing(2, "expert", 4)]}
    >>> [(one.kind, one.id, one.by) for one in bring_together(concerns, offers, things)]
    [('offer', 3, 'topic'), ('offer', 5, 'segment'), ('instrument', 9, 'topic'), ('expert', 2, 'topic')]
    """
    known = sorted(offers, key=lambda one: one.id)
    found: list[Answer] = []
    for concern in concerns:
        answers = [
            Answer(concern.item, "offer", one.id, one.organisation, by)
            for one in known
            if one.organisation not in concern.said_by and (by := _by(concern, one.tags, one.segment))
        ]
        suited = [one for one in things.get(concern.topic, ()) if one.organisation not in concern.said_by]
        suited = [one for one in suited if one.used is None or one.used < IDLE_RATIO]
        suited.sort(key=lambda one: (one.used is None, one.used or 0.0, one.id))
        answers += [
            Answer(concern.item, one.kind, one.id, one.organisation, "topic", one.used) for one in suited
        ]
        for kind in KINDS:
            found += [one for one in answers if one.kind == kind][:MOST]
    return found


def _by(concern: Concern, tags: Collection[str], segment: str | None) -> str:
    if concern.topic and concern.topic in tags:
        return "topic"
    return "segment" if segment and segment == concern.segment else ""
