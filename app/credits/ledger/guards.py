"""The audit of guards: triggers and functions have the text the migrations gave them, constraints are there and valid.

`guards.json` holds the digest of each text as the newest migration leaves it; a test keeps it so (`tests/credits/ledger/test_guards.py`).
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from app.credits.ledger.invariants import CONSTRAINTS
from app.credits.ledger.rules import digest
from app.hall.db.base import is_sqlite
from app.hall.db.proofs import proved_tables

Report = Callable[[str, str, str], None]

TEXTS = Path(__file__).with_name("guards.json")
_LEDGER = ("transfer", "entry", "lot", "lot_alloc", "account", "seal", "period", "proof")
_SQLITE = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
_POSTGRES_TRIGGERS = (
    "SELECT t.tgname, c.relname, pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"
)
_POSTGRES_FUNCTIONS = (
    "SELECT p.proname, '', p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
    " WHERE n.nspname = current_schema() AND p.proname ~ '^(ledger|proof|refuse_change)'"
)


@functools.cache
def expected(dialect: str) -> dict[str, str]:
    """The digest of every guard's text, by its name."""
    found: dict[str, str] = json.loads(TEXTS.read_text("utf-8"))[dialect]
    return found


def guards_of(connection: sa.Connection) -> dict[str, str]:
    """What guards this database, and the digest of its text (white space and schema apart)."""
    watched = {*_LEDGER, *(one.name for one in proved_tables()), ""}
    queries = (_SQLITE,) if is_sqlite() else (_POSTGRES_TRIGGERS, _POSTGRES_FUNCTIONS)
    return {
        str(name): digest(re.sub(r"\bpublic\.", "", " ".join(text.split())))
        for query in queries
        for name, table, text in connection.exec_driver_sql(query)
        if table in watched
    }


def check_guards(connection: sa.Connection, report: Report) -> None:
    """What refuses a change, and what writes a proof, is there, switched on and unchanged."""
    dialect = "sqlite" if is_sqlite() else "postgresql"
    found = guards_of(connection)
    for name, text in expected(dialect).items():
        if name not in found:
            report("guards", name, "is missing or switched off")
        elif found[name] != text:
            report("guards", name, "has another text than the migration gave it")
    for name in sorted(CONSTRAINTS[dialect] - _constraints(connection)):
        report("guards", name, "constraint or unique index is missing or not valid")


def _constraints(connection: sa.Connection) -> set[str]:
    if is_sqlite():
        schema = connection.execute(
            sa.text("SELECT name, coalesce(sql, '') FROM sqlite_master WHERE type IN ('table', 'index')")
        )
        return set(re.findall(r"\b(?:ck|uq)_\w+", " ".join(f"{name} {sql}" for name, sql in schema)))
    return set(
        connection.scalars(
            sa.text(
                "SELECT conname FROM pg_constraint WHERE convalidated UNION ALL SELECT c.relname FROM pg_index i"
                " JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indisvalid AND i.indisunique"
            )
        )
    )
