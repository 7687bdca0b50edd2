"""SQLite has no SHA-256: triggers call this function, so nobody posts or writes a proof from a bare SQL prompt."""

from __future__ import annotations

import hashlib
import sqlite3
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine


def sha256_hex(text: str) -> str:
    """The lower-case hexadecimal digest of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


@event.listens_for(Engine, "connect")
def _register(connection: Any, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.create_function("ledger_sha256", 1, sha256_hex, deterministic=True)
