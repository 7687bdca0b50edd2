"""What the park achieved per month: every figure is the sum of rows that can be opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db
from app.ecosystem import gains, roundtable
from app.ecosystem.models import Introduction, Match, Meeting, Outcome, Post, Resolution, TransferProject
from app.ecosystem.service import elsewhere, outcomes

#: What the scorecard counts of this room: key → (model, moment column).
OWN: dict[str, tuple[Any, Any, Any]] = {
    "needs": (Post, Post.published_at, Post.kind == "need"),
    "offers": (Post, Post.published_at, Post.kind == "offer"),
    "matches": (Match, Match.created_at, sa.true()),
    "introductions": (Introduction, Introduction.opened_at, sa.true()),
    "outcomes": (Outcome, Outcome.confirmed_at, Outcome.confirmed_at.is_not(None)),
    "meetings": (Meeting, Meeting.starts_at, Meeting.state == "held"),
}


@dataclass(frozen=True)
class Month:
    """One month's figures."""

    first: dt.date
    values: dict[str, float] = field(default_factory=dict)
    gains: dict[str, float] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.first:%Y-%m}"


def month_bounds(first: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Return the half-open interval of moments of a Shanghai month."""
    following = (first + dt.timedelta(days=32)).replace(day=1)
    return clock.start_of_day(first), clock.start_of_day(following)


def months(count: int = 6) -> list[dt.date]:
    last = clock.today().replace(day=1)
    first = last
    for _ in range(count - 1):
        first = (first - dt.timedelta(days=1)).replace(day=1)
    return roundtable.months(first, last)


def rows_of(key: str, first: dt.date) -> Sequence[Any]:
    """Return the rows a figure of this room counts."""
    model, moment, condition = OWN[key]
    start, end = month_bounds(first)
    query = sa.select(model).where(moment >= start, moment < end, condition).order_by(moment, model.id)
    return db.session.scalars(query).all()


def outcomes_in(unit: str, first: dt.date) -> list[Outcome]:
    """Return the outcomes confirmed in a month that are added up in this unit."""
    return [o for o in rows_of("outcomes", first) if gains.like(o.unit)[0] == unit]


def scorecard(count: int = 6) -> list[Month]:
    """Return the last months, oldest first, with what the other rooms measured."""
    firsts = months(count)
    others = elsewhere.figures(firsts)
    found = []
    for first in firsts:
        start, end = month_bounds(first)
        values: dict[str, float] = {}
        for key, (model, moment, condition) in OWN.items():
            query = (
                sa.select(sa.func.count()).select_from(model).where(moment >= start, moment < end, condition)
            )
            values[key] = float(db.session.scalar(query) or 0)
        sums = gains.by_unit(outcomes.as_gains(rows_of("outcomes", first)))
        found.append(Month(first, values | others[first], sums))
    return found


def units_of(months_shown: Sequence[Month]) -> list[str]:
    """Return the units in which these months have confirmed gains, money first."""
    found = {unit for month in months_shown for unit in month.gains}
    return sorted(found, key=lambda unit: (unit != gains.MONEY, unit))


def open_counts() -> dict[str, int]:
    """Return today's stock: running introductions, open resolutions, projects."""

    def count(model: Any, *where: Any) -> int:
        return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*where)) or 0

    return {
        "running": count(Introduction, Introduction.state.not_in(("verified", "lost"))),
        "verified": count(Introduction, Introduction.state == "verified"),
        "resolutions": count(Resolution, Resolution.state == "open"),
        "projects": count(TransferProject, TransferProject.stage.not_in(("production", "dropped"))),
    }
