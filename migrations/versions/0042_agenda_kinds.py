"""The round table also speaks of initiatives, of problems nobody brings to an end, and of alerts.

Revision ID: 0042
Revises: 0041
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

KINDS = ("overdue", "concern", "weak_link", "refused_demand", "own")
MORE_KINDS = (
    "overdue",
    "overdue_problem",
    "alert",
    "initiative",
    "concern",
    "weak_link",
    "refused_demand",
    "own",
)


def upgrade() -> None:
    _kinds(MORE_KINDS)


def downgrade() -> None:
    """Items of the newer kinds become the secretary's own under their key: nothing said at the table is lost."""
    op.execute(
        "UPDATE agenda_item SET title = key, kind = 'own' WHERE kind IN ('overdue_problem', 'alert', 'initiative')"
    )
    _kinds(KINDS)


def _kinds(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(repr(kind) for kind in kinds)
    kept = []
    if (
        op.get_bind().dialect.name == "sqlite"
    ):  # triggers go with a table that is written anew, and others name it
        found = sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'agenda_item'")
        kept = list(op.get_bind().scalars(found))
        op.execute("PRAGMA legacy_alter_table = ON")
    with op.batch_alter_table("agenda_item") as table:
        table.drop_constraint(op.f("ck_agenda_item_kind"), type_="check")
        table.create_check_constraint(op.f("ck_agenda_item_kind"), f"kind IN ({listed})")
    for trigger in kept:
        op.execute(trigger)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA legacy_alter_table = OFF")
