"""The desk: home page, what waits for me, search across the rooms."""

from __future__ import annotations

from collections.abc import Iterator

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.hall import clock
from app.hall.rooms import Hit, rooms
from app.hall.search.find import find
from app.hall.search.rules import initials, plain
from app.hall.text.language import message
from app.hall.web.frame import pages_for
from app.hall.web.guards import current_actor, only, signed_in
from app.identity.actor import Actor
from app.identity.notifications import service as notifications
from app.identity.notifications.icons import note_icon
from app.identity.pages import bp
from app.identity.roles import WORKS_FOR_THE_PARK

HITS_PER_KIND = 8
SUGGESTIONS = 8


def _greeting() -> str:
    hour = clock.local(clock.now()).hour
    if hour < 5 or hour >= 22:
        return _("夜深了")
    if hour < 11:
        return _("早上好")
    if hour < 13:
        return _("中午好")
    return _("下午好") if hour < 18 else _("晚上好")


@bp.get("/identity/")
@signed_in
def front() -> ResponseReturnValue:
    """The room's own address leads to the home page."""
    return redirect(url_for("identity.home"))


@bp.get("/")
@signed_in
def home() -> str:
    """The reader's start page: the desk of the park's people, the page of a firm."""
    return _start_page(current_actor())


@bp.get("/desk")
@only(WORKS_FOR_THE_PARK)
def desk() -> str:
    return _start_page(current_actor())


def _start_page(actor: Actor) -> str:
    """Built from what the rooms register: one action, what waits; figures and today load by themselves."""
    todos = [todo for room in rooms() for todo in room.todos(actor)]
    recent = notifications.newest(actor, 5)
    return render_template(
        "identity/desk/home.html",
        greeting=_greeting(),
        action=next(filter(None, (room.action(actor) for room in rooms())), None),
        blocks=list(filter(None, (room.block(actor) for room in rooms()))),
        todos=todos,
        recent=recent,
        message=message,
        note_icon=note_icon,
    )


@bp.get("/desk/figures")
@signed_in
def figures() -> str:
    """Figures: a part of the start pages, or a page by itself."""
    actor = current_actor()
    part = bool(request.headers.get("HX-Request"))
    return render_template(
        "identity/desk/_kpis.html" if part else "identity/desk/figures.html",
        figures=[figure for room in rooms() for figure in room.figures(actor)][:8],
    )


@bp.get("/desk/sections")
@signed_in
def sections() -> str:
    """What the rooms say on a firm's own page (`/me`): a part of it, or a page by itself."""
    actor = current_actor()
    part = bool(request.headers.get("HX-Request"))
    found = [section for room in rooms() for section in room.sections(actor)]
    return render_template(
        "identity/desk/_sections.html" if part else "identity/desk/sections.html",
        sections=sorted(found, key=lambda one: one.place),
    )


@bp.get("/desk/today")
@signed_in
def today() -> str:
    """Appointments of today and what turns red: a part of the start page, or a page by itself."""
    actor = current_actor()
    found = sorted(
        (one for room in rooms() for one in room.agenda(actor)), key=lambda one: (one.at, one.title, one.url)
    )
    part = bool(request.headers.get("HX-Request"))
    return render_template(
        "identity/desk/_today.html" if part else "identity/desk/today.html",
        appointments=[one for one in found if not one.due],
        dues=[one for one in found if one.due],
        now=clock.now(),
    )


@bp.get("/identity/todo")
@signed_in
def todo() -> str:
    """What waits for the reader: a part of the page of a firm (`/me`), or a page by itself, room by room."""
    actor = current_actor()
    groups = [(room, list(room.todos(actor))) for room in rooms()]
    if request.headers.get("HX-Request"):
        return render_template(
            "identity/desk/_todos.html", todos=[one for _room, todos in groups for one in todos]
        )
    return render_template(
        "identity/desk/todo.html", groups=[(room, todos) for room, todos in groups if todos]
    )


@bp.get("/identity/search")
@signed_in
def search() -> str:
    actor = current_actor()
    q = request.args.get("q", "").strip()[:100]
    groups = _grouped(actor, q) if q else {}
    if request.headers.get("HX-Request"):
        first = [(icon, kind, hit) for (icon, kind), hits in groups.items() for hit in hits[:3]]
        return render_template("identity/desk/_suggestions.html", q=q, first=first[:SUGGESTIONS])
    return render_template(
        "identity/desk/search.html",
        q=q,
        groups=[(icon, kind, hits[:HITS_PER_KIND]) for (icon, kind), hits in groups.items()],
        total=sum(len(hits[:HITS_PER_KIND]) for hits in groups.values()),
    )


KINDS = {
    "organisation": ("building-community", _l("机构")),
    "member": ("user", _l("人员")),
    "resource": ("packages", _l("资源")),
    "post": ("arrows-right-left", _l("供需")),
}


def _grouped(actor: Actor, q: str) -> dict[tuple[str, str], list[Hit]]:
    """Pages first, then what the table of names knows, then what the rooms find by themselves; nothing twice."""
    groups: dict[tuple[str, str], list[Hit]] = {}
    seen: set[str] = set()

    def add(icon: str, hit: Hit) -> None:
        if hit.url not in seen:
            seen.add(hit.url)
            groups.setdefault((icon, hit.kind), []).append(hit)

    for hit in _pages(actor, q):
        add("layout-grid", hit)
    for one in find(q, actor.roles, actor.organisation_id):
        icon, kind = KINDS.get(one.kind, ("search", one.kind))
        add(icon, Hit(str(kind), one.title, one.subtitle, one.url))
    for room in rooms():
        for hit in room.search(actor, q):
            add(room.icon, Hit(str(hit.kind), hit.title, hit.subtitle, hit.url))
    return groups


def _pages(actor: Actor, q: str) -> Iterator[Hit]:
    """Pages and actions whose name, or the initials of whose name, hold what was typed."""
    typed = plain(q)
    places = [(page.label, page.url) for page in pages_for(actor)]
    places += [(one.text, one.url) for room in rooms() if (one := room.action(actor))]
    for label, url in places:
        if typed and (typed in plain(label) or typed in initials(label)):
            yield Hit(_("页面与操作"), label, "", url)
