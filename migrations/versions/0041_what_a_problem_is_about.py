"""A problem leads to the work order and the need that came of it; old complaints are problems that wait for an answer.

Revision ID: 0041
Revises: 0040
"""

from __future__ import annotations

import datetime as dt
import secrets
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
ZONE = ZoneInfo("Asia/Shanghai")
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
SPAN_DAYS = 15  # of the rules as shipped; what is shown is worked out from the clock, this is for order only

SIGNAL = sa.table(
    "signal",
    sa.column("id", BIG),
    sa.column("kind", sa.Text()),
    sa.column("text", sa.Text()),
    sa.column("topic", sa.Text()),
    sa.column("organisation_id", BIG),
    sa.column("segment", sa.Text()),
    sa.column("resource_id", BIG),
    sa.column("source", sa.Text()),
    sa.column("created_at", MOMENT),
)
PROBLEM = sa.table(
    "problem",
    *(
        sa.column(name, kind)
        for name, kind in (
            ("id", BIG),
            ("number", sa.Text()),
            ("source", sa.Text()),
            ("client_hash", sa.Text()),
            ("state", sa.Text()),
            ("class", sa.Text()),
            ("category", sa.Text()),
            ("theme", sa.Text()),
            ("text", sa.Text()),
            ("place_path", sa.Text()),
            ("visibility", sa.Text()),
            ("firms", BIG),
            ("hidden_authors", BIG),
            ("shown_layer", sa.Text()),
            ("shown_building", sa.Text()),
            ("channel", sa.Text()),
            ("segment", sa.Text()),
            ("resource_id", BIG),
            ("registered_at", MOMENT),
            ("sent_at", MOMENT),
            ("confirmed_by", sa.Text()),
            ("reopened", BIG),
            ("repeat_number", BIG),
            ("due_at", MOMENT),
        )
    ),
)
CLOCK = sa.table(
    "problem_clock",
    sa.column("problem_id", BIG),
    sa.column("ordinal", BIG),
    sa.column("class", sa.Text()),
    sa.column("start", sa.Text()),
    sa.column("started_at", MOMENT),
    sa.column("rule_version_id", BIG),
)
REPORTER = sa.table(
    "problem_reporter",
    sa.column("problem_id", BIG),
    sa.column("reported_as_id", BIG),
    sa.column("organisation_id", BIG),
    sa.column("by_staff", sa.Boolean()),
)
STEP = sa.table(
    "problem_step",
    sa.column("problem_id", BIG),
    sa.column("at", MOMENT),
    sa.column("act", sa.Text()),
    sa.column("side", sa.Text()),
    sa.column("note", sa.Text()),
    sa.column("detail", sa.JSON()),
)
VERSION = sa.table("clock_rule_version", sa.column("id", BIG), sa.column("state", sa.Text()))


def upgrade() -> None:
    for name in ("work_order_id", "post_id"):
        op.add_column("problem", sa.Column(name, BIG, nullable=True))
        op.create_index(f"ix_problem_{name}", "problem", [name])
    for name in ("held_due_at", "moved_from_at"):
        op.add_column("problem_clock", sa.Column(name, MOMENT, nullable=True))
    _complaints_become_problems(op.get_bind())


def downgrade() -> None:
    for name in ("moved_from_at", "held_due_at"):
        op.drop_column("problem_clock", name)
    for name in ("post_id", "work_order_id"):
        op.drop_index(f"ix_problem_{name}", "problem")
        op.drop_column("problem", name)


def _complaints_become_problems(bind: sa.Connection) -> None:
    """Every complaint a firm once typed becomes a problem nobody has answered yet; the complaint stays its evidence."""
    version = bind.scalar(sa.select(VERSION.c.id).where(VERSION.c.state == "in_force"))
    if version is None:
        return
    rows = bind.execute(
        sa.select(SIGNAL)
        .where(SIGNAL.c.kind == "complaint", SIGNAL.c.organisation_id.is_not(None), SIGNAL.c.source.is_(None))
        .order_by(SIGNAL.c.id)
    ).all()
    known = set(bind.scalars(sa.select(PROBLEM.c.number)))
    for row in rows:
        number = _number(known)
        said_at = row.created_at.replace(tzinfo=row.created_at.tzinfo or dt.UTC)
        due_on = said_at.astimezone(ZONE).date() + dt.timedelta(days=SPAN_DAYS + 1)
        bind.execute(
            sa.insert(PROBLEM).values(
                {
                    "number": number,
                    "source": f"signal:{row.id}",
                    "client_hash": "",
                    "state": "registered",
                    "class": "process",
                    "category": "chain" if row.segment else "other",
                    "theme": row.topic or None,
                    "text": row.text,
                    "place_path": "",
                    "visibility": "named",
                    "firms": 1,
                    "hidden_authors": 0,
                    "shown_layer": "",
                    "shown_building": "",
                    "channel": "firm",
                    "segment": row.segment,
                    "resource_id": row.resource_id,
                    "registered_at": row.created_at,
                    "sent_at": row.created_at,
                    "confirmed_by": "",
                    "reopened": 0,
                    "repeat_number": 1,
                    "due_at": dt.datetime.combine(due_on, dt.time(), ZONE).astimezone(dt.UTC),
                }
            )
        )
        made = bind.scalar(sa.select(PROBLEM.c.id).where(PROBLEM.c.number == number))
        bind.execute(
            sa.insert(CLOCK).values(
                {
                    "problem_id": made,
                    "ordinal": 1,
                    "class": "process",
                    "start": "registered",
                    "started_at": row.created_at,
                    "rule_version_id": version,
                }
            )
        )
        bind.execute(
            sa.insert(REPORTER).values(
                problem_id=made, reported_as_id=made, organisation_id=row.organisation_id, by_staff=False
            )
        )
        bind.execute(
            sa.insert(STEP).values(
                problem_id=made, at=row.created_at, act="registered", side="firm", note="", detail={}
            )
        )
        bind.execute(sa.update(SIGNAL).where(SIGNAL.c.id == row.id).values(source=f"problem:{made}"))


def _number(known: set[str]) -> str:
    while True:
        number = "WT-" + "".join(secrets.choice(LETTERS) for _place in range(6))
        if number not in known:
            known.add(number)
            return number
