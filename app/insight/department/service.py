"""A department's view of the cockpit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from app.hall import clock
from app.hall.errors import NotFound
from app.identity import door as identity
from app.identity.door import Actor
from app.insight.alerts import queries as alerts
from app.insight.alerts.queries import Measure, Shown
from app.insight.cockpit.service import YEAR, ClassCard, Period, class_cards, period
from app.insight.scores import months
from app.insight.scores.queries import Board, board
from app.insight.scores.sources import DIMENSION_OF
from app.problems import door as problems


@dataclass(frozen=True)
class Carried:
    """A measure somebody of the department carries, and the alert it answers."""

    alert: Shown
    measure: Measure


@dataclass(frozen=True)
class View:
    """A department's page."""

    department: identity.DepartmentInfo
    departments: Sequence[identity.DepartmentInfo]
    period: Period
    board: Board
    classes: Sequence[ClassCard]
    late: int
    today: int
    silent: int
    dimensions: Sequence[str]
    alerts: Sequence[Shown]
    carried: Sequence[Carried]


def look(actor: Actor, code: str) -> View:
    """The department asked for, by default the reader's own, else the first."""
    known = list(identity.list_departments())
    mine = identity.departments_of(actor.member_id)
    if not known:
        raise NotFound("insight_department_not_found", value=code)
    chosen = next((one for one in known if one.code == code), None)
    if code and chosen is None:
        raise NotFound("insight_department_not_found", value=code[:30])
    chosen = chosen or next((one for one in known if one.id in mine), known[0])
    when = period(None, None)
    first, last = months.first_day(when.until - YEAR + 1), months.last_day(when.until)
    theirs = problems.ids_of_department(chosen.id)
    rows = [one for one in problems.measured_between(first, last, with_firms=False) if one.id in theirs]
    now, end = clock.now(), clock.start_of_day(clock.today() + dt.timedelta(days=1))
    risky = [one.due_at for one in problems.at_risk(end) if one.due_at is not None and one.id in theirs]
    found = board(when.month - 2 * YEAR, when.month)
    some = alerts.opened_between(when.month - YEAR + 1, when.month, found)
    speaks = {DIMENSION_OF.get(one.category) for one in rows}
    people = identity.people_of([chosen.id]).get(chosen.id, frozenset())
    carried = [
        Carried(one, measure) for one in some for measure in one.measures if measure.row.owner_id in people
    ]
    dimensions = [one.code for one in found.dimensions if one.code in speaks or _carries(carried, one.code)]
    return View(
        chosen,
        known,
        when,
        found,
        class_cards(rows, when, chosen.code),
        sum(due <= now for due in risky),
        sum(due > now for due in risky),
        sum(one.confirmed_by == "silence" for one in rows),
        dimensions,
        [one for one in some if one.alert.dimension in dimensions],
        carried,
    )


def _carries(carried: Sequence[Carried], dimension: str) -> bool:
    return any(one.alert.alert.dimension == dimension for one in carried)
