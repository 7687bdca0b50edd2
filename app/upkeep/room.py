"""What the upkeep room brings to the house."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.hall import clock
from app.hall.db.base import db
from app.hall.rooms import Door, Hit, Line, NavItem, Room, Section, Todo
from app.identity.door import Actor, roles
from app.sharing import door as sharing
from app.upkeep import api as calls
from app.upkeep import demo, messages, words
from app.upkeep.cli import upkeep_group
from app.upkeep.machines import queries, service
from app.upkeep.machines import views as machine_pages
from app.upkeep.orders import handlers
from app.upkeep.orders import queries as orders
from app.upkeep.orders import views as order_pages
from app.upkeep.pages import api, bp
from app.upkeep.plans import queries as plans
from app.upkeep.plans import views as plan_pages
from app.upkeep.readings import views as reading_pages

# The handlers of the outbox and of phones, the pages and the calls are there with the room.
PARTS = (calls, handlers, machine_pages, order_pages, plan_pages, reading_pages)


ON_ME_DAYS = 30  # of what is due on a firm's own page


def on_start() -> None:
    sharing.on_equipment(service.add_shared)
    sharing.on_equipment_gone(service.drop_shared)
    sharing.on_outage_page(machine_pages.beside_outages)


def todos(actor: Actor) -> Iterator[Todo]:
    if not actor.may(roles.KEEPS_MACHINES):
        return
    overdue, to_sign = orders.count_waiting(actor)
    if overdue:
        yield Todo(_("维保工单已逾期"), url_for("upkeep.orders", state="overdue"), overdue, "tool")
    if to_sign and actor.may(roles.SIGNS_OFF_UPKEEP):
        yield Todo(
            _("维保工单等您签字"), url_for("upkeep.orders", state="to_sign"), to_sign, "clipboard-check"
        )


def sections(actor: Actor) -> Iterator[Section]:
    """Machines of the firm that have something due within a month, or overdue."""
    if not actor.may(roles.KEEPS_MACHINES) or actor.may(roles.WORKS_FOR_THE_PARK):
        return
    today = clock.today()
    lines = []
    for one in plans.due_list(actor.organisation_id, today):
        days = (one.due.on - today).days if one.due.on is not None else ON_ME_DAYS + 1
        if days <= ON_ME_DAYS and one.due.on is not None:
            url = url_for("upkeep.machine", machine_id=one.machine.id)
            tag = _("逾期 %(n)s 天", n=-days) if days < 0 else _("还有 %(n)s 天", n=days)
            lines.append(Line(one.machine.name, one.plan.name, url, tag, "bad" if days < 0 else "warn"))
    if lines:
        yield Section(_("到期的设备"), url_for("upkeep.due"), "tool", lines[:3], "", 5)


def search(actor: Actor, q: str) -> Iterator[Hit]:
    if not actor.may(roles.KEEPS_MACHINES):
        return
    for row in db.session.scalars(queries.statement(actor, q).limit(8)):
        subtitle = " · ".join(one for one in (row.code, row.place) if one)
        yield Hit(_("设备"), row.name, subtitle, url_for("upkeep.machine", machine_id=row.id))


def doors(actor: Actor, kind: str, number: int) -> Iterator[Door]:
    if kind == "resource" and actor.may(roles.KEEPS_MACHINES):
        found = queries.of_resource(actor, number)
        if found is not None:
            yield Door(_("维保日志"), url_for("upkeep.machine", machine_id=found), "tool")


ROOM = Room(
    name="upkeep",
    title=_l("维保"),
    icon="tool",
    may_call=frozenset({"identity", "sharing"}),
    blueprints=[bp],
    apis=[api],
    nav=[
        NavItem(
            "upkeep.machines",
            "tool",
            _l("设备台账"),
            "today",
            roles.KEEPS_MACHINES,
            subject=_l("设备维保"),
        ),
        NavItem(
            "upkeep.orders",
            "clipboard-check",
            _l("维保工单"),
            "today",
            roles.KEEPS_MACHINES,
            subject=_l("设备维保"),
        ),
        NavItem(
            "upkeep.due",
            "calendar-time",
            _l("到期清单"),
            "today",
            roles.KEEPS_MACHINES,
            subject=_l("设备维保"),
        ),
        NavItem(
            "upkeep.counts",
            "gauge",
            _l("维保概况"),
            "insight",
            roles.COUNTS_MACHINES,
            subject=_l("成绩单与利用率"),
        ),
    ],
    todos=todos,
    sections=sections,
    search=search,
    doors=doors,
    messages={**messages.MESSAGES, **words.MESSAGES},
    cli=[upkeep_group],
    demo=demo.load,
    jobs_module="app.upkeep.jobs",
    on_start=on_start,
)
