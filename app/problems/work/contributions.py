"""What every act has in common: it is decided by all reasons, leaves a step, moves the state, sets the next look."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from app.hall.db.base import db
from app.hall.errors import Conflict, Invalid, NotAllowed, Reason
from app.identity import door as identity
from app.identity.door import Actor
from app.problems import limits
from app.problems.work import handlers, states
from app.problems.work.grounds import Situation, asked_departments
from app.problems.work.models import ProblemDepartment, ProblemStep, Responsibility


def decide(found: Situation, act: str, more: Iterable[str] = ()) -> None:
    """Refuse with every reason at once; who may not do it at all is told only that."""
    if not states.may(act, found.standing):
        raise NotAllowed("problem_not_yours")
    codes = [*states.refusals(act, found.standing), *more]
    if codes:
        state = found.problem.state
        reasons = [Reason(f"problem_{code}", {"state": state, "act": act}) for code in codes]
        raise Conflict("problem_refused", reasons, extra={"state": state})


def done(found: Situation, actor: Actor, act: str, note: str = "", **detail: Any) -> None:
    """Leave the step, move the state, look again when it is time; a firm's own step names nobody."""
    problem = found.problem
    by_firm = found.reader is None or found.reader.firm
    db.session.add(
        ProblemStep(
            problem_id=problem.id,
            at=found.now,
            act=act,
            side="firm" if by_firm else "staff",
            member_id=None if by_firm else actor.member_id,
            note=note,
            detail=detail,
        )
    )
    problem.state = states.after(act, problem.state)
    db.session.flush()
    handlers.schedule(problem, found.now)
    if not by_firm:
        identity.audit(actor, f"problem.{act}", "problem", problem.number, reason=note[:500])


def said(text: str, code: str) -> str:
    """A text that must say something and fit."""
    text = text.strip()
    if not text:
        raise Invalid(code)
    if len(text) > limits.TEXT:
        raise Invalid("problem_text_too_long", limit=limits.TEXT)
    return text


def concern(problem_id: int, department_ids: Iterable[int], now: Any) -> None:
    """These departments, and no others, are concerned from now on."""
    session = db.session()
    wanted = sorted(set(department_ids))
    known = set(asked_departments(problem_id))
    session.execute(
        sa.update(ProblemDepartment).where(ProblemDepartment.problem_id == problem_id).values(concerned=False)
    )
    for department_id in wanted:
        if department_id not in known:
            session.merge(
                ProblemDepartment(problem_id=problem_id, department_id=department_id, turn=99, asked_at=now)
            )
    session.flush()
    session.execute(
        sa.update(ProblemDepartment)
        .where(ProblemDepartment.problem_id == problem_id, ProblemDepartment.department_id.in_(wanted))
        .values(concerned=True)
    )


def carry(found: Situation, member_id: int, assigned_by_id: int | None, why: str) -> None:
    """One first responsible from this moment on; the one before carried it until now."""
    if found.responsible is not None:
        if found.responsible.member_id == member_id:
            return
        found.responsible.until_at = found.now
        db.session.flush()
    db.session.add(
        Responsibility(
            problem_id=found.problem.id,
            member_id=member_id,
            assigned_by_id=assigned_by_id,
            why=why,
            from_at=found.now,
        )
    )
    found.problem.assigned_at = found.problem.assigned_at or found.now
    db.session.flush()
