"""Starter sets: what a fresh park takes over in one act of two people.

Revision ID: 0032
Revises: 0031
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "starter_set",
        sa.Column("id", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", BIG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("decided_by_id", BIG, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.CheckConstraint("state IN ('proposed', 'in_force', 'refused')", name=op.f("ck_starter_set_state")),
        sa.CheckConstraint("decided_by_id <> by_id", name=op.f("ck_starter_set_four_eyes")),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_by_id IS NULL)", name=op.f("ck_starter_set_decided")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["member.id"], name="fk_starter_set_by_id"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["member.id"], name="fk_starter_set_decided_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_starter_set"),
    )


def downgrade() -> None:
    op.drop_table("starter_set")
