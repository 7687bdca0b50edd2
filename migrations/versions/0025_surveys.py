"""Questionnaires: versions that freeze when they open, a bank of questions, invitations, answers with and without a name.

Revision ID: 0025
Revises: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
FROZEN = (
    "survey_id",
    "number",
    "content",
    "sha256",
    "anonymous",
    "title_zh",
    "title_en",
    "written_by",
    "reviewed_by",
    "opened_by",
    "opened_at",
)
_SQLITE = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in FROZEN)
_POSTGRESQL = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in FROZEN)
SAYS = "an opened survey version is frozen"
OPENED = "OLD.state IN ('open', 'closed')"
BACK = "(OLD.state = 'closed' AND NEW.state <> 'closed') OR (OLD.state = 'open' AND NEW.state NOT IN ('open', 'closed'))"
# What firms answered to stays as they read it, and a closed survey is never opened again.
TRIGGERS = {
    "sqlite": (
        "CREATE TRIGGER survey_version_frozen BEFORE UPDATE ON survey_version"
        f" WHEN ({OPENED} AND ({_SQLITE})) OR {BACK} BEGIN SELECT RAISE(ABORT, '{SAYS}'); END",
        "CREATE TRIGGER survey_version_stays BEFORE DELETE ON survey_version"
        f" WHEN {OPENED} BEGIN SELECT RAISE(ABORT, '{SAYS}'); END",
        "CREATE TRIGGER survey_question_frozen BEFORE UPDATE ON survey_question"
        " BEGIN SELECT RAISE(ABORT, 'a question of the bank is its content'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION refuse_opened_survey() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF TG_OP = 'DELETE' THEN IF {OPENED} THEN"
        f" RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END IF;"
        f" IF ({OPENED} AND ({_POSTGRESQL})) OR {BACK} THEN"
        f" RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER survey_version_frozen BEFORE UPDATE OR DELETE ON survey_version"
        " FOR EACH ROW EXECUTE FUNCTION refuse_opened_survey()",
        "CREATE TRIGGER survey_question_frozen BEFORE UPDATE ON survey_question"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    ),
}


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    _questionnaires()
    _answers()
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def _questionnaires() -> None:
    op.create_table(
        "survey",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint("code", name=op.f("uq_survey_code")),
    )
    op.create_table(
        "survey_version",
        sa.Column("id", BIG, nullable=False),
        sa.Column("survey_id", BIG, nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("questions", BIG, nullable=False),
        sa.Column("written_by", BIG, nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("reviewed_by", BIG, nullable=True),
        sa.Column("reviewed_at", MOMENT, nullable=True),
        sa.Column("opened_by", BIG, nullable=True),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("results", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'linted', 'reviewed', 'open', 'closed')", name=op.f("ck_survey_version_state")
        ),
        sa.CheckConstraint("reviewed_by <> written_by", name=op.f("ck_survey_version_four_eyes")),
        sa.CheckConstraint(
            "(state IN ('draft', 'linted')) = (reviewed_by IS NULL)", name=op.f("ck_survey_version_reviewed")
        ),
        sa.CheckConstraint(
            "(state IN ('open', 'closed')) = (opened_at IS NOT NULL)", name=op.f("ck_survey_version_opened")
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_survey_version_closed")
        ),
        _foreign("survey_version", "survey_id", "survey"),
        *(_foreign("survey_version", name, "member") for name in ("written_by", "reviewed_by", "opened_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_version")),
        sa.UniqueConstraint("survey_id", "number", name=op.f("uq_survey_version_survey_id_number")),
    )
    op.create_index(
        "ix_survey_version_open",
        "survey_version",
        ["survey_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "survey_question",
        sa.Column("id", BIG, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_question")),
        sa.UniqueConstraint("sha256", name=op.f("uq_survey_question_sha256")),
    )
    op.create_table(
        "survey_version_question",
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("position", BIG, nullable=False),
        sa.Column("question_id", BIG, nullable=False),
        _foreign("survey_version_question", "version_id", "survey_version"),
        _foreign("survey_version_question", "question_id", "survey_question"),
        sa.PrimaryKeyConstraint("version_id", "position", name=op.f("pk_survey_version_question")),
    )
    op.create_index(
        "ix_survey_version_question_question_id", "survey_version_question", ["question_id"], unique=False
    )


def _answers() -> None:
    op.create_table(
        "survey_invitation",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("seat", BIG, nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reminders", BIG, nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.CheckConstraint("state IN ('sent', 'used', 'silent')", name=op.f("ck_survey_invitation_state")),
        sa.CheckConstraint(
            "channel IN ('online', 'paper', 'phone')", name=op.f("ck_survey_invitation_channel")
        ),
        sa.CheckConstraint("reminders BETWEEN 0 AND 2", name=op.f("ck_survey_invitation_reminders")),
        _foreign("survey_invitation", "version_id", "survey_version"),
        _foreign("survey_invitation", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_invitation")),
        sa.UniqueConstraint(
            "version_id",
            "organisation_id",
            "seat",
            name=op.f("uq_survey_invitation_version_id_organisation_id_seat"),
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_survey_invitation_token_hash")),
    )
    op.create_index(
        "ix_survey_invitation_organisation_id",
        "survey_invitation",
        ["organisation_id", "state"],
        unique=False,
    )
    op.create_table(
        "survey_draft",
        sa.Column("invitation_id", BIG, autoincrement=False, nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        _foreign("survey_draft", "invitation_id", "survey_invitation"),
        sa.PrimaryKeyConstraint("invitation_id", name=op.f("pk_survey_draft")),
    )
    op.create_table(
        "survey_response",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("invitation_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.Column("entered_by", BIG, nullable=True),
        _foreign("survey_response", "version_id", "survey_version"),
        _foreign("survey_response", "invitation_id", "survey_invitation"),
        _foreign("survey_response", "organisation_id", "organisation"),
        _foreign("survey_response", "entered_by", "member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_response")),
        sa.UniqueConstraint("invitation_id", name=op.f("uq_survey_response_invitation_id")),
    )
    op.create_index("ix_survey_response_version_id", "survey_response", ["version_id"], unique=False)
    op.create_table(
        "anonymous_response",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        _foreign("anonymous_response", "version_id", "survey_version"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_anonymous_response")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_anonymous_response_version_id", "anonymous_response", ["version_id"], unique=False)


def downgrade() -> None:
    for table in (
        "anonymous_response",
        "survey_response",
        "survey_draft",
        "survey_invitation",
        "survey_version_question",
        "survey_question",
        "survey_version",
        "survey",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_opened_survey()")
