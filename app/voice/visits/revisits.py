"""The visit a fortnight after a problem was answered: of a hidden author only its keeper knows what it is for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.identity import door as identity
from app.problems import door as problems
from app.voice import limits
from app.voice.changes import Effect, effect
from app.voice.feedback import authors
from app.voice.people import service as people
from app.voice.visits import states
from app.voice.visits.models import Contact, Visit
from app.voice.visits.rules import last_working_day


def when_problem_told(problem_id: int, code: str) -> None:
    """Resolved and answered: each of its firms is visited after fourteen days."""
    if code != "problem_resolved":
        return
    due_on = clock.today() + dt.timedelta(days=limits.DAYS_TO_REVISIT)
    day = last_working_day(due_on, identity.park_calendar().works)
    with transaction() as session:
        for firm_id in problems.named_firms(problem_id):
            source = f"problem:{problem_id}:{firm_id}"
            if session.scalar(sa.select(Visit.id).where(Visit.source == source)) is None:
                session.add(_visit(firm_id, day, problem_id, source))
        for row_id, firm_id in authors.firms_of_problem(problem_id, without_revisit=True):
            hidden = _visit(firm_id, day, None, None)
            session.add(hidden)
            session.flush()
            authors.revisit_planned(row_id, hidden.id)
        session.flush()


def effect_of(visit: Visit, same_problem: Sequence[Visit] | None = None) -> Effect | None:
    """What its problem's answer changed: over all firms that were visited again for it, this visit's alone elsewhere."""
    if visit.score is None:
        return None
    rows: Sequence[Visit] = [visit]
    if visit.problem_id is not None:
        query = sa.select(Visit).where(Visit.problem_id == visit.problem_id)
        rows = db.session.scalars(query).all() if same_problem is None else same_problem
    pairs = [(one.score_before, one.score) for one in rows]
    return effect([(before, after) for before, after in pairs if before is not None and after is not None])


def _visit(firm_id: int, day: dt.date, problem_id: int | None, source: str | None) -> Visit:
    return Visit(
        organisation_id=firm_id,
        member_id=_who_knows(firm_id, day),
        method="visit",
        state=states.PLANNED,
        planned_on=day,
        why="revisit",
        priority=2,
        problem_id=problem_id,
        source=source,
        created_at=clock.now(),
    )


def _who_knows(firm_id: int, day: dt.date) -> int | None:
    """Who met the firm last and may go, else the first who may; nobody: the keeper names somebody."""
    ids = [one.id for one in people.specialists()]
    fit = [one for one, found in people.visitors(ids, firm_id).items() if not people.reasons(found, day)]
    met = db.session.scalar(
        sa.select(Contact.member_id)
        .where(Contact.organisation_id == firm_id, Contact.member_id.in_(fit))
        .order_by(Contact.held_on.desc(), Contact.id.desc())
        .limit(1)
    )
    return met or (fit[0] if fit else None)
