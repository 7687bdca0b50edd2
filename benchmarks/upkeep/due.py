"""The due list of 20,000 plans, and a thousand readings in one call: `python -m benchmarks.upkeep.due [plans]`.

Both run on a fresh SQLite file through the rules and statements that the pages and calls use.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import sys
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa

from app import create_app
from app.hall import clock
from app.hall.cli import migrate_if_needed
from app.hall.config import Settings
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.identity.door import Actor, roles
from app.identity.organisations.models import Enterprise
from app.upkeep.machines.models import Machine
from app.upkeep.plans import queries
from app.upkeep.plans.models import UpkeepPlan
from app.upkeep.readings import service as readings
from app.upkeep.readings.batch import Line
from app.upkeep.readings.models import MICRO, Meter, ReadingRow

READINGS = 40  # of each hours meter, one a week


def fill(plans: int) -> Actor:
    """One firm with a machine for every five plans; two of five plans go by hours of a meter."""
    dice, today = random.Random(1), clock.today()
    machines = plans // 5
    with transaction() as session:
        firm = Enterprise(
            code="E1", kind="enterprise", name_zh="企业", name_en="Firm", created_at=clock.now()
        )
        session.add(firm)
        session.flush()
        moment = clock.now()
        session.execute(
            sa.insert(Machine),
            [
                {
                    "id": n,
                    "organisation_id": firm.id,
                    "code": f"M{n}",
                    "name": f"机床 {n}",
                    "model": "",
                    "serial": "",
                    "place": "",
                    "token": f"t{n}",
                    "state": "in_service",
                    "planned": "working_hours",
                    "created_at": moment,
                }
                for n in range(1, machines + 1)
            ],
        )
        session.execute(
            sa.insert(Meter),
            [
                {
                    "id": n,
                    "machine_id": n,
                    "code": "h",
                    "name": "h",
                    "unit": "h",
                    "kind": "hours",
                    "state": "learning",
                }
                for n in range(1, machines + 1)
            ],
        )
        session.execute(
            sa.insert(ReadingRow),
            [
                {
                    "meter_id": n,
                    "at": clock.start_of_day(today - dt.timedelta(weeks=READINGS - week)),
                    "value_micro": week * dice.randint(15, 40) // 40 * 40 * MICRO + week * MICRO,
                    "source": "call",
                }
                for n in range(1, machines + 1)
                for week in range(READINGS)
            ],
        )
        done = [today - dt.timedelta(days=dice.randint(1, 200)) for _n in range(plans)]
        session.execute(
            sa.insert(UpkeepPlan),
            [
                {
                    "machine_id": n // 5 + 1,
                    "name": f"计划 {n}",
                    "every_days": dice.choice((30, 90, 365)),
                    "every_used_hours": 500 if n % 5 < 2 else None,
                    "hours_meter_id": n // 5 + 1 if n % 5 < 2 else None,
                    "warn_days": 7,
                    "blocking": False,
                    "counts_from": "done",
                    "last_done_on": done[n],
                    "hours_from": clock.start_of_day(done[n] + dt.timedelta(days=1)),
                    "occurrence": 1,
                    "checklist": [],
                    "sign_off": False,
                    "active": True,
                }
                for n in range(plans)
            ],
        )
        return Actor(0, firm.id, "benchmark", frozenset(roles.KEEPS_MACHINES))


def main() -> None:
    plans = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder, 'park.db')}"
        app = create_app(Settings(database_url=url, secret_key="x" * 32, instance=Path(folder), testing=True))
        with app.app_context():
            migrate_if_needed()
            actor = fill(plans)
            db.session.remove()
            wall, cpu = time.perf_counter(), time.process_time()
            found = queries.due_list(actor.organisation_id, clock.today())
            said = (
                f"{plans:,} plans: {time.perf_counter() - wall:.2f} s, {time.process_time() - cpu:.2f} CPU s"
            )
            print(said, f"({sum(one.due.by == 'hours' for one in found):,} by hours)")
            first = clock.now() - dt.timedelta(hours=1)
            lines = [
                Line(n + 1, n % 200 + 1, "h", (first + dt.timedelta(seconds=n)).isoformat(), 10_000 + n)
                for n in range(1000)
            ]
            db.session.remove()
            wall, cpu = time.perf_counter(), time.process_time()
            taken = readings.take(actor, lines, "call")
            said = f"{time.perf_counter() - wall:.3f} s, {time.process_time() - cpu:.3f} CPU s"
            print(f"{taken.accepted:,} readings in one call: {said}; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
