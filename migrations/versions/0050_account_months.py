"""Months of accounts, kept so that no page adds a history up; the clockwork fills them.

Revision ID: 0050
Revises: 0049
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SUMS = ("earned", "used", "gained", "spent", "issued", "redeemed")


def upgrade() -> None:
    op.create_table(
        "account_month",
        sa.Column("account_id", BIG, nullable=False, autoincrement=False),
        sa.Column("month", sa.Date(), nullable=False),
        *(sa.Column(name, BIG, nullable=False) for name in SUMS),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_month_account_id")),
        sa.PrimaryKeyConstraint("account_id", "month", name=op.f("pk_account_month")),
    )
    op.create_index(op.f("ix_account_month_month"), "account_month", ["month"])
    op.create_table(
        "account_kept",
        sa.Column("account_id", BIG, nullable=False, autoincrement=False),
        sa.Column("up_to_id", BIG, nullable=False),
        sa.Column("up_to_seq", BIG, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_kept_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_kept")),
    )


def downgrade() -> None:
    op.drop_table("account_kept")
    op.drop_table("account_month")
