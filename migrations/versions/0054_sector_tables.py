"""A coefficient keeps the year of the table it is from; an import its origin; a file waits for a word on what it holds.

Revision ID: 0054
Revises: 0053
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("input_coefficient", sa.Column("year", BIG, nullable=True))
    op.add_column("import_batch", sa.Column("origin", sa.JSON(), nullable=True))
    op.create_table(
        "import_draft",
        sa.Column("id", BIG, nullable=False),
        sa.Column("chain_id", BIG, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created_by", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('sectors', 'graph')", name=op.f("ck_import_draft_kind")),
        sa.ForeignKeyConstraint(["chain_id"], ["industry_chain.id"], name="fk_import_draft_chain_id"),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name="fk_import_draft_created_by"),
        sa.PrimaryKeyConstraint("id", name="pk_import_draft"),
    )
    op.create_index("ix_import_draft_chain_id", "import_draft", ["chain_id"])
    op.create_index("ix_import_draft_created_by", "import_draft", ["created_by"])


def downgrade() -> None:
    op.drop_table("import_draft")
    op.drop_column("import_batch", "origin")
    op.drop_column("input_coefficient", "year")
