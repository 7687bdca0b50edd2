"""What a unit holds is read from the index alone, however long its history is."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

HELD = ["unit_id", "state", "hold_end_at", "hold_start_at"]


def upgrade() -> None:
    op.drop_index("ix_booking_unit_id_hold_end_at", table_name="booking")
    op.create_index("ix_booking_held", "booking", HELD, unique=False)


def downgrade() -> None:
    op.drop_index("ix_booking_held", table_name="booking")
    op.create_index("ix_booking_unit_id_hold_end_at", "booking", ["unit_id", "hold_end_at"], unique=False)
