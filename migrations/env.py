"""Runs the migrations with the application's own database and models."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app

from app.db import BigInt, UTCDateTime, db


def render_item(kind: str, item: Any, _context: Any) -> Any:
    """Migrations never import the application: write our types as SQLAlchemy's."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and item is BigInt:
        return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
    return False


def run() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(writing=True) as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_item=render_item,
            compare_type=True,
            render_as_batch=False,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
