"""A meeting is moved under its own number, its subjects arranged or dropped, and who came is noted.

Revision ID: 0038
Revises: 0037
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    table = "committee_meeting"
    op.add_column(table, sa.Column("sequence", BIG, server_default="0", nullable=False))
    op.add_column(table, sa.Column("arranged", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column(table, sa.Column("dropped", sa.JSON(), server_default="[]", nullable=False))
    op.add_column(table, sa.Column("attendance", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    for column in ("attendance", "dropped", "arranged", "sequence"):
        op.drop_column("committee_meeting", column)
