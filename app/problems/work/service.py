"""Acts of those who work on a problem: classified, taken or assigned, answered, asked about, planned, moved on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotFound, Reason
from app.hall.jobs import emit
from app.identity import door as identity
from app.identity.door import Actor
from app.problems import messages
from app.problems.clocks import service as clocks
from app.problems.clocks.rules import CLASSES
from app.problems.reports import store
from app.problems.reports.measured import RESPONDED
from app.problems.reports.models import Problem
from app.problems.work import rules, states
from app.problems.work.contributions import carry, concern, decide, done, said
from app.problems.work.grounds import asked_departments, concerned_departments, situation, staff_of
from app.problems.work.models import (
    Deliverable,
    Milestone,
    ProblemMessage,
    ProblemPlan,
    TaskForceMember,
)

MOST = 1_000_000


@dataclass(frozen=True)
class Promise:
    """A deliverable as it is promised."""

    what: str
    quantity: int
    unit: str
    promised_on: dt.date


@dataclass(frozen=True)
class Stage:
    """A milestone of a roadmap."""

    what: str
    owner_id: int
    due_on: dt.date


def classify(actor: Actor, problem_id: int, problem_class: str, reason: str = "") -> Problem:
    """Confirm or change the class; a change needs a reason and counts from registration all the same."""
    if problem_class not in CLASSES:
        raise Invalid("problem_class_unknown")
    with transaction():
        found = situation(actor, problem_id)
        problem = found.problem
        changes = problem_class != problem.problem_class
        more = ["reason_missing"] if changes and not reason.strip() else []
        if not changes and problem.state != states.REGISTERED:
            more.append("same_class")
        if not changes:  # the last quarter forbids only a change
            standing = found.standing
            codes = [one for one in states.refusals("classify", standing) if "quarter" not in one]
            if codes == [] and not more:
                done(found, actor, "classify", reason.strip(), to=problem_class)
                store.show(problem_id)
                return problem
        decide(found, "classify", more)
        problem.problem_class = problem_class
        clocks.start(problem, "changed", problem_class, found.now)
        store.show(problem_id)
        done(found, actor, "classify", reason.strip(), to=problem_class)
        return problem


def take(actor: Actor, problem_id: int) -> Problem:
    """Somebody of an asked department takes it: they handle it, their head is first responsible."""
    with transaction():
        found = situation(actor, problem_id)
        assert found.reader is not None
        today = clock.day_of(found.now)
        asked = found.reader.departments & set(asked_departments(problem_id))
        posts = identity.posts()
        mine = sorted(asked)
        head = None
        for department_id in mine:
            head = identity.departments.holder(posts, "head", today, department_id)
            head = head or min(identity.departments.leaders(posts, department_id, today), default=None)
            if head is not None:
                mine = [department_id]
                break
        decide(found, "take", [] if head or not asked else ["department_without_head"])
        assert head is not None
        problem = found.problem
        if problem.state == states.REGISTERED:
            problem.state = states.CLASSIFIED
        concern(problem_id, mine, found.now)
        carry(found, head, None, "head")
        problem.handler_id = actor.member_id
        done(found, actor, "take", department=mine[0])
        messages.tell(problem, "problem_assigned_you", [messages.CARRIERS])
        messages.tell(problem, "problem_assigned", [messages.AUTHORS])
        return problem


def assign(
    actor: Actor,
    problem_id: int,
    departments: Sequence[int],
    responsible_id: int,
    handler_id: int | None = None,
) -> Problem:
    """Name the departments concerned and the one person who answers for it, or say all that stands in the way."""
    with transaction():
        found = situation(actor, problem_id)
        known = {one.id for one in identity.list_departments()}
        if set(departments) - known:
            raise NotFound("problem_department_unknown")
        today = clock.day_of(found.now)
        staff = staff_of(today)
        named = [str(one) for one in sorted(set(departments))]
        more = rules.refusals(staff, named, str(responsible_id), str(actor.member_id), today)
        if handler_id is not None and str(handler_id) not in staff.people:
            more = (*more, "unknown_handler")
        decide(found, "assign", more)
        problem = found.problem
        concern(problem_id, departments, found.now)
        why = "head" if len(named) == 1 else "vice_president"
        carry(found, responsible_id, actor.member_id, why)
        problem.handler_id = handler_id or problem.handler_id
        done(found, actor, "assign", responsible=responsible_id, departments=sorted(set(departments)))
        messages.tell(problem, "problem_assigned_you", [messages.CARRIERS])
        messages.tell(problem, "problem_assigned", [messages.AUTHORS])
        return problem


def respond(actor: Actor, problem_id: int, text: str) -> Problem:
    """An answer in words to the firm: the first one meets the clock of an immediate problem."""
    text = said(text, "problem_answer_empty")
    with transaction():
        found = situation(actor, problem_id)
        decide(found, "respond")
        problem = found.problem
        _message(problem, "answer", text, actor, found.now)
        if problem.responded_at is None:
            emit(RESPONDED, {"problem": problem.id})
        problem.acknowledged_at = problem.acknowledged_at or found.now
        problem.responded_at = problem.responded_at or found.now
        clocks.meet(problem, "first_response", found.now)
        done(found, actor, "respond")
        messages.tell(problem, "problem_answered", [messages.AUTHORS])
        return problem


def ask(actor: Actor, problem_id: int, text: str) -> Problem:
    """A question to the firm; a day clock pauses until its answer, within the cap."""
    text = said(text, "problem_answer_empty")
    with transaction():
        found = situation(actor, problem_id)
        decide(found, "ask")
        problem = found.problem
        problem.acknowledged_at = problem.acknowledged_at or found.now
        _message(problem, "question", text, actor, found.now)
        done(found, actor, "ask")
        messages.tell(problem, "problem_question", [messages.AUTHORS])
        return problem


def reply(actor: Actor, problem_id: int, text: str, guest: bool = False) -> Problem:
    """The firm answers; every open question is answered by it and its pause ends."""
    text = said(text, "problem_answer_empty")
    with transaction() as session:
        found = situation(actor, problem_id, guest)
        decide(found, "reply")
        problem = found.problem
        session.add(ProblemMessage(problem_id=problem.id, kind="reply", text=text, at=found.now))
        session.execute(
            sa.update(ProblemMessage)
            .where(
                ProblemMessage.problem_id == problem.id,
                ProblemMessage.kind == "question",
                ProblemMessage.replied_at.is_(None),
            )
            .values(replied_at=found.now)
        )
        done(found, actor, "reply")
        messages.tell(problem, "problem_replied", [messages.CARRIERS])
        return problem


def _message(problem: Problem, kind: str, text: str, actor: Actor, now: dt.datetime) -> None:
    departments = concerned_departments(problem.id)
    db.session.add(
        ProblemMessage(
            problem_id=problem.id,
            kind=kind,
            text=text,
            member_id=actor.member_id,
            department_id=departments[0] if departments else None,
            at=now,
        )
    )


def form_task_force(actor: Actor, problem_id: int, member_ids: Sequence[int]) -> Problem:
    """The people of a task force, all of them anew."""
    with transaction() as session:
        found = situation(actor, problem_id)
        people = staff_of(clock.day_of(found.now)).people
        unknown = [one for one in member_ids if str(one) not in people]
        decide(found, "form_task_force", ["unknown_person"] if unknown else [])
        session.execute(sa.delete(TaskForceMember).where(TaskForceMember.problem_id == problem_id))
        session.add_all(
            TaskForceMember(problem_id=problem_id, member_id=one) for one in sorted(set(member_ids))
        )
        done(found, actor, "form_task_force", members=sorted(set(member_ids)))
        return found.problem


@dataclass(frozen=True)
class Plan:
    """What, who, until when; what is promised; for a long-term problem the stages of its roadmap."""

    what: str
    owner_id: int
    until_on: dt.date
    promises: tuple[Promise, ...] = ()
    stages: tuple[Stage, ...] = ()


def _against(wanted: Plan, today: dt.date) -> list[str]:
    people = staff_of(today).people
    owners = {str(wanted.owner_id), *(str(one.owner_id) for one in wanted.stages)}
    more = ["unknown_person"] if owners - people else []
    days = [wanted.until_on, *(one.promised_on for one in wanted.promises)]
    if min([*days, *(one.due_on for one in wanted.stages)]) < today:
        more.append("plan_in_the_past")
    if any(not 0 < one.quantity <= MOST or not one.what.strip() for one in wanted.promises):
        more.append("promise_without_quantity")
    return more


def plan(actor: Actor, problem_id: int, wanted: Plan) -> Problem:
    """Approved at once where the first responsible makes it, else waiting for them."""
    what = said(wanted.what, "problem_plan_empty")
    with transaction() as session:
        found = situation(actor, problem_id)
        decide(found, "plan", _against(wanted, clock.day_of(found.now)))
        row = ProblemPlan(
            problem_id=problem_id,
            what=what,
            owner_id=wanted.owner_id,
            until_on=wanted.until_on,
            made_by_id=actor.member_id,
            made_at=found.now,
        )
        session.add(row)
        session.add_all(
            Milestone(problem_id=problem_id, what=one.what.strip(), owner_id=one.owner_id, due_on=one.due_on)
            for one in wanted.stages
        )
        session.add_all(
            Deliverable(
                problem_id=problem_id,
                what=one.what.strip(),
                quantity=one.quantity,
                unit=one.unit.strip(),
                promised_on=one.promised_on,
            )
            for one in wanted.promises
        )
        done(found, actor, "plan")
        if states.RESPONSIBLE in found.standing.who:
            return approve_plan(actor, problem_id)
        messages.tell(found.problem, "problem_plan_waits", [messages.CARRIERS])
        return found.problem


def approve_plan(actor: Actor, problem_id: int) -> Problem:
    """The first responsible approves the newest plan: the clock of the plan is met."""
    with transaction() as session:
        found = situation(actor, problem_id)
        row = session.scalar(
            sa.select(ProblemPlan)
            .where(ProblemPlan.problem_id == problem_id, ProblemPlan.approved_at.is_(None))
            .order_by(ProblemPlan.id.desc())
            .limit(1)
        )
        decide(found, "approve_plan", [] if row is not None else ["no_plan"])
        assert row is not None
        row.approved_by_id, row.approved_at = actor.member_id, found.now
        problem = found.problem
        problem.planned_at = problem.planned_at or found.now
        clocks.meet(problem, "plan", found.now)
        done(found, actor, "approve_plan")
        messages.tell(problem, "problem_planned", [messages.AUTHORS])
        return problem


def tick_milestone(actor: Actor, problem_id: int, milestone_id: int) -> Problem:
    """The lead ticks a stage of the roadmap: the clock goes on to the next."""
    with transaction() as session:
        found = situation(actor, problem_id)
        row = session.get(Milestone, milestone_id)
        if row is None or row.problem_id != problem_id:
            raise NotFound("problem_milestone_unknown")
        decide(found, "tick_milestone", ["milestone_done"] if row.done_at else [])
        row.done_at = found.now
        done(found, actor, "tick_milestone", row.what)
        return found.problem


def progress(actor: Actor, problem_id: int, text: str) -> Problem:
    """Work began or went on; the firm reads what was done."""
    text = said(text, "problem_answer_empty")
    with transaction():
        found = situation(actor, problem_id)
        decide(found, "progress")
        _message(found.problem, "progress", text, actor, found.now)
        done(found, actor, "progress")
        messages.tell(found.problem, "problem_moved", [messages.AUTHORS])
        return found.problem


def find_department_ids(codes: Sequence[str]) -> list[int]:
    """Ids of departments by their codes; one that is unknown is refused."""
    known = {one.code: one.id for one in identity.list_departments()}
    unknown = sorted(set(codes) - known.keys())
    if unknown:
        raise Conflict("problem_refused", [Reason("problem_department_unknown", {"code": unknown[0]})])
    return [known[code] for code in codes]


def triage(
    actor: Actor, problem_id: int, problem_class: str, departments: Sequence[int], responsible_id: int
) -> Problem:
    """The service desk's one act: class, departments, the one responsible – all of it or nothing."""
    with transaction():
        row = situation(actor, problem_id).problem
        if row.state == states.REGISTERED or row.problem_class != problem_class:
            classify(actor, problem_id, problem_class, "triage")
        return assign(actor, problem_id, departments, responsible_id)
