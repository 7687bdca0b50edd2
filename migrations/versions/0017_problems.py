"""Problems with their clocks, work, closing and playbooks; initiatives about causes outside the park.

`closed` needs the five haves: a CHECK for what stands in the row, triggers for what stands in other tables. Steps are added only.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "coordination_step",
    "clock_event",
    "task_force_member",
    "responsibility",
    "problem_step",
    "problem_reporter",
    "problem_plan",
    "problem_photo",
    "problem_message",
    "problem_department",
    "problem_clock",
    "milestone",
    "deliverable",
    "coordination",
    "adoption",
    "problem",
    "initiative_deliverable",
    "problem_review",
    "playbook",
    "place",
    "initiative",
    "clock_rule_version",
    "answer_template",
    "dispatch_rule",
    "external_factor",
)
# The rules as shipped (contract-wider 2.2): nobody proposed them, so nobody had to approve them.
SHIPPED = {
    "immediate": {"clock": "first_response", "span": 24, "unit": "hour", "pause_cap": 10},
    "process": {"clock": "plan", "span": 15, "unit": "calendar_day", "pause_cap": 10},
    "longterm": {"clock": "milestone", "span": 30, "unit": "calendar_day", "pause_cap": 10},
    "report_every_days": 30,
}
LACKS = (
    "NOT EXISTS (SELECT 1 FROM responsibility r WHERE r.problem_id = NEW.id)"
    " OR NOT EXISTS (SELECT 1 FROM problem_clock c WHERE c.problem_id = NEW.id)"
)
SQLITE = (
    f"CREATE TRIGGER problem_five_haves BEFORE UPDATE ON problem WHEN NEW.state = 'closed' AND ({LACKS})"
    " BEGIN SELECT RAISE(ABORT, 'closed needs the five haves'); END",
    "CREATE TRIGGER problem_not_born_closed BEFORE INSERT ON problem WHEN NEW.state = 'closed'"
    " BEGIN SELECT RAISE(ABORT, 'closed needs the five haves'); END",
    "CREATE TRIGGER problem_step_no_update BEFORE UPDATE ON problem_step"
    " BEGIN SELECT RAISE(ABORT, 'problem_step is append-only'); END",
    "CREATE TRIGGER problem_step_no_delete BEFORE DELETE ON problem_step"
    " BEGIN SELECT RAISE(ABORT, 'problem_step is append-only'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION problem_five_haves() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    f" IF NEW.state = 'closed' AND (TG_OP = 'INSERT' OR {LACKS}) THEN"
    " RAISE EXCEPTION 'closed needs the five haves' USING ERRCODE = 'check_violation'; END IF;"
    " RETURN NEW; END $$",
    "CREATE TRIGGER problem_five_haves BEFORE INSERT OR UPDATE ON problem"
    " FOR EACH ROW EXECUTE FUNCTION problem_five_haves()",
    "CREATE TRIGGER problem_step_no_change BEFORE UPDATE OR DELETE ON problem_step"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER problem_step_no_truncate BEFORE TRUNCATE ON problem_step"
    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
)


def upgrade() -> None:
    op.create_table(
        "external_factor",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_external_factor"),
    )
    op.create_table(
        "dispatch_rule",
        sa.Column("id", BIG, nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("department_id", BIG, nullable=False),
        sa.Column("from_hour", BIG, nullable=False),
        sa.Column("to_hour", BIG, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "from_hour >= 0 AND from_hour <= 23 AND to_hour >= 1 AND to_hour <= 24",
            name="ck_dispatch_rule_hours",
        ),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_dispatch_rule_department_id"),
        sa.PrimaryKeyConstraint("id", name="pk_dispatch_rule"),
    )
    op.create_table(
        "answer_template",
        sa.Column("id", BIG, nullable=False),
        sa.Column("department_id", BIG, nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_by_id", BIG, nullable=True),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name="fk_answer_template_department_id"
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["member.id"], name="fk_answer_template_made_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_answer_template"),
    )
    op.create_index("ix_answer_template_department_id", "answer_template", ["department_id"], unique=False)
    op.create_table(
        "clock_rule_version",
        sa.Column("id", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", BIG, nullable=True),
        sa.Column("approved_by_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("in_force_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'in_force', 'superseded', 'rejected')", name="ck_clock_rule_version_state"
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> proposed_by_id",
            name="ck_clock_rule_version_four_eyes",
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["member.id"], name="fk_clock_rule_version_approved_by_id"
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["member.id"], name="fk_clock_rule_version_proposed_by_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_clock_rule_version"),
    )
    op.create_index(
        "ix_clock_rule_version_in_force",
        "clock_rule_version",
        ["state"],
        unique=True,
        sqlite_where=sa.text("state = 'in_force'"),
        postgresql_where=sa.text("state = 'in_force'"),
    )
    op.create_table(
        "initiative",
        sa.Column("id", BIG, nullable=False),
        sa.Column("factor_id", BIG, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("lead_id", BIG, nullable=True),
        sa.Column("complaints_before", BIG, nullable=False),
        sa.Column("firm_months_before", BIG, nullable=False),
        sa.Column("complaints_after", BIG, nullable=False),
        sa.Column("firm_months_after", BIG, nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'agreed', 'in_progress', 'done', 'dropped')", name="ck_initiative_state"
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'dropped') OR lead_id IS NOT NULL", name="ck_initiative_lead"
        ),
        sa.ForeignKeyConstraint(["factor_id"], ["external_factor.id"], name="fk_initiative_factor_id"),
        sa.ForeignKeyConstraint(["lead_id"], ["member.id"], name="fk_initiative_lead_id"),
        sa.PrimaryKeyConstraint("id", name="pk_initiative"),
    )
    op.create_index("ix_initiative_factor_id", "initiative", ["factor_id"], unique=False)
    op.create_table(
        "place",
        sa.Column("id", BIG, nullable=False),
        sa.Column("building_id", BIG, nullable=True),
        sa.Column("room_id", BIG, nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("label_version", BIG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name="fk_place_building_id"),
        sa.ForeignKeyConstraint(["room_id"], ["building_room.id"], name="fk_place_room_id"),
        sa.PrimaryKeyConstraint("id", name="pk_place"),
        sa.UniqueConstraint("token_hash", name="uq_place_token_hash"),
    )
    op.create_index("ix_place_path", "place", ["path"], unique=False)
    op.create_table(
        "playbook",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("checklist", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("source_problem_id", BIG, nullable=True),
        sa.Column("made_by_id", BIG, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("approved_by_id", BIG, nullable=True),
        sa.Column("approved_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state = 'draft' OR approved_by_id IS NOT NULL OR state = 'withdrawn'",
            name="ck_playbook_approved",
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'in_force', 'superseded', 'withdrawn')", name="ck_playbook_state"
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> made_by_id", name="ck_playbook_four_eyes"
        ),
        sa.ForeignKeyConstraint(["approved_by_id"], ["member.id"], name="fk_playbook_approved_by_id"),
        sa.ForeignKeyConstraint(["made_by_id"], ["member.id"], name="fk_playbook_made_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_playbook"),
        sa.UniqueConstraint("code", "version", name="uq_playbook_code_version"),
    )
    op.create_index(
        "ix_playbook_in_force",
        "playbook",
        ["code"],
        unique=True,
        sqlite_where=sa.text("state = 'in_force'"),
        postgresql_where=sa.text("state = 'in_force'"),
    )
    op.create_table(
        "problem_review",
        sa.Column("id", BIG, nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("repeatable", sa.Boolean(), nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("effect <> '' AND cause <> ''", name="ck_problem_review_complete"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_problem_review_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_problem_review"),
    )
    op.create_table(
        "initiative_deliverable",
        sa.Column("id", BIG, nullable=False),
        sa.Column("initiative_id", BIG, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("owner_id", BIG, nullable=False),
        sa.Column("quantity", BIG, nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("delivered", BIG, nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.CheckConstraint("quantity > 0 AND delivered >= 0", name="ck_initiative_deliverable_quantity"),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name="fk_initiative_deliverable_initiative_id"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name="fk_initiative_deliverable_owner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_initiative_deliverable"),
    )
    op.create_index(
        "ix_initiative_deliverable_initiative_id", "initiative_deliverable", ["initiative_id"], unique=False
    )
    op.create_table(
        "problem",
        sa.Column("id", BIG, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("client_id", sa.Text(), nullable=True),
        sa.Column("client_hash", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("class", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("place_id", BIG, nullable=True),
        sa.Column("place_path", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("firms", BIG, nullable=False),
        sa.Column("hidden_authors", BIG, nullable=False),
        sa.Column("shown_layer", sa.Text(), nullable=False),
        sa.Column("shown_building", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=True),
        sa.Column("resource_id", BIG, nullable=True),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("acknowledged_at", MOMENT, nullable=True),
        sa.Column("assigned_at", MOMENT, nullable=True),
        sa.Column("responded_at", MOMENT, nullable=True),
        sa.Column("planned_at", MOMENT, nullable=True),
        sa.Column("resolved_at", MOMENT, nullable=True),
        sa.Column("delivered_at", MOMENT, nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("score", BIG, nullable=True),
        sa.Column("came_after_minutes", BIG, nullable=True),
        sa.Column("reopened", BIG, nullable=False),
        sa.Column("appealed_at", MOMENT, nullable=True),
        sa.Column("handler_id", BIG, nullable=True),
        sa.Column("review_id", BIG, nullable=True),
        sa.Column("playbook_id", BIG, nullable=True),
        sa.Column("merged_into_id", BIG, nullable=True),
        sa.Column("predecessor_id", BIG, nullable=True),
        sa.Column("repeat_number", BIG, nullable=False),
        sa.Column("initiative_id", BIG, nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("watch_at", MOMENT, nullable=True),
        sa.Column("looked_at", MOMENT, nullable=True),
        sa.CheckConstraint("class IN ('immediate', 'process', 'longterm')", name="ck_problem_class"),
        sa.CheckConstraint("confirmed_by IN ('', 'firm', 'silence')", name="ck_problem_confirmed_by"),
        sa.CheckConstraint(
            "state <> 'closed' OR (text <> '' AND delivered_at IS NOT NULL AND confirmed_by <> '' AND review_id IS NOT NULL)",
            name="ck_problem_five_haves",
        ),
        sa.CheckConstraint(
            "state IN ('registered', 'classified', 'assigned', 'responded', 'planned', 'in_progress', 'resolved', 'confirmed', 'reviewed', 'closed', 'merged', 'not_a_problem', 'handed_over')",
            name="ck_problem_state",
        ),
        sa.CheckConstraint("visibility = 'named' OR firms = 0", name="ck_problem_park_only"),
        sa.CheckConstraint("visibility IN ('named', 'park_only')", name="ck_problem_visibility"),
        sa.ForeignKeyConstraint(["handler_id"], ["member.id"], name="fk_problem_handler_id"),
        sa.ForeignKeyConstraint(["initiative_id"], ["initiative.id"], name="fk_problem_initiative_id"),
        sa.ForeignKeyConstraint(["merged_into_id"], ["problem.id"], name="fk_problem_merged_into_id"),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name="fk_problem_place_id"),
        sa.ForeignKeyConstraint(["playbook_id"], ["playbook.id"], name="fk_problem_playbook_id"),
        sa.ForeignKeyConstraint(["predecessor_id"], ["problem.id"], name="fk_problem_predecessor_id"),
        sa.ForeignKeyConstraint(["review_id"], ["problem_review.id"], name="fk_problem_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_problem"),
        sa.UniqueConstraint("client_id", name="uq_problem_client_id"),
        sa.UniqueConstraint("number", name="uq_problem_number"),
        sa.UniqueConstraint("source", name="uq_problem_source"),
    )
    op.create_index("ix_problem_category_place_path", "problem", ["category", "place_path"], unique=False)
    op.create_index("ix_problem_initiative_id", "problem", ["initiative_id"], unique=False)
    op.create_index("ix_problem_merged_into_id", "problem", ["merged_into_id"], unique=False)
    op.create_index("ix_problem_registered_at", "problem", ["registered_at"], unique=False)
    op.create_index("ix_problem_state_due_at", "problem", ["state", "due_at"], unique=False)
    op.create_index("ix_problem_watch_at", "problem", ["watch_at"], unique=False)
    op.create_table(
        "adoption",
        sa.Column("id", BIG, nullable=False),
        sa.Column("playbook_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=True),
        sa.Column("department_id", BIG, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("done", sa.JSON(), nullable=False),
        sa.Column("checklist_complete", sa.Boolean(), nullable=False),
        sa.Column("problem_id", BIG, nullable=True),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("proven_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state <> 'proven' OR problem_id IS NOT NULL OR checklist_complete", name="ck_adoption_proof"
        ),
        sa.CheckConstraint("state IN ('begun', 'proven', 'given_up')", name="ck_adoption_state"),
        sa.CheckConstraint(
            "(organisation_id IS NULL) <> (department_id IS NULL)", name="ck_adoption_one_adopter"
        ),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_adoption_department_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_adoption_organisation_id"),
        sa.ForeignKeyConstraint(["playbook_id"], ["playbook.id"], name="fk_adoption_playbook_id"),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"], name="fk_adoption_problem_id"),
        sa.PrimaryKeyConstraint("id", name="pk_adoption"),
    )
    op.create_index(
        "ix_adoption_department_id",
        "adoption",
        ["playbook_id", "department_id"],
        unique=True,
        sqlite_where=sa.text("department_id IS NOT NULL"),
        postgresql_where=sa.text("department_id IS NOT NULL"),
    )
    op.create_index(
        "ix_adoption_organisation_id",
        "adoption",
        ["playbook_id", "organisation_id"],
        unique=True,
        sqlite_where=sa.text("organisation_id IS NOT NULL"),
        postgresql_where=sa.text("organisation_id IS NOT NULL"),
    )
    op.create_table(
        "coordination",
        sa.Column("id", BIG, nullable=False),
        sa.Column("problem_id", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("called_for", sa.Date(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("called_by_id", BIG, nullable=False),
        sa.Column("called_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "state <> 'held' OR (held_on IS NOT NULL AND minutes <> '')", name="ck_coordination_held"
        ),
        sa.CheckConstraint("state IN ('called', 'held', 'cancelled')", name="ck_coordination_state"),
        sa.ForeignKeyConstraint(["called_by_id"], ["member.id"], name="fk_coordination_called_by_id"),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"], name="fk_coordination_problem_id"),
        sa.PrimaryKeyConstraint("id", name="pk_coordination"),
    )
    op.create_index("ix_coordination_problem_id", "coordination", ["problem_id"], unique=False)
    op.create_table(
        "deliverable",
        sa.Column("id", BIG, nullable=False),
        sa.Column("problem_id", BIG, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("quantity", BIG, nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("delivered", BIG, nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("waived_because", sa.Text(), nullable=False),
        sa.CheckConstraint("quantity > 0 AND delivered >= 0", name="ck_deliverable_quantity"),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"], name="fk_deliverable_problem_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deliverable"),
    )
    op.create_index("ix_deliverable_problem_id", "deliverable", ["problem_id"], unique=False)
    op.create_table(
        "milestone",
        sa.Column("id", BIG, nullable=False),
        sa.Column("problem_id", BIG, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("owner_id", BIG, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name="fk_milestone_owner_id"),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"], name="fk_milestone_problem_id"),
        sa.PrimaryKeyConstraint("id", name="pk_milestone"),
    )
    op.create_index("ix_milestone_problem_id", "milestone", ["problem_id"], unique=False)
    op.create_table(
        "problem_clock",
        sa.Column("id", BIG, nullable=False),
        sa.Column("problem_id", BIG, nullable=False),
        sa.Column("ordinal", BIG, nullable=False),
        sa.Column("class", sa.Text(), nullable=False),
        sa.Column("start", sa.Text(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("met_at", MOMENT, nullable=True),
        sa.Column("rule_version_id", BIG, nullable=False),
        sa.CheckConstraint("class IN ('immediate', 'process', 'longterm')", name="ck_problem_clock_class"),
        sa.CheckConstraint("start IN ('registered', 'changed', 'reopened')", name="ck_problem_clock_start"),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"], name="fk_problem_clock_problem_id"),
        sa.ForeignKeyConstraint(
            ["rule_version_id"], ["clock_rule_version.id"], name="fk_problem_clock_rule_version_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_problem_clock"),
        sa.UniqueConstraint("problem_id", "ordinal", name="uq_problem_clock_problem_id_ordinal"),
    )
    op.create_table(
        "problem_department",
        sa.Column("problem_id", BIG, nullable=False),
        sa.Column("department_id", BIG, nullable=False),
        sa.Column("turn", BIG, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("concerned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name="fk_problem_department_department_id"
        ),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"], name="fk_problem_department_problem_id"),
        sa.PrimaryKeyConstraint("problem_id", "department_id", name="pk_problem_department"),
    )
    op.create_index(
        "ix_problem_department_department_id",
        "problem_department",
        ["department_id", "problem_id"],
        unique=False,
    )
    op.create_table(
        "problem_message",
        sa.Column("id", BIG, nullable=False),
        sa.Column("problem_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("member_id", BIG, nullable=True),
        sa.Column("department_id", BIG, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("replied_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "kind IN ('answer', 'question', 'progress', 'reply')", name="ck_problem_message_kind"
        ),
        sa.CheckConstraint("replied_at IS NULL OR replied_at >= at", name="ck_problem_message_order"),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name="fk_problem_message_department_id"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_problem_message_member_id"),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"], name="fk_problem_message_problem_id"),
        sa.PrimaryKeyConstraint("id", name="pk_problem_message"),
    )
    op.create_index("ix_problem_message_problem_id", "problem_message", ["problem_id"], unique=False)
    op.create_table(
        "problem_photo",
        sa.Column("id", BIG, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("problem_id", BIG, nullable=True),
        sa.Column("member_id", BIG, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("held_back", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("state IN ('raw', 'ready', 'refused')", name="ck_problem_photo_state"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_problem_photo_member_id"),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"], name="fk_problem_photo_problem_id"),
        sa.PrimaryKeyConstraint("id", name="pk_problem_photo"),
        sa.UniqueConstraint("key", name="uq_problem_photo_key"),
    )
    op.create_index("ix_problem_photo_problem_id", "problem_photo", ["problem_id"], unique=False)
    op.create_table(
        "problem_plan",
        sa.Column("id", BIG, nullable=False),
        sa.Column("problem_id", BIG, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("owner_id", BIG, nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("made_by_id", BIG, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("approved_by_id", BIG, nullable=True),
        sa.Column("approved_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["approved_by_id"], ["member.id"], name="fk_problem_plan_approved_by_id"),
        sa.ForeignKeyConstraint(["made_by_id"], ["member.id"], name="fk_problem_plan_made_by_id"),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name="fk_problem_plan_owner_id"),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"], name="fk_problem_plan_problem_id"),
        sa.PrimaryKeyConstraint("id", name="pk_problem_plan"),
    )
    op.create_index("ix_problem_plan_problem_id", "problem_plan", ["problem_id"], unique=False)
    op.create_table(
        "problem_reporter",
        sa.Column("id", BIG, nullable=False),
        sa.Column("problem_id", BIG, nullable=False),
        sa.Column("reported_as_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=True),
        sa.Column("member_id", BIG, nullable=True),
        sa.Column("token_hash", sa.Text(), nullable=True),
        sa.Column("by_staff", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "organisation_id IS NOT NULL OR token_hash IS NOT NULL", name="ck_problem_reporter_somebody"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_problem_reporter_member_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_problem_reporter_organisation_id"
        ),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"], name="fk_problem_reporter_problem_id"),
        sa.ForeignKeyConstraint(
            ["reported_as_id"], ["problem.id"], name="fk_problem_reporter_reported_as_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_problem_reporter"),
        sa.UniqueConstraint("token_hash", name="uq_problem_reporter_token_hash"),
    )
    op.create_index(
        "ix_problem_reporter_organisation_id",
        "problem_reporter",
        ["organisation_id", "problem_id"],
        unique=False,
    )
    op.create_index("ix_problem_reporter_problem_id", "problem_reporter", ["problem_id"], unique=False)
    op.create_table(
        "problem_step",
        sa.Column("id", BIG, nullable=False),
        sa.Column("problem_id", BIG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("member_id", BIG, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_problem_step_member_id"),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"], name="fk_problem_step_problem_id"),
        sa.PrimaryKeyConstraint("id", name="pk_problem_step"),
    )
    op.create_index("ix_problem_step_problem_id", "problem_step", ["problem_id"], unique=False)
    op.create_table(
        "responsibility",
        sa.Column("id", BIG, nullable=False),
        sa.Column("problem_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("assigned_by_id", BIG, nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("from_at", MOMENT, nullable=False),
        sa.Column("until_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "assigned_by_id IS NULL OR assigned_by_id <> member_id", name="ck_responsibility_not_oneself"
        ),
        sa.ForeignKeyConstraint(["assigned_by_id"], ["member.id"], name="fk_responsibility_assigned_by_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_responsibility_member_id"),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"], name="fk_responsibility_problem_id"),
        sa.PrimaryKeyConstraint("id", name="pk_responsibility"),
    )
    op.create_index("ix_responsibility_member_id", "responsibility", ["member_id"], unique=False)
    op.create_index(
        "ix_responsibility_open",
        "responsibility",
        ["problem_id"],
        unique=True,
        sqlite_where=sa.text("until_at IS NULL"),
        postgresql_where=sa.text("until_at IS NULL"),
    )
    op.create_table(
        "task_force_member",
        sa.Column("problem_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_task_force_member_member_id"),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"], name="fk_task_force_member_problem_id"),
        sa.PrimaryKeyConstraint("problem_id", "member_id", name="pk_task_force_member"),
    )
    op.create_table(
        "clock_event",
        sa.Column("id", BIG, nullable=False),
        sa.Column("problem_id", BIG, nullable=False),
        sa.Column("clock_id", BIG, nullable=False),
        sa.Column("rule_version_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('half', 'three_quarters', 'breach')", name="ck_clock_event_kind"),
        sa.ForeignKeyConstraint(["clock_id"], ["problem_clock.id"], name="fk_clock_event_clock_id"),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"], name="fk_clock_event_problem_id"),
        sa.ForeignKeyConstraint(
            ["rule_version_id"], ["clock_rule_version.id"], name="fk_clock_event_rule_version_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_clock_event"),
        sa.UniqueConstraint(
            "problem_id",
            "clock_id",
            "rule_version_id",
            "kind",
            name="uq_clock_event_problem_id_clock_id_rule_version_id_kind",
        ),
    )
    op.create_table(
        "coordination_step",
        sa.Column("id", BIG, nullable=False),
        sa.Column("coordination_id", BIG, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("owner_id", BIG, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coordination_id"], ["coordination.id"], name="fk_coordination_step_coordination_id"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name="fk_coordination_step_owner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_coordination_step"),
    )
    op.create_index(
        "ix_coordination_step_coordination_id", "coordination_step", ["coordination_id"], unique=False
    )

    rules = sa.table(
        "clock_rule_version",
        sa.column("state", sa.Text()),
        sa.column("rules", sa.JSON()),
        sa.column("note", sa.Text()),
        sa.column("created_at", MOMENT),
        sa.column("in_force_at", MOMENT),
    )
    now = sa.func.current_timestamp()
    values = {"state": "in_force", "rules": SHIPPED, "note": "", "created_at": now, "in_force_at": now}
    op.execute(rules.insert().values(**values))
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION problem_five_haves()")
