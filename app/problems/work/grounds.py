"""The situation of one problem, read once before an act decides: who acts, what is there, what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked
from app.hall.errors import NotFound
from app.identity import door as identity
from app.identity.door import Actor
from app.problems import limits, sight
from app.problems.clocks import service as clocks
from app.problems.clocks.warnings import last_quarter
from app.problems.closing.rules import SILENCE, Closing, Review, confirmation, missing_for_closing
from app.problems.reports import authors
from app.problems.reports.models import Problem
from app.problems.work import rules, states
from app.problems.work.models import ProblemDepartment, Responsibility
from app.problems.work.rows import Rows, rows_of


@dataclass(frozen=True)
class Situation:
    """Everything an act looks at; `guest` holds the secret link instead of an account."""

    problem: Problem
    reader: sight.Reader | None
    standing: states.Standing
    responsible: Responsibility | None
    now: dt.datetime


def settle(problem: Problem, now: dt.datetime) -> None:
    """Seven days of silence confirm: written when somebody looks, dated when it happened."""
    if problem.state == states.RESOLVED and confirmation(problem.delivered_at, False, now) == "silence":
        assert problem.delivered_at is not None
        problem.state = states.CONFIRMED
        problem.confirmed_by = "silence"
        problem.confirmed_at = problem.delivered_at + SILENCE


def state_at(problem: Problem, now: dt.datetime) -> str:
    """The state as it is at this moment, also where nobody has written the silence down yet."""
    silent = problem.state == states.RESOLVED and confirmation(problem.delivered_at, False, now) == "silence"
    return states.CONFIRMED if silent else problem.state


def lock(problem_id: int) -> Problem:
    """The row, locked for the rest of the transaction."""
    found: Problem | None = db.session.scalar(locked(sa.select(Problem).where(Problem.id == problem_id)))
    if found is None:
        raise NotFound("problem_not_found")
    return found


def situation(actor: Actor, problem_id: int, guest: bool = False) -> Situation:
    """Lock the problem and read what an act needs; what the actor may not see does not exist for them."""
    problem = lock(problem_id)
    now = clock.now()
    settle(problem, now)
    reader = None if guest else sight.reader_of(actor)
    if reader is not None:
        seen = db.session.scalar(sa.select(Problem.id).where(Problem.id == problem_id, sight.visible(reader)))
        if seen is None:
            raise NotFound("problem_not_found")
    rows = rows_of(problem_id)
    who = frozenset({states.REPORTER}) if reader is None else _who(problem, reader, rows)
    return Situation(problem, reader, _standing(problem, who, now, rows), rows.responsible, now)


def standing_for(
    problem: Problem,
    reader: sight.Reader,
    now: dt.datetime,
    readings: Sequence[clocks.Reading],
    rows: Rows,
) -> states.Standing:
    """What this reader could do, asked by the page with the same rules the act will ask; nothing is locked."""
    found = _standing(problem, _who(problem, reader, rows), now, rows, readings)
    return replace(found, state=state_at(problem, now))


def _who(problem: Problem, reader: sight.Reader, rows: Rows) -> frozenset[str]:
    member_id, responsible = reader.actor.member_id, rows.responsible
    found = set()
    if reader.desk:
        found.add(states.DESK)
    if reader.vice_president:
        found.add(states.VICE_PRESIDENT)
    if responsible is not None and responsible.member_id == member_id:
        found.add(states.RESPONSIBLE)
    if problem.handler_id == member_id:
        found.add(states.HANDLER)
    if reader.departments & rows.asked:
        found.add(states.DEPARTMENT)
    if reader.firm and is_author(problem.id, reader.actor, rows):
        found.add(states.REPORTER)
    return frozenset(found)


def asked_departments(problem_id: int) -> list[int]:
    """Departments that have been asked so far or are concerned."""
    query = sa.select(ProblemDepartment.department_id).where(
        ProblemDepartment.problem_id == problem_id,
        sa.or_(ProblemDepartment.asked_at.is_not(None), ProblemDepartment.concerned),
    )
    return list(db.session.scalars(query))


def concerned_departments(problem_id: int) -> list[int]:
    query = sa.select(ProblemDepartment.department_id).where(
        ProblemDepartment.problem_id == problem_id, ProblemDepartment.concerned
    )
    return list(db.session.scalars(query.order_by(ProblemDepartment.department_id)))


def is_author(problem_id: int, actor: Actor, rows: Rows) -> bool:
    """Whether the actor's firm said it, by name or kept elsewhere."""
    return actor.organisation_id in rows.named or authors.is_author(problem_id, actor)


