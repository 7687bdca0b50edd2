"""Accounts: wrong passwords are counted, and it is kept who gave a role or a password.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "sign_in_failure",
        sa.Column("id", BIG, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("failures", BIG, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_failure"),
        sa.UniqueConstraint("login", "place", name="uq_sign_in_failure_login_place"),
    )
    op.create_index("ix_sign_in_failure_last_at", "sign_in_failure", ["last_at"])
    op.add_column("member", sa.Column("password_by_id", BIG, nullable=True))
    op.add_column("member", sa.Column("password_at", MOMENT, nullable=True))
    op.add_column("member_role", sa.Column("given_by_id", BIG, nullable=True))
    op.add_column("member_role", sa.Column("given_at", MOMENT, nullable=True))
    op.add_column("secret_link", sa.Column("needs_second", sa.Boolean(), nullable=True))
    op.add_column("secret_link", sa.Column("confirmed_by_id", BIG, nullable=True))
    op.add_column("secret_link", sa.Column("confirmed_at", MOMENT, nullable=True))
    op.add_column("secret_link", sa.Column("mailed", sa.Boolean(), nullable=True))


def downgrade() -> None:
    for column in ("mailed", "confirmed_at", "confirmed_by_id", "needs_second"):
        op.drop_column("secret_link", column)
    for column in ("given_at", "given_by_id"):
        op.drop_column("member_role", column)
    for column in ("password_at", "password_by_id"):
        op.drop_column("member", column)
    op.drop_table("sign_in_failure")
