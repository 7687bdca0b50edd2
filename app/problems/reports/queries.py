"""Lists and look-ups of problems: similar ones while typing, repeats, what a reader may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import NotFound
from app.identity import door as identity
from app.identity.door import Actor
from app.problems import sight
from app.problems.reports.models import Place, Problem, ProblemReporter
from app.problems.work import states
from app.problems.work.models import ProblemDepartment
from app.problems.work.rules import REPEAT_DAYS, Repeat, Told, similar

RECENT = 200  # as many open problems of a category are compared word by word


def words_of(text: str) -> frozenset[str]:
    """Pairs of characters: good enough to say that two short sentences share half of what they say."""
    plain = "".join(ch.lower() for ch in text if ch.isalnum())
    return frozenset(plain[n : n + 2] for n in range(len(plain) - 1)) or frozenset({plain} - {""})


def told(problem: Problem) -> Told:
    return Told(
        str(problem.id),
        clock.day_of(problem.registered_at),
        problem.category,
        problem.place_path or None,
        problem.theme,
        None,
        words_of(problem.text),
    )


def similar_open(category: str, place_path: str, text: str, but: int = 0) -> list[Problem]:
    """Open problems to offer for merging, the oldest first."""
    rows = list(
        db.session.scalars(
            sa.select(Problem)
            .where(Problem.category == category, Problem.state.in_(states.OPEN), Problem.id != but)
            .order_by(Problem.registered_at.desc())
            .limit(RECENT)
        )
    )
    mine = Told("0", clock.today(), category, place_path or None, words=words_of(text))
    wanted = set(similar(mine, [told(row) for row in rows]))
    return sorted((row for row in rows if str(row.id) in wanted), key=lambda row: row.registered_at)


def mark_repeat(problem: Problem) -> None:
    """Name the problem before it at this place, and the how-manieth this one is."""
    repeat = repeat_at(problem.category, problem.place_path, problem.registered_at, problem.id)
    if repeat is not None:
        problem.predecessor_id = int(repeat.predecessor)
        problem.repeat_number = repeat.number


def repeat_at(category: str, place_path: str, at: dt.datetime, but: int = 0) -> Repeat | None:
    """What a problem of this category registered now at this place would repeat."""
    if not place_path:
        return None
    before = db.session.execute(
        sa.select(Problem.id, Problem.repeat_number)
        .where(
            Problem.category == category,
            Problem.place_path == place_path,
            Problem.id != but,
            Problem.registered_at >= at - dt.timedelta(days=REPEAT_DAYS + 1),
            Problem.state.not_in((states.NOT_A_PROBLEM,)),
        )
        .order_by(Problem.registered_at.desc(), Problem.id.desc())
        .limit(1)
    ).first()
    if before is None:
        return None
    earlier = db.session.get(Problem, before.id)
    assert earlier is not None
    if (clock.day_of(at) - clock.day_of(earlier.registered_at)).days > REPEAT_DAYS:
        return None
    return Repeat(str(before.id), before.repeat_number + 1)


@dataclass(frozen=True)
class Wanted:
    """What a list was asked for."""

    state: str = ""
    problem_class: str = ""
    department: str = ""
    due_before: dt.datetime | None = None
    q: str = ""


def statement(reader: sight.Reader, wanted: Wanted | None = None) -> Any:
    """Problems this reader may see, as asked for, without an order."""
    wanted = wanted or Wanted()
    query = sa.select(Problem).where(sight.visible(reader))
    if wanted.state == "open":
        query = query.where(Problem.state.in_(states.OPEN))
    elif wanted.state:
        query = query.where(Problem.state == wanted.state)
    if wanted.problem_class:
        query = query.where(Problem.problem_class == wanted.problem_class)
    if wanted.department:
        codes = {one.code: one.id for one in identity.list_departments()}
        mine = sa.select(ProblemDepartment.problem_id).where(
            ProblemDepartment.department_id == codes.get(wanted.department, 0),
            sa.or_(ProblemDepartment.concerned, ProblemDepartment.asked_at.is_not(None)),
        )
        query = query.where(Problem.id.in_(mine))
    if wanted.due_before is not None:
        query = query.where(Problem.due_at < wanted.due_before, Problem.state.in_(states.OPEN))
    for word in wanted.q.split()[:6]:
        like = f"%{identity.escape_like(word)}%"
        query = query.where(
            sa.or_(Problem.text.ilike(like, escape="\\"), Problem.number.ilike(like, escape="\\"))
        )
    return query


def get(actor: Actor, number: str, reader: sight.Reader | None = None) -> Problem:
    """The problem of this number, where the actor may see it."""
    found = statement(reader or sight.reader_of(actor))
    row = db.session.scalar(found.where(Problem.number == number.strip().upper()))
    if row is None:
        raise NotFound("problem_not_found")
    return row


def get_by_id(actor: Actor, problem_id: int) -> Problem:
    row = db.session.scalar(statement(sight.reader_of(actor)).where(Problem.id == problem_id))
    if row is None:
        raise NotFound("problem_not_found")
    return row


def own(actor: Actor, limit: int = 50) -> list[Problem]:
    """What this firm reported, the newest first; `sight` counts what its keeper keeps for it too."""
    query = statement(sight.reader_of(actor)).order_by(Problem.registered_at.desc(), Problem.id.desc())
    return list(db.session.scalars(query.limit(limit)))


def reporters(problem_ids: Sequence[int]) -> dict[int, list[int]]:
    """Named firms by problem; a `park_only` author is never among them."""
    found: dict[int, list[int]] = {}
    rows = db.session.execute(
        sa.select(ProblemReporter.problem_id, ProblemReporter.organisation_id)
        .where(ProblemReporter.problem_id.in_(problem_ids), ProblemReporter.organisation_id.is_not(None))
        .order_by(ProblemReporter.id)
    )
    for problem_id, organisation_id in rows:
        if organisation_id is not None and organisation_id not in found.setdefault(problem_id, []):
            found[problem_id].append(organisation_id)
    return found


def places(ids: Sequence[int | None]) -> dict[int, Place]:
    wanted = sorted({one for one in ids if one is not None})
    if not wanted:
        return {}
    rows = db.session.scalars(sa.select(Place).where(Place.id.in_(wanted)))
    return {row.id: row for row in rows}
