"""Problems whose cause lies outside the park: how many before and after a day, and what goes to the round table."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.ecosystem import door as ecosystem
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.counting import counted, how_many
from app.identity import door as identity
from app.identity.door import Actor
from app.problems import sight
from app.problems.coordination import service
from app.problems.reports.models import Problem
from app.problems.work import states
from app.problems.work.models import ProblemDepartment

MONTH_DAYS = 365 / 12
LONG_OVERDUE = dt.timedelta(days=7)
MOST_ON_AGENDA = 5


@dataclass(frozen=True)
class Counts:
    """Problems of one kind and the months in which the park's firms could have had them, before and after a day."""

    before: int
    firm_months_before: int
    after: int
    firm_months_after: int


def count(category: str, since_on: dt.date, months: int) -> Counts:
    """Count by the park's own rows: each firm counts from the day it registered, a month begun is a month."""
    start, today = clock.months_later(since_on, -months), clock.today()
    moments = [clock.start_of_day(day) for day in (start, since_on, today + dt.timedelta(days=1))]
    before, after = counted(
        *(
            how_many(
                Problem.category == category,
                Problem.registered_at >= begin,
                Problem.registered_at < end,
                Problem.state != states.NOT_A_PROBLEM,
            )
            for begin, end in itertools.pairwise(moments)
        )
    )
    there = [since for _firm, since in identity.enterprises_since("active")]
    return Counts(
        before,
        sum(_months(max(day, start), since_on) for day in there),
        after,
        sum(_months(max(day, since_on), today + dt.timedelta(days=1)) for day in there),
    )


def _months(begin: dt.date, end: dt.date) -> int:
    days = (end - begin).days
    return max(1, round(days / MONTH_DAYS)) if days > 0 else 0


def chance(counts: Counts) -> float | None:
    """How probable so many problems after the day were, had nothing changed."""
    found = ecosystem.outside_cause_p(
        counts.before, counts.firm_months_before, counts.after, counts.firm_months_after
    )
    return None if found is None else float(found)


def candidates(reader: sight.Reader, category: str) -> list[Problem]:
    """Open problems of this kind that may be handed over, the newest first."""
    query = sa.select(Problem).where(
        sight.visible(reader),
        Problem.state.in_(states.OPEN[1:]),
        Problem.category == category,
    )
    return list(db.session.scalars(query.order_by(Problem.registered_at.desc(), Problem.id).limit(200)))


def open_by_category(reader: sight.Reader) -> dict[str, int]:
    """How many open problems of each kind may be handed over, the most first."""
    query = (
        sa.select(Problem.category, sa.func.count())
        .where(sight.visible(reader), Problem.state.in_(states.OPEN[1:]))
        .group_by(Problem.category)
        .order_by(sa.func.count().desc(), Problem.category)
    )
    return dict(db.session.execute(query).all())


@dataclass(frozen=True)
class Cause:
    """What is said to have changed outside, since when, and what is proposed."""

    factor: str
    since_on: dt.date
    title: str


def propose(actor: Actor, cause: Cause, counts: Counts, problem_ids: Sequence[int]) -> int:
    """To the round table, with the counts it is proposed with; the problems are handed over together."""
    wanted = ecosystem.Proposal(
        cause.factor,
        cause.since_on,
        cause.title,
        counts.before,
        counts.firm_months_before,
        counts.after,
        counts.firm_months_after,
    )
    return service.propose_initiative(actor, wanted, problem_ids)


def long_overdue() -> list[ecosystem.AgendaItem]:
    """What two departments or more have not brought to an end a week after its due: for the round table, unnamed."""
    now = clock.now()
    departments = (
        sa.select(ProblemDepartment.problem_id, sa.func.count().label("departments"))
        .where(ProblemDepartment.concerned)
        .group_by(ProblemDepartment.problem_id)
        .having(sa.func.count() >= 2)
        .subquery()
    )
    query = (
        sa.select(Problem.id, Problem.number, Problem.due_at, departments.c.departments)
        .join(departments, departments.c.problem_id == Problem.id)
        .where(Problem.state.in_(states.OPEN), Problem.due_at < now - LONG_OVERDUE)
        .order_by(Problem.due_at, Problem.id)
        .limit(MOST_ON_AGENDA)
    )
    return [
        ecosystem.AgendaItem(
            "overdue_problem",
            f"problem:{row.id}",
            float((now - row.due_at).days),
            {
                "number": row.number,
                "days": (now - row.due_at).days,
                "departments": row.departments,
                "url": f"/problems/{row.number}",
            },
        )
        for row in db.session.execute(query)
    ]
