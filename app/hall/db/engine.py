"""How a connection begins: SQLite's pragmas and BEGIN IMMEDIATE, a check before use of an idle PostgreSQL connection."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from app.hall.db import (
    sqlite_hash,  # noqa: F401  (registers the hash function before the first connection)
    writes,
)
from app.hall.db.base import db, is_sqlite
from app.hall.db.connection import RESTED_SECONDS, hang_up


def init_app(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        engine = db.engine
    writes.init_app(app, engine)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _sqlite_connect)
        sa.event.listen(engine, "begin", _sqlite_begin)
    else:
        sa.event.listen(engine, "checkout", _still_there)
        sa.event.listen(engine, "checkin", _put_back)
    app.teardown_appcontext(_end_of_context)


def _still_there(connection: Any, record: Any, _proxy: object) -> None:
    """Pre-ping: a connection idle for `RESTED_SECONDS` is tested before it is used; a busy one is not, to save a round trip."""
    if connection.autocommit:  # left so by a `Line` that nobody hung up
        connection.autocommit = False
    if time.perf_counter() - record.info.get("back", time.perf_counter()) > RESTED_SECONDS:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            connection.rollback()
        except Exception as gone:
            raise sa.exc.DisconnectionError from gone  # whatever the driver says of a dead one: the pool opens another


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


def _end_of_context(_error: BaseException | None) -> None:
    if db.session.registry.has():
        hang_up(db.session())


def engine_for(url: str) -> Engine:
    """An engine outside the application (migrations, tests) with the same SQLite behaviour."""
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _sqlite_connect)
        sa.event.listen(engine, "begin", _sqlite_begin)
    return engine


# What SQLite says, and PostgreSQL's classes of errors: disk full and other resources, shutting down, read-only.
_SQLITE_OUT = ("disk is full", "readonly database", "database is locked", "disk i/o error", "unable to open")
_POSTGRESQL_OUT = ("53", "57P", "58", "25006", "08")


def out_of_service(error: DBAPIError) -> bool:
    """Whether the database, not the statement, is what failed."""
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return str(state).startswith(_POSTGRESQL_OUT)
    words = str(error.orig).lower()
    return isinstance(error, OperationalError) and (
        any(said in words for said in _SQLITE_OUT) or not is_sqlite()  # PostgreSQL cannot be reached at all
    )


MIGRATING = 7_021_306_452  # any number, the same for all who migrate: the name of PostgreSQL's advisory lock


@contextmanager
def one_at_a_time(engine: Engine, folder: Path) -> Iterator[None]:
    """Whoever migrates waits for whoever migrates already, then finds the work done.

    PostgreSQL has a lock for it, held by a connection of its own; for SQLite it is a file beside the database.
    """
    if engine.dialect.name == "sqlite":
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / ".migrating").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT pg_advisory_lock(%s)", (MIGRATING,))
        try:
            yield
        finally:
            connection.exec_driver_sql("SELECT pg_advisory_unlock(%s)", (MIGRATING,))
