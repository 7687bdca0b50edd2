"""The day a firm stands in the business register since: months since registration are counted from it.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("organisation", sa.Column("registered_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("organisation", "registered_on")
