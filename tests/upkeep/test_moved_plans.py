"""Plans of maintenance of an older park move to upkeep: same number, same rhythm, and what they kept closed opens."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path

import sqlalchemy as sa
from flask_migrate import upgrade

from app import create_app
from app.hall import clock
from app.hall.cli import migrations
from app.hall.db.base import db
from app.identity.door import SYSTEM
from app.sharing.outages.models import Outage
from app.upkeep.machines.models import Machine
from app.upkeep.orders import service
from app.upkeep.orders.models import WorkOrder
from app.upkeep.plans.models import UpkeepPlan
from tests.conftest import running, settings_for
from tests.house.test_upgrade import old_park


def test_a_plan_moves_with_its_outage(tmp_path: Path) -> None:
    begun = dt.datetime.now(dt.UTC).replace(tzinfo=None) - dt.timedelta(
        days=1
    )  # the migration reads the clock too
    file = sqlite3.connect(tmp_path / "park.db")
    old_park().backup(file)
    resource = file.execute("SELECT min(id) FROM resource WHERE kind = 'equipment'").fetchone()[0]
    file.execute(
        "INSERT INTO maintenance_plan (id, resource_id, name, every_days, every_used_hours, warn_days, blocking,"
        " last_done_on, active) VALUES (41, ?, '校准', 90, NULL, 9, 1, '2026-03-01', 1)",
        (resource,),
    )
    file.execute(
        "INSERT INTO outage (id, resource_id, plan_id, kind, start_at, end_at, reason, created_at)"
        " VALUES (900, ?, 41, 'maintenance', ?, ?, '校准', ?)",
        (resource, str(begun), str(begun + dt.timedelta(days=30)), str(begun)),
    )
    file.commit()
    file.close()
    url = f"sqlite:///{tmp_path / 'park.db'}"
    with running(create_app(settings_for(url, tmp_path))) as app, app.app_context():
        upgrade(directory=migrations(app))
        plan = db.session.get_one(UpkeepPlan, 41)
        machine = db.session.get_one(Machine, plan.machine_id)
        assert (plan.name, plan.every_days, plan.warn_days, plan.blocking) == ("校准", 90, 9, True)
        assert plan.last_done_on == dt.date(2026, 3, 1) and machine.resource_id == resource
        assert plan.hours_from == clock.start_of_day(dt.date(2026, 3, 2))
        instruments = db.session.scalar(sa.text("SELECT count(*) FROM resource WHERE kind = 'equipment'"))
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Machine)) == instruments
        order = db.session.scalars(sa.select(WorkOrder)).one()
        assert (order.plan_id, order.occurrence, order.state, order.blocking) == (41, 1, "due", True)
        assert db.session.get_one(Outage, 900).source == f"upkeep:{order.id}"
        service.done(SYSTEM, order.id, service.Report())
        outage = db.session.get_one(Outage, 900)
        assert outage.end_at <= clock.now() and db.session.get_one(UpkeepPlan, 41).occurrence == 2
