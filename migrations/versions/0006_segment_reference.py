"""What regions outside make of a segment, to compare the park's own share with."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "segment_reference",
        sa.Column("id", BIG, nullable=False),
        sa.Column("chain_id", BIG, nullable=False),
        sa.Column("segment_id", BIG, nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("output_wan", sa.Double(), nullable=False),
        sa.Column("year", BIG, nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "output_wan >= 0 AND output_wan <= 1e18", name=op.f("ck_segment_reference_output_wan")
        ),
        sa.ForeignKeyConstraint(
            ["chain_id"], ["industry_chain.id"], name=op.f("fk_segment_reference_chain_id")
        ),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name=op.f("fk_segment_reference_segment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment_reference")),
        sa.UniqueConstraint("segment_id", "region", name=op.f("uq_segment_reference_segment_id_region")),
    )
    op.create_index(op.f("ix_segment_reference_chain_id"), "segment_reference", ["chain_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_segment_reference_chain_id"), table_name="segment_reference")
    op.drop_table("segment_reference")
