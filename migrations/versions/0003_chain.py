"""The chain room: chains, firms on segments, supply, prospects, scenarios, imports."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "industry_chain",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("stages", sa.JSON(), nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_industry_chain")),
        sa.UniqueConstraint("code", name=op.f("uq_industry_chain_code")),
    )
    op.create_table(
        "assessment_snapshot",
        sa.Column("id", BIG, nullable=False),
        sa.Column("chain_id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("total_shortfall_wan", sa.Double(), nullable=False),
        sa.Column("segments", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chain_id"], ["industry_chain.id"], name=op.f("fk_assessment_snapshot_chain_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_snapshot")),
        sa.UniqueConstraint("chain_id", "version", name=op.f("uq_assessment_snapshot_chain_id_version")),
    )
    op.create_table(
        "chain_firm",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_chain_firm_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_firm")),
        sa.UniqueConstraint("code", name=op.f("uq_chain_firm_code")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_chain_firm_organisation_id")),
    )
    op.create_table(
        "segment",
        sa.Column("id", BIG, nullable=False),
        sa.Column("chain_id", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("stage", BIG, nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["chain_id"], ["industry_chain.id"], name=op.f("fk_segment_chain_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("chain_id", "code", name=op.f("uq_segment_chain_id_code")),
    )
    op.create_table(
        "chain_scenario",
        sa.Column("id", BIG, nullable=False),
        sa.Column("chain_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("prospects", sa.JSON(), nullable=False),
        sa.Column("added", sa.JSON(), nullable=False),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_by", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["chain_id"], ["industry_chain.id"], name=op.f("fk_chain_scenario_chain_id")),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_chain_scenario_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_scenario")),
    )
    op.create_index("ix_chain_scenario_chain_id", "chain_scenario", ["chain_id"], unique=False)
    op.create_table(
        "essentiality",
        sa.Column("id", BIG, nullable=False),
        sa.Column("chain_id", BIG, nullable=False),
        sa.Column("source_id", BIG, nullable=False),
        sa.Column("target_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('essential', 'non_essential', 'negligible')", name=op.f("ck_essentiality_kind")
        ),
        sa.ForeignKeyConstraint(["chain_id"], ["industry_chain.id"], name=op.f("fk_essentiality_chain_id")),
        sa.ForeignKeyConstraint(["source_id"], ["segment.id"], name=op.f("fk_essentiality_source_id")),
        sa.ForeignKeyConstraint(["target_id"], ["segment.id"], name=op.f("fk_essentiality_target_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_essentiality")),
        sa.UniqueConstraint("source_id", "target_id", name=op.f("uq_essentiality_source_id_target_id")),
    )
    op.create_index(op.f("ix_essentiality_chain_id"), "essentiality", ["chain_id"], unique=False)
    op.create_table(
        "import_batch",
        sa.Column("id", BIG, nullable=False),
        sa.Column("chain_id", BIG, nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tables", sa.JSON(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("version_before", BIG, nullable=False),
        sa.Column("version_after", BIG, nullable=True),
        sa.Column("created_by", BIG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("applied_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('preview', 'applied', 'undone', 'discarded')", name=op.f("ck_import_batch_state")
        ),
        sa.ForeignKeyConstraint(["chain_id"], ["industry_chain.id"], name=op.f("fk_import_batch_chain_id")),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_import_batch_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_index(
        "ix_import_batch_chain_id_created_at", "import_batch", ["chain_id", "created_at"], unique=False
    )
    op.create_table(
        "input_coefficient",
        sa.Column("id", BIG, nullable=False),
        sa.Column("chain_id", BIG, nullable=False),
        sa.Column("source_id", BIG, nullable=False),
        sa.Column("target_id", BIG, nullable=False),
        sa.Column("coefficient", sa.Double(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "coefficient >= 0 AND coefficient <= 1e18", name=op.f("ck_input_coefficient_coefficient")
        ),
        sa.ForeignKeyConstraint(
            ["chain_id"], ["industry_chain.id"], name=op.f("fk_input_coefficient_chain_id")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["segment.id"], name=op.f("fk_input_coefficient_source_id")),
        sa.ForeignKeyConstraint(["target_id"], ["segment.id"], name=op.f("fk_input_coefficient_target_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_input_coefficient")),
        sa.UniqueConstraint("source_id", "target_id", name=op.f("uq_input_coefficient_source_id_target_id")),
    )
    op.create_index(op.f("ix_input_coefficient_chain_id"), "input_coefficient", ["chain_id"], unique=False)
    op.create_index("ix_input_coefficient_target_id", "input_coefficient", ["target_id"], unique=False)
    op.create_table(
        "match_decision",
        sa.Column("id", BIG, nullable=False),
        sa.Column("chain_id", BIG, nullable=False),
        sa.Column("supplier_id", BIG, nullable=False),
        sa.Column("customer_id", BIG, nullable=False),
        sa.Column("segment_id", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("value_wan", sa.Double(), nullable=False),
        sa.Column("asked_by_firm_id", BIG, nullable=True),
        sa.Column("asked_by", BIG, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("decided_by", BIG, nullable=True),
        sa.Column("decided_name", sa.Text(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('asked', 'agreed', 'declined')", name=op.f("ck_match_decision_state")),
        sa.CheckConstraint("supplier_id <> customer_id", name=op.f("ck_match_decision_two_firms")),
        sa.CheckConstraint("value_wan >= 0 AND value_wan <= 1e18", name=op.f("ck_match_decision_value_wan")),
        sa.ForeignKeyConstraint(["asked_by"], ["member.id"], name=op.f("fk_match_decision_asked_by")),
        sa.ForeignKeyConstraint(
            ["asked_by_firm_id"], ["chain_firm.id"], name=op.f("fk_match_decision_asked_by_firm_id")
        ),
        sa.ForeignKeyConstraint(["chain_id"], ["industry_chain.id"], name=op.f("fk_match_decision_chain_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["chain_firm.id"], name=op.f("fk_match_decision_customer_id")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["member.id"], name=op.f("fk_match_decision_decided_by")),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name=op.f("fk_match_decision_segment_id")),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["chain_firm.id"], name=op.f("fk_match_decision_supplier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_decision")),
        sa.UniqueConstraint(
            "supplier_id",
            "customer_id",
            "segment_id",
            name=op.f("uq_match_decision_supplier_id_customer_id_segment_id"),
        ),
    )
    op.create_index(op.f("ix_match_decision_chain_id"), "match_decision", ["chain_id"], unique=False)
    op.create_index("ix_match_decision_customer_id", "match_decision", ["customer_id"], unique=False)
    op.create_table(
        "position",
        sa.Column("id", BIG, nullable=False),
        sa.Column("chain_id", BIG, nullable=False),
        sa.Column("segment_id", BIG, nullable=False),
        sa.Column("firm_id", BIG, nullable=False),
        sa.Column("output_wan", sa.Double(), nullable=False),
        sa.Column("capacity_wan", sa.Double(), nullable=True),
        sa.Column("products", sa.Text(), nullable=False),
        sa.Column("in_park", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("confirmed_by", BIG, nullable=True),
        sa.CheckConstraint(
            "capacity_wan >= 0 AND capacity_wan <= 1e18", name=op.f("ck_position_capacity_wan")
        ),
        sa.CheckConstraint("output_wan >= 0 AND output_wan <= 1e18", name=op.f("ck_position_output_wan")),
        sa.ForeignKeyConstraint(["chain_id"], ["industry_chain.id"], name=op.f("fk_position_chain_id")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["member.id"], name=op.f("fk_position_confirmed_by")),
        sa.ForeignKeyConstraint(["firm_id"], ["chain_firm.id"], name=op.f("fk_position_firm_id")),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name=op.f("fk_position_segment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position")),
        sa.UniqueConstraint("segment_id", "firm_id", name=op.f("uq_position_segment_id_firm_id")),
    )
    op.create_index(op.f("ix_position_chain_id"), "position", ["chain_id"], unique=False)
    op.create_index("ix_position_firm_id", "position", ["firm_id"], unique=False)
    op.create_table(
        "prospect",
        sa.Column("id", BIG, nullable=False),
        sa.Column("chain_id", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("products", sa.Text(), nullable=False),
        sa.Column("takes", sa.JSON(), nullable=False),
        sa.Column("brings", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owner_id", BIG, nullable=True),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("organisation_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("touched_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(state = 'landed') = (organisation_id IS NOT NULL)", name=op.f("ck_prospect_landed")
        ),
        sa.CheckConstraint(
            "state IN ('identified', 'contacted', 'visited', 'negotiating', 'signed', 'landed', 'lost')",
            name=op.f("ck_prospect_state"),
        ),
        sa.ForeignKeyConstraint(["chain_id"], ["industry_chain.id"], name=op.f("fk_prospect_chain_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_prospect_organisation_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name=op.f("fk_prospect_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prospect")),
        sa.UniqueConstraint("code", name=op.f("uq_prospect_code")),
    )
    op.create_index("ix_prospect_chain_id_state", "prospect", ["chain_id", "state"], unique=False)
    op.create_table(
        "supply_link",
        sa.Column("id", BIG, nullable=False),
        sa.Column("chain_id", BIG, nullable=False),
        sa.Column("supplier_id", BIG, nullable=False),
        sa.Column("customer_id", BIG, nullable=False),
        sa.Column("segment_id", BIG, nullable=False),
        sa.Column("value_wan", sa.Double(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confirmed_by", BIG, nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint("value_wan >= 0 AND value_wan <= 1e18", name=op.f("ck_supply_link_value_wan")),
        sa.ForeignKeyConstraint(["chain_id"], ["industry_chain.id"], name=op.f("fk_supply_link_chain_id")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["member.id"], name=op.f("fk_supply_link_confirmed_by")),
        sa.ForeignKeyConstraint(["customer_id"], ["chain_firm.id"], name=op.f("fk_supply_link_customer_id")),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name=op.f("fk_supply_link_segment_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["chain_firm.id"], name=op.f("fk_supply_link_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply_link")),
        sa.UniqueConstraint(
            "supplier_id",
            "customer_id",
            "segment_id",
            name=op.f("uq_supply_link_supplier_id_customer_id_segment_id"),
        ),
    )
    op.create_index(op.f("ix_supply_link_chain_id"), "supply_link", ["chain_id"], unique=False)
    op.create_index("ix_supply_link_customer_id", "supply_link", ["customer_id"], unique=False)
    op.create_table(
        "chain_action",
        sa.Column("id", BIG, nullable=False),
        sa.Column("chain_id", BIG, nullable=False),
        sa.Column("segment_id", BIG, nullable=False),
        sa.Column("prospect_id", BIG, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owner_id", BIG, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("shortfall_wan", sa.Double(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('fill', 'strengthen', 'extend')", name=op.f("ck_chain_action_kind")),
        sa.CheckConstraint(
            "state IN ('planned', 'in_progress', 'relieved', 'dropped')", name=op.f("ck_chain_action_state")
        ),
        sa.ForeignKeyConstraint(["chain_id"], ["industry_chain.id"], name=op.f("fk_chain_action_chain_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name=op.f("fk_chain_action_owner_id")),
        sa.ForeignKeyConstraint(["prospect_id"], ["prospect.id"], name=op.f("fk_chain_action_prospect_id")),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name=op.f("fk_chain_action_segment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_action")),
    )
    op.create_index("ix_chain_action_chain_id_state", "chain_action", ["chain_id", "state"], unique=False)
    op.create_table(
        "position_correction",
        sa.Column("id", BIG, nullable=False),
        sa.Column("position_id", BIG, nullable=False),
        sa.Column("output_wan", sa.Double(), nullable=False),
        sa.Column("capacity_wan", sa.Double(), nullable=True),
        sa.Column("products", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposed_by", BIG, nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("decided_by", BIG, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'confirmed', 'rejected')", name=op.f("ck_position_correction_state")
        ),
        sa.CheckConstraint(
            "capacity_wan >= 0 AND capacity_wan <= 1e18", name=op.f("ck_position_correction_capacity_wan")
        ),
        sa.CheckConstraint(
            "output_wan >= 0 AND output_wan <= 1e18", name=op.f("ck_position_correction_output_wan")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["member.id"], name=op.f("fk_position_correction_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["position_id"],
            ["position.id"],
            name=op.f("fk_position_correction_position_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["member.id"], name=op.f("fk_position_correction_proposed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position_correction")),
    )
    op.create_index(
        "uq_position_correction_open",
        "position_correction",
        ["position_id"],
        unique=True,
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.create_table(
        "prospect_position",
        sa.Column("id", BIG, nullable=False),
        sa.Column("prospect_id", BIG, nullable=False),
        sa.Column("segment_id", BIG, nullable=False),
        sa.Column("output_wan", sa.Double(), nullable=False),
        sa.CheckConstraint(
            "output_wan >= 0 AND output_wan <= 1e18", name=op.f("ck_prospect_position_output_wan")
        ),
        sa.ForeignKeyConstraint(
            ["prospect_id"],
            ["prospect.id"],
            name=op.f("fk_prospect_position_prospect_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name=op.f("fk_prospect_position_segment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prospect_position")),
        sa.UniqueConstraint(
            "prospect_id", "segment_id", name=op.f("uq_prospect_position_prospect_id_segment_id")
        ),
    )
    op.create_table(
        "prospect_step",
        sa.Column("id", BIG, nullable=False),
        sa.Column("prospect_id", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("member_id", BIG, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_prospect_step_member_id")),
        sa.ForeignKeyConstraint(
            ["prospect_id"], ["prospect.id"], name=op.f("fk_prospect_step_prospect_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prospect_step")),
    )
    op.create_index("ix_prospect_step_prospect_id_at", "prospect_step", ["prospect_id", "at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_prospect_step_prospect_id_at", table_name="prospect_step")
    op.drop_table("prospect_step")
    op.drop_table("prospect_position")
    op.drop_index(
        "uq_position_correction_open",
        table_name="position_correction",
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.drop_table("position_correction")
    op.drop_index("ix_chain_action_chain_id_state", table_name="chain_action")
    op.drop_table("chain_action")
    op.drop_index("ix_supply_link_customer_id", table_name="supply_link")
    op.drop_index(op.f("ix_supply_link_chain_id"), table_name="supply_link")
    op.drop_table("supply_link")
    op.drop_index("ix_prospect_chain_id_state", table_name="prospect")
    op.drop_table("prospect")
    op.drop_index("ix_position_firm_id", table_name="position")
    op.drop_index(op.f("ix_position_chain_id"), table_name="position")
    op.drop_table("position")
    op.drop_index("ix_match_decision_customer_id", table_name="match_decision")
    op.drop_index(op.f("ix_match_decision_chain_id"), table_name="match_decision")
    op.drop_table("match_decision")
    op.drop_index("ix_input_coefficient_target_id", table_name="input_coefficient")
    op.drop_index(op.f("ix_input_coefficient_chain_id"), table_name="input_coefficient")
    op.drop_table("input_coefficient")
    op.drop_index("ix_import_batch_chain_id_created_at", table_name="import_batch")
    op.drop_table("import_batch")
    op.drop_index(op.f("ix_essentiality_chain_id"), table_name="essentiality")
    op.drop_table("essentiality")
    op.drop_index("ix_chain_scenario_chain_id", table_name="chain_scenario")
    op.drop_table("chain_scenario")
    op.drop_table("segment")
    op.drop_table("chain_firm")
    op.drop_table("assessment_snapshot")
    op.drop_table("industry_chain")
