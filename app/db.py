"""The database: one declarative base, one transaction per use case, aware moments, pages of rows."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, registry

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite only auto-increments a column declared INTEGER; everywhere else ids are 64 bits.
BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class UTCDateTime(sa.TypeDecorator[dt.datetime]):
    """An aware moment, stored in UTC; naive values are a programming error."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive moment cannot be stored")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Base(DeclarativeBase):
    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMING),
        type_annotation_map={
            dt.datetime: UTCDateTime(),
            dt.date: sa.Date(),
            str: sa.Text(),
            int: BigInt,
            dict[str, Any]: sa.JSON(),
            list[Any]: sa.JSON(),
            list[str]: sa.JSON(),
        },
    )


RESTED_SECONDS = 5.0

# Rows stay readable after the commit; `transaction` itself forgets them before it decides anything.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


def init_app(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _sqlite_connect)
        sa.event.listen(engine, "begin", _sqlite_begin)
    else:
        sa.event.listen(engine, "checkout", _still_there)
        sa.event.listen(engine, "checkin", _put_back)
    app.teardown_appcontext(_end_of_context)


def _still_there(connection: Any, record: Any, _proxy: object) -> None:
    """A connection that has rested is asked whether it still lives; a busy one not before every transaction."""
    if connection.autocommit:  # left so by a `_Line` that nobody hung up
        connection.autocommit = False
    if time.perf_counter() - record.info.get("back", time.perf_counter()) > RESTED_SECONDS:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            connection.rollback()
        except Exception as gone:
            raise sa.exc.DisconnectionError from gone  # the pool opens a new one


def _put_back(_connection: Any, record: Any) -> None:
    record.info["back"] = time.perf_counter()


def _sqlite_connect(connection: Any, _record: object) -> None:
    # The driver's own BEGIN is switched off: `_sqlite_begin` says which kind of transaction starts.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "busy_timeout=30000",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: sa.Connection) -> None:
    # A writer takes the write lock at once: upgrading a read lock later dies of "database is locked".
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def is_sqlite() -> bool:
    return bool(db.engine.dialect.name == "sqlite")


# SQLite has one writer at a time. Threads of this process queue here and are woken at once; without the queue they
# would poll the file with growing pauses. Other processes still meet at the file itself (`busy_timeout`).
_sqlite_writers = threading.RLock()


def _writers_queue() -> AbstractContextManager[Any]:
    return _sqlite_writers if is_sqlite() else nullcontext()


@contextmanager
def transaction() -> Iterator[Any]:
    """One use case, whole or not at all; re-entrant: only the outermost block commits.

    The outermost block forgets what was read before it, so that a decision never rests on stale rows.
    Callbacks registered by `after_commit` run once the data are durable.
    """
    session = db.session()
    if session.info.get("depth", 0):
        session.info["depth"] += 1
        try:
            yield session
        finally:
            session.info["depth"] -= 1
        return
    _forget(session)
    _hang_up(session)
    with _writers_queue():
        session.info.update(depth=1, after_commit=[])
        try:
            session.connection(execution_options={"writing": True})
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            session.info["after_commit"] = []
            raise
        finally:
            session.info["depth"] = 0
    for callback in session.info.pop("after_commit", []):
        callback()


def _forget(session: Any) -> None:
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("rows were changed outside a transaction")
    if session.in_transaction():
        session.rollback()
    session.expire_all()


@dataclass
class _Line:
    """A connection that commits by itself, kept from one single statement of a session to the next."""

    pooled: Any
    cursor: Any
    used: float


def _line(session: Any) -> _Line:
    line: _Line | None = session.info.get("line")
    now = time.perf_counter()
    if line is not None and now - line.used > RESTED_SECONDS:
        _hang_up(session)  # the pool asks whether it still lives
        line = None
    if line is None:
        pooled = db.engine.raw_connection()
        driver: Any = pooled.driver_connection
        if not is_sqlite():  # its connections are in this mode already, see `_sqlite_connect`
            driver.autocommit = True
        line = session.info["line"] = _Line(pooled, driver.cursor(), now)
    line.used = now
    return line


def _hang_up(session: Any) -> None:
    line = session.info.pop("line", None)
    if line is not None and line.pooled.is_valid:
        if not is_sqlite():
            line.pooled.driver_connection.autocommit = False
        line.pooled.close()


def _end_of_context(_error: BaseException | None) -> None:
    if db.session.registry.has():
        _hang_up(db.session())


def single_statement(sql: str, values: tuple[Any, ...]) -> list[Any]:
    """Run one writing statement in the driver's own words; answers its rows.

    Inside `transaction()` it is a part of that; outside it is a transaction of its own, durable when this returns: the
    database begins and commits by itself, in one round trip instead of three.
    """
    session = db.session()
    if session.info.get("depth", 0):
        return list(session.connection().exec_driver_sql(sql, values).all())
    _forget(session)
    line, dialect = _line(session), db.engine.dialect
    try:
        return list(line.cursor.execute(sql, values).fetchall())
    except dialect.loaded_dbapi.Error as error:
        if dialect.is_disconnect(error, line.pooled.driver_connection, line.cursor):
            session.info.pop("line")
            line.pooled.invalidate(error)
        raise DBAPIError.instance(sql, values, error, dialect.loaded_dbapi.Error) from error


def read_at_once(statement: Any, values: dict[str, Any]) -> list[Any]:
    """The rows of one reading statement that belongs to no transaction.

    PostgreSQL answers in one round trip: no BEGIN before it, and no ROLLBACK when a use case begins its own.
    """
    if is_sqlite() or db.session().in_transaction():
        return list(db.session.execute(statement, values).all())
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        return list(connection.execute(statement, values).all())


def in_transaction() -> bool:
    return bool(db.session().info.get("depth", 0))


def after_commit(callback: Any) -> None:
    """Run `callback` once the running transaction is durable; forgotten if it rolls back."""
    session = db.session()
    if not session.info.get("depth", 0):
        raise RuntimeError("after_commit needs a transaction")
    session.info["after_commit"].append(callback)


def locked(statement: Any) -> Any:
    """Lock the selected rows until the commit (SQLite's writers already exclude each other)."""
    return statement if is_sqlite() else statement.with_for_update(key_share=True)


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


def engine_for(url: str) -> Engine:
    """An engine outside the application (migrations, tests) with the same SQLite behaviour."""
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _sqlite_connect)
        sa.event.listen(engine, "begin", _sqlite_begin)
    return engine
