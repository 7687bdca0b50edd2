"""The migrations lead to exactly the models, and back, on both databases."""

from __future__ import annotations

import re
from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade

from app.hall.cli import migrations
from app.hall.db.base import db

VERSIONS = Path(__file__).resolve().parent.parent / "migrations" / "versions"


def _tables(app: Flask) -> set[str]:
    with app.app_context(), db.engine.connect() as connection:
        return set(sa.inspect(connection).get_table_names()) - {"alembic_version"}


def _difference(app: Flask) -> list[object]:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [
            change
            for change in compare_metadata(context, db.metadata)
            if not _own_search_table(change) and not _for_the_other_database(change, context.dialect.name)
        ]


def _for_the_other_database(change: object, dialect: str) -> bool:
    """A foreign key that its model declares by `ddl_if` for one of the two databases only."""
    if not isinstance(change, tuple) or change[0] != "add_fk":
        return False
    declared = db.metadata.tables[change[1].table.name].constraints
    condition = next(one._ddl_if for one in declared if one.name == change[1].name)
    return condition is not None and condition.dialect != dialect


def _own_search_table(change: object) -> bool:
    """SQLite keeps a full-text index in tables of its own, which no model describes."""
    return isinstance(change, tuple) and change[0] == "remove_table" and "_fts" in change[1].name


def test_upgraded_database_is_what_the_models_say(app: Flask) -> None:
    assert _difference(app) == []


def test_downgrade_takes_everything_away_and_upgrade_brings_it_back(app: Flask) -> None:
    before = _tables(app)
    with app.app_context():
        downgrade(directory=migrations(app), revision="base")
    assert _tables(app) == set()
    with app.app_context():
        upgrade(directory=migrations(app))
    assert _tables(app) == before
    assert _difference(app) == []


def test_migrations_are_numbered_in_one_line_and_never_import_the_application() -> None:
    files = sorted(VERSIONS.glob("*.py"))
    for number, file in enumerate(files, start=1):
        text = file.read_text("utf-8")
        assert file.name.startswith(f"{number:04d}_")
        assert f'revision = "{number:04d}"' in text
        before = "None" if number == 1 else f'"{number - 1:04d}"'
        assert re.search(rf"^down_revision(: .*)? = {before}$", text, re.MULTILINE)
        assert not re.search(r"^\s*(from|import) app\b", text, re.MULTILINE)
