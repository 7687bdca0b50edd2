"""What one feature brings to the room; `room.py` lists the features and hands all of it to the house."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.hall.rooms import Door, Hit, NavItem, Section, Todo

if TYPE_CHECKING:
    from app.identity.door import Actor


def _nothing(*_args: object) -> tuple[()]:
    return ()


@dataclass(frozen=True)
class Feature:
    """A feature's lines of the navigation, what waits for whom, its hits, doors, sentences, demo and start."""

    nav: Sequence[NavItem] = ()
    todos: Callable[[Actor], Iterable[Todo]] = _nothing
    sections: Callable[[Actor], Iterable[Section]] = _nothing
    search: Callable[[Actor, str], Iterable[Hit]] = _nothing
    doors: Callable[[Actor, str, int], Iterable[Door]] = _nothing
    messages: Mapping[str, Any] = field(default_factory=dict)
    demo: Callable[[], None] | None = None
    on_start: Callable[[], None] | None = None
