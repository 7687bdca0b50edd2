"""Joinings with the rows that followed, changes of facts, since when somebody works here.

Revision ID: 0030
Revises: 0029
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
STATES = "'waits', 'in_force', 'refused', 'withdrawn'"
TABLES = ("organisation_change", "organisation_join_row", "organisation_join")


def _points(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}")
        for column, target in targets.items()
    ]


def _one_open(table: str, name: str, columns: list[str], where: str) -> None:
    words = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=words, postgresql_where=words)


def upgrade() -> None:
    op.add_column("member", sa.Column("employed_since", sa.Date(), nullable=True))
    op.create_table(
        "organisation_join",
        sa.Column("id", BIG, nullable=False),
        sa.Column("from_id", BIG, nullable=False),
        sa.Column("into_id", BIG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status_before", sa.Text(), nullable=False),
        sa.Column("by_id", BIG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("undone_by_id", BIG, nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.CheckConstraint("from_id <> into_id", name=op.f("ck_organisation_join_two")),
        *_points(
            "organisation_join",
            from_id="organisation",
            into_id="organisation",
            by_id="member",
            undone_by_id="member",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_organisation_join"),
    )
    _one_open("organisation_join", "uq_organisation_join_from_id", ["from_id"], "undone_at IS NULL")
    op.create_index("ix_organisation_join_into_id", "organisation_join", ["into_id"])
    op.create_table(
        "organisation_join_row",
        sa.Column("id", BIG, nullable=False),
        sa.Column("join_id", BIG, nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        *_points("organisation_join_row", join_id="organisation_join"),
        sa.PrimaryKeyConstraint("id", name="pk_organisation_join_row"),
    )
    op.create_index("ix_organisation_join_row_join_id_place", "organisation_join_row", ["join_id", "place"])
    op.create_table(
        "organisation_change",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", BIG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("decided_by_id", BIG, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_organisation_change_state")),
        *_points(
            "organisation_change", organisation_id="organisation", by_id="member", decided_by_id="member"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_organisation_change"),
    )
    op.create_index("ix_organisation_change_organisation_id", "organisation_change", ["organisation_id"])
    _one_open(
        "organisation_change",
        "uq_organisation_change_waits",
        ["organisation_id", "field"],
        "state = 'waits'",
    )
    _proposal_kinds("'earn_rule', 'reward', 'adjustment', 'lots'")


def downgrade() -> None:
    op.execute("DELETE FROM proposal WHERE kind = 'lots'")
    _proposal_kinds("'earn_rule', 'reward', 'adjustment'")
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("member", "employed_since")


def _proposal_kinds(kinds: str) -> None:
    """Credits of a joined firm move by a proposal of its own kind."""
    with op.batch_alter_table("proposal") as table:
        table.drop_constraint(op.f("ck_proposal_kind"), type_="check")
        table.create_check_constraint(op.f("ck_proposal_kind"), sa.text(f"kind IN ({kinds})"))
