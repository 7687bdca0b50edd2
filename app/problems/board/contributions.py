"""The path of a problem: every row before and after it, as far as its reader may see."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.rooms import doors
from app.problems import sight
from app.problems.reports.models import Problem
from app.problems.work.rows import rows_of


def path_of(reader: sight.Reader, problem: Problem) -> list[dict[str, Any]]:
    """Rows in order of time: what it came from, steps, plan, meetings, deliverables, what it led to."""
    own = reader.firm
    hidden = problem.visibility == "park_only"
    found: list[tuple[dt.datetime, dict[str, Any]]] = []

    def add(at: dt.datetime | None, kind: str, **more: Any) -> None:
        if at is not None:
            found.append((at, {"kind": kind, "at": _day_or_moment(at, hidden, own), **more}))

    rows = rows_of(problem.id)
    if problem.source:
        more_of_it = [
            {"text": one.text, "url": one.url} for one in doors(reader.actor, "problem", problem.id)
        ]
        add(problem.registered_at, "source", source=problem.source.partition(":")[0], doors=more_of_it)
    for step in rows.steps:
        add(step.at, "step", act=step.act, side=step.side)
    for plan in rows.plans:
        add(plan.approved_at or plan.made_at, "plan", what=plan.what, until=plan.until_on.isoformat())
    for meeting, next_steps in rows.meetings:
        day = meeting.held_on or meeting.called_for
        more = {} if own else {"minutes": meeting.minutes, "next_steps": len(next_steps)}
        add(clock.start_of_day(day), "meeting", state=meeting.state, **more)
    for one in rows.promises:
        day = one.delivered_on or one.promised_on
        add(
            clock.start_of_day(day),
            "deliverable",
            what=one.what,
            promised=one.quantity,
            delivered=one.delivered,
            unit=one.unit,
            waived_because=one.waived_because,
        )
    for name, number in (("predecessor", problem.predecessor_id), ("merged_into", problem.merged_into_id)):
        if number is not None and (other := _visible(reader, number)):
            add(problem.registered_at, name, number=other)
    return [row for _at, row in sorted(found, key=lambda pair: pair[0])]


def _visible(reader: sight.Reader, problem_id: int) -> str | None:
    """The number of another problem, where this reader may see it too."""
    query = sa.select(Problem.number).where(Problem.id == problem_id, sight.visible(reader))
    return db.session.scalar(query)


def _day_or_moment(at: dt.datetime, hidden: bool, own: bool) -> str:
    shown = sight.shown_moment(at, hidden, own)
    return clock.local(shown).isoformat() if isinstance(shown, dt.datetime) else str(shown)
