"""What firms say of their research costs.

Revision ID: 0045
Revises: 0044
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    amounts = [
        sa.Column(name, BIG, nullable=False) for name in ("year", "base_year", "base_fen", "actual_fen")
    ]
    unknown = [sa.Column(f"{name}_fen", BIG, nullable=True) for name in ("sharing", "licences", "credits")]
    op.create_table(
        "research_cost",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        *amounts,
        *unknown,
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("said_by", BIG, nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("base_fen >= 0 AND actual_fen >= 0", name=op.f("ck_research_cost_amounts")),
        sa.CheckConstraint("base_year < year", name=op.f("ck_research_cost_years")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_research_cost_organisation_id")
        ),
        sa.ForeignKeyConstraint(["said_by"], ["member.id"], name=op.f("fk_research_cost_said_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_research_cost")),
        sa.UniqueConstraint("organisation_id", "year", name=op.f("uq_research_cost_organisation_id_year")),
    )


def downgrade() -> None:
    op.drop_table("research_cost")
