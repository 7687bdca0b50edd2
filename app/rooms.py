"""What a room brings to the house: its pages, its API, its words and its share of the home page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app

if TYPE_CHECKING:
    from click import Command

GROUPS = ("desk", "chain", "sharing", "ecosystem", "credits", "park")


@dataclass(frozen=True)
class NavItem:
    """One line of the side navigation; `roles=None` shows it to every signed-in member."""

    endpoint: str
    icon: str
    label: Any
    group: str
    roles: frozenset[str] | set[str] | None = None
    bottom: bool = False
    badge: Callable[[Any], int] | None = None
    short: Any = ""  # the word under the icon of the bottom bar, where five stand side by side


@dataclass(frozen=True)
class Todo:
    """Something waits for this reader."""

    text: str
    url: str
    count: int = 1
    icon: str = "clipboard-check"


@dataclass(frozen=True)
class Figure:
    """One key figure of the home page."""

    icon: str
    label: str
    value: str
    unit: str = ""
    url: str = ""
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Hit:
    """One answer of the search across the rooms."""

    kind: str
    title: str
    subtitle: str
    url: str


@dataclass(frozen=True)
class Door:
    """What a reader may do in one room about a thing of another: a link on that thing's page."""

    text: str
    url: str
    icon: str


def _nothing(*_args: Any) -> list[Any]:
    return []


@dataclass(frozen=True)
class Room:
    """Everything `create_app` must know about one room."""

    name: str
    title: Any
    blueprints: Sequence[Blueprint] = ()
    apis: Sequence[Any] = ()
    nav: Sequence[NavItem] = ()
    todos: Callable[[Any], Iterable[Todo]] = _nothing
    figures: Callable[[Any], Iterable[Figure]] = _nothing
    search: Callable[[Any, str], Iterable[Hit]] = _nothing
    doors: Callable[[Any, str, int], Iterable[Door]] = _nothing
    balance: Callable[[Any], int | None] | None = None
    messages: Mapping[str, Any] = field(default_factory=dict)
    cli: Sequence[Command] = ()
    demo: Callable[[], None] | None = None
    jobs_module: str = ""
    on_start: Callable[[], None] | None = None


def rooms() -> list[Room]:
    """The rooms of the running application, lowest first."""
    return list(current_app.extensions["parklink_rooms"])


def doors(actor: Any, kind: str, number: int) -> list[Door]:
    """Where all rooms lead from the page of this thing."""
    return [door for room in rooms() for door in room.doors(actor, kind, number)]
