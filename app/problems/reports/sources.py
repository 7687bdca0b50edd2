"""Rows of the report as the platform holds them, and its figures as contract-wider 2.6 writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.text.numbers import as_float
from app.identity import door as identity
from app.identity.door import Calendar
from app.problems import limits
from app.problems.clocks import service as clocks
from app.problems.reports import shapes
from app.problems.reports.models import Problem
from app.problems.reports.rules import (
    ClassReport,
    Solved,
    Spread,
    change_percent,
    is_late,
    report,
    span_before,
)
from app.problems.work import states

COLUMNS = ("responded_at", "planned_at", "resolved_at", "confirmed_by", "reopened")
FIGURES: dict[str, Callable[[Problem], bool]] = {
    "responded": lambda row: row.responded_at is not None,
    "planned": lambda row: row.planned_at is not None,
    "resolved": lambda row: row.resolved_at is not None,
    "firm": lambda row: row.confirmed_by == "firm",
    "silence": lambda row: row.confirmed_by == "silence",
    "reopened": lambda row: row.reopened > 0,
}
LEFT_OUT = (states.MERGED, states.NOT_A_PROBLEM)


def problems_between(
    from_on: dt.date | None, to_on: dt.date | None, problem_class: str = ""
) -> list[Problem]:
    """Problems registered in these days; merged ones count in the one they went into."""
    query = sa.select(Problem).where(Problem.state.not_in(LEFT_OUT))
    if from_on is not None:
        query = query.where(Problem.registered_at >= clock.start_of_day(from_on))
    if to_on is not None:
        query = query.where(Problem.registered_at < clock.start_of_day(to_on + dt.timedelta(days=1)))
    if problem_class:
        query = query.where(Problem.problem_class == problem_class)
    return list(
        db.session.scalars(query.order_by(Problem.registered_at, Problem.id).limit(limits.EXPORT_ROWS))
    )


def solved_rows(from_on: dt.date | None, to_on: dt.date | None) -> list[Solved]:
    return [solved(problem) for problem in problems_between(from_on, to_on)]


def solved(problem: Problem) -> Solved:
    return Solved(
        problem.number,
        problem.problem_class,
        problem.registered_at,
        problem.responded_at,
        problem.planned_at,
        problem.resolved_at,
        problem.confirmed_by or None,
        problem.reopened,
    )


def class_reports(rows: Sequence[Solved], calendar: Calendar | None = None) -> list[ClassReport]:
    rules = clocks.rules_from(clocks.in_force().rules)
    return report(rows, COLUMNS, rules, calendar or identity.park_calendar(), clock.now())


def rows_behind(rows: Sequence[Problem], figure: str) -> list[Problem]:
    """The rows one figure of the report is made of; all of them where no figure is named."""
    if figure == "late":
        rules, calendar, now = (
            clocks.rules_from(clocks.in_force().rules),
            identity.park_calendar(),
            clock.now(),
        )
        return [row for row in rows if is_late(solved(row), rules, calendar, now)]
    counts = FIGURES.get(figure)
    return list(rows) if counts is None else [row for row in rows if counts(row)]


Earlier = Mapping[str, tuple[Spread, Fraction | None]]


def earlier_of(reports: Sequence[ClassReport], from_on: dt.date | None, to_on: dt.date | None) -> Earlier:
    """By class: the first responses of as many days before, and how much the mean changed since."""
    if from_on is None or to_on is None or to_on < from_on:
        return {}
    before = class_reports(solved_rows(*span_before(from_on, to_on)))
    return {
        then.problem_class: (
            then.first_response_hours,
            change_percent(then.first_response_hours, now.first_response_hours),
        )
        for then, now in zip(before, reports, strict=True)
        if then.first_response_hours is not None
    }


def figures_of(
    rows: Sequence[Solved], from_on: dt.date | None = None, to_on: dt.date | None = None
) -> list[shapes.ProblemFigures]:
    """The answer of `problems report` for these rows, which were registered in these days."""
    reports = class_reports(rows)
    earlier = earlier_of(reports, from_on, to_on)
    return [_answer(one, *earlier.get(one.problem_class, (None, None))) for one in reports]


def _answer(one: ClassReport, before: Spread | None, change: Fraction | None) -> shapes.ProblemFigures:
    return {
        "class": one.problem_class,
        "n": one.n,
        "share_percent": as_float(one.share_percent),
        "late": one.late,
        "first_response_hours": _spread(one.first_response_hours),
        "first_response_before": _spread(before),
        "first_response_change_percent": as_float(change),
        "plan_days": _spread(one.plan_days),
        "resolution_days": _spread(one.resolution_days),
        "resolution_months": as_float(one.resolution_months),
        "confirmed": {"firm": one.confirmed["firm"], "silence": one.confirmed["silence"]}
        if one.confirmed
        else None,
        "reopened": one.reopened,
    }


def _spread(found: Spread | None) -> shapes.Spread | None:
    if found is None:
        return None
    return {
        "mean": float(found.mean),
        "median": float(found.median),
        "worst": float(found.worst),
        "n": found.n,
    }
