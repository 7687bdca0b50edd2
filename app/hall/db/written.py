"""A JSON column that also takes a value written out before the lock: thousands of rows are turned to text while nobody waits."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from psycopg.types.json import Json
from sqlalchemy.engine import Dialect


class Written(str):
    """A value as JSON, ready to be stored."""

    __slots__ = ()


def written(value: object) -> Written:
    """The value as the JSON that a `WrittenJSON` column stores."""
    return Written(json.dumps(value, ensure_ascii=False))


class WrittenJSON(sa.TypeDecorator[Any]):
    """JSON that is stored as it comes when it was `written` before."""

    impl = sa.JSON
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        plain = super().bind_processor(dialect)

        def process(value: Any) -> Any:
            if not isinstance(value, Written):
                return plain(value) if plain else value
            if dialect.name == "sqlite":
                return str(value)
            return Json(value, dumps=str)

        return process
