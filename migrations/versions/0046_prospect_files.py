"""Papers of prospects.

Revision ID: 0046
Revises: 0045
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    texts = [
        sa.Column(name, sa.Text(), nullable=False) for name in ("name", "media_type", "sha256", "stored_as")
    ]
    op.create_table(
        "prospect_file",
        sa.Column("id", BIG, nullable=False),
        sa.Column("prospect_id", BIG, nullable=False),
        *texts,
        sa.Column("size_bytes", BIG, nullable=False),
        sa.Column("uploaded_by", BIG, nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_prospect_file_size")),
        sa.ForeignKeyConstraint(
            ["prospect_id"], ["prospect.id"], name=op.f("fk_prospect_file_prospect_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["uploaded_by"], ["member.id"], name=op.f("fk_prospect_file_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prospect_file")),
        sa.UniqueConstraint("prospect_id", "sha256", name=op.f("uq_prospect_file_prospect_id_sha256")),
        sa.UniqueConstraint("stored_as", name=op.f("uq_prospect_file_stored_as")),
    )


def downgrade() -> None:
    op.drop_table("prospect_file")
