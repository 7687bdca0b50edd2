"""What the identity room brings to the house."""

from __future__ import annotations

from collections.abc import Iterator

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.hall.rooms import Figure, Hit, Line, Name, NavItem, Room, Section, Todo, rooms
from app.hall.standstill import CLOCK, stopped
from app.hall.web.kept_lists import keep_with
from app.identity import cli, demo, desk, pages
from app.identity.actor import Actor
from app.identity.arrivals import api as arrival_calls
from app.identity.arrivals import views as arrival_pages
from app.identity.arrivals import words as arrival_words
from app.identity.audit import views as audit_pages
from app.identity.departments import api as department_calls
from app.identity.departments import views as department_pages
from app.identity.departments import words as department_words
from app.identity.factors import loss_views as factor_loss_pages
from app.identity.factors import views as factor_pages
from app.identity.factors import words as factor_words
from app.identity.facts import api as fact_calls
from app.identity.facts import service as facts
from app.identity.facts import views as fact_pages
from app.identity.facts import words as fact_words
from app.identity.help import views as help_pages
from app.identity.list_views import service as list_views
from app.identity.list_views import views as list_view_pages
from app.identity.list_views import words as list_view_words
from app.identity.mail import words as mail_words
from app.identity.members import reset_views as reset_pages
from app.identity.members import sheet as member_sheet
from app.identity.members import views as member_pages
from app.identity.members import words as member_words
from app.identity.notifications import api as notification_calls
from app.identity.notifications import views as notification_pages
from app.identity.notifications import words as notification_words
from app.identity.operation import views as operation_pages
from app.identity.organisations import api as organisation_calls
from app.identity.organisations import service as organisations
from app.identity.organisations import views as organisation_pages
from app.identity.organisations import words as organisation_words
from app.identity.organisations.directory import first_called
from app.identity.organisations.searched_names import all_names
from app.identity.organisations.words import KIND_NAMES
from app.identity.park import views as park_pages
from app.identity.park import words as park_words
from app.identity.privacy import erasure_views as erasure_pages
from app.identity.privacy import views as privacy_pages
from app.identity.privacy import words as privacy_words
from app.identity.register import sheet as firm_sheet
from app.identity.register import words as register_words
from app.identity.roles import (
    BRINGS_SHEETS,
    MANAGES_OWN_FIRM,
    READS_AUDIT_TRAIL,
    ROLES,
    RUNS_THE_PARK,
    SEES_FACT_CHANGES,
    SEES_OPERATION,
    SEES_ORGANISATIONS,
    SEES_PARK_FIGURES,
    SEES_REGISTRATIONS,
    SEES_STARTER_SETS,
)
from app.identity.roles import (
    MANAGES_OWN_ORGANISATION as KEEPS_OWN_FACTS,
)
from app.identity.sessions import api as session_calls
from app.identity.sessions import second_step_views as second_step_pages
from app.identity.sessions import views as session_pages
from app.identity.sessions import words as session_words
from app.identity.sheets import views as sheet_pages
from app.identity.sheets import words as sheet_words
from app.identity.starter import api as starter_calls
from app.identity.starter import service as starter
from app.identity.starter import views as starter_pages
from app.identity.starter import words as starter_words
from app.identity.starter.words import STEP_NAMES

# Importing a feature's pages and calls adds them to the room's two blueprints.
ROUTES = (
    desk,
    arrival_pages,
    arrival_calls,
    fact_pages,
    fact_calls,
    starter_pages,
    starter_calls,
    organisation_pages,
    member_pages,
    reset_pages,
    session_pages,
    second_step_pages,
    factor_pages,
    factor_loss_pages,
    park_pages,
    operation_pages,
    privacy_pages,
    erasure_pages,
    sheet_pages,
    help_pages,
    department_pages,
    department_calls,
    audit_pages,
    list_view_pages,
    notification_pages,
    organisation_calls,
    session_calls,
    notification_calls,
)
MESSAGES = (
    organisation_words.MESSAGES
    | arrival_words.MESSAGES
    | fact_words.MESSAGES
    | starter_words.MESSAGES
    | member_words.MESSAGES
    | session_words.MESSAGES
    | factor_words.MESSAGES
    | park_words.MESSAGES
    | privacy_words.MESSAGES_OF_ROOM
    | notification_words.MESSAGES
    | mail_words.MESSAGES
    | department_words.MESSAGES
    | sheet_words.MESSAGES
    | register_words.MESSAGES
    | list_view_words.MESSAGES
)


def on_start() -> None:
    keep_with(list_views.LastFilters())


def count_todos(actor: Actor) -> int:
    """How many things wait for this reader in all rooms; counted once per request."""
    if "todo_count" not in g:
        g.todo_count = sum(todo.count for room in rooms() for todo in room.todos(actor))
    return int(g.todo_count)


