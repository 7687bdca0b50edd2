"""Chain and segment are one key above the chain room: equal codes of two chains are two segments; chains may be
trials or archived.

A segment's key is its code where no older chain has it, else `chain:code`: what named it before names it still.

Revision ID: 0034
Revises: 0033
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = "state IN ('live', 'trial', 'archived')"


def upgrade() -> None:
    op.add_column("segment", sa.Column("key", sa.Text(), nullable=True))
    _give_keys()
    with op.batch_alter_table("segment") as batch:
        batch.alter_column("key", existing_type=sa.Text(), nullable=False)
        batch.create_unique_constraint(op.f("uq_segment_key"), ["key"])
    with op.batch_alter_table("industry_chain") as batch:
        batch.add_column(sa.Column("state", sa.Text(), server_default="live", nullable=False))
        batch.add_column(sa.Column("made_by", BIG, nullable=True))
        batch.create_foreign_key(op.f("fk_industry_chain_made_by_member"), "member", ["made_by"], ["id"])
        batch.create_check_constraint(op.f("ck_industry_chain_state"), STATES)
        batch.create_check_constraint(
            op.f("ck_industry_chain_trial"), "state <> 'trial' OR made_by IS NOT NULL"
        )


def _give_keys() -> None:
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT s.id, s.code, c.code FROM segment s JOIN industry_chain c ON c.id = s.chain_id ORDER BY c.id, s.id"
        )
    ).all()
    taken: set[str] = set()
    for number, code, chain in rows:
        key = code if code not in taken else f"{chain}:{code}"
        taken.add(key)
        connection.execute(
            sa.text("UPDATE segment SET key = :key WHERE id = :id"), {"key": key, "id": number}
        )


def downgrade() -> None:
    with op.batch_alter_table("industry_chain") as batch:
        batch.drop_constraint(op.f("ck_industry_chain_trial"), type_="check")
        batch.drop_constraint(op.f("ck_industry_chain_state"), type_="check")
        batch.drop_constraint(op.f("fk_industry_chain_made_by_member"), type_="foreignkey")
        batch.drop_column("made_by")
        batch.drop_column("state")
    with op.batch_alter_table("segment") as batch:
        batch.drop_constraint(op.f("uq_segment_key"), type_="unique")
        batch.drop_column("key")
