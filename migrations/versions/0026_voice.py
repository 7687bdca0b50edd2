"""Who is heard when and where, remarks without their authors, the authors apart; signals of tea talks, weeks at
firms and repairs.

A remark that is not named holds nobody's key: a CHECK says so. Who said it stands in `author`, or nowhere.

Revision ID: 0026
Revises: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "promise",
    "feedback_link",
    "author_look",
    "author",
    "feedback",
    "visit",
    "invitation",
    "training",
    "specialist_tie",
    "specialist",
    "shadowing",
    "gathering",
    "contact",
    "onboarding_step",
    "invitation_opt_out",
    "contact_plan",
)
KINDS = ("complaint", "visit", "survey", "refused_booking")
MORE_KINDS = (*KINDS, "tea_talk", "shadowing", "repair")


def upgrade() -> None:
    op.create_table(
        "contact_plan",
        sa.Column("id", BIG, nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("every_days", BIG, nullable=False),
        sa.Column("once_on_day", BIG, nullable=False),
        sa.CheckConstraint(
            "method IN ('visit', 'phone', 'online', 'paper', 'tea_talk', 'activity', 'app', 'interview', 'shadowing', 'walk_in', 'study')",
            name="ck_contact_plan_method",
        ),
        sa.CheckConstraint("(every_days > 0) <> (once_on_day > 0)", name="ck_contact_plan_when"),
        sa.PrimaryKeyConstraint("id", name="pk_contact_plan"),
        sa.UniqueConstraint("layer", "method", name="uq_contact_plan_layer_method"),
    )
    op.create_table(
        "invitation_opt_out",
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_invitation_opt_out_organisation_id"
        ),
        sa.PrimaryKeyConstraint("organisation_id", name="pk_invitation_opt_out"),
    )
    op.create_table(
        "onboarding_step",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("touched_on", sa.Date(), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", name="ck_onboarding_step_done_on"),
        sa.CheckConstraint("state IN ('open', 'done', 'not_needed')", name="ck_onboarding_step_state"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_onboarding_step_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_onboarding_step"),
        sa.UniqueConstraint("organisation_id", "code", name="uq_onboarding_step_organisation_id_code"),
    )
    op.create_table(
        "contact",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("member_id", BIG, nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("score", BIG, nullable=True),
        sa.Column("why_other", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "channel IN ('visit', 'phone', 'online', 'paper', 'tea_talk', 'activity', 'app', 'interview', 'shadowing', 'walk_in', 'study')",
            name="ck_contact_channel",
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_contact_member_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_contact_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contact"),
        sa.UniqueConstraint("source", name="uq_contact_source"),
    )
    op.create_index("ix_contact_held_on", "contact", ["held_on"], unique=False)
    op.create_index(
        "ix_contact_organisation_id_held_on", "contact", ["organisation_id", "held_on"], unique=False
    )
    op.create_table(
        "gathering",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("seats", BIG, nullable=False),
        sa.Column("rest_months", BIG, nullable=False),
        sa.Column("invited", BIG, nullable=True),
        sa.Column("came", BIG, nullable=True),
        sa.Column("member_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('tea_talk', 'activity')", name="ck_gathering_kind"),
        sa.CheckConstraint("state IN ('planned', 'held', 'cancelled')", name="ck_gathering_state"),
        sa.CheckConstraint("came IS NULL OR (came >= 0 AND came <= invited)", name="ck_gathering_came"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_gathering_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_gathering"),
    )
    op.create_index("ix_gathering_held_on", "gathering", ["held_on"], unique=False)
    op.create_table(
        "shadowing",
        sa.Column("id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("state <> 'done' OR seen <> ''", name="ck_shadowing_seen"),
        sa.CheckConstraint("state IN ('planned', 'done', 'cancelled')", name="ck_shadowing_state"),
        sa.CheckConstraint("until_on >= from_on", name="ck_shadowing_days"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_shadowing_member_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_shadowing_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_shadowing"),
    )
    op.create_index("ix_shadowing_member_id", "shadowing", ["member_id", "from_on"], unique=False)
    op.create_table(
        "specialist",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("employed_since", sa.Date(), nullable=True),
        sa.Column("suspended_because", sa.Text(), nullable=False),
        sa.Column("visits_a_day", BIG, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint("visits_a_day BETWEEN 0 AND 20", name="ck_specialist_visits_a_day"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_specialist_member_id"),
        sa.PrimaryKeyConstraint("member_id", name="pk_specialist"),
    )
    op.create_table(
        "specialist_tie",
        sa.Column("id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("owns_part", sa.Boolean(), nullable=False),
        sa.Column("employed", sa.Boolean(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.CheckConstraint("owns_part OR employed", name="ck_specialist_tie_something"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_specialist_tie_member_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_specialist_tie_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_specialist_tie"),
        sa.UniqueConstraint(
            "member_id", "organisation_id", name="uq_specialist_tie_member_id_organisation_id"
        ),
    )
    op.create_table(
        "training",
        sa.Column("id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("hours", BIG, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("hours BETWEEN 1 AND 400", name="ck_training_hours"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_training_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_training"),
    )
    op.create_index("ix_training_member_id", "training", ["member_id"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("id", BIG, nullable=False),
        sa.Column("gathering_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("silence_days", BIG, nullable=True),
        sa.Column("invited_on", sa.Date(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('sent', 'accepted', 'declined', 'silent', 'attended', 'absent')",
            name="ck_invitation_state",
        ),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name="fk_invitation_gathering_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_invitation_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint(
            "gathering_id", "organisation_id", name="uq_invitation_gathering_id_organisation_id"
        ),
    )
    op.create_index(
        "ix_invitation_organisation_id", "invitation", ["organisation_id", "invited_on"], unique=False
    )
    op.create_table(
        "visit",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=True),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("starts", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("priority", BIG, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("problem_id", BIG, nullable=True),
        sa.Column("moved_to_id", BIG, nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("score_before", BIG, nullable=True),
        sa.Column("score", BIG, nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "method IN ('visit', 'phone', 'online', 'paper', 'tea_talk', 'activity', 'app', 'interview', 'shadowing', 'walk_in')",
            name="ck_visit_method",
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'confirmed', 'in_progress', 'recorded', 'closed', 'moved', 'missed', 'declined')",
            name="ck_visit_state",
        ),
        sa.CheckConstraint("priority BETWEEN 1 AND 3", name="ck_visit_priority"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_visit_member_id"),
        sa.ForeignKeyConstraint(["moved_to_id"], ["visit.id"], name="fk_visit_moved_to_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_visit_organisation_id"),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"], name="fk_visit_problem_id"),
        sa.PrimaryKeyConstraint("id", name="pk_visit"),
        sa.UniqueConstraint("source", name="uq_visit_source"),
    )
    op.create_index("ix_visit_member_id_planned_on", "visit", ["member_id", "planned_on"], unique=False)
    op.create_index("ix_visit_organisation_id", "visit", ["organisation_id"], unique=False)
    op.create_index("ix_visit_planned_on", "visit", ["planned_on"], unique=False)
    op.create_table(
        "feedback",
        sa.Column("id", BIG, nullable=False),
        sa.Column("client_key", sa.Text(), nullable=False),
        sa.Column("client_hash", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("heard_on", sa.Date(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("phone_at", MOMENT, nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("shown_text", sa.Text(), nullable=False),
        sa.Column("shown_layer", sa.Text(), nullable=False),
        sa.Column("shown_building", sa.Text(), nullable=False),
        sa.Column("hesitation", sa.Boolean(), nullable=False),
        sa.Column("probe", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("acknowledge_until", MOMENT, nullable=False),
        sa.Column("acknowledged_at", MOMENT, nullable=True),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("acknowledgement", sa.Text(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("no_action_because", sa.Text(), nullable=False),
        sa.Column("problem_id", BIG, nullable=True),
        sa.Column("organisation_id", BIG, nullable=True),
        sa.Column("member_id", BIG, nullable=True),
        sa.Column("heard_by_id", BIG, nullable=True),
        sa.Column("visit_id", BIG, nullable=True),
        sa.Column("gathering_id", BIG, nullable=True),
        sa.CheckConstraint(
            "channel IN ('visit', 'phone', 'online', 'paper', 'tea_talk', 'activity', 'app', 'interview', 'shadowing', 'walk_in')",
            name="ck_feedback_channel",
        ),
        sa.CheckConstraint("state <> 'no_action' OR no_action_because <> ''", name="ck_feedback_reason"),
        sa.CheckConstraint(
            "state IN ('heard', 'acknowledged', 'linked', 'no_action', 'answered')", name="ck_feedback_state"
        ),
        sa.CheckConstraint(
            "visibility = 'named' OR (organisation_id IS NULL AND member_id IS NULL AND heard_by_id IS NULL AND visit_id IS NULL AND gathering_id IS NULL AND problem_id IS NULL)",
            name="ck_feedback_hidden",
        ),
        sa.CheckConstraint(
            "visibility IN ('named', 'park_only', 'anonymous')", name="ck_feedback_visibility"
        ),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name="fk_feedback_gathering_id"),
        sa.ForeignKeyConstraint(["heard_by_id"], ["member.id"], name="fk_feedback_heard_by_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_feedback_member_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_feedback_organisation_id"),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"], name="fk_feedback_problem_id"),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name="fk_feedback_visit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.UniqueConstraint("client_key", name="uq_feedback_client_key"),
    )
    op.create_index("ix_feedback_heard_on", "feedback", ["heard_on"], unique=False)
    op.create_index("ix_feedback_organisation_id", "feedback", ["organisation_id"], unique=False)
    op.create_index("ix_feedback_state", "feedback", ["state", "acknowledge_until"], unique=False)
    op.create_index("ix_feedback_visit_id", "feedback", ["visit_id"], unique=False)
    op.create_table(
        "author",
        sa.Column("id", BIG, nullable=False),
        sa.Column("feedback_id", BIG, nullable=True),
        sa.Column("problem_id", BIG, nullable=True),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=True),
        sa.Column("heard_by_id", BIG, nullable=True),
        sa.Column("visit_id", BIG, nullable=True),
        sa.Column("gathering_id", BIG, nullable=True),
        sa.Column("revisit_id", BIG, nullable=True),
        sa.CheckConstraint("(feedback_id IS NULL) <> (problem_id IS NULL)", name="ck_author_of_what"),
        sa.ForeignKeyConstraint(["feedback_id"], ["feedback.id"], name="fk_author_feedback_id"),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name="fk_author_gathering_id"),
        sa.ForeignKeyConstraint(["heard_by_id"], ["member.id"], name="fk_author_heard_by_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_author_member_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_author_organisation_id"),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"], name="fk_author_problem_id"),
        sa.ForeignKeyConstraint(["revisit_id"], ["visit.id"], name="fk_author_revisit_id"),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name="fk_author_visit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_author"),
        sa.UniqueConstraint("feedback_id", name="uq_author_feedback_id"),
    )
    op.create_index("ix_author_organisation_id", "author", ["organisation_id"], unique=False)
    op.create_index("ix_author_problem_id", "author", ["problem_id"], unique=False)
    op.create_index("ix_author_visit_id", "author", ["visit_id"], unique=False)
    op.create_table(
        "author_look",
        sa.Column("id", BIG, nullable=False),
        sa.Column("feedback_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("looked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["feedback_id"], ["feedback.id"], name="fk_author_look_feedback_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_author_look_member_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_author_look_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_author_look"),
    )
    op.create_index("ix_author_look_organisation_id", "author_look", ["organisation_id"], unique=False)
    op.create_table(
        "feedback_link",
        sa.Column("id", BIG, nullable=False),
        sa.Column("feedback_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target_id", BIG, nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("resource_id", BIG, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("linked_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('problem', 'need', 'signal', 'correction', 'praise')", name="ck_feedback_link_kind"
        ),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name="fk_feedback_link_resource_id"),
        sa.ForeignKeyConstraint(["feedback_id"], ["feedback.id"], name="fk_feedback_link_feedback_id"),
        sa.PrimaryKeyConstraint("id", name="pk_feedback_link"),
        sa.UniqueConstraint("feedback_id", "kind", name="uq_feedback_link_feedback_id_kind"),
    )
    op.create_index("ix_feedback_link_target", "feedback_link", ["kind", "target_id"], unique=False)
    op.create_table(
        "promise",
        sa.Column("id", BIG, nullable=False),
        sa.Column("visit_id", BIG, nullable=True),
        sa.Column("feedback_id", BIG, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("became", sa.Text(), nullable=False),
        sa.Column("became_id", BIG, nullable=True),
        sa.Column("became_number", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("(became = '') = (became_id IS NULL)", name="ck_promise_became_id"),
        sa.CheckConstraint("became IN ('', 'problem', 'need')", name="ck_promise_became"),
        sa.CheckConstraint("(visit_id IS NULL) <> (feedback_id IS NULL)", name="ck_promise_one_home"),
        sa.ForeignKeyConstraint(["feedback_id"], ["feedback.id"], name="fk_promise_feedback_id"),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name="fk_promise_visit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_promise"),
    )
    op.create_index("ix_promise_feedback_id", "promise", ["feedback_id"], unique=False)
    op.create_index("ix_promise_visit_id", "promise", ["visit_id"], unique=False)
    _signal_kinds(MORE_KINDS)


def _signal_kinds(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(repr(kind) for kind in kinds)
    with op.batch_alter_table("signal") as table:
        table.drop_constraint(op.f("ck_signal_kind"), type_="check")
        table.create_check_constraint(op.f("ck_signal_kind"), f"kind IN ({listed})")


def downgrade() -> None:
    """Signals of the new kinds become remarks of visits: nothing that was said is lost."""
    op.execute("UPDATE signal SET kind = 'visit' WHERE kind IN ('tea_talk', 'shadowing', 'repair')")
    _signal_kinds(KINDS)
    for table in TABLES:
        op.drop_table(table)
