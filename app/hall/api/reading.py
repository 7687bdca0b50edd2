"""Reading and writing JSON: no document so deep that reading it fails."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask.json.provider import DefaultJSONProvider

from app.hall.text.normalise import cleaned

DEEPEST = 40


class Json(DefaultJSONProvider):
    """JSON as people read it out of the wire, and no document so deep that reading it fails."""

    ensure_ascii = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        try:
            data = super().loads(s, **kwargs)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error
        level = [data]
        for _depth in range(DEEPEST):
            level = [sub for one in level for sub in _inside(one)]
            if not level:
                return cleaned(data)
        raise ValueError("nested too deeply")


def _inside(data: Any) -> Iterable[Any]:
    return data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
