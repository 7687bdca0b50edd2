"""Whom to call at a firm that may come.

Revision ID: 0037
Revises: 0036
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("contact", "contact_phone"):
        op.add_column("prospect", sa.Column(name, sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    for name in ("contact_phone", "contact"):
        op.drop_column("prospect", name)
