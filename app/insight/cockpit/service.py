"""Everything the cockpit shows of a month beside the one it is compared with, in few statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from statistics import mean, median

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.text import language
from app.insight.alerts import queries as alerts
from app.insight.alerts.queries import Shown
from app.insight.cockpit.models import FigureRow
from app.insight.figures.grounds import QUESTIONS, answer
from app.insight.figures.others import HEARD_AFTER, this_month
from app.insight.forecast.service import FAR, FAR_MONTHLY, MONTHLY, Foreseen, of_dimension, of_figure
from app.insight.reading import month_text
from app.insight.scores import months
from app.insight.scores.models import ALL, LAYERS
from app.insight.scores.queries import Board, board
from app.insight.scores.rules import IndexMonth, outliers, shown
from app.insight.scores.store import finished
from app.policy import door as policy
from app.problems import door as problems

BACK = 3  # months the comparison goes back unless another is chosen: the end of the quarter before
YEAR = 12
CLASSES = (
    ("immediate", "responded_at", 60),
    ("process", "planned_at", 1440),
    ("longterm", "resolved_at", 1440),
)
TIMES = {"immediate": "response", "process": "plan", "longterm": "resolution"}


@dataclass(frozen=True)
class Period:
    """The month shown and the one it is compared with."""

    month: int
    before: int

    @property
    def text(self) -> str:
        return month_text(self.month)

    @property
    def before_text(self) -> str:
        return month_text(self.before)

    @property
    def until(self) -> int:
        """The last month of what other rooms count: this one where the newest finished month is shown."""
        return this_month() if self.month >= finished() else self.month


@dataclass(frozen=True)
class ClassCard:
    """Problems of a class registered in twelve months: how many, and the time that its clock measures."""

    code: str
    n: int
    share: float
    unit_minutes: int
    mean: float | None
    median: float | None
    worst: float | None
    figure: str
    time_figure: str


@dataclass(frozen=True)
class Gap:
    """One of today's gaps: what it is called, fen a year, since which month it has been seen."""

    key: str
    name: str
    fen: int
    since: int


@dataclass(frozen=True)
class Cockpit:
    """The page's facts."""

    period: Period
    board: Board
    index: IndexMonth
    index_before: IndexMonth
    heat: Mapping[str, list[object]]
    outliers: Mapping[str, Fraction]
    mixes: Mapping[str, tuple[Fraction, Fraction]]
    alerts: Sequence[Shown]
    classes: Sequence[ClassCard]
    late: int
    today: int
    silent: int
    reopened: int
    money_days: Sequence[int]
    silences: int
    monthly: Mapping[str, Mapping[int, int]]
    gaps: Sequence[Gap] = field(default=())

    @cached_property
    def foreseen(self) -> dict[str, Foreseen]:
        """The month after the one shown, of the park's monthly figures and of what is warned of before it falls."""
        month = self.period.month
        found = {figure: of_figure(self.monthly, figure, month) for figure in MONTHLY}
        for one in self.alerts:
            code = one.alert.dimension
            if one.alert.kind == "leading" and code not in found:
                found[code] = of_dimension(self.board, code, month)
        return found

    @property
    def until(self) -> int:
        return self.period.until

    @property
    def gap_month(self) -> int:
        """The newest month whose gaps were kept."""
        return max(self.monthly.get("gap_fen", {}), default=self.until)

    @property
    def answers(self) -> dict[str, int]:
        """To each of a director's five questions, how many rows answer it."""
        return {question: len(answer(self.board, self.alerts, question)) for question in QUESTIONS}

    @property
    def moved(self) -> tuple[int, int, str, Fraction] | None:
        """How many dimensions rose and fell, and which one moved the index most; nothing where none may be compared."""
        parts = self.index.contributions
        if not parts:
            return None
        most = max(parts, key=lambda code: (abs(parts[code]), code))
        return sum(p > 0 for p in parts.values()), sum(p < 0 for p in parts.values()), most, parts[most]

    @property
    def change(self) -> Fraction | None:
        parts = self.index.contributions
        return None if parts is None else sum(parts.values(), Fraction(0))


def period(month: int | None, before: int | None) -> Period:
    wanted = finished() if month is None else month
    return Period(wanted, wanted - BACK if before is None else before)


def spans(when: Period) -> dict[str, Period]:
    """What a reader chooses with one tap: the month, the quarter, the year up to the month shown."""
    quarter = (when.month % YEAR) // 3 * 3 - 1 - when.month % YEAR
    return {
        "month": Period(when.month, when.month - 1),
        "quarter": Period(when.month, when.month + quarter),
        "year": Period(when.month, when.month - when.month % YEAR - 1),
    }


