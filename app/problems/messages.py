"""Messages of the room: written with the act itself, delivered once after the commit, in quiet hours later."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.jobs import emit, on
from app.identity import door as identity
from app.identity.door import Calendar, roles
from app.problems.clocks.rules import IMMEDIATE
from app.problems.reports import authors
from app.problems.reports.models import Problem, ProblemReporter
from app.problems.work.grounds import concerned_departments, staff_of
from app.problems.work.models import Responsibility
from app.problems.work.rules import vice_presidents

KIND = "problems.tell"
AUTHORS, DESK, VICE_PRESIDENT, CARRIERS = "authors", "desk", "vice", "carriers"


def tell(problem: Problem, code: str, to: list[str], calendar: Calendar | None = None, **params: Any) -> None:
    """Leave a message about a problem; those of day clocks wait for working hours, an answer to a firm does not."""
    quiet = problem.problem_class != IMMEDIATE and to != [AUTHORS]
    not_before = (calendar or identity.park_calendar()).working_moment(clock.now()) if quiet else None
    emit(KIND, {"problem": problem.id, "code": code, "to": to, "params": params}, not_before)


def member(member_id: int) -> str:
    return f"member:{member_id}"


def department(department_id: int) -> str:
    return f"department:{department_id}"


@on(KIND)
def deliver(payload: dict[str, Any]) -> None:
    """Whom it concerns is read when it is delivered: who has left is told nothing."""
    problem = db.session.get(Problem, payload["problem"])
    if problem is None:
        return
    params = {"number": problem.number, **payload["params"]}
    url = f"/problems/{problem.number}"
    told: set[int] = set()
    for target in payload["to"]:
        if target == AUTHORS:
            _tell_authors(problem, payload["code"], url, params)
        else:
            told |= _members(problem, target)
    for member_id in sorted(told):
        identity.notify_member(member_id, payload["code"], url, **params)


def _members(problem: Problem, target: str) -> set[int]:
    kind, _colon, number = target.partition(":")
    if kind == "member":
        return {int(number)}
    if kind == "department":
        people = identity.people_of([int(number)]).get(int(number), frozenset())
        today = clock.today()
        return set(people) | set(identity.departments.leaders(identity.posts(), int(number), today))
    if kind == CARRIERS:
        carried = db.session.scalar(
            sa.select(Responsibility.member_id).where(
                Responsibility.problem_id == problem.id, Responsibility.until_at.is_(None)
            )
        )
        return {one for one in (carried, problem.handler_id) if one is not None}
    if kind == VICE_PRESIDENT:
        concerned = [str(one) for one in concerned_departments(problem.id)]
        return {int(one) for one in vice_presidents(staff_of(clock.today()), concerned, clock.today())}
    found = identity.members_with_role(roles.SERVICE_SPECIALIST) or identity.members_with_role(
        roles.PARK_ADMIN
    )
    return {one.id for one in found}


def _tell_authors(problem: Problem, code: str, url: str, params: dict[str, Any]) -> None:
    authors.tell(problem.id, code, url, params)
    rows = db.session.execute(
        sa.select(ProblemReporter.organisation_id, ProblemReporter.member_id).where(
            ProblemReporter.problem_id == problem.id, ProblemReporter.organisation_id.is_not(None)
        )
    ).all()
    told = set()
    for organisation_id, member_id in rows:
        if organisation_id is None:
            continue
        people = [member_id] if member_id else [one.id for one in identity.members_of(organisation_id)]
        for one in people:
            if one not in told:
                told.add(one)
                identity.notify_member(one, code, url, **params)
