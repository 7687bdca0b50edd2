"""Pages and parts of a list, with the size of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.hall.db.base import db


@dataclass(frozen=True)
class Page:
    """One page of a list, with the size of the whole."""

    items: Sequence[Any]
    total: int
    page: int
    per_page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))

    @property
    def has_next(self) -> bool:
        return self.page < self.pages

    @property
    def has_prev(self) -> bool:
        return self.page > 1


def paginate(statement: Any, page: int = 1, per_page: int = 20, scalars: bool = True) -> Page:
    """Run `statement` for one page; `scalars=False` keeps whole rows instead of their first column."""
    page = max(1, page)
    rows, total = _read(statement, per_page, (page - 1) * per_page, scalars)
    last = max(1, -(-total // per_page))
    if page > last:
        page = last
        rows, total = _read(statement, per_page, (page - 1) * per_page, scalars)
    return Page(rows, total, page, per_page)


def part(statement: Any, limit: int, offset: int) -> tuple[list[Any], int]:
    """`limit` rows after the first `offset`, and how many there are in all; none beyond the end."""
    return _read(statement, limit, offset, scalars=True)


def _read(statement: Any, limit: int, offset: int, scalars: bool) -> tuple[list[Any], int]:
    """The rows, and how many there are in all: where the end is among them, nobody has to be asked for that."""
    result = db.session.execute(statement.limit(limit).offset(offset))
    rows = list(result.scalars() if scalars else result)
    if len(rows) < limit and (rows or not offset):
        return rows, offset + len(rows)
    whole = statement.order_by(None).subquery()
    return rows, db.session.scalar(sa.select(sa.func.count()).select_from(whole)) or 0
