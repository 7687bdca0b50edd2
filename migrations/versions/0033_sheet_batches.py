"""Lists come in from sheets: looked at, applied, taken back.

Revision ID: 0033
Revises: 0032
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "sheet_batch",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("created_by", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('preview', 'applied', 'undone', 'discarded')", name=op.f("ck_sheet_batch_state")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_sheet_batch_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_sheet_batch_created_by_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_batch")),
    )
    op.create_index("ix_sheet_batch_organisation_id_kind", "sheet_batch", ["organisation_id", "kind"])


def downgrade() -> None:
    op.drop_table("sheet_batch")
