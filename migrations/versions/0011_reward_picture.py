"""A reward carries a picture: the digest of a file beside the database, and what is to be seen on it.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reward", sa.Column("picture", sa.Text(), nullable=True))
    op.create_index("ix_reward_picture", "reward", ["picture"], unique=False)
    for name in ("picture_zh", "picture_en"):
        op.add_column("reward", sa.Column(name, sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_index("ix_reward_picture", table_name="reward")
    for name in ("picture_en", "picture_zh", "picture"):
        op.drop_column("reward", name)
