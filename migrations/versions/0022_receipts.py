"""The money part of a payment is due on a day, and is received with a transfer reference; what is late is reminded.

Payments made before are due thirty days after they were closed, as the park's new term says.

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITING = sa.text("received_at IS NULL AND cash_fen > 0")


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("booking_payment", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column("booking_payment", sa.Column("received_at", moment, nullable=True))
    op.add_column("booking_payment", sa.Column("received_by", BIG, nullable=True))
    op.add_column("booking_payment", sa.Column("reference", sa.Text(), server_default="", nullable=False))
    op.add_column("booking_payment", sa.Column("reminded_at", moment, nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        due = "date(made_at, '+8 hours', '+30 days')"
    else:
        due = "CAST(made_at AT TIME ZONE 'Asia/Shanghai' AS date) + 30"
    op.execute(f"UPDATE booking_payment SET due_on = {due}")
    op.create_index(
        "ix_booking_payment_waiting",
        "booking_payment",
        ["due_on"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.add_column("sharing_terms", sa.Column("payment_days", BIG, server_default="30", nullable=False))
    op.add_column("sharing_terms", sa.Column("absent_minutes", BIG, server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("sharing_terms", "absent_minutes")
    op.drop_column("sharing_terms", "payment_days")
    op.drop_index("ix_booking_payment_waiting", table_name="booking_payment")
    for column in ("reminded_at", "reference", "received_by", "received_at", "due_on"):
        op.drop_column("booking_payment", column)
