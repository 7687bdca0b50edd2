"""What every room's answers are made of: lists, days and moments; the type a call says it answers is the one in the OpenAPI file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from pydantic import WithJsonSchema
from typing_extensions import TypedDict

Row = TypeVar("Row")

DayText = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
MomentText = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
# A moment on the park's own clock, to the minute: RFC 3339 would want seconds.
MinuteText = Annotated[
    str, WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d\+08:00$"})
]


@dataclass(frozen=True)
class File:
    """What a call answers that answers a file whose address does not say its kind: `Annotated[Response, File(…)]`."""

    kinds: tuple[str, ...]


class Listed(TypedDict, Generic[Row]):
    """A part of a list: `limit` and `offset` say which; `total` is how long the whole is."""

    items: list[Row]
    total: int
