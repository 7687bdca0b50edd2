"""What the frame of every page shows: navigation by work, tabs of a subject, balance, messages, who is signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import has_request_context, request, url_for
from flask_login import current_user

from app.hall.rooms import GROUPS, NavItem, rooms
from app.hall.text import language
from app.hall.web.frame_numbers import Numbers, numbers

if TYPE_CHECKING:
    from app.identity.door import Actor

PINS = 4


@dataclass
class Page:
    """One page of the navigation, as this reader sees it."""

    endpoint: str
    url: str
    icon: str
    label: str
    short: str
    badge: int
    pinned: bool
    active: bool = False


@dataclass
class Line:
    """One line of the navigation: a page, or the pages of one subject as tabs of each other."""

    label: str
    pages: list[Page] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.pages[0].url

    @property
    def icon(self) -> str:
        return self.pages[0].icon

    @property
    def badge(self) -> int:
        return sum(page.badge for page in self.pages)

    @property
    def active(self) -> bool:
        return any(page.active for page in self.pages)


@dataclass
class Fold:
    """A group of lines; open where the reader is, folded elsewhere with the sum of its badges."""

    key: str
    label: str
    icon: str
    tone: str
    lines: list[Line]

    @property
    def badge(self) -> int:
        return sum(line.badge for line in self.lines)

    @property
    def open(self) -> bool:
        return any(line.active for line in self.lines)


def frame() -> dict[str, object]:
    """The frame's variables for the templates."""
    empty: dict[str, Any] = {
        "nav": [],
        "nav_pins": [],
        "nav_here": None,
        "nav_tabs": [],
        "bottom_nav": [],
        "me": None,
        "balance": None,
        "unread": 0,
        "other_lang_url": "",
    }
    if not has_request_context():
        return empty
    empty["other_lang_url"] = _other_language()
    if not current_user or not current_user.is_authenticated:
        return empty
    actor: Actor = current_user.actor
    counted = numbers(
        actor.member_id, actor.roles, lambda: _count(actor, current_user.unread, current_user.pins)
    )
    folds = folds_for(actor, counted.badges)
    pages = [page for fold in folds for line in fold.lines for page in line.pages]
    _mark_current(pages)
    by_endpoint = {page.endpoint: page for page in pages}
    here = next((line for fold in folds for line in fold.lines if line.active), None)
    return {
        "nav": folds,
        "nav_pins": [by_endpoint[one] for one in counted.pins if one in by_endpoint],
        "nav_here": next((page for page in pages if page.active), None),
        "nav_tabs": here.pages if here and len(here.pages) > 1 else [],
        "bottom_nav": [page for page in pages if page.pinned][: PINS + 1],
        "me": current_user.card(),
        "balance": counted.balance,
        "unread": counted.unread,
        "other_lang_url": empty["other_lang_url"],
    }


def _other_language() -> str:
    other = "en" if language.lang() == "zh" else "zh"
    here = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return url_for("identity.set_language", lang=other, next=here)


def _items(actor: Actor) -> list[NavItem]:
    return [item for room in rooms() for item in room.nav if item.roles is None or actor.has(*item.roles)]


def _count(actor: Actor, unread: Callable[[], int], pins: Callable[[], tuple[str, ...]]) -> Numbers:
    badges = {item.endpoint: item.badge(actor) for item in _items(actor) if item.badge}
    balance = next((room.balance(actor) for room in rooms() if room.balance), None)
    return Numbers(badges, balance, unread(), pins())


def folds_for(actor: Actor, badges: Mapping[str, int]) -> list[Fold]:
    """The groups with something in them for this reader; pages of one subject stand in one line."""
    items = _items(actor)
    of_park = any(actor.may(item.roles) for item in items if item.group == "park" and item.roles)
    folds = []
    for key, group in GROUPS.items():
        lines = _lines([item for item in items if item.group == key], badges)
        label = group.label if of_park or not group.own else group.own
        if lines:
            folds.append(Fold(key, str(label), group.icon, group.tone, lines))
    return folds


def pages_for(actor: Actor) -> list[Page]:
    """Every page of the navigation that this reader may open, without counting anything."""
    return [_page(item, {}) for item in _items(actor)]


def _lines(items: Iterable[NavItem], badges: Mapping[str, int]) -> list[Line]:
    lines: dict[str, Line] = {}
    for item in items:
        page = _page(item, badges)
        name = str(item.subject or item.label)
        lines.setdefault(name, Line(name)).pages.append(page)
    return list(lines.values())


def _page(item: NavItem, badges: Mapping[str, int]) -> Page:
    label = str(item.label)
    badge = badges.get(item.endpoint, 0)
    return Page(
        item.endpoint, url_for(item.endpoint), item.icon, label, str(item.short or label), badge, item.bottom
    )


def _mark_current(pages: list[Page]) -> None:
    """Only the page whose address fits best is the current one."""
    fitting = [
        page
        for page in pages
        if page.url == request.path or request.path.startswith(page.url.rstrip("/") + "/")
    ]
    best = max(fitting, key=lambda page: len(page.url), default=None)
    if best is not None and (best.url != "/" or request.path == "/"):
        best.active = True
