"""What an instrument cost, for the yield that the quarterly report of shared instruments asks for.

Revision ID: 0043
Revises: 0042
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("resource", sa.Column("value_fen", BIG, nullable=True))


def downgrade() -> None:
    op.drop_column("resource", "value_fen")
