"""One statement in one round trip: a writing one that is its own transaction, a reading one outside any."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import DBAPIError

from app.hall.db.base import db, is_sqlite
from app.hall.db.connection import kept_line
from app.hall.db.transaction import forget
from app.hall.db.writes import wrote


def single_statement(sql: str, values: tuple[Any, ...]) -> list[Any]:
    """Run one writing statement in the driver's own words; answers its rows.

    Inside `transaction()` it is a part of that; outside it is a transaction of its own, durable when this returns: the
    database begins and commits by itself, in one round trip instead of three.
    """
    session = db.session()
    if session.info.get("depth", 0):
        return list(session.connection().exec_driver_sql(sql, values).all())
    forget(session)
    wrote()
    line, dialect = kept_line(session), db.engine.dialect
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
