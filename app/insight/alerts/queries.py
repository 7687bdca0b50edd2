"""Alerts as they are shown: the month that opened them, the newest month, what was done, whether it helped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa

from app.hall.db.base import db
from app.hall.db.paging import part
from app.hall.errors import NotFound
from app.identity import door as identity
from app.insight.alerts import shapes
from app.insight.alerts.models import OPEN, AlertMonth, AlertRow, Countermeasure
from app.insight.alerts.service import Effect, effect
from app.insight.scores.queries import Board, board
from app.insight.scores.store import finished

MOST = 200  # alerts of one look
SIZES = ("level", "points", "relative_percent", "last_points", "last_relative_percent", "paired", "weak")


@dataclass(frozen=True)
class Wanted:
    """What a list was asked for; `layer` None takes every layer."""

    state: str = ""
    dimension: str = ""
    layer: str | None = None
    kind: str = ""


@dataclass(frozen=True)
class Measure:
    """A countermeasure with the login of its owner, their name, and its effect so far."""

    row: Countermeasure
    owner: str
    effect: Effect


@dataclass(frozen=True)
class Shown:
    """An alert with what the rules said when it opened and say now."""

    alert: AlertRow
    opened: shapes.AlertSaid
    latest: shapes.AlertSaid
    measures: Sequence[Measure]

    @property
    def open(self) -> bool:
        return self.alert.state in OPEN


def _statement(wanted: Wanted) -> Any:
    query = sa.select(AlertRow).order_by(
        sa.case((AlertRow.state.in_(OPEN), 0), else_=1), AlertRow.opened_month.desc(), AlertRow.id
    )
    if wanted.state == "open":
        query = query.where(AlertRow.state.in_(OPEN))
    elif wanted.state:
        query = query.where(AlertRow.state == wanted.state)
    else:
        query = query.where(AlertRow.state != "withdrawn")
    if wanted.dimension:
        query = query.where(AlertRow.dimension == wanted.dimension)
    if wanted.layer is not None:
        query = query.where(AlertRow.layer == wanted.layer)
    if wanted.kind:
        query = query.where(AlertRow.kind == wanted.kind)
    return query


def list_alerts(wanted: Wanted, limit: int = 50, offset: int = 0) -> tuple[list[Shown], int]:
    """Alerts, open ones first, the newest first: a fixed number of statements."""
    rows, total = part(_statement(wanted), limit, offset)
    return show(rows), total


def opened_between(first: int, last: int, found: Board | None = None) -> list[Shown]:
    """Alerts that opened in these months and those still open, over sums that were read already where they reach."""
    here = sa.or_(AlertRow.opened_month.between(first, last), AlertRow.state.in_(OPEN))
    query = _statement(Wanted()).where(here, AlertRow.opened_month <= last).limit(MOST)
    return show(list(db.session.scalars(query)), found)


def alert_of_measure(measure_id: int) -> int | None:
    return db.session.scalar(sa.select(Countermeasure.alert_id).where(Countermeasure.id == measure_id))


def get_shown(alert_id: int) -> Shown:
    row = db.session.get(AlertRow, alert_id)
    if row is None:
        raise NotFound("insight_alert_not_found")
    return show([row])[0]


def show(rows: Sequence[AlertRow], found: Board | None = None) -> list[Shown]:
    """These alerts with their months and countermeasures."""
    if not rows:
        return []
    first = min(row.opened_month for row in rows)
    if found is None or found.first > first - 2:
        found = board(first, max(finished(), first))
    months = _months(rows)
    measures = _measures([row.id for row in rows])
    logins = identity.member_names({one.owner_id for some in measures.values() for one in some})
    return [
        Shown(
            row,
            _said(found, months.get((row.id, row.opened_month))),
            _said(found, months.get((row.id, row.last_month))),
            [
                Measure(one, logins.get(one.owner_id, ""), effect(found, row, one))
                for one in measures.get(row.id, ())
            ],
        )
        for row in rows
    ]


def _months(rows: Sequence[AlertRow]) -> dict[tuple[int, int], AlertMonth]:
    keys = {
        (row.kind, row.dimension, row.layer, row.theme, month): (row.id, month)
        for row in rows
        for month in (row.opened_month, row.last_month)
    }
    columns = (
        AlertMonth.kind,
        AlertMonth.dimension,
        AlertMonth.layer,
        AlertMonth.theme,
        AlertMonth.month,
    )
    query = sa.select(AlertMonth).where(sa.tuple_(*columns).in_(list(keys)))
    return {
        keys[one.kind, one.dimension, one.layer, one.theme, one.month]: one
        for one in db.session.scalars(query)
    }


def _measures(ids: Sequence[int]) -> dict[int, list[Countermeasure]]:
    found: dict[int, list[Countermeasure]] = {}
    query = sa.select(Countermeasure).where(Countermeasure.alert_id.in_(ids))
    for one in db.session.scalars(query.order_by(Countermeasure.starts_on, Countermeasure.id)):
        found.setdefault(one.alert_id, []).append(one)
    return found


def _said(found: Board, row: AlertMonth | None) -> shapes.AlertSaid:
    """What the rules say of a month; sizes stay hidden where a score of it must not be worked out."""
    if row is None:
        return {}
    said = cast("shapes.AlertSaid", dict(row.row))
    near = range(row.month - 2, row.month + 1)
    hidden = any(
        row.layer in found.hidden(row.dimension, month)
        and not found.of(row.dimension, row.layer).at(month).reason
        for month in near
    )
    if row.layer and hidden:
        hidden_sizes = {**said, **dict.fromkeys(SIZES), "suppressed": True}
        return cast("shapes.AlertSaid", hidden_sizes)
    return said


def month_rows(month: int, wanted: Wanted) -> list[shapes.AlertRow]:
    """What the rules say of every series of a month."""
    query = sa.select(AlertMonth).where(AlertMonth.month == month)
    if wanted.dimension:
        query = query.where(AlertMonth.dimension == wanted.dimension)
    if wanted.layer is not None:
        query = query.where(AlertMonth.layer == wanted.layer)
    if wanted.kind:
        query = query.where(AlertMonth.kind == wanted.kind)
    if wanted.state:
        query = query.where(AlertMonth.state == wanted.state)
    found = board(month, month)
    order = (AlertMonth.kind, AlertMonth.dimension, AlertMonth.layer, AlertMonth.theme)
    return [{"kind": one.kind, **_said(found, one)} for one in db.session.scalars(query.order_by(*order))]
