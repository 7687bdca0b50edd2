"""How many rows several questions have, asked in one statement."""

from __future__ import annotations

import sqlalchemy as sa

from app.hall.db.base import db

Question = sa.Select[int]


def how_many(*where: sa.ColumnElement[bool]) -> Question:
    """The question how many rows meet these conditions; its table is theirs."""
    return sa.select(sa.func.count()).where(*where)


def counted(*questions: Question) -> tuple[int, ...]:
    """The answers, in the order of the questions."""
    row = db.session.execute(sa.select(*(one.scalar_subquery() for one in questions))).one()
    return tuple(number or 0 for number in row)
