"""Browsers that signed in before a moment are strangers again.

Revision ID: 0049
Revises: 0048
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("member", sa.Column("browsers_from", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("member", "browsers_from")
