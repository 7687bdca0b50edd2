"""What the identity room brings to the house."""

from __future__ import annotations

from collections.abc import Iterator

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.identity import cli, demo
from app.identity.api import api
from app.identity.messages import KIND_NAMES, MESSAGES
from app.identity.service import Actor, list_organisations, people
from app.identity.views import bp
from app.identity.views.park import STAFF
from app.rooms import Figure, Hit, NavItem, Room, Todo, rooms


def count_todos(actor: Actor) -> int:
    """How many things wait for this reader in all rooms; counted once per request."""
    if "todo_count" not in g:
        g.todo_count = sum(todo.count for room in rooms() for todo in room.todos(actor))
    return int(g.todo_count)


def todos(actor: Actor) -> Iterator[Todo]:
    if actor.has("park_admin"):
        waiting = people.count_registrations()
        if waiting:
            yield Todo(_("入驻申请等待审批"), url_for("identity.registrations"), waiting, "building-plus")


def figures(actor: Actor) -> Iterator[Figure]:
    if actor.has("park_admin", "auditor"):
        counts = people.park_figures()
        yield Figure(
            "building-community",
            _("入驻企业"),
            f"{counts['firms']:,}",
            _("家"),
            url_for("identity.organisations", kind="enterprise"),
            _("%(count)s 位成员", count=f"{counts['members']:,}"),
        )


def search(actor: Actor, q: str) -> Iterator[Hit]:
    if not actor.has(*STAFF):
        return
    for found in list_organisations(q=q, status=None, per_page=8).items:
        kind = str(KIND_NAMES[found.kind])
        yield Hit(
            _("机构"),
            found.name,
            f"{found.code} · {kind}",
            url_for("identity.organisation", organisation_id=found.id),
        )


ROOM = Room(
    name="identity",
    title=_l("身份"),
    blueprints=[bp],
    apis=[api],
    nav=[
        NavItem("identity.home", "layout-dashboard", _l("首页概览"), "desk", bottom=True, short=_l("首页")),
        NavItem("identity.todo", "checklist", _l("我的待办"), "desk", badge=count_todos),
        NavItem("identity.members", "users", _l("同事与权限"), "desk"),
        NavItem("identity.profile", "user", _l("我的账户"), "desk", bottom=True, short=_l("我的")),
        NavItem("identity.registrations", "building-plus", _l("入驻审批"), "park", {"park_admin", "auditor"}),
        NavItem("identity.organisations", "building-community", _l("企业与机构"), "park", set(STAFF)),
        NavItem("identity.audit_trail", "shield-check", _l("审计日志"), "park", {"park_admin", "auditor"}),
    ],
    todos=todos,
    figures=figures,
    search=search,
    messages=MESSAGES,
    cli=[cli.group],
    demo=demo.load,
    jobs_module="app.identity.jobs",
)
