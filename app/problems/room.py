"""What the problems room brings to the house."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.ecosystem import door as ecosystem
from app.hall import clock
from app.hall.rooms import Action, Appointment, Door, Hit, NavItem, Room, Todo
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.problems import api as calls
from app.problems import demo, messages, sight
from app.problems.board import queries as board
from app.problems.board import views as board_pages
from app.problems.cli import problems_group
from app.problems.clocks.handlers import days_published
from app.problems.coordination import outside, outside_views
from app.problems.coordination.service import answer_from_initiative, return_from_initiative
from app.problems.pages import api, bp
from app.problems.places import views as place_pages
from app.problems.playbooks import api as playbook_calls
from app.problems.playbooks import views as playbook_pages
from app.problems.reports import complaints, sheet
from app.problems.reports import views as report_pages
from app.problems.subjects import api as subject_calls
from app.problems.subjects import queries as subject_queries
from app.problems.subjects import service as subjects
from app.problems.words import MESSAGES
from app.problems.work import views as work_pages
from app.upkeep import door as upkeep

# The handlers of the outbox, the pages and the calls are there with the room.
PARTS = (
    messages,
    calls,
    playbook_calls,
    board_pages,
    place_pages,
    playbook_pages,
    report_pages,
    work_pages,
    outside_views,
    subject_calls,
)


def on_start() -> None:
    identity.on_work_days(days_published)
    ecosystem.on_initiative_end(answer_from_initiative)
    ecosystem.on_initiative_drop(return_from_initiative)
    ecosystem.on_agenda(outside.long_overdue)
    ecosystem.on_complaint(complaints.ANSWERING)
    ecosystem.on_signal_origins(subject_queries.origins)
    upkeep.on_order_end(subjects.mended)


def todos(actor: Actor) -> Iterator[Todo]:
    if actor.may(roles.CLASSIFIES_PROBLEMS):
        waiting = board.count_waiting()
        if waiting:
            yield Todo(_("问题等待派单"), url_for("problems.triage"), waiting, "send")
    if actor.may(roles.ANSWERS_PROBLEMS):
        mine = sum(board.counts(sight.reader_of(actor)).values())
        if mine:
            yield Todo(_("部门的未结问题"), url_for("problems.board"), mine, "message-report")
    elif not actor.may(roles.WORKS_FOR_THE_PARK):
        asking = board.count_asking(actor)
        if asking:
            yield Todo(_("报修等您确认或回话"), url_for("problems.me"), asking, "message-check")


def agenda(actor: Actor) -> Iterator[Appointment]:
    """What turns red today, and what is red already, of the problems this reader answers for or oversees."""
    if not actor.may(roles.SEES_PROBLEM_BOARD):
        return
    midnight = clock.start_of_day(clock.today() + dt.timedelta(days=1))
    for card in board.by_clock(sight.reader_of(actor), 8):
        if card.due_at is not None and card.due_at < midnight:
            url = url_for("problems.problem_page", number=card.problem.number)
            yield Appointment(card.due_at, card.title, url, "message-report", card.responsible, due=True)


def action(actor: Actor) -> Action | None:
    if not actor.may(roles.REPORTS_PROBLEMS):
        return None
    return Action(_("我要报修"), _("拍一张，点一下，马上有编号"), url_for("problems.report"), "tool")


def search(actor: Actor, q: str) -> Iterator[Hit]:
    for problem in board.search(sight.reader_of(actor), q):
        url = url_for("problems.problem_page", number=problem.number)
        yield Hit(_("问题"), problem.text[:60], problem.number, url)


def doors(actor: Actor, kind: str, number: int) -> Iterator[Door]:
    if kind == "resource" and actor.may(roles.REPORTS_PROBLEMS):
        yield Door(_("报修或反映问题"), url_for("problems.report", resource=number), "tool")
    yield from subject_queries.back(actor, kind, number)


ROOM = Room(
    name="problems",
    title=_l("问题闭环"),
    icon="message-report",
    may_call=frozenset({"identity", "chain", "sharing", "upkeep", "ecosystem"}),
    blueprints=[bp],
    apis=[api],
    nav=[
        NavItem(
            "problems.me",
            "tool",
            _l("报修与诉求"),
            "today",
            roles.REPORTS_PROBLEMS,
            subject=_l("问题与诉求"),
            bottom=True,
            short=_l("报修"),
        ),
        NavItem(
            "problems.board",
            "message-report",
            _l("问题看板"),
            "services",
            roles.SEES_PROBLEM_BOARD,
            subject=_l("问题与诉求"),
        ),
    ],
    todos=todos,
    agenda=agenda,
    action=action,
    search=search,
    doors=doors,
    sheets=sheet.SHEETS,
    messages=MESSAGES,
    cli=[problems_group],
    demo=demo.load,
    jobs_module="app.problems.jobs",
    on_start=on_start,
)
