"""Facts about this installation that are kept in its database: one row each."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base, db, is_sqlite

TRIAL = "trial"


class InstallationFact(Base):
    """A name and its value, for example `trial`: this park was founded to try things out."""

    __tablename__ = "installation_fact"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


def find_fact(name: str) -> str | None:
    """The value kept under this name."""
    return db.session.scalar(sa.select(InstallationFact.value).where(InstallationFact.name == name))


def keep_fact(name: str, value: str) -> None:
    """Keep a value; the caller's transaction writes it."""
    db.session.merge(InstallationFact(name=name, value=value))


def swap_fact(name: str, was: str | None, value: str) -> bool:
    """Keep a value where still `was` is kept, or nothing was; of two who ask for it at once one is told no."""
    if was is None:
        new = (sqlite if is_sqlite() else postgresql).insert(InstallationFact).values(name=name, value=value)
        swap: sa.Insert | sa.Update = new.on_conflict_do_nothing(index_elements=["name"])
    else:
        there = (InstallationFact.name == name, InstallationFact.value == was)
        swap = sa.update(InstallationFact).where(*there).values(value=value)
    return db.session.scalar(swap.returning(InstallationFact.name)) is not None


def facts_of(engine: sa.Engine) -> dict[str, str]:
    """All facts of a database that may not be migrated yet; none where the table is missing."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table(InstallationFact.__tablename__):
            return {}
        rows = connection.execute(sa.select(InstallationFact.name, InstallationFact.value)).all()
    return {row.name: row.value for row in rows}
