"""Organisations of more kinds and states, with the facts a park keeps of them and the names they had.

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
KINDS_BEFORE = "kind IN ('enterprise', 'university', 'institute', 'association', 'bank', 'park')"
KINDS = "kind IN ('enterprise', 'university', 'institute', 'association', 'bank', 'government', 'provider', 'park')"
STATES_BEFORE = "status IN ('pending', 'active', 'rejected', 'suspended')"
STATES = "status IN ('pending', 'active', 'leaving', 'left', 'joined', 'rejected', 'suspended')"
JOINED = "(status = 'joined') = (joined_into_id IS NOT NULL)"
TEXTS = (
    "short_name",
    "industry_code",
    "room",
    "contact",
    "contact_phone",
    "contact_email",
    "website",
    "tax_title",
)


def _checks(changes: dict[str, tuple[str, str]]) -> None:
    """Other CHECKs on `organisation`, to which half of the tables point: on SQLite only its stored text changes.

    A copy of the table, as a batch makes it, cannot be put in its place while foreign keys are watched.
    """
    if op.get_bind().dialect.name != "sqlite":
        for name, (_before, after) in changes.items():
            op.drop_constraint(op.f(name), "organisation", type_="check")
            op.create_check_constraint(op.f(name), "organisation", sa.text(after))
        return
    connection = op.get_bind()
    (stored,) = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'organisation'"
    ).one()
    for before, after in changes.values():
        if before not in stored:
            raise RuntimeError(f"the table says something else than {before}")
        stored = stored.replace(before, after)
    (version,) = connection.exec_driver_sql("PRAGMA schema_version").one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = 'organisation'", (stored,)
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")


def upgrade() -> None:
    for name in TEXTS:
        op.add_column("organisation", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("organisation", sa.Column("name_key", sa.Text(), nullable=True))
    op.add_column("organisation", sa.Column("leaves_on", sa.Date(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE organisation ADD COLUMN joined_into_id INTEGER"
            " CONSTRAINT fk_organisation_joined_into_id REFERENCES organisation (id)"
            f" CONSTRAINT ck_organisation_joined CHECK ({JOINED})"
        )
    else:
        op.add_column("organisation", sa.Column("joined_into_id", BIG, nullable=True))
        op.create_foreign_key(
            "fk_organisation_joined_into_id", "organisation", "organisation", ["joined_into_id"], ["id"]
        )
        op.create_check_constraint(op.f("ck_organisation_joined"), "organisation", sa.text(JOINED))
    _checks(
        {
            "ck_organisation_kind": (KINDS_BEFORE, KINDS),
            "ck_organisation_status": (STATES_BEFORE, STATES),
        }
    )
    op.create_index("ix_organisation_name_key", "organisation", ["name_key"])
    op.create_index("ix_organisation_credit_code", "organisation", ["credit_code"])
    op.create_table(
        "former_name",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("until_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_former_name_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_former_name"),
    )
    op.create_index("ix_former_name_organisation_id", "former_name", ["organisation_id"])
    op.create_index("ix_former_name_name_key", "former_name", ["name_key"])


def downgrade() -> None:
    """Back to fewer kinds and states: who left or was joined cannot act, as if suspended."""
    op.drop_table("former_name")
    op.drop_index("ix_organisation_credit_code", "organisation")
    op.drop_index("ix_organisation_name_key", "organisation")
    op.execute("UPDATE organisation SET status = 'active', joined_into_id = NULL WHERE status = 'leaving'")
    op.execute(
        "UPDATE organisation SET status = 'suspended', joined_into_id = NULL WHERE status IN ('left', 'joined')"
    )
    op.execute("UPDATE organisation SET kind = 'institute' WHERE kind IN ('government', 'provider')")
    _checks(
        {
            "ck_organisation_kind": (KINDS, KINDS_BEFORE),
            "ck_organisation_status": (STATES, STATES_BEFORE),
        }
    )
    if op.get_bind().dialect.name == "sqlite":
        _without_the_pointer()
    else:
        op.drop_constraint(op.f("ck_organisation_joined"), "organisation", type_="check")
        op.drop_constraint("fk_organisation_joined_into_id", "organisation", type_="foreignkey")
        op.drop_column("organisation", "joined_into_id")
    for name in ("leaves_on", "name_key", *reversed(TEXTS)):
        op.drop_column("organisation", name)


def _without_the_pointer() -> None:
    """SQLite drops no column that a CHECK or a foreign key of its own names: their words go first."""
    connection = op.get_bind()
    (stored,) = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'organisation'"
    ).one()
    for words in (
        f" CONSTRAINT ck_organisation_joined CHECK ({JOINED})",
        " CONSTRAINT fk_organisation_joined_into_id REFERENCES organisation (id)",
    ):
        stored = stored.replace(words, "")
    (version,) = connection.exec_driver_sql("PRAGMA schema_version").one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = 'organisation'", (stored,)
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
    op.drop_column("organisation", "joined_into_id")
