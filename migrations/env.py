"""Runs the migrations with the application's own database and models."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from app.hall.db.base import BigInt, UTCDateTime, db
from app.hall.db.engine import one_at_a_time


def render_item(kind: str, item: Any, _context: Any) -> Any:
    """Migrations never import the application: write our types as SQLAlchemy's."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and item is BigInt:
        return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
    return False


@contextmanager
def rebuilding(connection: Connection) -> Iterator[None]:
    """SQLite changes a constraint by building the table anew; what points at it must not stand in the way.

    The keys are off for this connection only; `check_keys` looks at all of them before a migration commits.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.dbapi_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def check_keys(**applied: Any) -> None:
    connection = applied["ctx"].connection
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)
        if broken:
            raise RuntimeError(f"this migration leaves rows that point nowhere: {broken}")


def run() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(writing=True) as connection, rebuilding(connection):
        context.configure(
            on_version_apply=check_keys,
            connection=connection,
            target_metadata=db.metadata,
            render_item=render_item,
            compare_type=True,
            render_as_batch=False,
            transaction_per_migration=True,
        )
        with one_at_a_time(engine, current_app.config["SETTINGS"].instance), context.begin_transaction():
            context.run_migrations()


run()
