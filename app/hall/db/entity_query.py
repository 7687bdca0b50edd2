"""Rows of several tables in one statement: everything that belongs to one thing, read in one round trip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from app.hall.db.base import Base, db

Row = TypeVar("Row", bound=Base)
Condition = sa.ColumnElement[bool]


@dataclass(frozen=True)
class Part:
    """Rows of one table; `key` finds one of them, together with what `within` says where it is not unique alone."""

    key: InstrumentedAttribute[int]
    where: tuple[Condition, ...]
    within: tuple[Condition, ...] = ()

    @property
    def model(self) -> type[Base]:
        return cast("type[Base]", self.key.class_)


class Rows:
    """What was found, by table."""

    def __init__(self, found: Mapping[type[Base], list[Any]]) -> None:
        self._found = found

    def of(self, model: type[Row]) -> list[Row]:
        """The rows of this table, in the order of their keys."""
        return list(self._found.get(model, ()))


class RowsTogether:
    """Several tables, each with its conditions, asked in one statement; what is found are the session's own objects.

    A `UNION ALL` names the rows by table and key, and every table is joined to its own; parameters of the same name
    are the same for all. Whoever needs another order than that of the keys sorts what comes back.
    """

    def __init__(self, *parts: Part) -> None:
        self.parts = parts
        names = sa.union_all(
            *(
                sa.select(
                    sa.literal_column(str(number), sa.Integer).label("part"), part.key.label("key")
                ).where(*part.where)
                for number, part in enumerate(parts)
            )
        ).subquery()
        query = sa.select(names.c.part, *(part.model for part in parts)).select_from(names)
        for number, part in enumerate(parts):
            own = (names.c.part == number, part.key == names.c.key, *part.within)
            query = query.outerjoin(part.model, sa.and_(*own))
        self._statement = query.order_by(names.c.part, names.c.key)

    def ask(self, **values: object) -> Rows:
        """The rows of every table, for these parameters."""
        found: dict[type[Base], list[Any]] = {part.model: [] for part in self.parts}
        for row in db.session.execute(self._statement, values):
            number: int = row[0]
            found[self.parts[number].model].append(row[number + 1])
        return Rows(found)
