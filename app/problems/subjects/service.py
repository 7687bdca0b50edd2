"""A problem that names something is evidence there; a machine gets its work order, a missing service becomes a need."""

from __future__ import annotations

import sqlalchemy as sa

from app.ecosystem import door as ecosystem
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Invalid, NotFound
from app.identity import door as identity
from app.identity.door import Actor
from app.problems import messages
from app.problems.reports.categories import CATEGORIES
from app.problems.reports.models import Problem, ProblemReporter
from app.problems.work.contributions import decide, done, said
from app.problems.work.grounds import lock, situation
from app.problems.work.models import ProblemStep
from app.sharing import door as sharing
from app.upkeep import door as upkeep

REMARK, COMPLAINT = "feedback", "signal"
KEPT_BY_ITS_SOURCE = (REMARK, COMPLAINT)  # these keep the evidence themselves: one sentence, one signal
TITLE = 80


def evidence_of(problem: Problem) -> str:
    """By what name the evidence of a problem is kept, once."""
    came_from = (problem.source or "").partition(":")[0]
    return str(problem.source) if came_from == REMARK else f"problem:{problem.id}"


def note(problem: Problem) -> None:
    """Keep a new problem as evidence where it names a segment, a resource or a theme."""
    if (problem.source or "").partition(":")[0] not in KEPT_BY_ITS_SOURCE:
        _record(problem)


def _record(problem: Problem) -> None:
    if not (problem.segment or problem.resource_id or problem.theme):
        return
    category = CATEGORIES.get(problem.category)
    heard = ecosystem.Heard(
        kind="repair" if category is not None and category.repair else "complaint",
        text=problem.text,
        topic=problem.theme or "",
        organisation_id=named_firm(problem.id),
        segment=problem.segment,
        resource_id=problem.resource_id,
        tags=(problem.theme,) if problem.theme else (),
        occurred_on=clock.day_of(problem.registered_at),
        source=evidence_of(problem),
    )
    ecosystem.record_signal(identity.SYSTEM, heard)


def named_firm(problem_id: int) -> int | None:
    """The firm that said it by name; nobody where it is hidden, where several said it, or nobody is known."""
    query = sa.select(ProblemReporter.organisation_id).where(
        ProblemReporter.problem_id == problem_id, ProblemReporter.organisation_id.is_not(None)
    )
    found = set(db.session.scalars(query))
    return found.pop() if len(found) == 1 else None


def check_subject(segment: str | None, resource_id: int | None) -> None:
    """Refuse a segment or a resource that the park does not have."""
    ecosystem.known_segment(segment)
    if resource_id is not None and not sharing.resources_by_id([resource_id]):
        raise NotFound("resource_not_found")


def name_subject(actor: Actor, problem_id: int, segment: str | None, resource_id: int | None) -> Problem:
    """Say which segment or resource it is about: from now on it is evidence there."""
    check_subject(segment, resource_id)
    if not segment and resource_id is None:
        raise Invalid("problem_subject_missing")
    with transaction():
        found = situation(actor, problem_id)
        decide(found, "name_subject")
        problem = found.problem
        problem.segment = segment or problem.segment
        problem.resource_id = resource_id or problem.resource_id
        _record(problem)
        done(found, actor, "name_subject", segment=segment, resource=resource_id)
        return problem


def mend(actor: Actor, problem_id: int, stops: bool) -> Problem:
    """Open the work order of the machine it names: once, and where it stands its calendar closes."""
    with transaction():
        found = situation(actor, problem_id)
        decide(found, "mend")
        problem = found.problem
        assert problem.resource_id is not None
        problem.work_order_id = upkeep.open_work_order(
            problem.resource_id, problem.text, f"problem:{problem.id}", stops
        )
        done(found, actor, "mend", order=problem.work_order_id, stops=stops)
        messages.tell(problem, "problem_mending", [messages.AUTHORS])
        return problem


def mended(order_id: int) -> None:
    """The order of a problem has ended: the path says so, and who answers for the problem is told."""
    problem_id = db.session.scalar(sa.select(Problem.id).where(Problem.work_order_id == order_id))
    if problem_id is None:
        return
    problem = lock(problem_id)
    step = ProblemStep(
        problem_id=problem.id, at=clock.now(), act="mended", side="staff", detail={"order": order_id}
    )
    db.session.add(step)
    messages.tell(problem, "problem_mended", [messages.CARRIERS])


def seek(actor: Actor, problem_id: int, title: str) -> Problem:
    """Nobody in the park offers it: a need on the market, in the firm's name where it spoke by name, else the park's."""
    title = said(title, "problem_need_without_title")[:TITLE]
    with transaction():
        found = situation(actor, problem_id)
        decide(found, "seek")
        problem = found.problem
        asking = named_firm(problem.id)
        owner = asking if asking is not None else identity.park_itself().organisation_id
        tags = (problem.theme,) if problem.theme else ()
        draft = ecosystem.Draft(title, description=problem.text, tags=tags, segment=problem.segment)
        problem.post_id = ecosystem.write_need(owner, draft).id
        done(found, actor, "seek", need=problem.post_id)
        messages.tell(problem, "problem_sought", [messages.AUTHORS])
        return problem
