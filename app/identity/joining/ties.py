"""What other rooms know of an organisation, and do when it is joined, leaves, or is described: each room says its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.hall.db.counting import Question
from app.hall.rooms import rooms
from app.identity.actor import Actor
from app.identity.joining.repoint import Move


@dataclass(frozen=True)
class Line:
    """One line of what a room knows: words, a value, and where its rows are."""

    text: str
    value: str = ""
    url: str = ""


@dataclass(frozen=True)
class OpenThing:
    """Something that is open when a firm leaves, and what happens to it on the day."""

    text: str
    count: int
    happens: str
    url: str = ""


@dataclass(frozen=True)
class Step:
    """One step of a firm's first days: its key, whether it is done, and where to do it."""

    key: str
    done: bool
    url: str


@dataclass(frozen=True)
class FirstStep:
    """A step as a room says it: done once what it asks about is there; all rooms' questions are one statement."""

    key: str
    asks: Question
    url: str


def _no_steps(_organisation_id: int) -> Sequence[FirstStep]:
    return ()


def _no_lines(_actor: Actor, _organisation_id: int) -> Sequence[Line]:
    return ()


def _nothing_open(_organisation_id: int, _day: dt.date) -> Sequence[OpenThing]:
    return ()


def _nothing_joined(_actor: Actor, _move: Move) -> None:
    return None


def _nothing_left(_organisation_id: int, _day: dt.date) -> None:
    return None


@dataclass(frozen=True)
class Ties:
    """One room's part in the life of an organisation; a room fills in what concerns it."""

    title: object  # lazy words: what the room's part of 企业画像 is called
    lines: Callable[[Actor, int], Sequence[Line]] = _no_lines
    open_things: Callable[[int, dt.date], Sequence[OpenThing]] = _nothing_open
    joined: Callable[[Actor, Move], None] = _nothing_joined
    parted: Callable[[Actor, Move], None] = _nothing_joined
    left: Callable[[int, dt.date], None] = _nothing_left
    steps: Callable[[int], Sequence[FirstStep]] = _no_steps


@dataclass
class _Known:
    ties: dict[str, Ties] = field(default_factory=dict)


_known = _Known()


def register_ties(room: str, ties: Ties) -> None:
    """A room above says its part once, when it is imported."""
    _known.ties[room] = ties


def all_ties() -> list[Ties]:
    """Every room's part, in the order of the rooms."""
    return [_known.ties[room.name] for room in rooms() if room.name in _known.ties]
