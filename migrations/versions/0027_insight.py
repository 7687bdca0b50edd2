"""Scores, sums, alerts, codebooks and the figures of the cockpit; views that the park's own tools may read.

Sums are digits: a sum of many fractions may have a denominator beyond 64 bits. The eight dimensions come with their
weights; nobody proposed those, so nobody had to approve them.

Revision ID: 0027
Revises: 0026
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
DIMENSIONS = (
    ("policy", "政策服务", "Policy service", 200),
    ("infrastructure", "基础设施", "Infrastructure", 100),
    ("chain", "产业链配套", "Supply chain", 200),
    ("talent", "人才支持", "Talent", 150),
    ("finance", "融资对接", "Finance", 100),
    ("activity", "园区活动", "Activities", 50),
    ("approval", "政务办理", "Approvals", 100),
    ("living", "生活配套", "Living", 100),
)
TARGET, RED = 75, 60
# Read-only views over this room's own tables (a view holds the tables it reads): months as text, scores only of five firms and more, no firm, no person, no sentence.
MONTH = {
    "sqlite": "printf('%04d-%02d', {0} / 12, {0} % 12 + 1)",
    "postgresql": "to_char({0} / 12, 'FM0000') || '-' || to_char({0} % 12 + 1, 'FM00')",
}
VIEWS = {
    "bi_dimension": "SELECT code AS dimension, name_zh, name_en FROM insight_dimension",
    "bi_score": (
        "SELECT s.dimension, {month} AS month, s.version, s.n AS firms,"
        " CAST(s.numerator AS {real}) / CAST(s.denominator AS {real}) / s.n AS score"
        " FROM insight_month_score s WHERE s.layer = '' AND s.n >= 5"
    ),
    "bi_alert": (
        "SELECT a.id, a.kind, a.dimension, CASE WHEN a.layer = '' THEN 'all' ELSE a.layer END AS layer, a.theme,"
        " {opened} AS opened_month, a.state, a.seen, a.weak FROM insight_alert a"
    ),
    "bi_figure": (
        "SELECT f.figure, {figure_month} AS month, f.part, SUM(f.amount) AS amount"
        " FROM insight_figure_row f GROUP BY f.figure, f.month, f.part"
    ),
}


def upgrade() -> None:
    _tables()
    _dimensions()
    dialect = op.get_bind().dialect.name
    month = MONTH[dialect]
    words = {
        "month": month.format("s.month"),
        "opened": month.format("a.opened_month"),
        "figure_month": month.format("f.month"),
        "real": {"sqlite": "REAL", "postgresql": "DOUBLE PRECISION"}[dialect],
    }
    for name, query in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {query.format(**words)}")


def _dimensions() -> None:
    now = dt.datetime.now(dt.UTC)
    dimension = sa.table("insight_dimension", *map(sa.column, ("code", "name_zh", "name_en", "position")))
    op.bulk_insert(
        dimension,
        [
            {"code": code, "name_zh": zh, "name_en": en, "position": place}
            for place, (code, zh, en, _weight) in enumerate(DIMENSIONS, start=1)
        ],
    )
    weights = {code: [weight, str(TARGET), str(RED)] for code, _zh, _en, weight in DIMENSIONS}
    op.execute(
        sa.text(
            "INSERT INTO insight_weights (state, weights, note, created_at, in_force_at)"
            " VALUES ('in_force', :weights, '', :now, :now)"
        ).bindparams(
            sa.bindparam("weights", weights, type_=sa.JSON()), sa.bindparam("now", now, type_=MOMENT)
        )
    )


def _tables() -> None:
    op.create_table(
        "insight_dimension",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("position", BIG, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_insight_dimension")),
    )
    op.create_table(
        "insight_figure_row",
        sa.Column("id", BIG, nullable=False),
        sa.Column("figure", sa.Text(), nullable=False),
        sa.Column("month", BIG, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("label_zh", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insight_figure_row")),
        sa.UniqueConstraint("figure", "month", "key", name=op.f("uq_insight_figure_row_figure_month_key")),
    )
    op.create_table(
        "insight_alert_month",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("month", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("row", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dimension"], ["insight_dimension.code"], name=op.f("fk_insight_alert_month_dimension")
        ),
        sa.PrimaryKeyConstraint(
            "kind", "dimension", "layer", "theme", "month", name=op.f("pk_insight_alert_month")
        ),
    )
    op.create_table(
        "insight_month_score",
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("month", BIG, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("n", BIG, nullable=False),
        sa.Column("numerator", sa.Text(), nullable=False),
        sa.Column("denominator", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dimension"], ["insight_dimension.code"], name=op.f("fk_insight_month_score_dimension")
        ),
        sa.PrimaryKeyConstraint("dimension", "layer", "month", name=op.f("pk_insight_month_score")),
    )
    op.create_table(
        "insight_said",
        sa.Column("id", BIG, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("organisation_id", BIG, nullable=True),
        sa.Column("month", BIG, nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("read_version", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_insight_said_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insight_said")),
        sa.UniqueConstraint("source", "key", name=op.f("uq_insight_said_source_key")),
    )
    op.create_index("ix_insight_said_month", "insight_said", ["month"], unique=False)
    op.create_table(
        "insight_score",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("month", BIG, nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("numerator", BIG, nullable=False),
        sa.Column("denominator", BIG, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "layer IN ('new', 'large', 'medium', 'small_micro')", name=op.f("ck_insight_score_layer")
        ),
        sa.CheckConstraint(
            "source IN ('survey', 'rating', 'response', 'policy_money', 'activity', 'import')",
            name=op.f("ck_insight_score_source"),
        ),
        sa.CheckConstraint("denominator > 0 AND numerator >= 0", name=op.f("ck_insight_score_sign")),
        sa.CheckConstraint("numerator <= 100 * denominator", name=op.f("ck_insight_score_range")),
        sa.ForeignKeyConstraint(
            ["dimension"], ["insight_dimension.code"], name=op.f("fk_insight_score_dimension")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_insight_score_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insight_score")),
        sa.UniqueConstraint("source", "key", name=op.f("uq_insight_score_source_key")),
    )
    op.create_index("ix_insight_score_firm", "insight_score", ["organisation_id", "month"], unique=False)
    op.create_index("ix_insight_score_month", "insight_score", ["dimension", "month"], unique=False)
    op.create_table(
        "insight_alert",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("opened_month", BIG, nullable=False),
        sa.Column("last_month", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("weak", sa.Boolean(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("acknowledged_by_id", BIG, nullable=True),
        sa.Column("acknowledged_at", MOMENT, nullable=True),
        sa.Column("ended_by_id", BIG, nullable=True),
        sa.Column("ended_month", BIG, nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('falls_twice', 'leading')", name=op.f("ck_insight_alert_kind")),
        sa.CheckConstraint(
            "seen IN ('new', 'acknowledged', 'countered')", name=op.f("ck_insight_alert_seen")
        ),
        sa.CheckConstraint("state <> 'ended' OR because <> ''", name=op.f("ck_insight_alert_because")),
        sa.CheckConstraint(
            "state IN ('firing', 'recovering', 'stale', 'resolved', 'ended', 'withdrawn')",
            name=op.f("ck_insight_alert_state"),
        ),
        sa.ForeignKeyConstraint(
            ["acknowledged_by_id"], ["member.id"], name=op.f("fk_insight_alert_acknowledged_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["dimension"], ["insight_dimension.code"], name=op.f("fk_insight_alert_dimension")
        ),
        sa.ForeignKeyConstraint(["ended_by_id"], ["member.id"], name=op.f("fk_insight_alert_ended_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insight_alert")),
        sa.UniqueConstraint(
            "kind",
            "dimension",
            "layer",
            "theme",
            "opened_month",
            name=op.f("uq_insight_alert_kind_dimension_layer_theme_opened_month"),
        ),
    )
    op.create_index("ix_insight_alert_state", "insight_alert", ["state", "opened_month"], unique=False)
    op.create_table(
        "insight_codebook",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", BIG, nullable=True),
        sa.Column("approved_by_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("in_force_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'in_force', 'superseded', 'rejected')",
            name=op.f("ck_insight_codebook_state"),
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> proposed_by_id",
            name=op.f("ck_insight_codebook_four_eyes"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["member.id"], name=op.f("fk_insight_codebook_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["member.id"], name=op.f("fk_insight_codebook_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insight_codebook")),
        sa.UniqueConstraint("version", name=op.f("uq_insight_codebook_version")),
    )
    op.create_index(
        "ix_insight_codebook_in_force",
        "insight_codebook",
        ["state"],
        unique=True,
        sqlite_where=sa.text("state = 'in_force'"),
        postgresql_where=sa.text("state = 'in_force'"),
    )
    op.create_table(
        "insight_coding",
        sa.Column("id", BIG, nullable=False),
        sa.Column("said_id", BIG, nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_insight_coding_member_id")),
        sa.ForeignKeyConstraint(["said_id"], ["insight_said.id"], name=op.f("fk_insight_coding_said_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insight_coding")),
        sa.UniqueConstraint(
            "said_id", "theme", "member_id", name=op.f("uq_insight_coding_said_id_theme_member_id")
        ),
    )
    op.create_table(
        "insight_mention",
        sa.Column("id", BIG, nullable=False),
        sa.Column("said_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=True),
        sa.Column("month", BIG, nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("start", BIG, nullable=False),
        sa.Column("stop", BIG, nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("struck", sa.Boolean(), nullable=False),
        sa.Column("member_id", BIG, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("origin IN ('rule', 'person')", name=op.f("ck_insight_mention_origin")),
        sa.ForeignKeyConstraint(
            ["dimension"], ["insight_dimension.code"], name=op.f("fk_insight_mention_dimension")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_insight_mention_member_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_insight_mention_organisation_id")
        ),
        sa.ForeignKeyConstraint(["said_id"], ["insight_said.id"], name=op.f("fk_insight_mention_said_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insight_mention")),
        sa.UniqueConstraint(
            "said_id", "theme", "version", name=op.f("uq_insight_mention_said_id_theme_version")
        ),
    )
    op.create_index("ix_insight_mention_month", "insight_mention", ["dimension", "month"], unique=False)
    op.create_table(
        "insight_weights",
        sa.Column("id", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", BIG, nullable=True),
        sa.Column("approved_by_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("in_force_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'in_force', 'superseded', 'rejected')",
            name=op.f("ck_insight_weights_state"),
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> proposed_by_id",
            name=op.f("ck_insight_weights_four_eyes"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["member.id"], name=op.f("fk_insight_weights_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["member.id"], name=op.f("fk_insight_weights_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insight_weights")),
    )
    op.create_index(
        "ix_insight_weights_in_force",
        "insight_weights",
        ["state"],
        unique=True,
        sqlite_where=sa.text("state = 'in_force'"),
        postgresql_where=sa.text("state = 'in_force'"),
    )
    op.create_table(
        "insight_countermeasure",
        sa.Column("id", BIG, nullable=False),
        sa.Column("alert_id", BIG, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("owner_id", BIG, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("shows_from", BIG, nullable=False),
        sa.Column("problem_id", BIG, nullable=True),
        sa.Column("made_by_id", BIG, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.CheckConstraint("what <> ''", name=op.f("ck_insight_countermeasure_what")),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["insight_alert.id"], name=op.f("fk_insight_countermeasure_alert_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["member.id"], name=op.f("fk_insight_countermeasure_made_by_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name=op.f("fk_insight_countermeasure_owner_id")),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["problem.id"], name=op.f("fk_insight_countermeasure_problem_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insight_countermeasure")),
    )
    op.create_index(
        op.f("ix_insight_countermeasure_alert_id"), "insight_countermeasure", ["alert_id"], unique=False
    )


def downgrade() -> None:
    for name in reversed(VIEWS):
        op.execute(f"DROP VIEW {name}")
    for name in (
        "insight_countermeasure",
        "insight_weights",
        "insight_mention",
        "insight_coding",
        "insight_codebook",
        "insight_alert",
        "insight_score",
        "insight_said",
        "insight_month_score",
        "insight_alert_month",
        "insight_figure_row",
        "insight_dimension",
    ):
        op.drop_table(name)
