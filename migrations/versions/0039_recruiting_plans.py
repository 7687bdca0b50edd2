"""What a prospect costs to win and which others it excludes; plans of recruiting that somebody keeps.

Revision ID: 0039
Revises: 0038
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("prospect", sa.Column("cost_wan", sa.Double(), nullable=True))
    op.add_column("prospect", sa.Column("one_of", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "recruiting_plan",
        sa.Column("id", BIG, nullable=False),
        sa.Column("chain_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("value_wan", sa.Double(), nullable=False),
        sa.Column("before_wan", sa.Double(), nullable=False),
        sa.Column("cost_wan", sa.Double(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_by", BIG, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["chain_id"], ["industry_chain.id"], name=op.f("fk_recruiting_plan_chain_id")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_recruiting_plan_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recruiting_plan")),
    )
    op.create_index("ix_recruiting_plan_chain_id", "recruiting_plan", ["chain_id"])


def downgrade() -> None:
    op.drop_table("recruiting_plan")
    op.drop_column("prospect", "one_of")
    op.drop_column("prospect", "cost_wan")