def _standing(
    problem: Problem,
    who: frozenset[str],
    now: dt.datetime,
    rows: Rows,
    known: Sequence[clocks.Reading] = (),
) -> states.Standing:
    readings = known or clocks.read([problem], now, gathered=rows.clocks)[problem.id]
    promised = [
        rules.Deliverable(str(one.id), one.quantity, one.delivered, one.waived_because)
        for one in rows.promises
    ]
    since = problem.resolved_at or problem.registered_at
    return states.Standing(
        problem.state,
        problem.problem_class,
        who,
        planned=any(one.approved_at is not None for one in rows.plans),
        task_force=len(rows.force),
        milestones=len(rows.stages),
        undelivered=len(rules.undelivered(promised)),
        open_milestones=sum(one.done_at is None for one in rows.stages),
        appealed=problem.appealed_at is not None,
        reopen_days_left=now - since <= dt.timedelta(days=limits.REOPEN_DAYS),
        last_quarter=last_quarter(readings[-1].clock, now),
        missing_haves=missing_haves(problem, rows, len(readings), now),
        names_resource=problem.resource_id is not None,
        mending=problem.work_order_id is not None,
        sought=problem.post_id is not None,
    )


def missing_haves(problem: Problem, rows: Rows, clocks_there: int, now: dt.datetime) -> tuple[str, ...]:
    """Which of the five haves are missing."""
    review = rows.review
    closing = Closing(
        problem.text,
        problem.registered_at,
        "x" if rows.responsible is not None else None,
        clocks_there,
        problem.delivered_at,
        problem.confirmed_by == "firm",
        Review(review.effect, review.cause, review.repeatable) if review else None,
    )
    return missing_for_closing(closing, now)


def staff_of(at: dt.date) -> rules.Staff:
    """Heads, vice presidents and who acts for them, as the rules of responsibility want them."""
    posts = identity.posts()
    d = identity.departments
    departments = {
        str(one.id): rules.Department(
            str(one.id),
            _text(d.holder(posts, d.HEAD, at, one.id)),
            _text(d.holder(posts, d.VICE_PRESIDENT, at, one.id)),
        )
        for one in identity.list_departments()
    }
    acting = [post for post in posts if post.until_on is not None]
    return rules.Staff(
        identity.park_people(),
        departments,
        _text(d.holder(posts, d.ENTERPRISE_VICE_PRESIDENT, at)),
        tuple(
            rules.Duty(str(p.member), str(p.department), p.from_on, p.until_on)
            for p in acting
            if p.kind == d.ACTING and p.until_on is not None
        ),
        tuple(
            rules.Duty(str(p.member), str(p.instead_of), p.from_on, p.until_on)
            for p in acting
            if p.kind == d.ACTING_VICE_PRESIDENT and p.until_on is not None
        ),
    )


def _text(member_id: int | None) -> str | None:
    return None if member_id is None else str(member_id)


def suggested_responsible(departments: list[int]) -> int:
    """Whom the rule names for these departments today; 0 where nobody may carry it."""
    today = clock.today()
    staff = staff_of(today)
    named = [str(one) for one in sorted(set(departments))]
    if not named:
        return 0
    if len(named) == 1:
        post = staff.departments.get(named[0])
        found = rules.heads(staff, named[0], today)
        if post is not None and post.head in found:
            return int(post.head or 0)
    else:
        found = rules.vice_presidents(staff, named, today)
    return int(min(found, key=int, default="0"))
