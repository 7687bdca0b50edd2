"""Who may see which problem and what of it: asked by every page, call and act of the room."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.identity import door as identity
from app.identity.door import Actor, DepartmentInfo, roles
from app.problems.reports import authors
from app.problems.reports.models import Problem, ProblemReporter
from app.problems.work.models import ProblemDepartment, Responsibility

PARTS_OF_A_DAY = (12, 18, 24)


@dataclass(frozen=True)
class Reader:
    """What somebody is to the room: the service desk, people of departments, a vice president, a firm."""

    actor: Actor
    desk: bool
    sees_all: bool
    vice_president: bool
    departments: frozenset[int]
    firm: bool
    known: tuple[DepartmentInfo, ...] = ()  # every department, where they were read with the reader's own

    @property
    def staff(self) -> bool:
        return not self.firm


def reader_of(actor: Actor) -> Reader:
    """Reads the departments of the park's people; a firm has none."""
    known: tuple[DepartmentInfo, ...] = ()
    mine: frozenset[int] = frozenset()
    if actor.may(roles.ANSWERS_PROBLEMS | roles.OVERSEES_PROBLEMS):
        known, mine = identity.departments_seen_by(actor.member_id)
    return Reader(
        actor,
        desk=actor.may(roles.CLASSIFIES_PROBLEMS),
        sees_all=actor.may(roles.SEES_ALL_PROBLEMS),
        vice_president=actor.may(roles.OVERSEES_PROBLEMS),
        departments=mine,
        firm=not actor.may(roles.WORKS_FOR_THE_PARK),
        known=known,
    )


def visible(reader: Reader) -> Any:
    """The condition on `problem` for what this reader may see at all."""
    if reader.sees_all:
        return sa.true()
    if reader.firm:
        mine = sa.select(ProblemReporter.problem_id).where(
            ProblemReporter.organisation_id == reader.actor.organisation_id
        )
        hidden = sorted(authors.problems_of(reader.actor.organisation_id))
        return sa.or_(Problem.id.in_(mine), Problem.id.in_(hidden)) if hidden else Problem.id.in_(mine)
    asked = sa.select(ProblemDepartment.problem_id).where(
        ProblemDepartment.department_id.in_(sorted(reader.departments)),
        sa.or_(ProblemDepartment.asked_at.is_not(None), ProblemDepartment.concerned),
    )
    carried = sa.select(Responsibility.problem_id).where(
        Responsibility.member_id == reader.actor.member_id, Responsibility.until_at.is_(None)
    )
    return sa.or_(
        Problem.id.in_(asked), Problem.id.in_(carried), Problem.handler_id == reader.actor.member_id
    )


def shown_moment(moment: dt.datetime | None, park_only: bool, own: bool) -> dt.datetime | dt.date | None:
    """A moment as this reader may know it: of a `park_only` problem to the day only, except for its own firm."""
    if moment is None or own or not park_only:
        return moment
    return clock.day_of(moment)


def shown_due(due: dt.datetime, park_only: bool) -> dt.datetime:
    """A due as it may be shown: of a `park_only` problem the earlier end of a part of the day.

    >>> shown_due(clock.at(dt.date(2026, 10, 1), 18, 30), True) == clock.at(dt.date(2026, 10, 1), 18)
    True
    """
    if not park_only:
        return due
    local = clock.local(due)
    day = local.date()
    passed = [hour for hour in (0, *PARTS_OF_A_DAY[:-1]) if local.hour >= hour]
    return clock.at(day, passed[-1])
