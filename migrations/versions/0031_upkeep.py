"""The room upkeep: machines, meters, plans, orders, faults. Plans of maintenance move here with their rows.

Every instrument becomes a machine of its owner. A plan keeps its number; an outage that a plan kept and that is not
over yet is kept by an open work order of that plan from now on, so that its end opens the calendar as before.

Revision ID: 0031
Revises: 0030
"""

from __future__ import annotations

import datetime as dt
import secrets

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _fk(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _pk(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _ck(table: str, name: str, text: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(text, name=op.f(f"ck_{table}_{name}"))


def _col(name: str, kind: sa.types.TypeEngine[object], null: bool = False) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=null)


def _machines() -> None:
    op.create_table(
        "machine",
        _col("id", BIG),
        _col("organisation_id", BIG),
        _col("resource_id", BIG, True),
        *(_col(name, sa.Text()) for name in ("code", "name", "model", "serial", "place", "token", "state")),
        _col("planned", sa.Text()),
        _col("overhauled_on", sa.Date(), True),
        _col("created_at", MOMENT),
        _ck("machine", "state", "state IN ('in_service', 'down', 'resting', 'retired')"),
        _ck("machine", "planned", "planned IN ('working_hours', 'always')"),
        _fk("machine", "organisation_id", "organisation"),
        _fk("machine", "resource_id", "resource"),
        _pk("machine"),
        sa.UniqueConstraint("organisation_id", "code", name=op.f("uq_machine_organisation_id_code")),
        sa.UniqueConstraint("resource_id", name=op.f("uq_machine_resource_id")),
        sa.UniqueConstraint("token", name=op.f("uq_machine_token")),
    )
    op.create_table(
        "machine_part",
        _col("id", BIG),
        _col("machine_id", BIG),
        _col("name", sa.Text()),
        _col("number", sa.Text()),
        _col("stock", BIG),
        _col("least", BIG),
        _ck("machine_part", "stock", "stock >= 0 AND least >= 0"),
        _fk("machine_part", "machine_id", "machine"),
        _pk("machine_part"),
        sa.UniqueConstraint("machine_id", "name", name=op.f("uq_machine_part_machine_id_name")),
    )
    op.create_table(
        "meter",
        _col("id", BIG),
        _col("machine_id", BIG),
        *(_col(name, sa.Text()) for name in ("code", "name", "unit", "kind")),
        _col("limit_micro", BIG, True),
        _col("state", sa.Text()),
        _col("last_at", MOMENT, True),
        _ck("meter", "kind", "kind IN ('hours', 'gauge')"),
        _ck("meter", "state", "state IN ('alarm', 'learning', 'warning', 'watch', 'normal')"),
        _fk("meter", "machine_id", "machine"),
        _pk("meter"),
        sa.UniqueConstraint("machine_id", "code", name=op.f("uq_meter_machine_id_code")),
    )
    op.create_table(
        "reading",
        _col("id", BIG),
        _col("meter_id", BIG),
        _col("at", MOMENT),
        _col("value_micro", BIG),
        _col("source", sa.Text()),
        _col("member_id", BIG, True),
        _ck("reading", "source", "source IN ('call', 'sheet', 'hand')"),
        _fk("reading", "meter_id", "meter"),
        _fk("reading", "member_id", "member"),
        _pk("reading"),
        sa.UniqueConstraint("meter_id", "at", name=op.f("uq_reading_meter_id_at")),
    )


def _plans() -> None:
    op.create_table(
        "upkeep_plan",
        _col("id", BIG),
        _col("machine_id", BIG),
        _col("name", sa.Text()),
        _col("every_days", BIG, True),
        _col("every_used_hours", BIG, True),
        _col("hours_meter_id", BIG, True),
        _col("meter_id", BIG, True),
        _col("warn_days", BIG),
        _col("blocking", sa.Boolean()),
        _col("counts_from", sa.Text()),
        _col("last_done_on", sa.Date()),
        _col("hours_from", MOMENT),
        _col("occurrence", BIG),
        _col("checklist", sa.JSON()),
        _col("sign_off", sa.Boolean()),
        _col("signer_id", BIG, True),
        _col("active", sa.Boolean()),
        _ck(
            "upkeep_plan",
            "rhythm",
            "every_days IS NOT NULL OR every_used_hours IS NOT NULL OR meter_id IS NOT NULL",
        ),
        _ck("upkeep_plan", "counts_from", "counts_from IN ('done', 'planned')"),
        _ck("upkeep_plan", "numbers", "warn_days >= 0 AND occurrence > 0"),
        _fk("upkeep_plan", "machine_id", "machine"),
        _fk("upkeep_plan", "hours_meter_id", "meter"),
        _fk("upkeep_plan", "meter_id", "meter"),
        _fk("upkeep_plan", "signer_id", "member"),
        _pk("upkeep_plan"),
    )
    op.create_index(op.f("ix_upkeep_plan_machine_id"), "upkeep_plan", ["machine_id"])
    op.create_index(op.f("ix_upkeep_plan_meter_id"), "upkeep_plan", ["meter_id"])


def _orders() -> None:
    table = "work_order"
    op.create_table(
        table,
        _col("id", BIG),
        _col("machine_id", BIG),
        _col("plan_id", BIG, True),
        _col("occurrence", BIG, True),
        _col("source", sa.Text(), True),
        *(_col(name, sa.Text()) for name in ("title", "cause", "state")),
        _col("due_on", sa.Date()),
        _col("planned_on", sa.Date(), True),
        _col("blocking", sa.Boolean()),
        _col("assignee_id", BIG, True),
        _col("sign_off", sa.Boolean()),
        _col("signer_id", BIG, True),
        _col("checklist", sa.JSON()),
        _col("ticked", sa.JSON()),
        _col("note", sa.Text()),
        _col("overhauled", sa.Boolean()),
        _col("opened_at", MOMENT),
        _col("started_at", MOMENT, True),
        _col("reported_at", MOMENT, True),
        _col("reported_by", BIG, True),
        _col("done_on", sa.Date(), True),
        _col("ended_at", MOMENT, True),
        _col("ended_by", BIG, True),
        _col("skip_reason", sa.Text()),
        _ck(table, "state", "state IN ('due', 'planned', 'in_progress', 'done', 'skipped')"),
        _ck(table, "cause", "cause IN ('days', 'hours', 'condition', 'fault', 'asked')"),
        _ck(table, "occurrence", "(plan_id IS NULL) = (occurrence IS NULL)"),
        _ck(table, "ended", "(state IN ('done', 'skipped')) = (ended_at IS NOT NULL)"),
        _fk(table, "machine_id", "machine"),
        _fk(table, "plan_id", "upkeep_plan"),
        *(_fk(table, name, "member") for name in ("assignee_id", "signer_id", "reported_by", "ended_by")),
        _pk(table),
        sa.UniqueConstraint("plan_id", "occurrence", name=op.f("uq_work_order_plan_id_occurrence")),
        sa.UniqueConstraint("source", name=op.f("uq_work_order_source")),
    )
    op.create_index("ix_work_order_machine_id_state", table, ["machine_id", "state"])
    op.create_table(
        "work_order_part",
        _col("id", BIG),
        _col("order_id", BIG),
        _col("part_id", BIG),
        _col("quantity", BIG),
        _ck("work_order_part", "quantity", "quantity > 0"),
        _fk("work_order_part", "order_id", "work_order"),
        _fk("work_order_part", "part_id", "machine_part"),
        _pk("work_order_part"),
    )
    op.create_index(op.f("ix_work_order_part_order_id"), "work_order_part", ["order_id"])
    op.create_table(
        "machine_fault",
        _col("id", BIG),
        _col("machine_id", BIG),
        _col("order_id", BIG),
        _col("text", sa.Text()),
        _col("stops", sa.Boolean()),
        _col("began_at", MOMENT),
        _col("ended_at", MOMENT, True),
        _col("reported_by", BIG, True),
        _col("reported_at", MOMENT),
        _ck("machine_fault", "span", "ended_at IS NULL OR ended_at >= began_at"),
        _fk("machine_fault", "machine_id", "machine"),
        _fk("machine_fault", "order_id", "work_order"),
        _fk("machine_fault", "reported_by", "member"),
        _pk("machine_fault"),
        sa.UniqueConstraint("order_id", name=op.f("uq_machine_fault_order_id")),
    )
    op.create_index("ix_machine_fault_machine_id_began_at", "machine_fault", ["machine_id", "began_at"])
    op.create_table(
        "upkeep_file",
        _col("id", BIG),
        _col("key", sa.Text()),
        _col("machine_id", BIG),
        _col("order_id", BIG, True),
        *(_col(name, sa.Text()) for name in ("kind", "name", "media_type", "state")),
        _col("member_id", BIG, True),
        _col("created_at", MOMENT),
        _ck("upkeep_file", "kind", "kind IN ('photo', 'document')"),
        _ck("upkeep_file", "state", "state IN ('raw', 'ready', 'refused')"),
        _fk("upkeep_file", "machine_id", "machine"),
        _fk("upkeep_file", "order_id", "work_order"),
        _fk("upkeep_file", "member_id", "member"),
        _pk("upkeep_file"),
        sa.UniqueConstraint("key", name=op.f("uq_upkeep_file_key")),
    )
    op.create_index(op.f("ix_upkeep_file_machine_id"), "upkeep_file", ["machine_id"])
    op.create_index(op.f("ix_upkeep_file_order_id"), "upkeep_file", ["order_id"])


def upgrade() -> None:
    _machines()
    _plans()
    _orders()
    op.add_column("outage", sa.Column("source", sa.Text(), nullable=True))
    _move()
    with op.batch_alter_table("outage") as table:
        table.drop_constraint("fk_outage_plan_id", type_="foreignkey")
        table.drop_column("plan_id")
    op.create_index(op.f("ix_outage_source"), "outage", ["source"])
    op.drop_table("maintenance_plan")


def _move() -> None:
    bind = op.get_bind()
    rows = bind.execute(
        sa.text(
            "SELECT id, owner_id, name, model, building, place, created_at FROM resource WHERE kind = 'equipment' ORDER BY id"
        )
    ).all()
    for row in rows:
        bind.execute(
            sa.text(
                "INSERT INTO machine (organisation_id, resource_id, code, name, model, serial, place, token, state,"
                " planned, created_at) VALUES (:owner, :id, :code, :name, :model, '', :place, :token, 'in_service',"
                " 'working_hours', :at)"
            ),
            {
                "owner": row.owner_id,
                "id": row.id,
                "code": f"R{row.id}",
                "name": row.name,
                "model": row.model or "",
                "place": f"{row.building or ''} {row.place or ''}".strip(),
                "token": secrets.token_urlsafe(12),
                "at": row.created_at,
            },
        )
    plans = bind.execute(
        sa.text(
            "SELECT id, last_done_on FROM maintenance_plan WHERE resource_id IN (SELECT resource_id FROM machine)"
        )
    ).all()
    for plan in plans:
        bind.execute(
            sa.text(
                "INSERT INTO upkeep_plan (id, machine_id, name, every_days, every_used_hours, warn_days, blocking,"
                " counts_from, last_done_on, hours_from, occurrence, checklist, sign_off, active)"
                " SELECT p.id, m.id, p.name, p.every_days, p.every_used_hours, p.warn_days, p.blocking, 'done',"
                " p.last_done_on, :since, 1, '[]', (1 = 0), p.active"
                " FROM maintenance_plan p JOIN machine m ON m.resource_id = p.resource_id WHERE p.id = :id"
            ),
            {"id": plan.id, "since": _stored(bind, _end_of(plan.last_done_on))},
        )
    if bind.dialect.name == "postgresql":
        bind.execute(
            sa.text(
                "SELECT setval(pg_get_serial_sequence('upkeep_plan', 'id'),"
                " (SELECT max(id) FROM upkeep_plan)) WHERE EXISTS (SELECT 1 FROM upkeep_plan)"
            )
        )
    _keep_outages(bind)


def _end_of(day: dt.date | str) -> dt.datetime:
    """Midnight in the park after a day."""
    day = dt.date.fromisoformat(day) if isinstance(day, str) else day
    return dt.datetime.combine(day, dt.time(16), dt.UTC)


def _stored(bind: sa.Connection, moment: dt.datetime) -> dt.datetime | str:
    return (
        moment.replace(tzinfo=None).isoformat(" ", "microseconds")
        if bind.dialect.name == "sqlite"
        else moment
    )


def _keep_outages(bind: sa.Connection) -> None:
    """Outages of plans that are not over yet: an open order each, which ends them."""
    now = dt.datetime.now(dt.UTC)
    stored = _stored(bind, now)
    day = (now + dt.timedelta(hours=8)).date()
    live = bind.execute(
        sa.text(
            "SELECT o.plan_id, min(o.id) AS outage_id FROM outage o WHERE o.plan_id IS NOT NULL"
            " AND o.withdrawn_at IS NULL AND o.end_at > :now GROUP BY o.plan_id ORDER BY o.plan_id"
        ),
        {"now": stored},
    ).all()
    for row in live:
        bind.execute(
            sa.text(
                "INSERT INTO work_order (machine_id, plan_id, occurrence, title, cause, state, due_on, blocking,"
                " sign_off, checklist, ticked, note, overhauled, opened_at, skip_reason)"
                " SELECT machine_id, id, 1, name, CASE WHEN every_days IS NULL THEN 'hours' ELSE 'days' END, 'due',"
                " :day, (1 = 1), (1 = 0), '[]', '[]', '', (1 = 0), :now, '' FROM upkeep_plan WHERE id = :plan"
            ),
            {
                "plan": row.plan_id,
                "day": day.isoformat() if bind.dialect.name == "sqlite" else day,
                "now": stored,
            },
        )
        order = bind.execute(
            sa.text("SELECT id FROM work_order WHERE plan_id = :plan AND occurrence = 1"),
            {"plan": row.plan_id},
        ).scalar_one()
        bind.execute(
            sa.text("UPDATE outage SET source = :source WHERE id = :id"),
            {"source": f"upkeep:{order}", "id": row.outage_id},
        )


def downgrade() -> None:
    op.create_table(
        "maintenance_plan",
        _col("id", BIG),
        _col("resource_id", BIG),
        _col("name", sa.Text()),
        _col("every_days", BIG, True),
        _col("every_used_hours", BIG, True),
        _col("warn_days", BIG),
        _col("blocking", sa.Boolean()),
        _col("last_done_on", sa.Date()),
        _col("warned_on", sa.Date(), True),
        _col("active", sa.Boolean()),
        _ck("maintenance_plan", "rhythm", "every_days IS NOT NULL OR every_used_hours IS NOT NULL"),
        _fk("maintenance_plan", "resource_id", "resource"),
        _pk("maintenance_plan"),
    )
    op.create_index(op.f("ix_maintenance_plan_resource_id"), "maintenance_plan", ["resource_id"])
    op.get_bind().execute(
        sa.text(
            "INSERT INTO maintenance_plan (id, resource_id, name, every_days, every_used_hours, warn_days, blocking,"
            " last_done_on, active) SELECT p.id, m.resource_id, p.name, p.every_days, p.every_used_hours, p.warn_days,"
            " p.blocking, p.last_done_on, p.active FROM upkeep_plan p JOIN machine m ON m.id = p.machine_id"
            " WHERE m.resource_id IS NOT NULL AND (p.every_days IS NOT NULL OR p.every_used_hours IS NOT NULL)"
        )
    )
    op.drop_index(op.f("ix_outage_source"), table_name="outage")
    with op.batch_alter_table("outage") as table:
        table.drop_column("source")
        table.add_column(sa.Column("plan_id", BIG, nullable=True))
        table.create_foreign_key(op.f("fk_outage_plan_id"), "maintenance_plan", ["plan_id"], ["id"])
    for name in (
        "upkeep_file",
        "machine_fault",
        "work_order_part",
        "work_order",
        "upkeep_plan",
        "reading",
        "meter",
        "machine_part",
        "machine",
    ):
        op.drop_table(name)
