"""Departments, duties with their dates, buildings and rooms, the park's own calendar rows.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
KINDS = "'head', 'deputy', 'acting', 'vice_president', 'acting_vice_president', 'enterprise_vice_president'"
TABLES = ("work_day", "duty", "department_member", "department", "building_room", "building")


def upgrade() -> None:
    op.create_table(
        "building",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_building"),
        sa.UniqueConstraint("code", name="uq_building_code"),
    )
    op.create_table(
        "building_room",
        sa.Column("id", BIG, nullable=False),
        sa.Column("building_id", BIG, nullable=False),
        sa.Column("floor", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name="fk_building_room_building_id"),
        sa.PrimaryKeyConstraint("id", name="pk_building_room"),
        sa.UniqueConstraint("building_id", "floor", "code", name="uq_building_room_building_id_floor_code"),
    )
    op.create_table(
        "department",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_department"),
        sa.UniqueConstraint("code", name="uq_department_code"),
    )
    op.create_table(
        "department_member",
        sa.Column("department_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name="fk_department_member_department_id"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_department_member_member_id"),
        sa.PrimaryKeyConstraint("department_id", "member_id", name="pk_department_member"),
    )
    op.create_table(
        "duty",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("department_id", BIG),
        sa.Column("instead_of_id", BIG),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(f"kind IN ({KINDS})", name="ck_duty_kind"),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ck_duty_days"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_duty_member_id"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_duty_department_id"),
        sa.ForeignKeyConstraint(["instead_of_id"], ["member.id"], name="fk_duty_instead_of_id"),
        sa.PrimaryKeyConstraint("id", name="pk_duty"),
    )
    op.create_index("ix_duty_department_id", "duty", ["department_id"])
    op.create_table(
        "work_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('holiday', 'workday')", name="ck_work_day_kind"),
        sa.PrimaryKeyConstraint("day", name="pk_work_day"),
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
