"""The table of names that are searched, and the bigrams they are found by; the clockwork fills it.

Revision ID: 0036
Revises: 0035
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "search_name",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("subtitle", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("seen_by", sa.Text(), nullable=False),
        sa.Column("organisation_id", BIG, nullable=True),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_name")),
        sa.UniqueConstraint("kind", "ref", name=op.f("uq_search_name_kind_ref")),
    )
    op.create_index("ix_search_name_seen_by", "search_name", ["seen_by"])
    op.create_table(
        "search_gram",
        sa.Column("gram", sa.Text(), nullable=False),
        sa.Column("name_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["name_id"], ["search_name.id"], name=op.f("fk_search_gram_name_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("gram", "name_id", name=op.f("pk_search_gram")),
    )
    op.create_index("ix_search_gram_name_id", "search_gram", ["name_id"])


def downgrade() -> None:
    op.drop_table("search_gram")
    op.drop_table("search_name")
