"""A firm says what it makes before it stands on the chain.

Revision ID: 0035
Revises: 0034
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _points(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}")
        for column, target in targets.items()
    ]


def _one_open(table: str, name: str, columns: list[str], where: str) -> None:
    words = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=words, postgresql_where=words)


def upgrade() -> None:
    op.create_table(
        "position_wish",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("chain_id", BIG, nullable=False),
        sa.Column("segment_id", BIG, nullable=False),
        sa.Column("makes", sa.Text(), nullable=False),
        sa.Column("output_wan", sa.Double(), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("suppliers", sa.JSON(), nullable=False),
        sa.Column("customers", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("by_id", BIG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("decided_by_id", BIG, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('waits', 'asked_back', 'confirmed', 'withdrawn')", name=op.f("ck_position_wish_state")
        ),
        sa.CheckConstraint(
            "output_wan >= 0 AND output_wan <= 1e18", name=op.f("ck_position_wish_output_wan")
        ),
        *_points(
            "position_wish",
            organisation_id="organisation",
            chain_id="industry_chain",
            segment_id="segment",
            by_id="member",
            decided_by_id="member",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_position_wish"),
    )
    op.create_index("ix_position_wish_organisation_id", "position_wish", ["organisation_id"])
    _one_open(
        "position_wish",
        "uq_position_wish_open",
        ["organisation_id", "segment_id"],
        "state IN ('waits', 'asked_back')",
    )


def downgrade() -> None:
    op.drop_table("position_wish")
