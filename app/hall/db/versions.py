"""Versions of something the park runs by: one proposes, another approves, one is in force, none is edited."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

STATES = ("proposed", "in_force", "superseded", "rejected")


class Version:
    """Columns of a version; the table adds what the version says."""

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]
    in_force_at: Mapped[dt.datetime | None]


def version_rules(table: str) -> tuple[sa.CheckConstraint | sa.Index, ...]:
    """What the database holds of every table of versions: known states, four eyes, one in force."""
    return (
        sa.CheckConstraint("state IN ('" + "', '".join(STATES) + "')", name="state"),
        sa.CheckConstraint("approved_by_id IS NULL OR approved_by_id <> proposed_by_id", name="four_eyes"),
        sa.Index(
            f"ix_{table}_in_force",
            "state",
            unique=True,
            sqlite_where=sa.text("state = 'in_force'"),
            postgresql_where=sa.text("state = 'in_force'"),
        ),
    )
