"""Fields of bodies and queries: moments with an offset, days, bounded texts, limit and offset."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.hall import clock

WRITTEN_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)([Zz]|[-+ ]\d{2}(?::?\d{2})?)", re.ASCII
)


def _written_moment(value: Any) -> Any:
    """ISO 8601 with an offset, never a number of seconds; a bare `+` in an address arrives as a space."""
    if isinstance(value, dt.datetime):
        return value
    found = WRITTEN_MOMENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError(
            "moment", "a moment as 2026-11-25T09:00:00+08:00 is expected, with its offset"
        )
    return found[1].replace(",", ".") + found[2].replace(" ", "+")


def _written_day(value: Any) -> Any:
    """ISO 8601, never a number of seconds."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip(), re.ASCII):
        raise PydanticCustomError("day", "a day as 2026-11-25 is expected")
    if isinstance(value, str) or type(value) is dt.date:
        return value
    raise PydanticCustomError("day", "a day as 2026-11-25 is expected")


AwareMoment = Annotated[
    AwareDatetime,
    BeforeValidator(_written_moment, json_schema_input_type=dt.datetime),
    Field(ge=dt.datetime(2000, 1, 1, tzinfo=dt.UTC), le=dt.datetime(2200, 1, 1, tzinfo=dt.UTC)),
]


Day = Annotated[
    dt.date,
    BeforeValidator(_written_day, json_schema_input_type=dt.date),
    Field(ge=clock.FIRST_DAY, le=clock.LAST_DAY),
]


def _schema_name(model: type[Any]) -> str:
    """`app.chain.api.MoveBody` is `ChainMoveBody`: two rooms may use the same word in one OpenAPI file."""
    parts = model.__module__.split(".")
    return (parts[1].title() if parts[2:] else "") + model.__name__


class ApiModel(BaseModel):
    """A body or query of the API: unknown fields are refused, every field is bounded by its owner."""

    model_config = ConfigDict(
        extra="forbid", str_strip_whitespace=True, allow_inf_nan=False, model_title_generator=_schema_name
    )

    @model_validator(mode="before")
    @classmethod
    def _no_nul(cls, data: Any) -> Any:
        """PostgreSQL stores no NUL character: refused here once for every text of every call."""
        waiting = [data]
        while waiting:
            one = waiting.pop()
            if isinstance(one, str) and "\0" in one:
                raise ValueError("NUL characters are not allowed")
            if isinstance(one, dict):
                waiting += [*one.keys(), *one.values()]
            elif isinstance(one, list):
                waiting += one
        return data


class _ListQuery(ApiModel):
    """`?kind=&from=` says nothing about kind and from: an empty value is none."""

    @model_validator(mode="before")
    @classmethod
    def _empty_is_none(cls, data: Any) -> Any:
        return {k: v for k, v in data.items() if v != ""} if isinstance(data, dict) else data


class PageQuery(_ListQuery):
    limit: int = Field(50, ge=1, le=200)
    offset: int = Field(0, ge=0, le=10_000_000)


class PartQuery(_ListQuery):
    """Of a list that is short by nature: the whole of it, or the part one asks for."""

    limit: int | None = Field(None, ge=1, le=200)
    offset: int = Field(0, ge=0, le=10_000_000)
