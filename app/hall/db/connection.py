"""A connection that commits by itself, kept by a session from one single statement to the next."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from app.hall.db.base import db, is_sqlite

RESTED_SECONDS = 5.0


@dataclass
class Line:
    """A connection that commits by itself, kept from one single statement of a session to the next."""

    pooled: Any
    cursor: Any
    used: float


def kept_line(session: Any) -> Line:
    line: Line | None = session.info.get("line")
    now = time.perf_counter()
    if line is not None and now - line.used > RESTED_SECONDS:
        hang_up(session)  # the pool asks whether it still lives
        line = None
    if line is None:
        pooled = db.engine.raw_connection()
        driver: Any = pooled.driver_connection
        if not is_sqlite():  # its connections are in this mode already, see `_sqlite_connect`
            driver.autocommit = True
        line = session.info["line"] = Line(pooled, driver.cursor(), now)
    line.used = now
    return line


def hang_up(session: Any) -> None:
    line = session.info.pop("line", None)
    if line is not None and line.pooled.is_valid:
        if not is_sqlite():
            line.pooled.driver_connection.autocommit = False
        line.pooled.close()
