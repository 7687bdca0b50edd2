"""Roles are what the rooms declare: the database keeps no list of them, or each new role were a migration.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KNOWN_BEFORE = (
    "enterprise_admin",
    "enterprise_member",
    "steward",
    "university_office",
    "investment_staff",
    "credit_reviewer",
    "committee_secretary",
    "park_admin",
    "auditor",
)


def upgrade() -> None:
    with op.batch_alter_table("member_role") as table:
        table.drop_constraint(op.f("ck_member_role_role"), type_="check")


def downgrade() -> None:
    """Back to the list; a role it does not know cannot be kept."""
    role = sa.table("member_role", sa.column("role")).c.role
    op.execute(sa.delete(role.table).where(role.not_in(KNOWN_BEFORE)))
    with op.batch_alter_table("member_role") as table:
        table.create_check_constraint(op.f("ck_member_role_role"), role.in_(KNOWN_BEFORE))
