"""A redeemed venue is allocated: one row per place and day, so that the database itself refuses the same place twice.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "venue_day",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("redemption_id", BigInt, nullable=False),
        sa.CheckConstraint("length(place) BETWEEN 1 AND 200", name=op.f("ck_venue_day_place")),
        sa.ForeignKeyConstraint(
            ["redemption_id"], ["redemption.id"], name=op.f("fk_venue_day_redemption_id")
        ),
        sa.PrimaryKeyConstraint("place", "day", name=op.f("pk_venue_day")),
    )
    op.create_index("ix_venue_day_redemption_id", "venue_day", ["redemption_id"], unique=False)


def downgrade() -> None:
    op.drop_table("venue_day")
