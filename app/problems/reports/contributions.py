"""What rooms above ask about problems: named firms of one, open ones of a firm, states of some."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall.db.base import db
from app.problems.reports import queries
from app.problems.reports.models import Problem, ProblemReporter
from app.problems.work import states


@dataclass(frozen=True)
class ProblemInfo:
    """A problem without its authors."""

    id: int
    number: str
    state: str
    problem_class: str
    category: str
    text: str
    due_at: dt.datetime | None
    resource_id: int | None
    park_only: bool


COLUMNS = (
    Problem.id,
    Problem.number,
    Problem.state,
    Problem.problem_class,
    Problem.category,
    Problem.text,
    Problem.due_at,
    Problem.resource_id,
    Problem.visibility == "park_only",
)


def problems_by_id(ids: Iterable[int]) -> dict[int, ProblemInfo]:
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    rows = db.session.execute(sa.select(*COLUMNS).where(Problem.id.in_(wanted)))
    return {row[0]: ProblemInfo(*row) for row in rows}


def open_problems_of(organisation_id: int, limit: int = 20) -> list[ProblemInfo]:
    """Open problems a firm reported by name, those due first; hidden ones are their keeper's."""
    mine = sa.select(ProblemReporter.problem_id).where(ProblemReporter.organisation_id == organisation_id)
    query = (
        sa.select(*COLUMNS)
        .where(Problem.id.in_(mine), Problem.state.in_(states.OPEN))
        .order_by(Problem.due_at.is_(None), Problem.due_at, Problem.id)
        .limit(limit)
    )
    return [ProblemInfo(*row) for row in db.session.execute(query)]


def named_firms(problem_id: int) -> list[int]:
    """Firms that reported a problem by name."""
    return queries.reporters([problem_id]).get(problem_id, [])
