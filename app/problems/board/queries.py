"""Cards, the page of one problem, and figures, masked for their reader in one place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.identity import door as identity
from app.identity.door import Actor, Calendar, DepartmentInfo
from app.problems import sight
from app.problems.clocks import service as clocks
from app.problems.clocks.rules import Clock
from app.problems.places.service import name_of
from app.problems.reports import queries
from app.problems.reports.models import Place, Problem, ProblemReporter
from app.problems.work import states
from app.problems.work.grounds import state_at
from app.problems.work.models import (
    Coordination,
    Deliverable,
    ProblemDepartment,
    ProblemMessage,
    Responsibility,
)
from app.problems.work.rows import Rows

Number = sa.SQLColumnExpression[int] | sa.SQLColumnExpression[int | None]
LAST_DUE = dt.datetime.max.replace(tzinfo=dt.UTC)


@dataclass(frozen=True)
class Card:
    """One problem as this reader may see it."""

    problem: Problem
    state: str
    clock: Clock | None
    clock_met: bool
    place: str
    firms: tuple[str, ...]
    departments: tuple[DepartmentInfo, ...]
    responsible: str
    handler: str
    delivered: int = 0
    promised: int = 0
    open_question: bool = False
    park_only: bool = False
    own: bool = False
    mine: bool = False
    asked: bool = False

    @property
    def due_at(self) -> dt.datetime | None:
        if self.clock is None or self.clock.due_at is None:
            return None
        return sight.shown_due(self.clock.due_at, self.park_only and not self.own)

    @property
    def registered(self) -> dt.datetime | dt.date | None:
        return sight.shown_moment(self.problem.registered_at, self.park_only, self.own)

    @property
    def title(self) -> str:
        text = self.problem.text
        return text if len(text) <= 60 else text[:59] + "…"


@dataclass(frozen=True)
class Facts:
    """What the cards of a list need beside their rows, read for all of them at once."""

    departments: dict[int, list[int]] = field(default_factory=dict)
    responsible: dict[int, int] = field(default_factory=dict)
    promises: dict[int, tuple[int, int]] = field(default_factory=dict)
    firms: dict[int, list[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """What somebody has read already; the rest is read for all cards together."""

    readings: Mapping[int, list[clocks.Reading]] | None = None
    facts: Facts | None = None
    places: Mapping[int, Place] | None = None
    names: Mapping[int, str] = field(default_factory=dict)
    calendar: Calendar | None = None


def cards(
    reader: sight.Reader,
    problems: Sequence[Problem],
    now: dt.datetime | None = None,
    known: Known = Known(),
) -> list[Card]:
    """The problems of one list as cards, in their order: a fixed number of statements."""
    if not problems:
        return []
    at = now or clock.now()
    ids = [problem.id for problem in problems]
    readings = clocks.read(problems, at, known.calendar) if known.readings is None else known.readings
    facts = known.facts or _facts(ids)
    departments = {one.id: one for one in departments_for(reader)} if facts.departments else {}
    names = _names(
        [*facts.responsible.values(), *(p.handler_id for p in problems if p.handler_id)], known.names
    )
    places = known.places
    if places is None:
        places = queries.places([problem.place_id for problem in problems])
    firms = facts.firms
    organisations = identity.organisations_by_id(
        {one for some in firms.values() for one in some}, reader.actor
    )
    found = []
    for problem in problems:
        mine = readings.get(problem.id, [])
        done, promised = facts.promises.get(problem.id, (0, 0))
        place = places.get(problem.place_id or 0)
        found.append(
            Card(
                problem,
                state_at(problem, at),
                mine[-1].clock if mine else None,
                bool(mine) and mine[-1].row.met_at is not None,
                name_of(place) if place else problem.place_path,
                tuple(organisations[one].name for one in firms.get(problem.id, [])),
                tuple(
                    departments[one] for one in facts.departments.get(problem.id, []) if one in departments
                ),
                names.get(facts.responsible.get(problem.id, 0), ""),
                names.get(problem.handler_id or 0, ""),
                done,
                promised,
                bool(mine) and mine[-1].asking,
                problem.visibility == "park_only",
                reader.firm,
                reader.actor.member_id in (facts.responsible.get(problem.id), problem.handler_id),
                bool(reader.departments & set(facts.departments.get(problem.id, []))),
            )
        )
    return found


@cache
def _asked_facts() -> sa.CompoundSelect[Any, Any, Any, Any, Any]:
    """Made once: to write it down takes longer than the database needs to answer it."""
    ids: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
    asked = sa.or_(ProblemDepartment.concerned, ProblemDepartment.asked_at.is_not(None))
    nothing: Number = sa.literal(0)

    def part(
        kind: str, order: Number, problem: Number, one: Number, two: Number = nothing
    ) -> sa.Select[Any, Any, Any, Any, Any]:
        return sa.select(
            sa.literal(kind).label("kind"),
            order.label("place"),
            problem.label("problem"),
            sa.cast(one, sa.BigInteger).label("one"),
            sa.cast(two, sa.BigInteger).label("two"),
        ).where(problem.in_(ids))

    concerned = sa.case((ProblemDepartment.concerned, 1), else_=0)
    carried, sums = Responsibility, (sa.func.sum(Deliverable.delivered), sa.func.sum(Deliverable.quantity))
    return sa.union_all(
        part(
            "department",
            ProblemDepartment.turn,
            ProblemDepartment.problem_id,
            ProblemDepartment.department_id,
            concerned,
        ).where(asked),
        part("responsible", nothing, carried.problem_id, carried.member_id).where(carried.until_at.is_(None)),
        part("promise", nothing, Deliverable.problem_id, *sums).group_by(Deliverable.problem_id),
        part("firm", ProblemReporter.id, ProblemReporter.problem_id, ProblemReporter.organisation_id).where(
            ProblemReporter.organisation_id.is_not(None)
        ),
    ).order_by("place", "one")


def _facts(ids: Sequence[int]) -> Facts:
    """Departments, who answers, promises and named firms of all of them, in one statement."""
    found = Facts()
    rows: list[tuple[int, int, bool]] = []
    for kind, _place, problem, one, two in db.session.execute(_asked_facts(), {"ids": list(ids)}):
        if kind == "department":
            rows.append((problem, one, bool(two)))
        elif kind == "responsible":
            found.responsible[problem] = one
        elif kind == "promise":
            found.promises[problem] = (int(one), int(two))
        elif one not in found.firms.setdefault(problem, []):
            found.firms[problem].append(one)
    known = {problem for problem, _one, concerns in rows if concerns}
    for problem, one, concerns in rows:
        if concerns or problem not in known:
            found.departments.setdefault(problem, []).append(one)
    return found


def departments_for(reader: sight.Reader) -> Sequence[DepartmentInfo]:
    """Every department; not read again for who works in one."""
    return reader.known or identity.list_departments()


def with_departments(reader: sight.Reader) -> sight.Reader:
    """The reader of a page that shows departments more than once."""
    return replace(reader, known=tuple(departments_for(reader)))


def _names(member_ids: Sequence[int], known: Mapping[int, str]) -> dict[int, str]:
    return {**known, **identity.member_names(one for one in member_ids if one not in known)}


def facts_of(problem: Problem, rows: Rows) -> Facts:
    """The same of one problem, from rows that were read for its page."""
    concerned = rows.concerned
    turns = [one.department_id for one in rows.departments if one.asked_at or one.concerned]
    carried, promises = rows.responsible, rows.promises
    return Facts(
        {problem.id: [one for one in turns if one in concerned] or turns},
        {problem.id: carried.member_id} if carried is not None else {},
        {problem.id: (sum(one.delivered for one in promises), sum(one.quantity for one in promises))},
        {problem.id: rows.named},
    )


def by_clock(reader: sight.Reader, limit: int, calendar: Calendar | None = None) -> list[Card]:
    """Open problems of this reader, those that are due first; paused ones last."""
    query = queries.statement(reader, queries.Wanted(state="open"))
    order = (Problem.due_at.is_(None), Problem.due_at, Problem.id)
    rows = list(db.session.scalars(query.order_by(*order).limit(limit)))
    found = cards(reader, rows, known=Known(calendar=calendar))
    return sorted(found, key=lambda card: (card.due_at or LAST_DUE, card.problem.id))


def counts(reader: sight.Reader) -> dict[str, int]:
    """Open problems of this reader by class."""
    query = queries.statement(reader, queries.Wanted(state="open")).subquery()
    column = query.c["class"]
    rows = db.session.execute(sa.select(column, sa.func.count()).group_by(column))
    return dict(rows.all())


def waiting_for_desk(limit: int = 50) -> list[Problem]:
    """Registered problems nobody has classified, the ones with the least time first."""
    query = sa.select(Problem).where(Problem.state.in_((states.REGISTERED, states.CLASSIFIED)))
    return list(db.session.scalars(query.order_by(Problem.due_at, Problem.id).limit(limit)))


def meeting_days(problem_ids: Sequence[int]) -> dict[int, list[dt.date]]:
    """Days on which people met about each problem."""
    found: dict[int, list[dt.date]] = {}
    rows = db.session.execute(
        sa.select(Coordination.problem_id, Coordination.held_on).where(
            Coordination.problem_id.in_(problem_ids), Coordination.held_on.is_not(None)
        )
    )
    for problem_id, held_on in rows:
        if held_on is not None:
            found.setdefault(problem_id, []).append(held_on)
    return found


def count_waiting() -> int:
    """How many problems wait for the service desk."""
    query = sa.select(sa.func.count()).select_from(Problem)
    return db.session.scalar(query.where(Problem.state.in_((states.REGISTERED, states.CLASSIFIED)))) or 0


def count_asking(actor: Actor) -> int:
    """How many of the firm's problems wait for its word."""
    asked = sa.select(ProblemMessage.problem_id).where(
        ProblemMessage.kind == "question", ProblemMessage.replied_at.is_(None)
    )
    query = sa.select(sa.func.count()).where(
        sight.visible(sight.reader_of(actor)),
        sa.or_(
            Problem.state == states.RESOLVED,
            sa.and_(Problem.state.in_(states.OPEN), Problem.id.in_(asked)),
        ),
    )
    return db.session.scalar(query) or 0


def search(reader: sight.Reader, q: str) -> list[Problem]:
    """A few problems of this reader that say it."""
    query = queries.statement(reader, queries.Wanted(q=q))
    return list(db.session.scalars(query.order_by(Problem.id.desc()).limit(5)))
