"""Evidence counts once in the park when it is approved; a firm hands the same in once, others may hand it in too.

What is there is kept: claims that wait for a decision no longer count as approved, and stay unique within their firm.

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("open_for IS NOT NULL")


def upgrade() -> None:
    op.add_column("evidence", sa.Column("open_for", BIG, nullable=True))
    op.execute(
        "UPDATE evidence SET open_for = (SELECT c.organisation_id FROM claim c WHERE c.id = evidence.claim_id) WHERE live"
    )
    op.execute(
        "UPDATE evidence SET live = (1 = 0) WHERE live AND claim_id IN"
        " (SELECT id FROM claim WHERE state NOT IN ('approved', 'revoked'))"
    )
    op.create_index(
        "uq_evidence_open",
        "evidence",
        ["open_for", "kind", "normal"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_evidence_kind_normal", "evidence", ["kind", "normal"])


def downgrade() -> None:
    """Fails where two firms have handed in the same since: one of them must be withdrawn first."""
    op.execute("UPDATE evidence SET live = (1 = 1) WHERE open_for IS NOT NULL")
    op.drop_index("ix_evidence_kind_normal", table_name="evidence")
    op.drop_index("uq_evidence_open", table_name="evidence")
    op.drop_column("evidence", "open_for")
