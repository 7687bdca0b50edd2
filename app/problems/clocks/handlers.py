"""A year is published: running clocks of working days are due anew, met and missed ones stay, people are told."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.identity.door import Calendar
from app.problems import limits, messages
from app.problems.clocks import service
from app.problems.clocks.models import ClockRuleVersion, ProblemClock
from app.problems.clocks.rules import MET, MISSED, WORKING_DAY, WORKING_HOUR
from app.problems.clocks.warnings import moved
from app.problems.reports.models import Problem
from app.problems.work import states

CLASSES = ("immediate", "process", "longterm")


def _by_working_days() -> list[int]:
    """Versions of the rules in which some class counts days or hours that the park works."""
    rows = db.session.scalars(sa.select(ClockRuleVersion))
    units = {WORKING_DAY, WORKING_HOUR}
    return [row.id for row in rows if any(row.rules[name]["unit"] in units for name in CLASSES)]


def days_published(before: Calendar, after: Calendar) -> None:
    """Inside the transaction that writes the days: every clock that had a due keeps it, or says what it was."""
    versions = _by_working_days()
    last = 0
    while versions:
        concerned = sa.select(ProblemClock.problem_id).where(ProblemClock.rule_version_id.in_(versions))
        rows = db.session.scalars(
            sa.select(Problem)
            .where(Problem.id > last, Problem.id.in_(concerned))
            .order_by(Problem.id)
            .limit(limits.CHUNK)
        ).all()
        if not rows:
            return
        last = rows[-1].id
        _settle(rows, before, after)


def _settle(rows: Sequence[Problem], before: Calendar, after: Calendar) -> None:
    now = clock.now()
    old, new = service.read(rows, now, before), service.read(rows, now, after)
    for problem in rows:
        for was, will in zip(old[problem.id], new[problem.id], strict=True):
            if was.clock.due_at is None or was.clock.due_at == will.clock.due_at:
                continue
            if was.clock.state in (MET, MISSED):
                was.row.held_due_at = was.clock.due_at
            elif moved(was.clock, will.clock) and will.clock.due_at is not None:
                was.row.moved_from_at = was.clock.due_at
                if problem.state in states.OPEN:
                    problem.due_at = will.clock.due_at
                    problem.watch_at = now
                    shown = will.clock.due_on or clock.day_of(will.clock.due_at)
                    messages.tell(
                        problem, "problem_due_moved", [messages.CARRIERS], after, on=shown.isoformat()
                    )
