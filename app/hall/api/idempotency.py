"""`Idempotency-Key`: the first answer to a POST is kept, a retry gets the same one."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Response, current_app, request
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.hall import clock
from app.hall.db.base import Base, db, is_sqlite
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid
from app.hall.web.guards import current_actor

KEY_KEPT_FOR = dt.timedelta(days=30)


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

    wrapped.__idempotent__ = True  # type: ignore[attr-defined]
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
