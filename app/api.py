"""The API under /api/v1: bearer tokens, problem+json, bounded bodies, idempotent posts, one OpenAPI file."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any

import sqlalchemy as sa
from flask import Response, current_app, request
from flask.json.provider import DefaultJSONProvider
from flask_openapi3 import APIBlueprint
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.db import Base, db, is_sqlite, transaction
from app.errors import Conflict, Invalid
from app.web import csrf, current_actor

PREFIX = "/api/v1"
DEEPEST = 40
KEY_KEPT_FOR = dt.timedelta(days=30)

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
                return data
        raise ValueError("nested too deeply")


def _inside(data: Any) -> Iterable[Any]:
    return data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()


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


class Answer(BaseModel):
    """Whatever the documented call answers."""

    model_config = ConfigDict(extra="allow")


class IdempotencyKey(Base):
    """The first answer to a POST, kept so that a retry gets the same one and nothing happens twice."""

    __tablename__ = "idempotency_key"
    __table_args__ = (sa.UniqueConstraint("member_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    key: Mapped[str]
    request_hash: Mapped[str]
    status: Mapped[int] = mapped_column(default=0)
    body: Mapped[str] = mapped_column(default="")
    created_at: Mapped[dt.datetime]


def api_blueprint(room: str) -> APIBlueprint:
    blueprint = APIBlueprint(
        f"{room}_api",
        f"app.{room}.api",
        url_prefix=f"{PREFIX}/{room}",
        abp_security=[{"bearer": []}],
        abp_responses={"200": Answer},
    )
    csrf.exempt(blueprint)
    return blueprint


def listed(items: Sequence[Any], total: int) -> dict[str, Any]:
    return {"items": list(items), "total": total}


def listed_part(items: Sequence[Any], query: PartQuery) -> dict[str, Any]:
    """The part of a whole list that was asked for, and how long the whole is."""
    end = None if query.limit is None else query.offset + query.limit
    return listed(items[query.offset : end], len(items))


def check_guard() -> Any:
    """Say 401 or 403 before the body is looked at: a stranger learns nothing from our validation."""
    view = current_app.view_functions.get(request.endpoint or "")
    check = getattr(view, "__check__", None)
    return check() if check is not None else None


def idempotent(view: Callable[..., Any]) -> Callable[..., Any]:
    """Honour `Idempotency-Key`: the same key and body answers the first result again, another body 409.

    The answer is stored in the transaction of the use case itself, so a kill at any moment leaves either both
    or neither. Refusals are not stored: nothing happened, a retry may succeed.
    """

    @functools.wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        key = request.headers.get("Idempotency-Key", "").strip()
        if not key:
            return view(*args, **kwargs)
        if len(key) > 200:
            raise Invalid("idempotency_key_too_long")
        member_id = current_actor().member_id
        digest = _request_hash()
        with transaction() as session:
            insert = (sqlite if is_sqlite() else postgresql).insert(IdempotencyKey)
            new = session.scalar(
                insert.values(member_id=member_id, key=key, request_hash=digest, created_at=clock.now())
                .on_conflict_do_nothing(index_elements=["member_id", "key"])
                .returning(IdempotencyKey.id)
            )
            if new is None:
                row = session.execute(
                    sa.select(IdempotencyKey.request_hash, IdempotencyKey.status, IdempotencyKey.body).where(
                        IdempotencyKey.member_id == member_id, IdempotencyKey.key == key
                    )
                ).one()
                if row.request_hash != digest:
                    raise Conflict("idempotency_key_reused")
                return Response(row.body, row.status, mimetype="application/json")
            response = current_app.make_response(view(*args, **kwargs))
            session.execute(
                sa.update(IdempotencyKey)
                .where(IdempotencyKey.id == new)
                .values(status=response.status_code, body=response.get_data(as_text=True))
            )
        return response

    return wrapped


def _request_hash() -> str:
    """JSON whatever the order and spaces of its keys; a file by its bytes; what stands behind the `?` too."""
    data = request.get_data()
    if request.is_json and (body := request.get_json(silent=True)) is not None:
        data = json.dumps(body, sort_keys=True).encode()
    return hashlib.sha256(f"{request.method} {request.full_path}\n".encode() + data).hexdigest()


def forget_old_keys() -> None:
    with transaction():
        db.session.execute(
            sa.delete(IdempotencyKey).where(IdempotencyKey.created_at < clock.now() - KEY_KEPT_FOR)
        )
