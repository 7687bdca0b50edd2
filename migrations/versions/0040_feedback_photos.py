"""Photographs of remarks; the keys of hidden remarks lead to no phone any more.

Revision ID: 0040
Revises: 0039
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "feedback_photo",
        sa.Column("id", BIG, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("feedback_id", BIG, nullable=True),
        sa.Column("member_id", BIG, nullable=True),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.CheckConstraint("feedback_id IS NULL OR member_id IS NULL", name=op.f("ck_feedback_photo_nobody")),
        sa.ForeignKeyConstraint(["feedback_id"], ["feedback.id"], name=op.f("fk_feedback_photo_feedback_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_feedback_photo_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_photo")),
        sa.UniqueConstraint("key", name=op.f("uq_feedback_photo_key")),
    )
    op.create_index("ix_feedback_photo_feedback_id", "feedback_photo", ["feedback_id"])
    # The key of an entry from a phone stands in its receipt, beside who sent it: from it the remark was found.
    feedback = sa.table(
        "feedback",
        sa.column("id"),
        sa.column("visibility"),
        sa.column("client_key"),
        sa.column("client_hash"),
    )
    hidden = sa.select(feedback.c.id).where(feedback.c.visibility != "named")
    for number in op.get_bind().scalars(hidden).all():
        op.execute(
            sa.update(feedback)
            .where(feedback.c.id == number)
            .values(client_key=secrets.token_hex(32), client_hash=secrets.token_hex(32))
        )


def downgrade() -> None:
    op.drop_table("feedback_photo")
