"""Facts about this installation that are kept in its database: one row each."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base, db

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


def facts_of(engine: sa.Engine) -> dict[str, str]:
    """All facts of a database that may not be migrated yet; none where the table is missing."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table(InstallationFact.__tablename__):
            return {}
        rows = connection.execute(sa.select(InstallationFact.name, InstallationFact.value)).all()
    return {row.name: row.value for row in rows}
