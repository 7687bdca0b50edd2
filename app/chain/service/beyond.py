"""What higher rooms know and this room shows: what could fill a gap, what a firm shares. They register here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.identity.service import Actor


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


def fillers(actor: Actor, segment: str) -> list[Fillers]:
    return [found for source in _fill if (found := source(actor, segment)) is not None]


def shared_by(actor: Actor, organisation_id: int | None) -> list[Thing]:
    if organisation_id is None:
        return []
    return [thing for source in _share for thing in source(actor, organisation_id)]
