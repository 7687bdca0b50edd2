"""Where a problem is sent and what the clockwork does to it: the next department, warnings, silence – each once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.hall import clock
from app.hall.db.base import db, is_sqlite
from app.hall.db.transaction import locked, transaction
from app.identity import door as identity
from app.identity.door import Calendar
from app.problems import limits, messages
from app.problems.clocks import service as clocks
from app.problems.clocks.models import ClockEvent
from app.problems.clocks.rules import IMMEDIATE
from app.problems.clocks.warnings import due_warnings, next_look
from app.problems.closing.rules import SILENCE
from app.problems.reports.models import Problem
from app.problems.work import states
from app.problems.work.grounds import settle
from app.problems.work.models import DispatchRuleRow, ProblemDepartment
from app.problems.work.rules import TAKE_WITHIN, DispatchRule, asked_now, dispatch

UNTAKEN = (states.REGISTERED, states.CLASSIFIED)


_DISPATCH = sa.select(DispatchRuleRow).where(DispatchRuleRow.ended_at.is_(None))


def send(problem: Problem, reading: clocks.Reading) -> tuple[int, ...]:
    """Find the departments to ask, in their order, and ask the first one; without any the desk has it.

    Answers which were asked.
    """
    session = db.session()
    rules = session.scalars(_DISPATCH)
    known = [
        DispatchRule(one.id, one.category, one.place, str(one.department_id), one.from_hour, one.to_hour)
        for one in rules
    ]
    found = dispatch(known, problem.category, problem.place_path, problem.sent_at)
    rows = [
        ProblemDepartment(problem_id=problem.id, department_id=int(department), turn=turn)
        for turn, department in enumerate(found)
    ]
    session.add_all(rows)
    _ask(problem, rows, clock.now())
    _look_again(problem, [reading], rows, clock.now())
    return tuple(row.department_id for row in rows if row.asked_at is not None)


def _turns(problem: Problem) -> list[ProblemDepartment]:
    query = sa.select(ProblemDepartment).where(ProblemDepartment.problem_id == problem.id)
    return list(db.session.scalars(query.order_by(ProblemDepartment.turn, ProblemDepartment.department_id)))


def _ask(problem: Problem, rows: Sequence[ProblemDepartment], now: dt.datetime) -> None:
    order = [str(row.department_id) for row in rows]
    at = now if problem.problem_class == IMMEDIATE else problem.sent_at
    turn = asked_now(order, problem.sent_at, at)
    reached = len(rows) if turn is None else order.index(turn) + 1
    for number, row in enumerate(rows[:reached]):
        if row.asked_at is None:
            row.asked_at = problem.sent_at + number * TAKE_WITHIN
            messages.tell(problem, "problem_asked", [messages.department(row.department_id)])


def schedule(problem: Problem, now: dt.datetime, calendar: Calendar | None = None) -> None:
    """Keep the due for ordering and the moment to look again; both can be thrown away and read anew."""
    turns = _turns(problem) if problem.state in UNTAKEN and problem.problem_class == IMMEDIATE else []
    _look_again(problem, clocks.read([problem], now, calendar).get(problem.id, []), turns, now)


def _look_again(
    problem: Problem,
    readings: Sequence[clocks.Reading],
    turns: Sequence[ProblemDepartment],
    now: dt.datetime,
) -> None:
    looks: list[dt.datetime | None] = []
    problem.due_at = None
    if readings and problem.state in (*states.OPEN, states.HANDED_OVER):
        newest = readings[-1]
        met = newest.row.met_at is not None or newest.clock.state == "met"
        problem.due_at = None if met else newest.clock.due_at
        looks.append(None if met else next_look(newest.clock, newest.row.met_at, now))
    if problem.state in UNTAKEN and problem.problem_class == IMMEDIATE:
        waiting = [row for row in turns if row.asked_at is None]
        looks += [problem.sent_at + row.turn * TAKE_WITHIN for row in waiting]
    if problem.state == states.RESOLVED and problem.delivered_at is not None:
        looks.append(problem.delivered_at + SILENCE)
    problem.watch_at = min((look for look in looks if look is not None), default=None)


def watch(now: dt.datetime | None = None) -> int:
    """One run of the clockwork: everything whose moment has come, in small transactions; answers how many."""
    at = now or clock.now()
    done = 0
    while True:
        with transaction() as session:
            query = (
                sa.select(Problem)
                .where(Problem.watch_at.is_not(None), Problem.watch_at <= at)
                .order_by(Problem.watch_at, Problem.id)
                .limit(limits.CHUNK)
            )
            rows = list(session.scalars(locked(query)))
            if not rows:
                return done
            _look(rows, at)
            done += len(rows)


def _look(rows: Sequence[Problem], at: dt.datetime) -> None:
    """One chunk: a fixed number of statements however many problems are in it."""
    calendar = identity.park_calendar()
    readings = clocks.read(rows, at, calendar)
    turns = _turns_of([problem for problem in rows if problem.state in UNTAKEN])
    for problem in rows:
        settle(problem, at)
        if problem.state in UNTAKEN:
            _ask(problem, turns.get(problem.id, []), at)
    _warn(rows, readings, at, calendar)
    for problem in rows:
        _look_again(problem, readings.get(problem.id, []), turns.get(problem.id, []), at)


def _turns_of(problems: Sequence[Problem]) -> dict[int, list[ProblemDepartment]]:
    found: dict[int, list[ProblemDepartment]] = {}
    if problems:
        query = sa.select(ProblemDepartment).where(
            ProblemDepartment.problem_id.in_([problem.id for problem in problems])
        )
        order = (ProblemDepartment.turn, ProblemDepartment.department_id)
        for row in db.session.scalars(query.order_by(*order)):
            found.setdefault(row.problem_id, []).append(row)
    return found


def _warn(
    rows: Sequence[Problem],
    readings: Mapping[int, Sequence[clocks.Reading]],
    at: dt.datetime,
    calendar: Calendar,
) -> None:
    """Every warning that is due, each written and told once whatever runs how often."""
    due = [
        {
            "problem_id": problem.id,
            "clock_id": reading.row.id,
            "rule_version_id": reading.row.rule_version_id,
            "kind": kind,
            "due_at": reading.clock.due_at,
            "noted_at": at,
        }
        for problem in rows
        if problem.state in (*states.OPEN, states.HANDED_OVER)
        for reading in readings.get(problem.id, [])
        for kind in due_warnings(reading.clock, reading.row.met_at, at)
    ]
    if not due:
        return
    insert = (sqlite if is_sqlite() else postgresql).insert(ClockEvent)
    statement = insert.on_conflict_do_nothing().returning(ClockEvent.problem_id, ClockEvent.kind)
    known = {problem.id: problem for problem in rows}
    for problem_id, kind in db.session.execute(statement, due).all():
        problem = known[problem_id]
        to = [messages.CARRIERS, messages.VICE_PRESIDENT]
        to += [messages.DESK] if problem.state in UNTAKEN else []
        messages.tell(problem, f"problem_clock_{kind}", to, calendar)
