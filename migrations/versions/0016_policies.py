"""Policies: rule files in versions, facts of firms with their history, fits, pushes, cases.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
PUBLISHED = "('approved', 'in_force', 'ended')"
FROZEN = ("policy_id", "valid_from", "valid_to", "text", "sha256", "claim", "imported_by", "approved_by")
_SQLITE = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in FROZEN)
_POSTGRESQL = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in FROZEN)
# A published version is what people were judged by, and the history of facts what they said: neither is ever changed.
TRIGGERS = {
    "sqlite": (
        "CREATE TRIGGER policy_version_frozen BEFORE UPDATE ON policy_version"
        f" WHEN OLD.state IN {PUBLISHED} AND ({_SQLITE})"
        " BEGIN SELECT RAISE(ABORT, 'a published policy version is frozen'); END",
        "CREATE TRIGGER policy_version_stays BEFORE DELETE ON policy_version"
        f" WHEN OLD.state IN {PUBLISHED}"
        " BEGIN SELECT RAISE(ABORT, 'a published policy version is frozen'); END",
        "CREATE TRIGGER fact_history_no_update BEFORE UPDATE ON fact_history"
        " BEGIN SELECT RAISE(ABORT, 'fact_history is append-only'); END",
        "CREATE TRIGGER fact_history_no_delete BEFORE DELETE ON fact_history"
        " BEGIN SELECT RAISE(ABORT, 'fact_history is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION refuse_published_policy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF TG_OP = 'DELETE' THEN IF OLD.state IN {PUBLISHED} THEN"
        " RAISE EXCEPTION 'a published policy version is frozen' USING ERRCODE = 'restrict_violation'; END IF;"
        f" RETURN OLD; END IF; IF OLD.state IN {PUBLISHED} AND ({_POSTGRESQL}) THEN"
        " RAISE EXCEPTION 'a published policy version is frozen' USING ERRCODE = 'restrict_violation'; END IF;"
        " RETURN NEW; END $$",
        "CREATE TRIGGER policy_version_frozen BEFORE UPDATE OR DELETE ON policy_version"
        " FOR EACH ROW EXECUTE FUNCTION refuse_published_policy()",
        "CREATE TRIGGER fact_history_no_change BEFORE UPDATE OR DELETE ON fact_history"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER fact_history_no_truncate BEFORE TRUNCATE ON fact_history"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "fact_kind",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("value_kind", sa.Text(), nullable=False),
        sa.Column("unit_zh", sa.Text(), nullable=False),
        sa.Column("unit_en", sa.Text(), nullable=False),
        sa.Column("by_month", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("value_kind IN ('number', 'text', 'day')", name=op.f("ck_fact_kind_value_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_kind")),
        sa.UniqueConstraint("code", name=op.f("uq_fact_kind_code")),
    )
    op.create_table(
        "policy",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy")),
        sa.UniqueConstraint("code", name=op.f("uq_policy_code")),
    )
    op.create_table(
        "firm_check",
        sa.Column("organisation_id", BIG, autoincrement=False, nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_firm_check_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_firm_check")),
    )
    op.create_index(op.f("ix_firm_check_checked_on"), "firm_check", ["checked_on"], unique=False)
    op.create_table(
        "fact",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("kind_id", BIG, nullable=False),
        sa.Column("period", BIG, nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_by", BIG, nullable=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("confirmed_by", BIG, nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.CheckConstraint("confirmed_by <> recorded_by", name=op.f("ck_fact_four_eyes")),
        sa.CheckConstraint("period >= 0 AND period < 26400", name=op.f("ck_fact_period")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["member.id"], name=op.f("fk_fact_confirmed_by")),
        sa.ForeignKeyConstraint(["kind_id"], ["fact_kind.id"], name=op.f("fk_fact_kind_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_fact_organisation_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["member.id"], name=op.f("fk_fact_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact")),
        sa.UniqueConstraint(
            "organisation_id", "kind_id", "period", name=op.f("uq_fact_organisation_id_kind_id_period")
        ),
    )
    op.create_index(op.f("ix_fact_kind_id"), "fact", ["kind_id"], unique=False)
    op.create_table(
        "fact_history",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("kind_id", BIG, nullable=False),
        sa.Column("period", BIG, nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_by", BIG, nullable=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["kind_id"], ["fact_kind.id"], name=op.f("fk_fact_history_kind_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_fact_history_organisation_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["member.id"], name=op.f("fk_fact_history_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_history")),
    )
    op.create_index(
        "ix_fact_history_fact", "fact_history", ["organisation_id", "kind_id", "period"], unique=False
    )
    op.create_table(
        "policy_version",
        sa.Column("id", BIG, nullable=False),
        sa.Column("policy_id", BIG, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("imported_by", BIG, nullable=False),
        sa.Column("imported_at", MOMENT, nullable=False),
        sa.Column("tests_passed", BIG, nullable=False),
        sa.Column("tests_all", BIG, nullable=False),
        sa.Column("approved_by", BIG, nullable=True),
        sa.Column("approved_at", MOMENT, nullable=True),
        sa.Column("in_force_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "(state IN ('draft', 'tested')) = (approved_by IS NULL)", name=op.f("ck_policy_version_approved")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'tested', 'approved', 'in_force', 'ended')",
            name=op.f("ck_policy_version_state"),
        ),
        sa.CheckConstraint("approved_by <> imported_by", name=op.f("ck_policy_version_four_eyes")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_policy_version_validity")
        ),
        sa.ForeignKeyConstraint(["approved_by"], ["member.id"], name=op.f("fk_policy_version_approved_by")),
        sa.ForeignKeyConstraint(["imported_by"], ["member.id"], name=op.f("fk_policy_version_imported_by")),
        sa.ForeignKeyConstraint(["policy_id"], ["policy.id"], name=op.f("fk_policy_version_policy_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_version")),
        sa.UniqueConstraint("policy_id", "valid_from", name=op.f("uq_policy_version_policy_id_valid_from")),
    )
    op.create_index("ix_policy_version_state", "policy_version", ["state"], unique=False)
    op.create_table(
        "fit",
        sa.Column("id", BIG, nullable=False),
        sa.Column("policy_version_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("met", BIG, nullable=False),
        sa.Column("possible", BIG, nullable=False),
        sa.Column("total", BIG, nullable=False),
        sa.Column("results", sa.JSON(), nullable=False),
        sa.Column("ask", sa.JSON(), nullable=False),
        sa.Column("month", BIG, nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("computed_at", MOMENT, nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.CheckConstraint("state IN ('push', 'ineligible', 'ask', 'near', 'no')", name=op.f("ck_fit_state")),
        sa.CheckConstraint("met >= 0 AND met <= possible AND possible <= total", name=op.f("ck_fit_weights")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_fit_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["policy_version_id"], ["policy_version.id"], name=op.f("fk_fit_policy_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fit")),
        sa.UniqueConstraint(
            "policy_version_id", "organisation_id", name=op.f("uq_fit_policy_version_id_organisation_id")
        ),
    )
    op.create_index("ix_fit_organisation_id", "fit", ["organisation_id"], unique=False)
    op.create_index("ix_fit_state", "fit", ["state", "policy_version_id"], unique=False)
    op.create_table(
        "push",
        sa.Column("id", BIG, nullable=False),
        sa.Column("policy_id", BIG, nullable=False),
        sa.Column("policy_version_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by", BIG, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("quiet_until", sa.Date(), nullable=True),
        sa.CheckConstraint("state <> 'declined' OR length(reason) > 0", name=op.f("ck_push_declined")),
        sa.CheckConstraint(
            "state IN ('due', 'sent', 'opened', 'interested', 'declined', 'lapsed')",
            name=op.f("ck_push_state"),
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["member.id"], name=op.f("fk_push_answered_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_push_organisation_id")
        ),
        sa.ForeignKeyConstraint(["policy_id"], ["policy.id"], name=op.f("fk_push_policy_id")),
        sa.ForeignKeyConstraint(
            ["policy_version_id"], ["policy_version.id"], name=op.f("fk_push_policy_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push")),
        sa.UniqueConstraint(
            "policy_version_id", "organisation_id", name=op.f("uq_push_policy_version_id_organisation_id")
        ),
    )
    op.create_index("ix_push_organisation_id", "push", ["organisation_id", "policy_id"], unique=False)
    op.create_index("ix_push_state_due_at", "push", ["state", "due_at"], unique=False)
    op.create_table(
        "policy_case",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("policy_version_id", BIG, nullable=False),
        sa.Column("push_id", BIG, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("judged", sa.JSON(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("month", BIG, nullable=False),
        sa.Column("started_by", BIG, nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("amount_fen", BIG, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("consented_by", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("state <> 'paid' OR paid_on IS NOT NULL", name=op.f("ck_policy_case_paid")),
        sa.CheckConstraint(
            "state IN ('started', 'filed', 'granted', 'paid', 'refused', 'withdrawn')",
            name=op.f("ck_policy_case_state"),
        ),
        sa.CheckConstraint(
            "amount_fen IS NULL OR amount_fen BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_policy_case_amount"),
        ),
        sa.CheckConstraint("automatic = (consented_by IS NOT NULL)", name=op.f("ck_policy_case_consent")),
        sa.ForeignKeyConstraint(["consented_by"], ["member.id"], name=op.f("fk_policy_case_consented_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_policy_case_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["policy_version_id"], ["policy_version.id"], name=op.f("fk_policy_case_policy_version_id")
        ),
        sa.ForeignKeyConstraint(["push_id"], ["push.id"], name=op.f("fk_policy_case_push_id")),
        sa.ForeignKeyConstraint(["started_by"], ["member.id"], name=op.f("fk_policy_case_started_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_case")),
        sa.UniqueConstraint("push_id", name=op.f("uq_policy_case_push_id")),
    )
    op.create_index("ix_policy_case_organisation_id", "policy_case", ["organisation_id"], unique=False)
    op.create_index("ix_policy_case_state", "policy_case", ["state"], unique=False)
    op.create_index(
        "uq_policy_case_running",
        "policy_case",
        ["policy_version_id", "organisation_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('started', 'filed', 'granted')"),
        postgresql_where=sa.text("state IN ('started', 'filed', 'granted')"),
    )
    op.create_table(
        "policy_case_step",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("member_id", BIG, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["policy_case.id"], name=op.f("fk_policy_case_step_case_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_policy_case_step_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_case_step")),
    )
    op.create_index("ix_policy_case_step_case_id", "policy_case_step", ["case_id"], unique=False)
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for table in (
        "policy_case_step",
        "policy_case",
        "push",
        "fit",
        "policy_version",
        "fact_history",
        "fact",
        "firm_check",
        "policy",
        "fact_kind",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_published_policy()")
