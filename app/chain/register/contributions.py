"""What higher rooms know and this room shows: what could fill a gap, what a firm shares. They register here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.identity.door import Actor


@dataclass(frozen=True)
class Thing:
    """A resource, an offer: its kind in the reader's language, its name, why it is named here, and its page."""

    kind: str
    title: str
    note: str
    url: str


@dataclass(frozen=True)
class Fillers:
    """What a room found for a gap: the first few, how many in all, and the page that shows them all."""

    things: tuple[Thing, ...]
    total: int
    url: str


@dataclass(frozen=True)
class Heard:
    """What was said about a segment: how many sentences by how many firms, the latest of them, and where all stand."""

    count: int
    firms: int
    sentences: tuple[str, ...]
    url: str


Listen = Callable[[Actor, Sequence[str]], Mapping[str, Heard]]
_listen: list[Listen] = []
Fill = Callable[[Actor, str], Fillers | None]
Share = Callable[[Actor, int], Iterable[Thing]]
_fill: list[Fill] = []
_share: list[Share] = []


def register_fill(source: Fill) -> None:
    """Called by a higher room when the app is made."""
    if source not in _fill:
        _fill.append(source)


def register_share(source: Share) -> None:
    if source not in _share:
        _share.append(source)


def register_heard(source: Listen) -> None:
    if source not in _listen:
        _listen.append(source)


def heard(actor: Actor, segments: Sequence[str]) -> dict[str, Heard]:
    """By segment, as far as this reader may know of it; it stands beside the rank and changes none."""
    found: dict[str, Heard] = {}
    for source in _listen if segments else ():
        found |= source(actor, segments)
    return found


def fillers(actor: Actor, segment: str) -> list[Fillers]:
    return [found for source in _fill if (found := source(actor, segment)) is not None]


def shared_by(actor: Actor, organisation_id: int | None) -> list[Thing]:
    if organisation_id is None:
        return []
    return [thing for source in _share for thing in source(actor, organisation_id)]