def todos(actor: Actor) -> Iterator[Todo]:
    if actor.may(RUNS_THE_PARK):
        waiting, changes, *counts = facts.count_of_the_park(*starter.park_questions())
        if waiting:
            yield Todo(_("入驻申请等待审批"), url_for("identity.registrations"), waiting, "building-plus")
        if changes:
            yield Todo(_("企业信息变更等待确认"), url_for("identity.changes"), changes, "edit")
        left = sum(not step.done for step in starter.steps_of(counts))
        if left:
            yield Todo(_("头几天还有事项未完成"), url_for("identity.starter_page"), left, "list-check")
        held = stopped()
        if CLOCK in held:
            text = _("时钟存疑，到期、爽约与结算已停止：核对后运行 flask jobs tick --clock-is-right")
            yield Todo(text, url_for("identity.operation"), 1, "alert-triangle")
        if held.keys() - {CLOCK}:
            text = _("一次到期或结算的数量异常，等待核对：核对后运行 flask jobs tick --batch-is-right")
            yield Todo(text, url_for("identity.operation"), len(held.keys() - {CLOCK}), "alert-triangle")


def figures(actor: Actor) -> Iterator[Figure]:
    if actor.may(SEES_PARK_FIGURES):
        counts = organisations.park_figures()
        yield Figure(
            "building-community",
            _("入驻企业"),
            f"{counts['firms']:,}",
            _("家"),
            url_for("identity.organisations", kind="enterprise"),
            _("%(count)s 位成员", count=f"{counts['members']:,}"),
        )


def sections(actor: Actor) -> Iterator[Section]:
    """What a new firm has still to do, first on its own page; gone once it is done or ninety days are over."""
    if not actor.may(MANAGES_OWN_FIRM):
        return
    lines = [
        Line(str(STEP_NAMES[step.key]), "", step.url)
        for step in starter.firm_steps(actor.organisation_id)
        if not step.done
    ]
    if lines:
        yield Section(_("头几天"), url_for("identity.mine"), "list-check", lines, "", 0)


def names() -> Iterator[Name]:
    """Firms for those who know them all, people for the park's administrators and their colleagues."""
    yield from all_names()


def search(actor: Actor, q: str) -> Iterator[Hit]:
    if not actor.may(SEES_ORGANISATIONS):
        return
    for found in first_called(q, 8):
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
    icon="building-community",
    blueprints=[pages.bp],
    apis=[pages.api],
    nav=[
        NavItem(
            "identity.home",
            "layout-dashboard",
            _l("首页概览"),
            "today",
            subject=_l("今天"),
            bottom=True,
            short=_l("今天"),
        ),
        NavItem("identity.todo", "checklist", _l("我的待办"), "today", badge=count_todos, subject=_l("今天")),
        NavItem("identity.members", "users", _l("同事与权限"), "park", subject=_l("成员与账户")),
        NavItem("identity.profile", "user", _l("我的账户"), "park", subject=_l("成员与账户")),
        NavItem(
            "identity.registrations",
            "building-plus",
            _l("入驻审批"),
            "firms",
            SEES_REGISTRATIONS,
            subject=_l("企业名录"),
        ),
        NavItem(
            "identity.starter_page",
            "list-check",
            _l("起步清单"),
            "park",
            SEES_STARTER_SETS,
            subject=_l("部门与场所"),
        ),
        NavItem(
            "identity.changes", "edit", _l("信息变更"), "firms", SEES_FACT_CHANGES, subject=_l("企业名录")
        ),
        NavItem(
            "identity.mine", "id-badge-2", _l("本单位信息"), "park", KEEPS_OWN_FACTS, subject=_l("成员与账户")
        ),
        NavItem(
            "identity.organisations",
            "building-community",
            _l("企业与机构"),
            "firms",
            SEES_ORGANISATIONS,
            subject=_l("企业名录"),
        ),
        NavItem(
            "identity.departments",
            "users-group",
            _l("部门与任职"),
            "park",
            RUNS_THE_PARK,
            subject=_l("部门与场所"),
        ),
        NavItem(
            "identity.places_page",
            "building",
            _l("楼宇与房间"),
            "park",
            RUNS_THE_PARK,
            subject=_l("部门与场所"),
        ),
        NavItem(
            "identity.park_identity",
            "id-badge-2",
            _l("园区标识"),
            "park",
            RUNS_THE_PARK,
            subject=_l("部门与场所"),
        ),
        NavItem(
            "identity.operation",
            "activity",
            _l("运行状况"),
            "park",
            SEES_OPERATION,
            subject=_l("部门与场所"),
        ),
        NavItem(
            "identity.sheets",
            "file-import",
            _l("批量导入"),
            "park",
            BRINGS_SHEETS,
            subject=_l("成员与账户"),
        ),
        NavItem("identity.audit_trail", "shield-check", _l("审计日志"), "park", READS_AUDIT_TRAIL),
    ],
    roles=ROLES,
    todos=todos,
    sections=sections,
    figures=figures,
    search=search,
    names=names,
    messages=MESSAGES,
    on_start=on_start,
    sheets=(*firm_sheet.SHEETS, *member_sheet.SHEETS),
    cli=[cli.group],
    demo=demo.load,
    jobs_module="app.identity.jobs",
)
