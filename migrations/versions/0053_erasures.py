"""The words of a person are erased by two administrators: who asked, who decided, how many rows.

Revision ID: 0053
Revises: 0052
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
STANDING = sa.text("state <> 'refused'")


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by_id", BIG, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("decided_by_id", BIG, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("rows", BIG, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.CheckConstraint("state IN ('asked', 'agreed', 'done', 'refused')", name=op.f("ck_erasure_state")),
        sa.CheckConstraint(
            "decided_by_id <> asked_by_id AND decided_by_id <> member_id", name=op.f("ck_erasure_four_eyes")
        ),
        sa.CheckConstraint("asked_by_id <> member_id", name=op.f("ck_erasure_not_oneself")),
        sa.CheckConstraint("(state = 'asked') = (decided_by_id IS NULL)", name=op.f("ck_erasure_decided")),
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name=op.f("ck_erasure_done")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_erasure_member_id"),
        sa.ForeignKeyConstraint(["asked_by_id"], ["member.id"], name="fk_erasure_asked_by_id"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["member.id"], name="fk_erasure_decided_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_erasure"),
    )
    op.create_index(
        "uq_erasure_standing",
        "erasure",
        ["member_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )


def downgrade() -> None:
    op.drop_table("erasure")
