"""Sharing: resources, calendars, bookings whose slots nobody else can have, use, settlements, licences, placements."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

# What is owed is only ever corrected by a further row, whoever holds the SQL prompt.
APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER settlement_no_update BEFORE UPDATE ON settlement"
        " BEGIN SELECT RAISE(ABORT, 'settlement is append-only'); END",
        "CREATE TRIGGER settlement_no_delete BEFORE DELETE ON settlement"
        " BEGIN SELECT RAISE(ABORT, 'settlement is append-only'); END",
    ),
    # refuse_change() was made with the audit trail
    "postgresql": (
        "CREATE TRIGGER settlement_no_change BEFORE UPDATE OR DELETE ON settlement"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER settlement_no_truncate BEFORE TRUNCATE ON settlement"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "holiday",
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("on_day", name=op.f("pk_holiday")),
    )
    op.create_table(
        "qualification",
        sa.Column("id", BIG, nullable=False),
        sa.Column("owner_id", BIG, nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_qualification_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification")),
        sa.UniqueConstraint("code", name=op.f("uq_qualification_code")),
    )
    op.create_index(op.f("ix_qualification_owner_id"), "qualification", ["owner_id"], unique=False)
    op.create_table(
        "sharing_terms",
        sa.Column("id", BIG, nullable=False),
        sa.Column("credit_share_ratio", sa.Double(), nullable=False),
        sa.Column("credit_value_fen", BIG, nullable=False),
        sa.Column("no_show_limit", BIG, nullable=False),
        sa.Column("suspension_days", BIG, nullable=False),
        sa.Column("offer_minutes", BIG, nullable=False),
        sa.Column("no_show_grace_minutes", BIG, nullable=False),
        sa.Column("dispute_days", BIG, nullable=False),
        sa.CheckConstraint("credit_share_ratio BETWEEN 0 AND 1", name=op.f("ck_sharing_terms_share")),
        sa.CheckConstraint("id = 1", name=op.f("ck_sharing_terms_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing_terms")),
    )
    op.create_table(
        "resource",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("owner_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("building", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("icon", sa.Text(), nullable=False),
        sa.Column("picture", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("accessories", sa.Text(), nullable=False),
        sa.Column("specifications", sa.JSON(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=False),
        sa.Column("approval", sa.Text(), nullable=False),
        sa.Column("approval_hours", BIG, nullable=False),
        sa.Column("step_minutes", BIG, nullable=False),
        sa.Column("min_minutes", BIG, nullable=False),
        sa.Column("max_minutes", BIG, nullable=False),
        sa.Column("buffer_before_minutes", BIG, nullable=False),
        sa.Column("buffer_minutes", BIG, nullable=False),
        sa.Column("lead_minutes", BIG, nullable=False),
        sa.Column("horizon_days", BIG, nullable=True),
        sa.Column("quota_minutes_per_week", BIG, nullable=True),
        sa.Column("late_cancel_hours", BIG, nullable=False),
        sa.Column("late_cancel_ratio", sa.Double(), nullable=False),
        sa.Column("no_show_ratio", sa.Double(), nullable=False),
        sa.Column("billing", sa.Text(), nullable=False),
        sa.Column("price_fen_per_hour", BIG, nullable=False),
        sa.Column("external_from", sa.Date(), nullable=True),
        sa.Column("qualification_id", BIG, nullable=True),
        sa.Column("open_on_holidays", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint("approval IN ('automatic', 'owner')", name=op.f("ck_resource_approval")),
        sa.CheckConstraint(
            "billing IN ('booked', 'used', 'greater', 'union')", name=op.f("ck_resource_billing")
        ),
        sa.CheckConstraint("kind IN ('equipment', 'patent', 'talent')", name=op.f("ck_resource_kind")),
        sa.CheckConstraint("status IN ('listed', 'withdrawn')", name=op.f("ck_resource_status")),
        sa.CheckConstraint(
            "buffer_minutes % 5 = 0 AND buffer_before_minutes % 5 = 0", name=op.f("ck_resource_buffer")
        ),
        sa.CheckConstraint(
            "late_cancel_ratio BETWEEN 0 AND 1 AND no_show_ratio BETWEEN 0 AND 1",
            name=op.f("ck_resource_ratio"),
        ),
        sa.CheckConstraint("min_minutes > 0 AND min_minutes <= max_minutes", name=op.f("ck_resource_length")),
        sa.CheckConstraint("price_fen_per_hour >= 0", name=op.f("ck_resource_price")),
        sa.CheckConstraint("step_minutes > 0 AND step_minutes % 5 = 0", name=op.f("ck_resource_step")),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_resource_owner_id")),
        sa.ForeignKeyConstraint(
            ["qualification_id"], ["qualification.id"], name=op.f("fk_resource_qualification_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource")),
    )
    op.create_index("ix_resource_kind_category", "resource", ["kind", "category"], unique=False)
    op.create_index(op.f("ix_resource_owner_id"), "resource", ["owner_id"], unique=False)
    op.create_table(
        "voucher",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("value_fen", BIG, nullable=False),
        sa.Column("left_fen", BIG, nullable=False),
        sa.Column("co_pay_ratio", sa.Double(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("co_pay_ratio BETWEEN 0 AND 1", name=op.f("ck_voucher_co_pay")),
        sa.CheckConstraint("left_fen >= 0 AND left_fen <= value_fen", name=op.f("ck_voucher_left")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_voucher_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher")),
        sa.UniqueConstraint("code", name=op.f("uq_voucher_code")),
    )
    op.create_index(op.f("ix_voucher_organisation_id"), "voucher", ["organisation_id"], unique=False)
    op.create_table(
        "booking_series",
        sa.Column("id", BIG, nullable=False),
        sa.Column("resource_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("pattern", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_booking_series_member_id")),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_booking_series_resource_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_series")),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("id", BIG, nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("resource_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_calendar_feed_member_id")),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_calendar_feed_resource_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    op.create_index(op.f("ix_calendar_feed_member_id"), "calendar_feed", ["member_id"], unique=False)
    op.create_table(
        "licence",
        sa.Column("id", BIG, nullable=False),
        sa.Column("resource_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("months", BIG, nullable=False),
        sa.Column("fee_fen", BIG, nullable=False),
        sa.Column("fee_basis", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('requested', 'granted', 'rejected', 'expired', 'terminated')",
            name=op.f("ck_licence_state"),
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_licence_member_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_licence_organisation_id")
        ),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_licence_resource_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence")),
    )
    op.create_index(op.f("ix_licence_organisation_id"), "licence", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_licence_resource_id"), "licence", ["resource_id"], unique=False)
    op.create_table(
        "maintenance_plan",
        sa.Column("id", BIG, nullable=False),
        sa.Column("resource_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("every_days", BIG, nullable=True),
        sa.Column("every_used_hours", BIG, nullable=True),
        sa.Column("warn_days", BIG, nullable=False),
        sa.Column("blocking", sa.Boolean(), nullable=False),
        sa.Column("last_done_on", sa.Date(), nullable=False),
        sa.Column("warned_on", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "every_days IS NOT NULL OR every_used_hours IS NOT NULL", name=op.f("ck_maintenance_plan_rhythm")
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name=op.f("fk_maintenance_plan_resource_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenance_plan")),
    )
    op.create_index(
        op.f("ix_maintenance_plan_resource_id"), "maintenance_plan", ["resource_id"], unique=False
    )
    op.create_table(
        "member_qualification",
        sa.Column("id", BIG, nullable=False),
        sa.Column("qualification_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_qualification_member_id")),
        sa.ForeignKeyConstraint(
            ["qualification_id"], ["qualification.id"], name=op.f("fk_member_qualification_qualification_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_qualification")),
        sa.UniqueConstraint(
            "qualification_id", "member_id", name=op.f("uq_member_qualification_qualification_id_member_id")
        ),
    )
    op.create_index(
        op.f("ix_member_qualification_member_id"), "member_qualification", ["member_id"], unique=False
    )
    op.create_table(
        "opening_exception",
        sa.Column("id", BIG, nullable=False),
        sa.Column("resource_id", BIG, nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name=op.f("fk_opening_exception_resource_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_exception")),
        sa.UniqueConstraint("resource_id", "on_day", name=op.f("uq_opening_exception_resource_id_on_day")),
    )
    op.create_table(
        "opening_rule",
        sa.Column("id", BIG, nullable=False),
        sa.Column("resource_id", BIG, nullable=False),
        sa.Column("weekday", BIG, nullable=False),
        sa.Column("opens_minute", BIG, nullable=False),
        sa.Column("closes_minute", BIG, nullable=False),
        sa.CheckConstraint(
            "opens_minute >= 0 AND opens_minute < 1440 AND closes_minute > opens_minute AND closes_minute <= opens_minute + 1440",
            name=op.f("ck_opening_rule_hours"),
        ),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_opening_rule_weekday")),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_opening_rule_resource_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_rule")),
    )
    op.create_index(op.f("ix_opening_rule_resource_id"), "opening_rule", ["resource_id"], unique=False)
    op.create_table(
        "patent",
        sa.Column("resource_id", BIG, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("fee_fen", BIG, nullable=False),
        sa.Column("fee_basis", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "fee_basis IN ('once', 'yearly', 'per_unit', 'share')", name=op.f("ck_patent_fee_basis")
        ),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_patent_resource_id")),
        sa.PrimaryKeyConstraint("resource_id", name=op.f("pk_patent")),
        sa.UniqueConstraint("number", name=op.f("uq_patent_number")),
    )
    op.create_table(
        "placement",
        sa.Column("id", BIG, nullable=False),
        sa.Column("resource_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("days", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("consent_hash", sa.Text(), nullable=False),
        sa.Column("consented_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('requested', 'employee_consented', 'agreed', 'active', 'ended')",
            name=op.f("ck_placement_state"),
        ),
        sa.CheckConstraint("days > 0", name=op.f("ck_placement_days")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_placement_span")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_placement_member_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_placement_organisation_id")
        ),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_placement_resource_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
    )
    op.create_index(op.f("ix_placement_organisation_id"), "placement", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_placement_resource_id"), "placement", ["resource_id"], unique=False)
    op.create_table(
        "rate",
        sa.Column("id", BIG, nullable=False),
        sa.Column("resource_id", BIG, nullable=False),
        sa.Column("member_group", sa.Text(), nullable=True),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("opens_minute", BIG, nullable=False),
        sa.Column("closes_minute", BIG, nullable=False),
        sa.Column("price_fen_per_hour", BIG, nullable=False),
        sa.CheckConstraint(
            "opens_minute >= 0 AND opens_minute < closes_minute AND closes_minute <= 1440",
            name=op.f("ck_rate_hours"),
        ),
        sa.CheckConstraint("price_fen_per_hour >= 0", name=op.f("ck_rate_price")),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_rate_resource_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate")),
    )
    op.create_index(op.f("ix_rate_resource_id"), "rate", ["resource_id"], unique=False)
    op.create_table(
        "refused_demand",
        sa.Column("id", BIG, nullable=False),
        sa.Column("resource_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("start_at", MOMENT, nullable=False),
        sa.Column("end_at", MOMENT, nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("refused_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_refused_demand_member_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_refused_demand_organisation_id")
        ),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_refused_demand_resource_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_demand")),
    )
    op.create_index("ix_refused_demand_refused_at", "refused_demand", ["refused_at"], unique=False)
    op.create_table(
        "resource_unit",
        sa.Column("id", BIG, nullable=False),
        sa.Column("resource_id", BIG, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_resource_unit_resource_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_unit")),
        sa.UniqueConstraint("resource_id", "label", name=op.f("uq_resource_unit_resource_id_label")),
    )
    op.create_table(
        "resource_word",
        sa.Column("resource_id", BIG, nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("weight", BIG, nullable=False),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_resource_word_resource_id")),
        sa.PrimaryKeyConstraint("resource_id", "word", name=op.f("pk_resource_word")),
    )
    op.create_index("ix_resource_word_word", "resource_word", ["word"], unique=False)
    op.create_table(
        "schedule_run",
        sa.Column("id", BIG, nullable=False),
        sa.Column("owner_id", BIG, nullable=True),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("start_at", MOMENT, nullable=False),
        sa.Column("end_at", MOMENT, nullable=False),
        sa.Column("instance", sa.JSON(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("seconds", BIG, nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('optimal', 'feasible', 'infeasible')",
            name=op.f("ck_schedule_run_outcome"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'solved', 'published', 'discarded')", name=op.f("ck_schedule_run_state")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_schedule_run_member_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_schedule_run_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_run")),
    )
    op.create_table(
        "suspension",
        sa.Column("id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("until_at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("lifted_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_suspension_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension")),
    )
    op.create_index(op.f("ix_suspension_member_id"), "suspension", ["member_id"], unique=False)
    op.create_table(
        "talent",
        sa.Column("resource_id", BIG, nullable=False),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("years", BIG, nullable=False),
        sa.Column("days_per_month", BIG, nullable=False),
        sa.Column("fee_fen_per_day", BIG, nullable=False),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_talent_resource_id")),
        sa.PrimaryKeyConstraint("resource_id", name=op.f("pk_talent")),
    )
    op.create_table(
        "booking",
        sa.Column("id", BIG, nullable=False),
        sa.Column("resource_id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("start_at", MOMENT, nullable=False),
        sa.Column("end_at", MOMENT, nullable=False),
        sa.Column("hold_start_at", MOMENT, nullable=False),
        sa.Column("hold_end_at", MOMENT, nullable=False),
        sa.Column("own_use", sa.Boolean(), nullable=False),
        sa.Column("price_fen", BIG, nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("use_credits", sa.Boolean(), nullable=False),
        sa.Column("held_credits", BIG, nullable=False),
        sa.Column("credit_hold", BIG, nullable=True),
        sa.Column("answer_until", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=False),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("replaces_id", BIG, nullable=True),
        sa.Column("series_id", BIG, nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("alternatives", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "state <> 'requested' OR answer_until IS NOT NULL", name=op.f("ck_booking_deadline")
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'confirmed', 'in_use', 'completed', 'settled', 'rejected', 'expired', 'cancelled', 'no_show', 'disputed', 'adjusted')",
            name=op.f("ck_booking_state"),
        ),
        sa.CheckConstraint(
            "hold_start_at <= start_at AND hold_end_at >= end_at", name=op.f("ck_booking_hold")
        ),
        sa.CheckConstraint("price_fen >= 0", name=op.f("ck_booking_price")),
        sa.CheckConstraint("start_at < end_at", name=op.f("ck_booking_span")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_booking_member_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_booking_organisation_id")
        ),
        sa.ForeignKeyConstraint(["replaces_id"], ["booking.id"], name=op.f("fk_booking_replaces_id")),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_booking_resource_id")),
        sa.ForeignKeyConstraint(["series_id"], ["booking_series.id"], name=op.f("fk_booking_series_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["resource_unit.id"], name=op.f("fk_booking_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_booking_replaces_id")),
    )
    op.create_index(op.f("ix_booking_member_id"), "booking", ["member_id"], unique=False)
    op.create_index(
        "ix_booking_organisation_id_start_at", "booking", ["organisation_id", "start_at"], unique=False
    )
    op.create_index("ix_booking_resource_id_start_at", "booking", ["resource_id", "start_at"], unique=False)
    op.create_index(op.f("ix_booking_series_id"), "booking", ["series_id"], unique=False)
    op.create_index("ix_booking_state_end_at", "booking", ["state", "end_at"], unique=False)
    op.create_index("ix_booking_unit_id_hold_end_at", "booking", ["unit_id", "hold_end_at"], unique=False)
    op.create_table(
        "outage",
        sa.Column("id", BIG, nullable=False),
        sa.Column("resource_id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=True),
        sa.Column("plan_id", BIG, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("start_at", MOMENT, nullable=False),
        sa.Column("end_at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("member_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "kind IN ('repair', 'maintenance', 'calibration', 'other')", name=op.f("ck_outage_kind")
        ),
        sa.CheckConstraint("start_at < end_at", name=op.f("ck_outage_span")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_outage_member_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["maintenance_plan.id"], name=op.f("fk_outage_plan_id")),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_outage_resource_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["resource_unit.id"], name=op.f("fk_outage_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage")),
    )
    op.create_index("ix_outage_resource_id_end_at", "outage", ["resource_id", "end_at"], unique=False)
    op.create_table(
        "booking_payment",
        sa.Column("id", BIG, nullable=False),
        sa.Column("booking_id", BIG, nullable=False),
        sa.Column("amount_fen", BIG, nullable=False),
        sa.Column("voucher_fen", BIG, nullable=False),
        sa.Column("credits", BIG, nullable=False),
        sa.Column("credits_fen", BIG, nullable=False),
        sa.Column("cash_fen", BIG, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "voucher_fen + credits_fen + cash_fen = amount_fen", name=op.f("ck_booking_payment_sum")
        ),
        sa.CheckConstraint(
            "voucher_fen >= 0 AND credits_fen >= 0 AND cash_fen >= 0 AND credits >= 0",
            name=op.f("ck_booking_payment_parts"),
        ),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_booking_payment_booking_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_payment")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_booking_payment_booking_id")),
    )
    op.create_table(
        "dispute",
        sa.Column("id", BIG, nullable=False),
        sa.Column("booking_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", BIG, nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_dispute_booking_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["member.id"], name=op.f("fk_dispute_decided_by")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_dispute_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
    )
    op.create_index(op.f("ix_dispute_booking_id"), "dispute", ["booking_id"], unique=False)
    op.create_table(
        "occupied_slot",
        sa.Column("unit_id", BIG, autoincrement=False, nullable=False),
        sa.Column("slot", BIG, autoincrement=False, nullable=False),
        sa.Column("booking_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_occupied_slot_booking_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["resource_unit.id"], name=op.f("fk_occupied_slot_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "slot", name=op.f("pk_occupied_slot")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_occupied_slot_booking_id", "occupied_slot", ["booking_id"], unique=False)
    op.create_table(
        "settlement",
        sa.Column("id", BIG, nullable=False),
        sa.Column("booking_id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("charged_minutes", BIG, nullable=False),
        sa.Column("amount_fen", BIG, nullable=False),
        sa.Column("change_fen", BIG, nullable=False),
        sa.Column("ratio", sa.Double(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", BIG, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "amount_fen >= 0 AND charged_minutes >= 0 AND version > 0", name=op.f("ck_settlement_amount")
        ),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_settlement_booking_id")),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_settlement_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement")),
        sa.UniqueConstraint("booking_id", "version", name=op.f("uq_settlement_booking_id_version")),
    )
    op.create_index("ix_settlement_made_at", "settlement", ["made_at"], unique=False)
    op.create_table(
        "slot_request",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("resources", sa.JSON(), nullable=False),
        sa.Column("windows", sa.JSON(), nullable=False),
        sa.Column("duration_minutes", BIG, nullable=False),
        sa.Column("preferred_at", MOMENT, nullable=True),
        sa.Column("priority", BIG, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("booking_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("state IN ('open', 'placed', 'withdrawn')", name=op.f("ck_slot_request_state")),
        sa.CheckConstraint("duration_minutes > 0", name=op.f("ck_slot_request_duration")),
        sa.CheckConstraint("priority BETWEEN 1 AND 5", name=op.f("ck_slot_request_priority")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_slot_request_booking_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_slot_request_member_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_slot_request_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot_request")),
    )
    op.create_index(op.f("ix_slot_request_member_id"), "slot_request", ["member_id"], unique=False)
    op.create_index("ix_slot_request_state", "slot_request", ["state"], unique=False)
    op.create_table(
        "usage",
        sa.Column("id", BIG, nullable=False),
        sa.Column("resource_id", BIG, nullable=False),
        sa.Column("booking_id", BIG, nullable=True),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("own_use", sa.Boolean(), nullable=False),
        sa.Column("start_at", MOMENT, nullable=False),
        sa.Column("end_at", MOMENT, nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_by", BIG, nullable=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("voided_at", MOMENT, nullable=True),
        sa.CheckConstraint("source IN ('manual', 'qr', 'api')", name=op.f("ck_usage_source")),
        sa.CheckConstraint("end_at IS NULL OR start_at < end_at", name=op.f("ck_usage_span")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_usage_booking_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_usage_organisation_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["member.id"], name=op.f("fk_usage_recorded_by")),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_usage_resource_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage")),
    )
    op.create_index(op.f("ix_usage_booking_id"), "usage", ["booking_id"], unique=False)
    op.create_index("ix_usage_resource_id_start_at", "usage", ["resource_id", "start_at"], unique=False)
    op.create_table(
        "waitlist_entry",
        sa.Column("id", BIG, nullable=False),
        sa.Column("resource_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("start_at", MOMENT, nullable=False),
        sa.Column("end_at", MOMENT, nullable=False),
        sa.Column("minutes", BIG, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("booking_id", BIG, nullable=True),
        sa.Column("offer_until", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("close_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'offered', 'taken', 'lapsed')", name=op.f("ck_waitlist_entry_state")
        ),
        sa.CheckConstraint("start_at < end_at AND minutes > 0", name=op.f("ck_waitlist_entry_span")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_waitlist_entry_booking_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_waitlist_entry_member_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_waitlist_entry_organisation_id")
        ),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_waitlist_entry_resource_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_entry")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_waitlist_entry_booking_id")),
    )
    op.create_index(op.f("ix_waitlist_entry_member_id"), "waitlist_entry", ["member_id"], unique=False)
    op.create_index(
        "ix_waitlist_entry_resource_id_state", "waitlist_entry", ["resource_id", "state"], unique=False
    )
    op.create_table(
        "schedule_assignment",
        sa.Column("id", BIG, nullable=False),
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("request_id", BIG, nullable=False),
        sa.Column("resource_id", BIG, nullable=True),
        sa.Column("unit_id", BIG, nullable=True),
        sa.Column("start_at", MOMENT, nullable=True),
        sa.Column("end_at", MOMENT, nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("booking_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_schedule_assignment_booking_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["slot_request.id"], name=op.f("fk_schedule_assignment_request_id")
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name=op.f("fk_schedule_assignment_resource_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["schedule_run.id"], name=op.f("fk_schedule_assignment_run_id")),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["resource_unit.id"], name=op.f("fk_schedule_assignment_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_assignment")),
        sa.UniqueConstraint("run_id", "request_id", name=op.f("uq_schedule_assignment_run_id_request_id")),
    )
    op.create_table(
        "voucher_use",
        sa.Column("id", BIG, nullable=False),
        sa.Column("voucher_id", BIG, nullable=False),
        sa.Column("payment_id", BIG, nullable=False),
        sa.Column("amount_fen", BIG, nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_voucher_use_amount")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["booking_payment.id"], name=op.f("fk_voucher_use_payment_id")
        ),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_voucher_use_voucher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_use")),
    )
    op.create_index(op.f("ix_voucher_use_payment_id"), "voucher_use", ["payment_id"], unique=False)
    op.create_index(op.f("ix_voucher_use_voucher_id"), "voucher_use", ["voucher_id"], unique=False)
    op.create_table(
        "resource_file",
        sa.Column("id", BIG, nullable=False),
        sa.Column("resource_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", BIG, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("stored_as", sa.Text(), nullable=False),
        sa.Column("uploaded_by", BIG, nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('picture', 'document')", name=op.f("ck_resource_file_kind")),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_resource_file_size")),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_resource_file_resource_id")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["member.id"], name=op.f("fk_resource_file_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_file")),
        sa.UniqueConstraint("resource_id", "sha256", name=op.f("uq_resource_file_resource_id_sha256")),
        sa.UniqueConstraint("stored_as", name=op.f("uq_resource_file_stored_as")),
    )
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("resource_file")
    op.drop_index(op.f("ix_voucher_use_voucher_id"), table_name="voucher_use")
    op.drop_index(op.f("ix_voucher_use_payment_id"), table_name="voucher_use")
    op.drop_table("voucher_use")
    op.drop_table("schedule_assignment")
    op.drop_index("ix_waitlist_entry_resource_id_state", table_name="waitlist_entry")
    op.drop_index(op.f("ix_waitlist_entry_member_id"), table_name="waitlist_entry")
    op.drop_table("waitlist_entry")
    op.drop_index("ix_usage_resource_id_start_at", table_name="usage")
    op.drop_index(op.f("ix_usage_booking_id"), table_name="usage")
    op.drop_table("usage")
    op.drop_index("ix_slot_request_state", table_name="slot_request")
    op.drop_index(op.f("ix_slot_request_member_id"), table_name="slot_request")
    op.drop_table("slot_request")
    op.drop_index("ix_settlement_made_at", table_name="settlement")
    op.drop_table("settlement")
    op.drop_index("ix_occupied_slot_booking_id", table_name="occupied_slot")
    op.drop_table("occupied_slot")
    op.drop_index(op.f("ix_dispute_booking_id"), table_name="dispute")
    op.drop_table("dispute")
    op.drop_table("booking_payment")
    op.drop_index("ix_outage_resource_id_end_at", table_name="outage")
    op.drop_table("outage")
    op.drop_index("ix_booking_unit_id_hold_end_at", table_name="booking")
    op.drop_index("ix_booking_state_end_at", table_name="booking")
    op.drop_index(op.f("ix_booking_series_id"), table_name="booking")
    op.drop_index("ix_booking_resource_id_start_at", table_name="booking")
    op.drop_index("ix_booking_organisation_id_start_at", table_name="booking")
    op.drop_index(op.f("ix_booking_member_id"), table_name="booking")
    op.drop_table("booking")
    op.drop_table("talent")
    op.drop_index(op.f("ix_suspension_member_id"), table_name="suspension")
    op.drop_table("suspension")
    op.drop_table("schedule_run")
    op.drop_index("ix_resource_word_word", table_name="resource_word")
    op.drop_table("resource_word")
    op.drop_table("resource_unit")
    op.drop_index("ix_refused_demand_refused_at", table_name="refused_demand")
    op.drop_table("refused_demand")
    op.drop_index(op.f("ix_rate_resource_id"), table_name="rate")
    op.drop_table("rate")
    op.drop_index(op.f("ix_placement_resource_id"), table_name="placement")
    op.drop_index(op.f("ix_placement_organisation_id"), table_name="placement")
    op.drop_table("placement")
    op.drop_table("patent")
    op.drop_index(op.f("ix_opening_rule_resource_id"), table_name="opening_rule")
    op.drop_table("opening_rule")
    op.drop_table("opening_exception")
    op.drop_index(op.f("ix_member_qualification_member_id"), table_name="member_qualification")
    op.drop_table("member_qualification")
    op.drop_index(op.f("ix_maintenance_plan_resource_id"), table_name="maintenance_plan")
    op.drop_table("maintenance_plan")
    op.drop_index(op.f("ix_licence_resource_id"), table_name="licence")
    op.drop_index(op.f("ix_licence_organisation_id"), table_name="licence")
    op.drop_table("licence")
    op.drop_index(op.f("ix_calendar_feed_member_id"), table_name="calendar_feed")
    op.drop_table("calendar_feed")
    op.drop_table("booking_series")
    op.drop_index(op.f("ix_voucher_organisation_id"), table_name="voucher")
    op.drop_table("voucher")
    op.drop_index(op.f("ix_resource_owner_id"), table_name="resource")
    op.drop_index("ix_resource_kind_category", table_name="resource")
    op.drop_table("resource")
    op.drop_table("sharing_terms")
    op.drop_index(op.f("ix_qualification_owner_id"), table_name="qualification")
    op.drop_table("qualification")
    op.drop_table("holiday")
