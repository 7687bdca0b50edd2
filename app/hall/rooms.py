"""What a room brings to the house: its pages, its API, its words and its share of the home page.

A room is a package of `app` with a `room.py` that holds one `Room`; nothing else has to name it.
"""

from __future__ import annotations

import datetime as dt
import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app
from flask_babel import lazy_gettext as _l

from app.hall.files.sheets.kinds import SheetKind

if TYPE_CHECKING:
    from click import Command


@dataclass(frozen=True)
class Group:
    """A group of the side navigation: what people do, not which room does it."""

    label: Any
    icon: str
    tone: str = "pri"
    own: Any = ""  # what it is called for members who are not the park's


GROUPS = {
    "today": Group(_l("今天"), "sunrise"),
    "firms": Group(_l("入园企业"), "building-community"),
    "services": Group(_l("服务"), "heart-handshake", "violet"),
    "chain": Group(_l("产业链"), "topology-star-3", "ok"),
    "resources": Group(_l("资源"), "packages"),
    "credits": Group(_l("积分"), "coins", "warn"),
    "insight": Group(_l("洞察"), "chart-line"),
    "park": Group(_l("园区管理"), "settings", own=_l("本单位")),
}


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
    subject: Any = ""  # pages of one subject are one line of the navigation, and tabs of each other


@dataclass(frozen=True)
class Role:
    """What a member may be made: its code, its name, and the kinds of organisation whose people may hold it."""

    code: str
    label: Any
    held_in: frozenset[str]


@dataclass(frozen=True)
class Todo:
    """Something waits for this reader."""

    text: str
    url: str
    count: int = 1
    icon: str = "clipboard-check"


@dataclass(frozen=True)
class Appointment:
    """Something of today: an appointment, or (`due`) the moment at which something turns red."""

    at: dt.datetime
    title: str
    url: str
    icon: str
    note: str = ""
    due: bool = False


@dataclass(frozen=True)
class Action:
    """The one thing a reader comes for, big on their start page."""

    text: str
    note: str
    url: str
    icon: str


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
class Line:
    """One line of a section: what it is, what is said of it, where it leads, and how it stands."""

    title: str
    note: str = ""
    url: str = ""
    tag: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Section:
    """A part of a firm's own page (`/me`): a few lines, where the rest is, and what is said where there are none."""

    title: str
    url: str
    icon: str
    lines: Sequence[Line]
    empty: str
    place: int  # from the top


@dataclass(frozen=True)
class Hit:
    """One answer of the search across the rooms."""

    kind: str
    title: str
    subtitle: str
    url: str


@dataclass(frozen=True)
class Name:
    """Something that is searched by its name: of which kind, which one, where it leads, and who may find it."""

    kind: str
    ref: str
    title: str
    subtitle: str
    url: str
    seen_by: frozenset[str] = frozenset()  # roles; empty: every member
    organisation_id: int | None = None  # whose people find it in any case
    words: tuple[str, ...] = ()  # further names: in another language, a number


@dataclass(frozen=True)
class Door:
    """What a reader may do in one room about a thing of another: a link on that thing's page."""

    text: str
    url: str
    icon: str


def _nothing(*_args: Any) -> list[Any]:
    return []


def _no_action(_actor: Any) -> Action | None:
    return None


def _no_block(_actor: Any) -> str:
    return ""


@dataclass(frozen=True)
class Room:
    """Everything `create_app` must know about one room."""

    name: str
    title: Any
    icon: str = "layout-grid"
    may_call: frozenset[str] = frozenset()  # the rooms whose door it may use; together they make no circle
    blueprints: Sequence[Blueprint] = ()
    apis: Sequence[Any] = ()
    nav: Sequence[NavItem] = ()
    roles: Sequence[Role] = ()
    todos: Callable[[Any], Iterable[Todo]] = _nothing
    figures: Callable[[Any], Iterable[Figure]] = _nothing
    agenda: Callable[[Any], Iterable[Appointment]] = _nothing
    action: Callable[[Any], Action | None] = _no_action
    sections: Callable[[Any], Iterable[Section]] = _nothing  # of a firm's own page
    block: Callable[[Any], str] = _no_block  # the address of a part of the start page that loads by itself
    search: Callable[[Any, str], Iterable[Hit]] = _nothing
    names: Callable[[], Iterable[Name]] = _nothing
    doors: Callable[[Any, str, int], Iterable[Door]] = _nothing
    balance: Callable[[Any], int | None] | None = None
    messages: Mapping[str, Any] = field(default_factory=dict)
    cli: Sequence[Command] = ()
    demo: Callable[[], None] | None = None
    jobs_module: str = ""
    on_start: Callable[[], None] | None = None
    sheets: Sequence[SheetKind] = ()  # lists that come in from a sheet and go out to one


def room_folders() -> dict[str, Path]:
    """The folder of every room, by name: the packages of `app` that hold a `room.py`."""
    found = {}
    for one in pkgutil.iter_modules(importlib.import_module("app").__path__):
        folder = Path(getattr(one.module_finder, "path", "")) / one.name
        if one.ispkg and (folder / "room.py").is_file():
            found[one.name] = folder
    return dict(sorted(found.items()))


def load_rooms() -> list[Room]:
    """Every room there is, those first that others call; equal ones by name."""
    found: dict[str, Room] = {
        name: importlib.import_module(f"app.{name}.room").ROOM for name in room_folders()
    }
    order = TopologicalSorter({name: sorted(room.may_call) for name, room in found.items()})
    order.prepare()
    lowest_first = []
    while order.is_active():
        ready = sorted(order.get_ready())
        lowest_first += [found[name] for name in ready]
        order.done(*ready)
    return lowest_first


def rooms() -> list[Room]:
    """The rooms of the running application, lowest first."""
    return list(current_app.extensions["parklink_rooms"])


def declared_roles() -> dict[str, Role]:
    """The roles a member may hold, by code: what the rooms declare, the most telling first."""
    return {role.code: role for room in rooms() for role in room.roles}


def doors(actor: Any, kind: str, number: int) -> list[Door]:
    """Where all rooms lead from the page of this thing."""
    return [door for room in rooms() for door in room.doors(actor, kind, number)]
