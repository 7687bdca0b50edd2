"""A vote belongs to its seat and its day: the seats and the quorum of the day stay with the subject, and what
a seat did not cast itself is marked. A meeting that is over never changes.

Subjects voted on before get the seats that stood on the day of their first voice, and those that voted.

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

import datetime as dt
import json
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ZONE = ZoneInfo("Asia/Shanghai")
OVER = "a meeting that is over never changes"
# Table, the meetings of a changed row.
GUARDED = {
    "committee_meeting": ("OLD.id",),
    "agenda_item": ("OLD.meeting_id", "NEW.meeting_id"),
    "vote": (
        "(SELECT meeting_id FROM agenda_item WHERE id = OLD.agenda_item_id)",
        "(SELECT meeting_id FROM agenda_item WHERE id = NEW.agenda_item_id)",
    ),
}


def upgrade() -> None:
    op.add_column("agenda_item", sa.Column("voted_on", sa.Date(), nullable=True))
    op.add_column("agenda_item", sa.Column("roll", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("agenda_item", sa.Column("quorum_percent", BIG, nullable=True))
    op.add_column("vote", sa.Column("entered", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(
        "UPDATE vote SET entered = (1 = 1) WHERE EXISTS (SELECT 1 FROM member m, committee_seat s"
        " WHERE m.id = vote.member_id AND s.id = vote.seat_id AND m.organisation_id <> s.organisation_id)"
    )
    _keep_rolls()
    for table, meetings in GUARDED.items():
        for action in ("INSERT", "UPDATE", "DELETE"):
            if (table, action) != ("committee_meeting", "INSERT"):
                _guard(table, action, meetings)


def _keep_rolls() -> None:
    connection = op.get_bind()
    seats = connection.execute(
        sa.text("SELECT id, committee_id, since_on, until_on FROM committee_seat")
    ).all()
    first: dict[int, tuple[int, int, dt.date, set[int]]] = {}
    rows = connection.execute(
        sa.text(
            "SELECT i.id, m.committee_id, c.quorum_percent, v.seat_id, v.created_at FROM vote v"
            " JOIN agenda_item i ON i.id = v.agenda_item_id JOIN committee_meeting m ON m.id = i.meeting_id"
            " JOIN committee c ON c.id = m.committee_id ORDER BY v.created_at, v.id"
        )
    )
    for item_id, committee_id, percent, seat_id, at in rows:
        first.setdefault(item_id, (committee_id, percent, _day(at), set()))[3].add(seat_id)
    for item_id, (committee_id, percent, day, voted) in first.items():
        stood = {
            seat.id
            for seat in seats
            if seat.committee_id == committee_id
            and _date(seat.since_on) <= day
            and (seat.until_on is None or _date(seat.until_on) > day)
        }
        connection.execute(
            sa.text(
                "UPDATE agenda_item SET roll = :roll, voted_on = :day, quorum_percent = :percent WHERE id = :id"
            ),
            {
                "roll": json.dumps(sorted(stood | voted)),
                "day": day.isoformat(),
                "percent": percent,
                "id": item_id,
            },
        )


def _date(value: dt.date | str) -> dt.date:
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def _day(value: dt.datetime | str) -> dt.date:
    moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(ZONE).date()


def _guard(table: str, action: str, meetings: tuple[str, ...]) -> None:
    missing = {"INSERT": "OLD.", "DELETE": "NEW."}.get(action, "-")
    listed = ", ".join(one for one in meetings if missing not in one)
    over = f"EXISTS (SELECT 1 FROM committee_meeting WHERE state <> 'planned' AND id IN ({listed}))"
    name = f"{table}_over_no_{action.lower()}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {action} ON {table} WHEN {over} BEGIN SELECT RAISE(ABORT, '{OVER}'); END"
        )
        return
    answer = "OLD" if action == "DELETE" else "NEW"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {over} THEN"
        f" RAISE EXCEPTION '{OVER}'; END IF; RETURN {answer}; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    for table in GUARDED:
        for action in ("INSERT", "UPDATE", "DELETE"):
            if (table, action) == ("committee_meeting", "INSERT"):
                continue
            name = f"{table}_over_no_{action.lower()}"
            if op.get_bind().dialect.name == "sqlite":
                op.execute(f"DROP TRIGGER {name}")
            else:
                op.execute(f"DROP TRIGGER {name} ON {table}")
                op.execute(f"DROP FUNCTION {name}()")
    op.drop_column("vote", "entered")
    op.drop_column("agenda_item", "quorum_percent")
    op.drop_column("agenda_item", "roll")
    op.drop_column("agenda_item", "voted_on")
