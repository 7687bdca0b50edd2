"""What an address or a form may hold before any page looks at it: no NUL, no number beyond 64 bits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import request
from werkzeug import routing


def texts_sent() -> Iterator[str]:
    """Every text the request carries in its path, query and form."""
    yield request.path
    for values in (request.args, request.form):
        for key, value in values.items(multi=True):
            yield from (key, value)


class IntegerConverter(routing.IntegerConverter):
    """Numbers beyond 64 bits name nothing: 404 instead of an error of the database."""

    def __init__(self, url_map: Any, **options: Any) -> None:
        super().__init__(url_map, **{"max": 2**63 - 1, **options})
