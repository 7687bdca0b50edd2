"""What remarks bring to the room; here the keeper of authors is told to the problems room."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.hall.rooms import Door, Hit, Line, NavItem, Section, Todo
from app.identity.door import Actor, roles
from app.problems.door import register_reporter_keeper
from app.upkeep import door as upkeep
from app.voice.feature import Feature
from app.voice.feedback import api as calls
from app.voice.feedback import authors, links, queries, views
from app.voice.feedback.links import when_problem_told
from app.voice.words import FEEDBACK_STATES, FEEDBACK_TONES

PARTS = (calls, views)
HITS = 8
ON_ME = 3  # remarks on a firm's own page


def on_start() -> None:
    register_reporter_keeper(authors.Keeper())
    authors.when_told(when_problem_told)
    upkeep.on_register(links.when_registered)


def todos(actor: Actor) -> Iterator[Todo]:
    if actor.may(roles.LINKS_REMARKS):
        waiting = queries.count_unanswered(actor)
        if waiting:
            url = url_for("voice.feedback_list", state="heard")
            yield Todo(_("反馈等您回一句话"), url, waiting, "message-circle")
    if actor.may(roles.EDITS_CHAINS):
        open_ones = len(links.corrections_open())
        if open_ones:
            yield Todo(
                _("企业说的产业链更正"), url_for("voice.corrections_page"), open_ones, "topology-star-3"
            )


def sections(actor: Actor) -> Iterator[Section]:
    """What the firm said last and how far each has come."""
    if actor.may(roles.SEES_REMARKS) or not actor.may(roles.SPEAKS_FOR_THE_FIRM):
        return
    url = url_for("voice.mine")
    lines = [
        Line(row.text[:60], "", url, str(FEEDBACK_STATES[row.state]), FEEDBACK_TONES[row.state])
        for row in queries.own(actor, ON_ME)
    ]
    empty = _("还没有说过。想说的写下来，一个工作日内有人回话。")
    yield Section(_("我的诉求"), url, "message-circle", lines, empty, 1)


def search(actor: Actor, q: str) -> Iterator[Hit]:
    """Among the words that may be shown; a firm among its own."""
    if not actor.may(roles.SEES_REMARKS):
        return
    statement = queries.newest_first(actor, queries.statement(actor, queries.Wanted(q=q))).limit(HITS)
    for card in queries.cards(actor, queries.rows(statement)):
        yield Hit(_("反馈"), card.text[:60], card.day, url_for("voice.feedback_page", number=card.id))


def doors(actor: Actor, kind: str, number: int) -> Iterator[Door]:
    if kind == "problem" and actor.may(roles.SEES_REMARKS):
        for row in queries.of_problem(actor, number):
            yield Door(_("来自反馈"), url_for("voice.feedback_page", number=row.id), "message-circle")
    if kind == "machine_register" and actor.may(roles.SPEAKS_FOR_THE_FIRM):
        yield Door(_("我说过的话"), url_for("voice.mine"), "message-circle")
    if kind == "resource" and actor.may(roles.SEES_REMARKS):
        said = queries.of_resource(actor, number)
        if said:
            yield Door(
                _("%(count)s 条反馈说到它", count=len(said)),
                url_for("voice.feedback_page", number=said[0].id),
                "message-circle",
            )


FEATURE = Feature(
    nav=(
        NavItem(
            "voice.feedback_list",
            "message-circle",
            _l("听到的反馈"),
            "today",
            roles.SEES_REMARKS,
            subject=_l("回访"),
        ),
        NavItem(
            "voice.mine",
            "message-circle",
            _l("我说过的话"),
            "today",
            roles.SPEAKS_FOR_THE_FIRM,
            subject=_l("问题与诉求"),
        ),
    ),
    todos=todos,
    sections=sections,
    search=search,
    doors=doors,
    on_start=on_start,
)
