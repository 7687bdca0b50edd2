"""What visits bring to the room."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.hall import clock
from app.hall.rooms import NavItem, Todo
from app.identity.door import Actor, roles
from app.voice.feature import Feature
from app.voice.feedback import authors
from app.voice.visits import api as calls
from app.voice.visits import service, today, views
from app.voice.visits.revisits import when_problem_told

PARTS = (calls, views)
SUBJECT = _l("回访")


def on_start() -> None:
    authors.when_told(when_problem_told)


def todos(actor: Actor) -> Iterator[Todo]:
    if not actor.may(roles.RECORDS_VISITS):
        return
    day = clock.today()
    planned = len(today.visits_of(actor.member_id, day))
    if planned:
        yield Todo(_("今天的走访"), url_for("voice.today_page"), planned, "walk")
    left = len(service.unfinished(actor.member_id, day))
    if left:
        yield Todo(_("走访还没有写完"), url_for("voice.today_page"), left, "pencil")


FEATURE = Feature(
    nav=(
        NavItem(
            "voice.today_page",
            "walk",
            _l("今天的走访"),
            "today",
            roles.PLANS_VISITS,
            subject=SUBJECT,
            short=_l("走访"),
        ),
        NavItem("voice.next_page", "users", _l("接下来听谁说"), "today", roles.PLANS_VISITS, subject=SUBJECT),
        NavItem("voice.week_page", "calendar", _l("一周走访"), "today", roles.PLANS_VISITS, subject=SUBJECT),
    ),
    todos=todos,
    on_start=on_start,
)