def look(when: Period) -> Cockpit:
    """Read all of it."""
    found = board(min(when.before, when.month - FAR + 1), max(when.month, when.before))
    first, last = months.first_day(when.until - YEAR + 1), months.last_day(when.until)
    rows = problems.measured_between(first, last, with_firms=False)
    now, end = clock.now(), clock.start_of_day(clock.today() + dt.timedelta(days=1))
    risky = [one.due_at for one in problems.at_risk(end) if one.due_at is not None]
    open_alerts = alerts.opened_between(when.month - YEAR + 1, when.month, found)
    monthly, silences = _monthly(when)
    mixes = {one.code: found.mix(one.code, when.month, when.before) for one in found.dimensions}
    return Cockpit(
        when,
        found,
        found.index(when.month, when.before),
        found.index(when.before),
        {
            one.code: [found.cell(one.code, layer, when.month) for layer in (ALL, *LAYERS)]
            for one in found.dimensions
        },
        dict(outliers(found.scores(when.month))),
        {code: some for code, some in mixes.items() if some is not None},
        open_alerts,
        class_cards(rows, when),
        sum(due <= now for due in risky),
        sum(due > now for due in risky),
        sum(one.confirmed_by == "silence" for one in rows),
        sum(one.reopened for one in rows),
        [one.days for one in policy.money_days(since=first) if one.paid_on <= last],
        silences,
        monthly,
        _gaps(),
    )


def class_cards(rows: Sequence[problems.Measured], when: Period, department: str = "") -> list[ClassCard]:
    """Problems by class with the time that its clock measures; of a department's the names of figures say so."""
    whose = f"@{department}" if department else ""
    spread = f"{month_text(when.until - YEAR + 1)}:{month_text(when.until)}"
    cards = []
    for code, moment, unit in CLASSES:
        mine = [one for one in rows if one.problem_class == code]
        minutes = [
            (at - one.registered_at) // dt.timedelta(minutes=1)
            for one in mine
            if (at := getattr(one, moment)) is not None
        ]
        cards.append(
            ClassCard(
                code,
                len(mine),
                100 * len(mine) / len(rows) if rows else 0.0,
                unit,
                mean(minutes) / unit if minutes else None,
                median(minutes) / unit if minutes else None,
                max(minutes) / unit if minutes else None,
                f"problems:{code}{whose}:{spread}",
                f"{TIMES[code]}:{code}{whose}:{spread}",
            )
        )
    return cards


def _monthly(when: Period) -> tuple[dict[str, dict[int, int]], int]:
    """Sums of the other rooms' figures as far as a forecast looks back, and how many firms have long been silent."""
    query = (
        sa.select(FigureRow.figure, FigureRow.month, sa.func.sum(FigureRow.amount), sa.func.count())
        .where(FigureRow.month.between(min(when.until - YEAR, when.month - FAR_MONTHLY + 1), when.until))
        .group_by(FigureRow.figure, FigureRow.month)
    )
    found: dict[str, dict[int, int]] = {}
    silences = 0
    for figure, month, amount, rows in db.session.execute(query):
        found.setdefault(figure, {})[month] = int(amount)
        if (figure, month) == ("silence", this_month()):
            silences = rows
    return found, silences


def _gaps() -> list[Gap]:
    """Today's gaps, the largest first."""
    newest = sa.select(sa.func.max(FigureRow.month)).where(FigureRow.figure == "gap_fen").scalar_subquery()
    seen = (
        sa.select(FigureRow.key, sa.func.min(FigureRow.month).label("since"))
        .where(FigureRow.figure == "gap_fen")
        .group_by(FigureRow.key)
        .subquery()
    )
    query = (
        sa.select(FigureRow, seen.c.since)
        .join(seen, seen.c.key == FigureRow.key)
        .where(FigureRow.figure == "gap_fen", FigureRow.month == newest)
        .order_by(FigureRow.amount.desc(), FigureRow.key)
        .limit(6)
    )
    english = language.lang() == "en"
    return [
        Gap(row.key, row.label_en if english and row.label_en else row.label_zh, row.amount, int(since))
        for row, since in db.session.execute(query)
    ]


def percent_change(now: Fraction | None, before: Fraction | None) -> Fraction | None:
    """A change relative to where it began, as it is shown."""
    if now is None or not before:
        return None
    return shown((now - before) / before * 100)


__all__ = ["HEARD_AFTER", "Cockpit", "Period", "look", "percent_change", "period"]
