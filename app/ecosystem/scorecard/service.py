"""What the park achieved per month: every figure is the sum of rows that can be opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.ecosystem.introductions.models import Introduction
from app.ecosystem.market.models import Post
from app.ecosystem.matches.models import Match
from app.ecosystem.outcomes import rules as outcomes_rules
from app.ecosystem.outcomes import service as outcomes
from app.ecosystem.outcomes.models import Outcome
from app.ecosystem.projects.models import TransferProject
from app.ecosystem.round_table.models import Meeting, Resolution
from app.ecosystem.scorecard import measures
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.counting import counted, how_many
from app.hall.db.windows import window_of

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


def months(count: int = 6) -> list[dt.date]:
    """Return the first days of the last months, this one included, oldest first."""
    this = clock.today().replace(day=1)
    return [clock.months_later(this, -back) for back in range(count - 1, -1, -1)]


def rows_of(key: str, first: dt.date) -> Sequence[Any]:
    """Return the rows a figure of this room counts."""
    model, moment, condition = OWN[key]
    start, end = measures.month_bounds(first)
    query = sa.select(model).where(moment >= start, moment < end, condition).order_by(moment, model.id)
    return db.session.scalars(query).all()


def outcomes_in(unit: str, first: dt.date) -> list[Outcome]:
    """Return the outcomes confirmed in a month that are added up in this unit."""
    return [o for o in rows_of("outcomes", first) if outcomes_rules.like(o.unit)[0] == unit]


def scorecard(count: int = 6) -> list[Month]:
    """Return the last months, oldest first, with what the other rooms measured."""
    firsts = months(count)
    others = measures.figures(firsts)
    edges = [clock.start_of_day(first) for first in (*firsts, clock.months_later(firsts[-1], 1))]
    counts, gains = _counts(edges), _gains(edges)
    found = []
    for place, first in enumerate(firsts):
        values = {key: float(counts.get((key, place), 0)) for key in OWN}
        sums = outcomes_rules.by_unit(outcomes.as_gains(gains.get(place, [])))
        found.append(Month(first, values | others[first], sums))
    return found


def _counts(edges: Sequence[dt.datetime]) -> dict[tuple[str, int], int]:
    """(figure, place of its month) to how many rows of this room it counts, asked in one statement."""
    parts = []
    for key, (model, moment, condition) in OWN.items():
        place = window_of(moment, edges).label("place")
        part = sa.select(sa.literal(key).label("figure"), place, sa.func.count(model.id).label("rows"))
        parts.append(part.where(moment >= edges[0], moment < edges[-1], condition).group_by(place))
    rows = db.session.execute(sa.union_all(*parts))
    return {(key, int(place)): int(number) for key, place, number in rows}


def _gains(edges: Sequence[dt.datetime]) -> dict[int, list[Outcome]]:
    place = window_of(Outcome.confirmed_at, edges)
    query = sa.select(place, Outcome).where(
        Outcome.confirmed_at >= edges[0], Outcome.confirmed_at < edges[-1]
    )
    found: dict[int, list[Outcome]] = {}
    for number, outcome in db.session.execute(query.order_by(Outcome.confirmed_at, Outcome.id)):
        found.setdefault(int(number), []).append(outcome)
    return found


def units_of(months_shown: Sequence[Month]) -> list[str]:
    """Return the units in which these months have confirmed gains, money first."""
    found = {unit for month in months_shown for unit in month.gains}
    return sorted(found, key=lambda unit: (unit != outcomes_rules.MONEY, unit))


def open_counts() -> dict[str, int]:
    """Return today's stock: running introductions, open resolutions, projects."""
    wanted = {
        "running": how_many(Introduction.state.not_in(("verified", "lost"))),
        "verified": how_many(Introduction.state == "verified"),
        "resolutions": how_many(Resolution.state == "open"),
        "projects": how_many(TransferProject.stage.not_in(("production", "dropped"))),
    }
    return dict(zip(wanted, counted(*wanted.values()), strict=True))
