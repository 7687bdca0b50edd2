"""A park of the schema 0011, with a year of data, is upgraded: no row is lost, none is changed unsaid."""

from __future__ import annotations

import gzip
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from app import create_app
from app.hall.cli import migrations
from app.hall.db.base import db
from tests.conftest import Databases, running, settings_for

DUMP = Path(__file__).resolve().parents[1] / "data" / "park-0011.sql.gz"
# Columns that a later migration fills anew, by table; a table it moves, with its new name.
CHANGED: dict[str, set[str]] = {
    "evidence": {"live"},  # what waits for a decision no longer counts as approved
    "maintenance_plan": {
        "resource_id",
        "warned_on",
    },  # the machine of the resource; the open order is the warning
    "signal": {"source"},  # a complaint names the problem it is the evidence of
    "outage": {"plan_id"},  # `source`: the open order that keeps it
}
# Rows that a later migration adds: the seal over what it found.
ADDED: dict[str, str] = {"seal": "sealed_by = 'upgrade'"}
MOVED: dict[str, str] = {"maintenance_plan": "upkeep_plan"}


def old_park() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.executescript(gzip.decompress(DUMP.read_bytes()).decode("utf-8"))
    return connection


def tables(old: sqlite3.Connection) -> dict[str, list[str]]:
    names = [
        name
        for (name,) in old.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        if name != "alembic_version" and not name.startswith("sqlite_")
    ]
    return {name: [column[1] for column in old.execute(f'PRAGMA table_info("{name}")')] for name in names}


def digest(rows: list[Any]) -> str:
    """A digest of rows whatever their order; moments, flags and JSON read the same from both databases."""
    plain = sorted(json.dumps([_plain(value) for value in row], sort_keys=True) for row in rows)
    return hashlib.sha256("\n".join(plain).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, (bool, int)) or (isinstance(value, float) and value.is_integer()):
        return int(value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, sort_keys=True, ensure_ascii=False)
    if hasattr(value, "isoformat"):
        return value.isoformat().replace("T", " ").replace("+00:00", "").removesuffix(".000000")
    if isinstance(value, str):
        return _plain_text(value)
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    return float(value) if value is not None else None


def _plain_text(value: str) -> str:
    if value[:1] in "{[":
        try:
            return json.dumps(json.loads(value), sort_keys=True, ensure_ascii=False)
        except ValueError:
            return value
    return value.removesuffix(".000000")


@pytest.fixture
def upgraded(backend: str, databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    if backend == "sqlite":
        file = sqlite3.connect(tmp_path / "park.db")
        old_park().backup(file)
        file.close()
        url = f"sqlite:///{tmp_path / 'park.db'}"
    else:
        databases.pg_admin("CREATE DATABASE park_of_0011")
        url = databases.pg_url("park_of_0011")
    with running(create_app(settings_for(url, tmp_path))) as app:
        with app.app_context():
            if backend == "postgresql":
                upgrade(directory=migrations(app), revision="0011")
                _fill(old_park())
            upgrade(directory=migrations(app))
        yield app
    if backend == "postgresql":
        databases.pg_admin("DROP DATABASE park_of_0011 WITH (FORCE)")


def _fill(old: sqlite3.Connection) -> None:
    """The same rows into PostgreSQL, as a restore does it: without triggers, sequences set behind them."""
    metadata = sa.MetaData()
    with db.engine.begin() as new:
        metadata.reflect(new)
        new.exec_driver_sql("SET session_replication_role = replica")
        for name, columns in tables(old).items():
            table = metadata.tables[name]
            new.execute(sa.delete(table))
            rows = [
                {
                    key: _typed(table.c[key], value)
                    for key, value in zip(columns, row, strict=True)
                    if key in table.c
                }
                for row in old.execute(f'SELECT * FROM "{name}"')
            ]
            if rows:
                new.execute(sa.insert(table), rows)
            if "id" in table.c and isinstance(table.c.id.type, sa.Integer) and rows:
                new.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {max(row['id'] for row in rows)})"
                )


def _typed(column: sa.Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, sa.Boolean):
        return bool(value)
    if isinstance(column.type, sa.JSON):
        return json.loads(value)
    if isinstance(column.type, sa.DateTime):
        return f"{value}+00:00"
    return value


def test_no_row_is_lost_or_changed(upgraded: Flask) -> None:
    old = old_park()
    different = []
    with upgraded.app_context(), db.engine.connect() as new:
        for name, columns in tables(old).items():
            kept = [column for column in columns if column not in CHANGED.get(name, set())]
            listed = ", ".join(f'"{column}"' for column in kept)
            before = old.execute(f'SELECT {listed} FROM "{name}"').fetchall()
            known = f" WHERE NOT ({ADDED[name]})" if name in ADDED else ""
            after = new.exec_driver_sql(f'SELECT {listed} FROM "{MOVED.get(name, name)}"{known}').fetchall()
            if len(before) != len(after) or digest(before) != digest([tuple(row) for row in after]):
                changed = _unlike(kept, before, after)
                different.append(f"{name}: {len(before)} rows before, {len(after)} after, unlike: {changed}")
    assert different == []


def _unlike(columns: list[str], before: list[Any], after: Any) -> list[str]:
    """The columns whose values differ, for the message of the test."""
    return [
        f"{column} ({before[0][at]!r}, {after[0][at]!r})"
        for at, column in enumerate(columns)
        if digest([(row[at],) for row in before]) != digest([(row[at],) for row in after])
    ]


def test_the_upgraded_park_is_sound(upgraded: Flask) -> None:
    """The ledger still proves itself, and somebody of the old park reads her pages.

    The dump has no files beside it: that the scans are gone is the one thing the audit must say.
    """
    answer = upgraded.test_cli_runner().invoke(args=["credits", "audit", "--json"])
    verdicts = json.loads(answer.output)["invariants"]
    assert {code for code, one in verdicts.items() if not one["holds"]} == {"files"}, answer.output
    assert all("is missing" in row["text"] for row in verdicts["files"]["rows"])
    with upgraded.app_context():
        found = "SELECT count(*) FROM proof WHERE op = 'found' AND about = 'claim'"
        assert (
            db.session.scalar(sa.text(found)) == db.session.scalar(sa.text("SELECT count(*) FROM claim")) > 0
        )
        assert db.session.scalar(sa.text("SELECT sealed_by FROM seal ORDER BY id DESC LIMIT 1")) == "upgrade"
