"""Meetings called, held with minutes and next steps, or cancelled with a reason; hand-over to an initiative."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.ecosystem import door as ecosystem
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotFound
from app.identity.door import SYSTEM, Actor
from app.problems import messages
from app.problems.reports.models import Problem
from app.problems.work import states
from app.problems.work.contributions import decide, done, said
from app.problems.work.grounds import concerned_departments, lock, situation, staff_of
from app.problems.work.handlers import schedule
from app.problems.work.models import Coordination, NextStep, ProblemMessage, ProblemStep
from app.problems.work.rules import coordination_overdue

FEWEST = 3  # with fewer it is one firm's bad luck


@dataclass(frozen=True)
class Step:
    """A next step with owner and day."""

    what: str
    owner_id: int
    due_on: dt.date


def call(actor: Actor, problem_id: int, on: dt.date) -> Coordination:
    """A meeting of everybody concerned is called."""
    with transaction() as session:
        found = situation(actor, problem_id)
        more = ["plan_in_the_past"] if on < clock.day_of(found.now) else []
        decide(found, "coordinate", more)
        row = Coordination(
            problem_id=problem_id,
            state="called",
            called_for=on,
            called_by_id=actor.member_id,
            called_at=found.now,
        )
        session.add(row)
        session.flush()
        done(found, actor, "coordinate", meeting=row.id)
        to = [messages.department(one) for one in concerned_departments(problem_id)]
        messages.tell(found.problem, "problem_meeting", [*to, messages.CARRIERS], on=on.isoformat())
        return row


def hold(
    actor: Actor, problem_id: int, meeting_id: int | None, minutes: str, steps: Sequence[Step]
) -> Coordination:
    """Minutes and next steps; a meeting nobody had called is written down as held today."""
    minutes = said(minutes, "problem_minutes_missing")
    with transaction() as session:
        found = situation(actor, problem_id)
        today = clock.day_of(found.now)
        people = staff_of(today).people
        more = ["unknown_person"] if any(str(one.owner_id) not in people for one in steps) else []
        if any(one.due_on < today for one in steps):
            more.append("plan_in_the_past")
        decide(found, "coordinate", more)
        row = _called(problem_id, meeting_id)
        if row is None:
            row = Coordination(
                problem_id=problem_id,
                state="called",
                called_for=today,
                called_by_id=actor.member_id,
                called_at=found.now,
            )
            session.add(row)
        row.state, row.held_on, row.minutes = "held", today, minutes
        session.flush()
        session.add_all(
            NextStep(
                coordination_id=row.id,
                what=said(one.what, "problem_plan_empty"),
                owner_id=one.owner_id,
                due_on=one.due_on,
            )
            for one in steps
        )
        done(found, actor, "coordinate", held=row.id)
        return row


def cancel(actor: Actor, problem_id: int, meeting_id: int, because: str) -> Coordination:
    because = said(because, "problem_reason_missing")
    with transaction():
        found = situation(actor, problem_id)
        decide(found, "coordinate")
        row = _called(problem_id, meeting_id)
        assert row is not None
        row.state, row.because = "cancelled", because
        done(found, actor, "coordinate", because, cancelled=row.id)
        return row


def _called(problem_id: int, meeting_id: int | None) -> Coordination | None:
    if meeting_id is None:
        return None
    row = db.session.get(Coordination, meeting_id)
    if row is None or row.problem_id != problem_id:
        raise NotFound("problem_meeting_unknown")
    if row.state != "called":
        raise Conflict("problem_meeting_over")
    return row


def overdue(problem: Problem, departments: Sequence[int], held_on: Sequence[dt.date], today: dt.date) -> bool:
    """Whether the departments concerned have not met for more than a week."""
    if problem.assigned_at is None:
        return False
    resolved = problem.state not in states.OPEN
    return coordination_overdue(
        [str(one) for one in departments], clock.day_of(problem.assigned_at), list(held_on), resolved, today
    )


def hand_over(actor: Actor, problem_id: int, initiative_id: int) -> Problem:
    """To an initiative: its end answers the problem; the clock of the next milestone goes on."""
    with transaction():
        found = situation(actor, problem_id)
        state = ecosystem.initiative_state(initiative_id)
        if state is None:
            raise NotFound("initiative_not_found")
        decide(found, "hand_over", ["initiative_ended"] if state in ("done", "dropped") else [])
        found.problem.initiative_id = initiative_id
        done(found, actor, "hand_over", initiative=initiative_id)
        messages.tell(found.problem, "problem_handed_over", [messages.AUTHORS])
        return found.problem


def _handed_over(initiative_id: int) -> Iterator[Problem]:
    """The problems that wait for an initiative, each locked as its turn comes."""
    waiting = sa.select(Problem.id).where(
        Problem.initiative_id == initiative_id, Problem.state == states.HANDED_OVER
    )
    for problem_id in db.session.scalars(waiting.order_by(Problem.id)).all():
        yield lock(problem_id)


def answer_from_initiative(initiative_id: int, text: str) -> None:
    """The end of an initiative resolves and answers every problem that was handed over to it."""
    session, now = db.session(), clock.now()
    for problem in _handed_over(initiative_id):
        problem.state = states.RESOLVED
        problem.resolved_at = problem.delivered_at = now
        problem.responded_at = problem.responded_at or now
        problem.acknowledged_at = problem.acknowledged_at or now
        session.add(ProblemMessage(problem_id=problem.id, kind="answer", text=text, at=now))
        session.add(
            ProblemStep(
                problem_id=problem.id,
                at=now,
                act="resolve",
                side="staff",
                detail={"initiative": initiative_id},
            )
        )
        session.flush()
        schedule(problem, now)
        messages.tell(problem, "problem_resolved", [messages.AUTHORS])


def return_from_initiative(initiative_id: int, reason: str) -> None:
    """An initiative was given up: its problems go on where they were, and who answers for them is told."""
    session, now = db.session(), clock.now()
    for problem in _handed_over(initiative_id):
        carried = problem.assigned_at is not None
        answered = states.RESPONDED if problem.responded_at is not None else states.ASSIGNED
        problem.state = answered if carried else states.CLASSIFIED
        problem.initiative_id = None
        session.add(
            ProblemStep(
                problem_id=problem.id,
                at=now,
                act="handed_back",
                side="staff",
                note=reason[:500],
                detail={"initiative": initiative_id},
            )
        )
        session.flush()
        schedule(problem, now)
        messages.tell(problem, "problem_handed_back", [messages.CARRIERS, messages.DESK])


def propose_initiative(actor: Actor, wanted: ecosystem.Proposal, problem_ids: Sequence[int]) -> int:
    """Three complaints or more with one outside cause go to the round table together."""
    problem_ids = sorted(set(problem_ids))
    if len(problem_ids) < FEWEST:
        raise Invalid("initiative_too_few", least=FEWEST)
    with transaction():
        for problem_id in problem_ids:
            decide(situation(actor, problem_id), "hand_over")
        initiative_id = ecosystem.propose_initiative(SYSTEM, wanted)
        for problem_id in problem_ids:
            hand_over(actor, problem_id, initiative_id)
        return initiative_id
