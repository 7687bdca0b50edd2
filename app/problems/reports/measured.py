"""Problems as figures count them: what was measured about each, and the named firms it concerns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.problems import limits
from app.problems.reports.models import Problem
from app.problems.reports.queries import reporters
from app.problems.reports.sources import problems_between
from app.problems.work import states
from app.problems.work.models import ProblemDepartment

RATED = "problem.rated"  # left in the outbox with the act itself: {"problem", "score", "day", "verdict"}
RESPONDED = "problem.responded"  # {"problem"}


@dataclass(frozen=True)
class Measured:
    """One problem with its moments; `firms` are those named, a `park_only` author is never among them."""

    id: int
    number: str
    problem_class: str
    category: str
    place: str
    state: str
    registered_at: dt.datetime
    responded_at: dt.datetime | None
    planned_at: dt.datetime | None
    resolved_at: dt.datetime | None
    due_at: dt.datetime | None
    confirmed_by: str
    confirmed_at: dt.datetime | None
    score: int | None
    reopened: int
    visibility: str
    firms: tuple[int, ...]


def _measured(rows: Sequence[Problem], with_firms: bool = True) -> list[Measured]:
    firms: dict[int, list[int]] = {}
    ids = [row.id for row in rows] if with_firms else []
    for start in range(0, len(ids), 500):
        firms |= reporters(ids[start : start + 500])
    return [
        Measured(
            row.id,
            row.number,
            row.problem_class,
            row.category,
            row.place_path,
            row.state,
            row.registered_at,
            row.responded_at,
            row.planned_at,
            row.resolved_at,
            row.due_at,
            row.confirmed_by,
            row.confirmed_at,
            row.score,
            row.reopened,
            row.visibility,
            tuple(firms.get(row.id, ())),
        )
        for row in rows
    ]


def measured(ids: Sequence[int]) -> list[Measured]:
    """These problems as figures count them."""
    return _measured(list(db.session.scalars(sa.select(Problem).where(Problem.id.in_(ids)))))


def measured_between(
    from_on: dt.date, to_on: dt.date, problem_class: str = "", with_firms: bool = True
) -> list[Measured]:
    """Problems registered in these days, as the report counts them; `firms` only where they are wanted."""
    return _measured(problems_between(from_on, to_on, problem_class), with_firms)


def at_risk(until: dt.datetime) -> list[Measured]:
    """Open problems whose clock is past its due or will be by then, the longest overdue first."""
    query = (
        sa.select(Problem)
        .where(Problem.state.in_(states.OPEN), Problem.due_at.is_not(None), Problem.due_at <= until)
        .order_by(Problem.due_at, Problem.id)
        .limit(limits.CHUNK)
    )
    return _measured(list(db.session.scalars(query)), with_firms=False)


def ids_of_department(department_id: int) -> frozenset[int]:
    """The problems that a department is to answer or concerned by."""
    query = sa.select(ProblemDepartment.problem_id).where(ProblemDepartment.department_id == department_id)
    return frozenset(db.session.scalars(query))


def is_problem(problem_id: int) -> bool:
    """Whether there is a problem of this number."""
    return db.session.scalar(sa.select(Problem.id).where(Problem.id == problem_id)) is not None


def number_of(problem_id: int) -> str:
    """The number people know a problem by; empty where there is none."""
    return db.session.scalar(sa.select(Problem.number).where(Problem.id == problem_id)) or ""


def rated(problem: Problem, at: dt.datetime) -> dict[str, object]:
    """What is left in the outbox about a verdict of the firm."""
    day = clock.day_of(at).isoformat()
    return {"problem": problem.id, "score": problem.score, "day": day, "verdict": problem.reopened}
