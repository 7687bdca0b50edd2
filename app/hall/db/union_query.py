"""Several reading questions in one statement: one round trip to the database, and one snapshot, for all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.hall.db.base import db

Answers = dict[str, list[tuple[Any, ...]]]


class Together:
    """Named selects, asked as one `UNION ALL` whose rows say which question they answer.

    Rows of different shapes share columns by their type: the second moment of one question and the second moment of
    another stand in the same column, everything a question does not have is NULL. Parameters of the same name are the
    same for all. An `ORDER BY` or `LIMIT` cannot be kept: whoever needs an order sorts what comes back.
    """

    def __init__(self, **questions: sa.Select[*tuple[Any, ...]]) -> None:
        self.names = tuple(questions)
        columns: dict[tuple[type, int], Any] = {}  # the n-th column of a type, in the order of appearance
        self._places: list[list[int]] = []
        for select in questions.values():
            seen: Counter[type] = Counter()
            places = []
            for column in select.selected_columns:
                kind = type(column.type)
                slot = (kind, seen[kind])
                seen[kind] += 1
                columns.setdefault(slot, column.type)
                places.append(1 + list(columns).index(slot))  # the first column is the question's number
            self._places.append(places)
        self._statement = sa.union_all(
            *(
                self._padded(number, select, list(columns.values()))
                for number, select in enumerate(questions.values())
            )
        )

    def _padded(
        self, number: int, select: sa.Select[*tuple[Any, ...]], types: list[Any]
    ) -> sa.Select[*tuple[Any, ...]]:
        own = dict(zip(self._places[number], select.selected_columns, strict=True))
        cells = [
            (own[at] if at in own else sa.cast(sa.null(), kind)).label(f"c{at}")
            for at, kind in enumerate(types, start=1)
        ]
        return select.with_only_columns(sa.literal_column(str(number), sa.Integer).label("question"), *cells)

    def ask(self, values: Mapping[str, Any]) -> Answers:
        """The rows of each question, as tuples in the order of its own columns."""
        found: Answers = {name: [] for name in self.names}
        for row in db.session.execute(self._statement, values):
            number = row[0]
            found[self.names[number]].append(tuple([row[at] for at in self._places[number]]))
        return found
