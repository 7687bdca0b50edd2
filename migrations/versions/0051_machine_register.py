"""A remark leads into a firm's register of machines: they are proposed, and the firm decides.

Revision ID: 0051
Revises: 0050
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OLD, NEW = "ck_feedback_link_ck_feedback_link_kind", "ck_feedback_link_kind"
KINDS = ("problem", "need", "signal", "correction", "praise")


def upgrade() -> None:
    op.create_table(
        "machine_proposal",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("machine_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'taken', 'dropped')", name=op.f("ck_machine_proposal_state")
        ),
        sa.CheckConstraint(
            "(state = 'taken') = (machine_id IS NOT NULL)", name=op.f("ck_machine_proposal_machine")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_machine_proposal_organisation_id_organisation"
        ),
        sa.ForeignKeyConstraint(
            ["machine_id"], ["machine.id"], name="fk_machine_proposal_machine_id_machine"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_machine_proposal"),
        sa.UniqueConstraint("source", "name", name="uq_machine_proposal_source_name"),
    )
    op.create_index(
        "ix_machine_proposal_organisation_id", "machine_proposal", ["organisation_id", "state"], unique=False
    )
    op.create_index("ix_machine_proposal_machine_id", "machine_proposal", ["machine_id"], unique=False)
    _kinds((*KINDS, "register"), OLD, NEW)


def downgrade() -> None:
    """The links go, the remarks and the machines that were registered stay."""
    op.execute("DELETE FROM feedback_link WHERE kind = 'register'")
    _kinds(KINDS, NEW, OLD)
    op.drop_table("machine_proposal")


def _kinds(kinds: tuple[str, ...], before: str, after: str) -> None:
    listed = ", ".join(repr(kind) for kind in kinds)
    with op.batch_alter_table("feedback_link") as table:
        table.drop_constraint(op.f(before), type_="check")
        table.create_check_constraint(op.f(after), f"kind IN ({listed})")
