"""The board's columns: how much time is left, or how far a problem has come; each with its number and its first cards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.hall.db.base import db
from app.problems import limits, sight
from app.problems.board.queries import LAST_DUE, Card, cards
from app.problems.reports import queries
from app.problems.reports.models import Problem
from app.problems.work import states

DAY, WEEK = dt.timedelta(hours=24), dt.timedelta(days=7)
CLOCK_COLUMNS = ("late", "today", "week", "later")
# What one does next with a card of this step, and where it stands then; `plan` is skipped by an immediate problem.
STEPS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "untaken": ((states.REGISTERED, states.CLASSIFIED), "take", "assigned"),
    "assigned": ((states.ASSIGNED,), "respond", "responded"),
    "responded": ((states.RESPONDED,), "plan", "planned"),
    "planned": ((states.PLANNED,), "progress", "in_progress"),
    "in_progress": ((states.IN_PROGRESS,), "resolve", "resolved"),
    "resolved": ((states.RESOLVED,), "", ""),
}


@dataclass
class Board:
    """Cards by column, and how many problems each column has in all."""

    cards: dict[str, list[Card]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.numbers.values())


def by_clock(reader: sight.Reader, now: dt.datetime, problem_class: str = "") -> Board:
    """Open problems by the time that is left: late, 24 hours, seven days, later and paused."""
    due = Problem.due_at
    bucket = sa.case(
        (due < now, "late"), (due <= now + DAY, "today"), (due <= now + WEEK, "week"), else_="later"
    )
    query = queries.statement(reader, queries.Wanted(state="open", problem_class=problem_class))
    board = _read(reader, query, bucket, CLOCK_COLUMNS, now)
    for name in CLOCK_COLUMNS:  # what the clock says now, also where no job has looked since
        for card in list(board.cards[name]):
            exact = column_of(card, now)
            if exact != name:
                board.cards[name].remove(card)
                board.cards[exact].append(card)
                board.numbers[name] -= 1
                board.numbers[exact] += 1
    for found in board.cards.values():
        found.sort(key=lambda card: (card.due_at or LAST_DUE, card.problem.id))
    return board


def column_of(card: Card, now: dt.datetime) -> str:
    """Where a card stands by the clock; one whose clock is met, however late, no longer waits for it."""
    clock = card.clock
    if clock is None or clock.due_at is None or clock.state in ("met", "cancelled"):
        return "later"
    if clock.state == "missed":
        return "later" if card.clock_met else "late"
    left = clock.due_at - now
    if left <= DAY:
        return "today"
    return "week" if left <= WEEK else "later"


def by_step(reader: sight.Reader, now: dt.datetime, problem_class: str = "") -> Board:
    """The same problems by how far they have come, with those that wait for the firm's word."""
    names = {state: name for name, (found, _act, _next) in STEPS.items() for state in found}
    query = queries.statement(reader, queries.Wanted(problem_class=problem_class)).where(
        Problem.state.in_(list(names))
    )
    return _read(reader, query, sa.case(names, value=Problem.state), tuple(STEPS), now)


def _read(
    reader: sight.Reader,
    query: sa.Select[Any],
    bucket: sa.ColumnElement[str],
    names: Sequence[str],
    now: dt.datetime,
) -> Board:
    """The first cards of every column and the number of each, in one statement before those of the cards."""
    order = (Problem.due_at.is_(None), Problem.due_at, Problem.id)
    place = sa.func.row_number().over(partition_by=bucket, order_by=order).label("place")
    number = sa.func.count().over(partition_by=bucket).label("number")
    ranked = query.with_only_columns(Problem.id, bucket.label("bucket"), place, number).subquery()
    rows = db.session.execute(
        sa.select(Problem, ranked.c.bucket, ranked.c.number)
        .join(ranked, ranked.c.id == Problem.id)
        .where(ranked.c.place <= limits.CARDS)
        .order_by(ranked.c.bucket, ranked.c.place)
    ).all()
    shown = cards(reader, [row[0] for row in rows], now)
    board = Board({name: [] for name in names}, dict.fromkeys(names, 0))
    for (_problem, name, count), card in zip(rows, shown, strict=True):
        board.cards[name].append(card)
        board.numbers[name] = count
    return board


def next_act(card: Card) -> str:
    """What who looks at this card may do with it next; empty where it is not theirs to move."""
    step = next((one for one in STEPS.values() if card.problem.state in one[0]), None)
    if step is None or not (card.asked if step[1] == "take" else card.mine):
        return ""
    if step[1] == "plan" and card.problem.problem_class == "immediate":
        return "progress"
    return step[1]


def next_column(card: Card) -> str:
    """The column in which a card stands after its next act."""
    found = {act: column for _states, act, column in STEPS.values()}
    return found.get(next_act(card), "")
