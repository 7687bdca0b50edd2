"""Consents of members; records of signing in that are older than six months may be deleted, nothing else of the trail.

Revision ID: 0029
Revises: 0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
LOGS = "('sign_in', 'sign_in.refused', 'sign_out', 'sign_out.everywhere', 'sign_out.other', 'factor.refused')"
DAYS = 184  # no six months are longer


def _is_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")


def upgrade() -> None:
    op.create_table(
        "personal_consent",
        sa.Column("id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("given_at", AT, nullable=False),
        sa.Column("withdrawn_at", AT, nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_personal_consent_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_consent")),
        sa.UniqueConstraint("member_id", "purpose", name=op.f("uq_personal_consent_member_id_purpose")),
    )
    if _is_sqlite():
        op.execute("DROP TRIGGER audit_event_no_delete")
        op.execute(
            "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event"
            f" WHEN NOT (OLD.action IN {LOGS} AND OLD.at < datetime('now', '-{DAYS} days'))"
            " BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END"
        )
        return
    op.execute("DROP TRIGGER audit_event_no_change ON audit_event")
    op.execute(
        "CREATE TRIGGER audit_event_no_change BEFORE UPDATE ON audit_event"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event FOR EACH ROW"
        f" WHEN (NOT (OLD.action IN {LOGS} AND OLD.at < now() - interval '{DAYS} days'))"
        " EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    if _is_sqlite():
        op.execute("DROP TRIGGER audit_event_no_delete")
        op.execute(
            "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event"
            " BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END"
        )
    else:
        op.execute("DROP TRIGGER audit_event_no_delete ON audit_event")
        op.execute("DROP TRIGGER audit_event_no_change ON audit_event")
        op.execute(
            "CREATE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE ON audit_event"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    op.drop_table("personal_consent")
