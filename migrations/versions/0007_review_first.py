"""Needs and offers are read by a person before they are published, unless the park says otherwise."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _default(review: str) -> None:
    with op.batch_alter_table("match_policy") as table:
        table.alter_column("review", existing_type=sa.Text(), existing_nullable=False, server_default=review)


def upgrade() -> None:
    _default("always")
    # A park that already publishes keeps its way of doing so; a new one begins with the review.
    op.execute("UPDATE match_policy SET review = 'always' WHERE NOT EXISTS (SELECT 1 FROM post)")


def downgrade() -> None:
    _default("rules")
