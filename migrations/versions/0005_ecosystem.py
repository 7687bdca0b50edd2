"""Needs, offers, matches, introductions, outcomes, the committee, projects, service packs, signals."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


# Behind the decisions of the services: a refused pair stays refused, a signed outcome stays as it was signed,
# and the timeline of an introduction is only ever added to.
TRIGGERS = {
    "sqlite": (
        "CREATE TRIGGER match_refused_pair BEFORE INSERT ON match WHEN EXISTS (SELECT 1 FROM match_refusal r"
        " WHERE r.need_id = NEW.need_id AND r.offer_id = NEW.offer_id"
        " AND r.until_on > date(NEW.created_at, '+8 hours'))"
        " BEGIN SELECT RAISE(ABORT, 'the pair was refused'); END",
        "CREATE TRIGGER outcome_signed BEFORE UPDATE ON outcome WHEN OLD.confirmed_at IS NOT NULL"
        " BEGIN SELECT RAISE(ABORT, 'a confirmed outcome stays as it is'); END",
        "CREATE TRIGGER outcome_kept BEFORE DELETE ON outcome WHEN OLD.confirmed_at IS NOT NULL"
        " BEGIN SELECT RAISE(ABORT, 'a confirmed outcome stays as it is'); END",
        "CREATE TRIGGER introduction_note_no_update BEFORE UPDATE ON introduction_note"
        " BEGIN SELECT RAISE(ABORT, 'introduction_note is append-only'); END",
        "CREATE TRIGGER introduction_note_no_delete BEFORE DELETE ON introduction_note"
        " BEGIN SELECT RAISE(ABORT, 'introduction_note is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION match_refuse_pair() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF EXISTS (SELECT 1 FROM match_refusal r WHERE r.need_id = NEW.need_id AND r.offer_id = NEW.offer_id"
        " AND r.until_on > (NEW.created_at AT TIME ZONE 'Asia/Shanghai')::date)"
        " THEN RAISE EXCEPTION 'the pair was refused' USING ERRCODE = 'restrict_violation'; END IF;"
        " RETURN NEW; END $$",
        "CREATE TRIGGER match_refused_pair BEFORE INSERT ON match"
        " FOR EACH ROW EXECUTE FUNCTION match_refuse_pair()",
        "CREATE FUNCTION outcome_keep_signed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF OLD.confirmed_at IS NOT NULL THEN RAISE EXCEPTION 'a confirmed outcome stays as it is'"
        " USING ERRCODE = 'restrict_violation'; END IF;"
        " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER outcome_signed BEFORE UPDATE OR DELETE ON outcome"
        " FOR EACH ROW EXECUTE FUNCTION outcome_keep_signed()",
        "CREATE TRIGGER introduction_note_no_change BEFORE UPDATE OR DELETE ON introduction_note"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    ),
}
UNDO = {
    "sqlite": (),
    "postgresql": (
        "DROP FUNCTION match_refuse_pair() CASCADE",
        "DROP FUNCTION outcome_keep_signed() CASCADE",
    ),
}


def upgrade() -> None:
    op.create_table(
        "committee",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("founded_on", sa.Date(), nullable=False),
        sa.Column("quorum_percent", BIG, server_default="50", nullable=False),
        sa.CheckConstraint("quorum_percent BETWEEN 1 AND 99", name=op.f("ck_committee_quorum")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee")),
    )
    op.create_table(
        "match_policy",
        sa.Column("id", BIG, nullable=False),
        sa.Column("refusal_days", BIG, server_default="180", nullable=False),
        sa.Column("most_open", BIG, server_default="8", nullable=False),
        sa.Column("least_percent", BIG, server_default="30", nullable=False),
        sa.Column("answer_days", BIG, server_default="30", nullable=False),
        sa.Column("review", sa.Text(), server_default="rules", nullable=False),
        sa.CheckConstraint("review IN ('rules', 'always')", name=op.f("ck_match_policy_review")),
        sa.CheckConstraint("answer_days BETWEEN 1 AND 365", name=op.f("ck_match_policy_answer_days")),
        sa.CheckConstraint("id = 1", name=op.f("ck_match_policy_one_row")),
        sa.CheckConstraint("least_percent BETWEEN 1 AND 99", name=op.f("ck_match_policy_least_percent")),
        sa.CheckConstraint("most_open BETWEEN 1 AND 100", name=op.f("ck_match_policy_most_open")),
        sa.CheckConstraint("refusal_days BETWEEN 1 AND 3650", name=op.f("ck_match_policy_refusal_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_policy")),
    )
    op.create_table(
        "committee_meeting",
        sa.Column("id", BIG, nullable=False),
        sa.Column("committee_id", BIG, nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="planned", nullable=False),
        sa.Column("minutes", sa.Text(), server_default="", nullable=False),
        sa.Column("weak_links", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'held', 'cancelled')", name=op.f("ck_committee_meeting_state")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_committee_meeting_starts_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committee.id"], name=op.f("fk_committee_meeting_committee_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_meeting")),
        sa.UniqueConstraint("committee_id", "number", name=op.f("uq_committee_meeting_committee_id_number")),
    )
    op.create_table(
        "committee_seat",
        sa.Column("id", BIG, nullable=False),
        sa.Column("committee_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), server_default="", nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('enterprise', 'university', 'institute', 'association', 'bank', 'park')",
            name=op.f("ck_committee_seat_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committee.id"], name=op.f("fk_committee_seat_committee_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_committee_seat_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_seat")),
    )
    op.create_index(
        "uq_committee_seat_open",
        "committee_seat",
        ["committee_id", "organisation_id"],
        unique=True,
        sqlite_where=sa.text("until_on IS NULL"),
        postgresql_where=sa.text("until_on IS NULL"),
    )
    op.create_table(
        "firm_label",
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_firm_label_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "label", name=op.f("pk_firm_label")),
    )
    op.create_table(
        "agenda_item",
        sa.Column("id", BIG, nullable=False),
        sa.Column("meeting_id", BIG, nullable=False),
        sa.Column("position", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "kind IN ('overdue', 'concern', 'weak_link', 'refused_demand', 'own')",
            name=op.f("ck_agenda_item_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["committee_meeting.id"], name=op.f("fk_agenda_item_meeting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
        sa.UniqueConstraint("meeting_id", "key", name=op.f("uq_agenda_item_meeting_id_key")),
    )
    op.create_table(
        "post",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("created_by", BIG, nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("product", sa.Text(), server_default="", nullable=False),
        sa.Column("shown_title", sa.Text(), nullable=False),
        sa.Column("shown_description", sa.Text(), server_default="", nullable=False),
        sa.Column("shown_product", sa.Text(), server_default="", nullable=False),
        sa.Column("segment", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("amount_fen", BIG, nullable=True),
        sa.Column("quantity", BIG, nullable=True),
        sa.Column("unit", sa.Text(), server_default="", nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("visibility", sa.Text(), server_default="park", nullable=False),
        sa.Column("matching", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("published_by", BIG, nullable=True),
        sa.Column("review_note", sa.Text(), server_default="", nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('need', 'offer')", name=op.f("ck_post_kind")),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'engaged', 'satisfied', 'expired', 'withdrawn')",
            name=op.f("ck_post_state"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR published_at IS NOT NULL", name=op.f("ck_post_reviewed")
        ),
        sa.CheckConstraint("visibility IN ('park', 'matched')", name=op.f("ck_post_visibility")),
        sa.CheckConstraint("amount_fen IS NULL OR amount_fen >= 0", name=op.f("ck_post_amount")),
        sa.CheckConstraint("quantity IS NULL OR quantity > 0", name=op.f("ck_post_quantity")),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_post_created_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_post_organisation_id")
        ),
        sa.ForeignKeyConstraint(["published_by"], ["member.id"], name=op.f("fk_post_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    op.create_index("ix_post_organisation_id", "post", ["organisation_id"], unique=False)
    op.create_index("ix_post_state_kind", "post", ["state", "kind"], unique=False)
    op.create_table(
        "service_pack",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("industry", sa.Text(), server_default="", nullable=False),
        sa.Column("segment", sa.Text(), nullable=True),
        sa.Column("prospect_id", BIG, nullable=True),
        sa.Column("enterprise_id", BIG, nullable=True),
        sa.Column("greeting", sa.Text(), server_default="", nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("owner_id", BIG, nullable=True),
        sa.Column("opened_count", BIG, server_default="0", nullable=False),
        sa.Column("last_opened_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("state IN ('draft', 'shared', 'withdrawn')", name=op.f("ck_service_pack_state")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["organisation.id"], name=op.f("fk_service_pack_enterprise_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name=op.f("fk_service_pack_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_pack")),
        sa.UniqueConstraint("token", name=op.f("uq_service_pack_token")),
    )
    op.create_table(
        "match",
        sa.Column("id", BIG, nullable=False),
        sa.Column("need_id", BIG, nullable=False),
        sa.Column("offer_id", BIG, nullable=False),
        sa.Column("need_organisation_id", BIG, nullable=False),
        sa.Column("offer_organisation_id", BIG, nullable=False),
        sa.Column("score_ratio", sa.Float(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), server_default="proposed", nullable=False),
        sa.Column("need_says", sa.Boolean(), nullable=True),
        sa.Column("offer_says", sa.Boolean(), nullable=True),
        sa.Column("need_answered_at", MOMENT, nullable=True),
        sa.Column("offer_answered_at", MOMENT, nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'asked', 'mutual', 'introduced', 'declined', 'lapsed')",
            name=op.f("ck_match_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('mutual', 'introduced') OR (need_says AND offer_says)",
            name=op.f("ck_match_both_said_yes"),
        ),
        sa.CheckConstraint("need_organisation_id <> offer_organisation_id", name=op.f("ck_match_two_sides")),
        sa.CheckConstraint("score_ratio >= 0 AND score_ratio <= 1", name=op.f("ck_match_score")),
        sa.ForeignKeyConstraint(["need_id"], ["post.id"], name=op.f("fk_match_need_id")),
        sa.ForeignKeyConstraint(
            ["need_organisation_id"], ["organisation.id"], name=op.f("fk_match_need_organisation_id")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["post.id"], name=op.f("fk_match_offer_id")),
        sa.ForeignKeyConstraint(
            ["offer_organisation_id"], ["organisation.id"], name=op.f("fk_match_offer_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match")),
    )
    op.create_index(
        "ix_match_need_organisation_id_state", "match", ["need_organisation_id", "state"], unique=False
    )
    op.create_index(
        "ix_match_offer_organisation_id_state", "match", ["offer_organisation_id", "state"], unique=False
    )
    op.create_index(
        "uq_match_open_pair",
        "match",
        ["need_id", "offer_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('proposed', 'asked', 'mutual', 'introduced')"),
        postgresql_where=sa.text("state IN ('proposed', 'asked', 'mutual', 'introduced')"),
    )
    op.create_table(
        "pack_item",
        sa.Column("id", BIG, nullable=False),
        sa.Column("pack_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("position", BIG, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("organisation_id", BIG, nullable=True),
        sa.Column("wanted_at", MOMENT, nullable=True),
        sa.Column("agreed_at", MOMENT, nullable=True),
        sa.Column("declined_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "kind IN ('neighbour', 'resource', 'talent', 'benefit')", name=op.f("ck_pack_item_kind")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_pack_item_organisation_id")
        ),
        sa.ForeignKeyConstraint(["pack_id"], ["service_pack.id"], name=op.f("fk_pack_item_pack_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_item")),
    )
    op.create_index("ix_pack_item_pack_id", "pack_item", ["pack_id"], unique=False)
    op.create_table(
        "post_tag",
        sa.Column("post_id", BIG, nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_post_tag_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "tag", name=op.f("pk_post_tag")),
    )
    op.create_index("ix_post_tag_tag", "post_tag", ["tag"], unique=False)
    op.create_table(
        "resolution",
        sa.Column("id", BIG, nullable=False),
        sa.Column("committee_id", BIG, nullable=False),
        sa.Column("agenda_item_id", BIG, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner_id", BIG, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("(state = 'open') = (closed_on IS NULL)", name=op.f("ck_resolution_closed")),
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name=op.f("ck_resolution_state")),
        sa.ForeignKeyConstraint(
            ["agenda_item_id"], ["agenda_item.id"], name=op.f("fk_resolution_agenda_item_id")
        ),
        sa.ForeignKeyConstraint(["committee_id"], ["committee.id"], name=op.f("fk_resolution_committee_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_resolution_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution")),
    )
    op.create_index("ix_resolution_state_due_on", "resolution", ["state", "due_on"], unique=False)
    op.create_table(
        "signal",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), server_default="", nullable=False),
        sa.Column("organisation_id", BIG, nullable=True),
        sa.Column("segment", sa.Text(), nullable=True),
        sa.Column("resource_id", BIG, nullable=True),
        sa.Column("post_id", BIG, nullable=True),
        sa.Column("minutes", BIG, server_default="0", nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("member_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "kind IN ('complaint', 'visit', 'survey', 'refused_booking')", name=op.f("ck_signal_kind")
        ),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_signal_minutes")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_signal_member_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_signal_organisation_id")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_signal_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal")),
        sa.UniqueConstraint("source", name=op.f("uq_signal_source")),
    )
    op.create_index("ix_signal_occurred_on", "signal", ["occurred_on"], unique=False)
    op.create_table(
        "vote",
        sa.Column("id", BIG, nullable=False),
        sa.Column("agenda_item_id", BIG, nullable=False),
        sa.Column("seat_id", BIG, nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("member_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("choice IN ('yes', 'no', 'abstain')", name=op.f("ck_vote_choice")),
        sa.ForeignKeyConstraint(["agenda_item_id"], ["agenda_item.id"], name=op.f("fk_vote_agenda_item_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_vote_member_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["committee_seat.id"], name=op.f("fk_vote_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
        sa.UniqueConstraint("agenda_item_id", "seat_id", name=op.f("uq_vote_agenda_item_id_seat_id")),
    )
    op.create_table(
        "introduction",
        sa.Column("id", BIG, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("match_id", BIG, nullable=True),
        sa.Column("redemption_id", BIG, nullable=True),
        sa.Column("pack_id", BIG, nullable=True),
        sa.Column("pack_item_id", BIG, nullable=True),
        sa.Column("asking_id", BIG, nullable=True),
        sa.Column("giving_id", BIG, nullable=False),
        sa.Column("owner_id", BIG, nullable=True),
        sa.Column("next_step", sa.Text(), server_default="", nullable=False),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("next_owner_id", BIG, nullable=True),
        sa.Column("state", sa.Text(), server_default="opened", nullable=False),
        sa.Column("lost_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("last_noted_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("credited_at", MOMENT, nullable=True),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "credited_at IS NULL OR state = 'verified'", name=op.f("ck_introduction_credited_when_verified")
        ),
        sa.CheckConstraint(
            "origin IN ('match', 'reward', 'pack', 'staff')", name=op.f("ck_introduction_origin")
        ),
        sa.CheckConstraint(
            "state IN ('opened', 'met', 'negotiating', 'agreed', 'delivering', 'verified', 'lost')",
            name=op.f("ck_introduction_state"),
        ),
        sa.CheckConstraint("asking_id <> giving_id", name=op.f("ck_introduction_two_sides")),
        sa.CheckConstraint(
            "asking_id IS NOT NULL OR pack_id IS NOT NULL", name=op.f("ck_introduction_somebody_asks")
        ),
        sa.ForeignKeyConstraint(["asking_id"], ["organisation.id"], name=op.f("fk_introduction_asking_id")),
        sa.ForeignKeyConstraint(["giving_id"], ["organisation.id"], name=op.f("fk_introduction_giving_id")),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_introduction_match_id")),
        sa.ForeignKeyConstraint(
            ["next_owner_id"], ["organisation.id"], name=op.f("fk_introduction_next_owner_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name=op.f("fk_introduction_owner_id")),
        sa.ForeignKeyConstraint(["pack_id"], ["service_pack.id"], name=op.f("fk_introduction_pack_id")),
        sa.ForeignKeyConstraint(
            ["pack_item_id"], ["pack_item.id"], name=op.f("fk_introduction_pack_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction")),
        sa.UniqueConstraint("match_id", name=op.f("uq_introduction_match_id")),
        sa.UniqueConstraint("pack_item_id", name=op.f("uq_introduction_pack_item_id")),
        sa.UniqueConstraint("redemption_id", name=op.f("uq_introduction_redemption_id")),
    )
    op.create_index("ix_introduction_asking_id", "introduction", ["asking_id"], unique=False)
    op.create_index("ix_introduction_giving_id", "introduction", ["giving_id"], unique=False)
    op.create_index("ix_introduction_state", "introduction", ["state"], unique=False)
    op.create_table(
        "joint_base",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), server_default="", nullable=False),
        sa.Column("university_id", BIG, nullable=False),
        sa.Column("resolution_id", BIG, nullable=True),
        sa.Column("founded_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resolution_id"], ["resolution.id"], name=op.f("fk_joint_base_resolution_id")
        ),
        sa.ForeignKeyConstraint(
            ["university_id"], ["organisation.id"], name=op.f("fk_joint_base_university_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_base")),
    )
    op.create_table(
        "match_refusal",
        sa.Column("id", BIG, nullable=False),
        sa.Column("match_id", BIG, nullable=False),
        sa.Column("need_id", BIG, nullable=False),
        sa.Column("offer_id", BIG, nullable=False),
        sa.Column("need_organisation_id", BIG, nullable=False),
        sa.Column("offer_organisation_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_match_refusal_match_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_match_refusal_member_id")),
        sa.ForeignKeyConstraint(["need_id"], ["post.id"], name=op.f("fk_match_refusal_need_id")),
        sa.ForeignKeyConstraint(
            ["need_organisation_id"], ["organisation.id"], name=op.f("fk_match_refusal_need_organisation_id")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["post.id"], name=op.f("fk_match_refusal_offer_id")),
        sa.ForeignKeyConstraint(
            ["offer_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_match_refusal_offer_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_refusal")),
        sa.UniqueConstraint("match_id", name=op.f("uq_match_refusal_match_id")),
    )
    op.create_index("ix_match_refusal_until_on", "match_refusal", ["until_on"], unique=False)
    op.create_table(
        "signal_tag",
        sa.Column("signal_id", BIG, nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["signal_id"], ["signal.id"], name=op.f("fk_signal_tag_signal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("signal_id", "tag", name=op.f("pk_signal_tag")),
    )
    op.create_table(
        "appointment",
        sa.Column("id", BIG, nullable=False),
        sa.Column("introduction_id", BIG, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("sequence", BIG, server_default="0", nullable=False),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.Column("member_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_appointment_starts_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["introduction_id"], ["introduction.id"], name=op.f("fk_appointment_introduction_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_appointment_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index("ix_appointment_introduction_id", "appointment", ["introduction_id"], unique=False)
    op.create_table(
        "introduction_file",
        sa.Column("id", BIG, nullable=False),
        sa.Column("introduction_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("member_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("size > 0 AND size <= 5242880", name=op.f("ck_introduction_file_size")),
        sa.ForeignKeyConstraint(
            ["introduction_id"], ["introduction.id"], name=op.f("fk_introduction_file_introduction_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_introduction_file_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction_file")),
    )
    op.create_index(
        "ix_introduction_file_introduction_id", "introduction_file", ["introduction_id"], unique=False
    )
    op.create_table(
        "introduction_note",
        sa.Column("id", BIG, nullable=False),
        sa.Column("introduction_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("to_state", sa.Text(), server_default="", nullable=False),
        sa.Column("member_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "kind IN ('note', 'step', 'meeting', 'file', 'outcome')", name=op.f("ck_introduction_note_kind")
        ),
        sa.ForeignKeyConstraint(
            ["introduction_id"], ["introduction.id"], name=op.f("fk_introduction_note_introduction_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_introduction_note_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction_note")),
    )
    op.create_index(
        "ix_introduction_note_introduction_id", "introduction_note", ["introduction_id"], unique=False
    )
    op.create_table(
        "joint_base_firm",
        sa.Column("base_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["base_id"], ["joint_base.id"], name=op.f("fk_joint_base_firm_base_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_joint_base_firm_organisation_id")
        ),
        sa.PrimaryKeyConstraint("base_id", "organisation_id", name=op.f("pk_joint_base_firm")),
    )
    op.create_table(
        "outcome",
        sa.Column("id", BIG, nullable=False),
        sa.Column("introduction_id", BIG, nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("baseline_milli", BIG, nullable=False),
        sa.Column("actual_milli", BIG, nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("beneficiary_id", BIG, nullable=True),
        sa.Column("recorded_by", BIG, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("confirmed_by", BIG, nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("contested_at", MOMENT, nullable=True),
        sa.Column("contested_reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_outcome_confirmed")
        ),
        sa.CheckConstraint(
            "NOT (confirmed_at IS NOT NULL AND contested_at IS NOT NULL)", name=op.f("ck_outcome_one_answer")
        ),
        sa.CheckConstraint("confirmed_by <> recorded_by", name=op.f("ck_outcome_four_eyes")),
        sa.ForeignKeyConstraint(
            ["beneficiary_id"], ["organisation.id"], name=op.f("fk_outcome_beneficiary_id")
        ),
        sa.ForeignKeyConstraint(["confirmed_by"], ["member.id"], name=op.f("fk_outcome_confirmed_by")),
        sa.ForeignKeyConstraint(
            ["introduction_id"], ["introduction.id"], name=op.f("fk_outcome_introduction_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["member.id"], name=op.f("fk_outcome_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
    )
    op.create_index("ix_outcome_confirmed_at", "outcome", ["confirmed_at"], unique=False)
    op.create_index("ix_outcome_introduction_id", "outcome", ["introduction_id"], unique=False)
    op.create_table(
        "transfer_project",
        sa.Column("id", BIG, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("university_id", BIG, nullable=False),
        sa.Column("enterprise_id", BIG, nullable=False),
        sa.Column("base_id", BIG, nullable=True),
        sa.Column("need_id", BIG, nullable=True),
        sa.Column("segment", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), server_default="need", nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("match_on", sa.Date(), nullable=True),
        sa.Column("research_on", sa.Date(), nullable=True),
        sa.Column("pilot_on", sa.Date(), nullable=True),
        sa.Column("production_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(stage = 'production') = (production_on IS NOT NULL)",
            name=op.f("ck_transfer_project_production"),
        ),
        sa.CheckConstraint(
            "stage IN ('need', 'match', 'research', 'pilot', 'production', 'dropped')",
            name=op.f("ck_transfer_project_stage"),
        ),
        sa.CheckConstraint(
            "production_on IS NULL OR production_on >= started_on", name=op.f("ck_transfer_project_order")
        ),
        sa.ForeignKeyConstraint(["base_id"], ["joint_base.id"], name=op.f("fk_transfer_project_base_id")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["organisation.id"], name=op.f("fk_transfer_project_enterprise_id")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["post.id"], name=op.f("fk_transfer_project_need_id")),
        sa.ForeignKeyConstraint(
            ["university_id"], ["organisation.id"], name=op.f("fk_transfer_project_university_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_project")),
    )
    op.create_index("ix_transfer_project_enterprise_id", "transfer_project", ["enterprise_id"], unique=False)
    op.execute("INSERT INTO match_policy (id) VALUES (1)")
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in UNDO[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_index("ix_transfer_project_enterprise_id", table_name="transfer_project")
    op.drop_table("transfer_project")
    op.drop_index("ix_outcome_introduction_id", table_name="outcome")
    op.drop_index("ix_outcome_confirmed_at", table_name="outcome")
    op.drop_table("outcome")
    op.drop_table("joint_base_firm")
    op.drop_index("ix_introduction_note_introduction_id", table_name="introduction_note")
    op.drop_table("introduction_note")
    op.drop_index("ix_introduction_file_introduction_id", table_name="introduction_file")
    op.drop_table("introduction_file")
    op.drop_index("ix_appointment_introduction_id", table_name="appointment")
    op.drop_table("appointment")
    op.drop_table("signal_tag")
    op.drop_index("ix_match_refusal_until_on", table_name="match_refusal")
    op.drop_table("match_refusal")
    op.drop_table("joint_base")
    op.drop_index("ix_introduction_state", table_name="introduction")
    op.drop_index("ix_introduction_giving_id", table_name="introduction")
    op.drop_index("ix_introduction_asking_id", table_name="introduction")
    op.drop_table("introduction")
    op.drop_table("vote")
    op.drop_index("ix_signal_occurred_on", table_name="signal")
    op.drop_table("signal")
    op.drop_index("ix_resolution_state_due_on", table_name="resolution")
    op.drop_table("resolution")
    op.drop_index("ix_post_tag_tag", table_name="post_tag")
    op.drop_table("post_tag")
    op.drop_index("ix_pack_item_pack_id", table_name="pack_item")
    op.drop_table("pack_item")
    op.drop_index(
        "uq_match_open_pair",
        table_name="match",
        sqlite_where=sa.text("state IN ('proposed', 'asked', 'mutual', 'introduced')"),
        postgresql_where=sa.text("state IN ('proposed', 'asked', 'mutual', 'introduced')"),
    )
    op.drop_index("ix_match_offer_organisation_id_state", table_name="match")
    op.drop_index("ix_match_need_organisation_id_state", table_name="match")
    op.drop_table("match")
    op.drop_table("service_pack")
    op.drop_index("ix_post_state_kind", table_name="post")
    op.drop_index("ix_post_organisation_id", table_name="post")
    op.drop_table("post")
    op.drop_table("agenda_item")
    op.drop_table("firm_label")
    op.drop_index(
        "uq_committee_seat_open",
        table_name="committee_seat",
        sqlite_where=sa.text("until_on IS NULL"),
        postgresql_where=sa.text("until_on IS NULL"),
    )
    op.drop_table("committee_seat")
    op.drop_table("committee_meeting")
    op.drop_table("match_policy")
    op.drop_table("committee")
