"""Nobody who points at an organisation is forgotten when two are joined."""

from __future__ import annotations

from flask import Flask

from app.hall.db.base import Base
from app.identity.joining.pointers import POINTERS


def test_every_column_that_names_an_organisation_is_in_the_list(app: Flask) -> None:
    """A new column? Add it to `app/identity/joining/pointers.py`: it follows a joining, or says why not."""
    assert app
    there = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.target_fullname == "organisation.id" for key in column.foreign_keys)
    }
    named = [pointer.place for pointer in POINTERS]
    assert len(named) == len(set(named))
    assert set(named) == there


def test_what_stays_says_why() -> None:
    assert [one.place for one in POINTERS if not one.moves and not one.why] == []
