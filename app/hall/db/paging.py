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
    total = (
        db.session.scalar(sa.select(sa.func.count()).select_from(statement.order_by(None).subquery())) or 0
    )
    page = min(max(1, page), max(1, -(-total // per_page)))
    result = db.session.execute(statement.limit(per_page).offset((page - 1) * per_page))
    return Page(list(result.scalars() if scalars else result), total, page, per_page)


def part(statement: Any, limit: int, offset: int) -> tuple[list[Any], int]:
    """`limit` rows after the first `offset`, and how many there are in all; none beyond the end."""
    total = (
        db.session.scalar(sa.select(sa.func.count()).select_from(statement.order_by(None).subquery())) or 0
    )
    return list(db.session.scalars(statement.limit(limit).offset(offset))), total
