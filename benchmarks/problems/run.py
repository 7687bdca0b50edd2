"""Report to number at eight clients, clocks of 100,000 open problems, the board of 5,000: `python -m benchmarks.problems.run`.

`--database URL` measures a fresh PostgreSQL database instead of SQLite files; `--open N` and `--board N` other sizes.
Each part has a park of its own and goes through the pages, calls and jobs that people use.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.hall import clock
from app.hall.cli import migrate_if_needed
from app.hall.config import Settings
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.identity.departments.models import Department
from app.identity.door import Actor, roles
from app.problems import sight
from app.problems.board import measures as columns
from app.problems.clocks.models import ProblemClock
from app.problems.clocks.service import in_force
from app.problems.reports.models import Problem
from app.problems.work.handlers import watch
from app.problems.work.models import ProblemDepartment
from tests.factories import Park

CLIENTS, REPORTS = 8, 25
DUE = 100
DESK = Actor(1, 1, "benchmark", frozenset(roles.SEES_ALL_PROBLEMS))


@contextmanager
def park(database: str, testing: bool = True) -> Iterator[Flask]:
    """A fresh park; with `testing` off as it is served: messages go to the queue, and a worker delivers them."""
    with tempfile.TemporaryDirectory() as folder:
        url = database or f"sqlite:///{Path(folder, 'park.db')}"
        settings = Settings(database_url=url, secret_key="x" * 32, instance=Path(folder), testing=testing)
        app = create_app(settings)
        with app.app_context():
            if database:
                db.drop_all()
                db.session.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
                db.session.commit()
            migrate_if_needed()
        yield app


def fill(number: int) -> None:
    """So many open problems with a clock and a department each."""
    dice, now = random.Random(1), clock.now()
    with transaction() as session:
        version = in_force().id
        department = Department(code="property", name_zh="物业", name_en="Property", created_at=now)
        session.add(department)
        session.flush()
        kinds = ("immediate", "process", "longterm")
        chosen = [dice.choices(kinds, (60, 30, 10))[0] for _n in range(number)]
        ages = [dt.timedelta(minutes=dice.randint(0, 20 * 24 * 60)) for _n in range(number)]
        spans = {"immediate": 1, "process": 15, "longterm": 30}
        rows = [
            {
                "id": n + 1,
                "number": f"WT-{n:06d}",
                "state": "assigned" if n % 3 else "responded",
                "problem_class": chosen[n],
                "category": "network",
                "text": f"第 {n} 件",
                "visibility": "named",
                "channel": "firm",
                "registered_at": now - ages[n],
                "sent_at": now - ages[n],
                "assigned_at": now - ages[n],
                "due_at": now - ages[n] + dt.timedelta(days=spans[chosen[n]]),
                "watch_at": now + dt.timedelta(days=1),
            }
            for n in range(number)
        ]
        for at in range(0, number, 5_000):
            session.execute(sa.insert(Problem), rows[at : at + 5_000])
        clocks = [
            {
                "problem_id": n + 1,
                "ordinal": 1,
                "problem_class": chosen[n],
                "start": "registered",
                "started_at": rows[n]["registered_at"],
                "rule_version_id": version,
            }
            for n in range(number)
        ]
        sent = [
            {
                "problem_id": n + 1,
                "department_id": department.id,
                "turn": 0,
                "asked_at": now,
                "concerned": True,
            }
            for n in range(number)
        ]
        for at in range(0, number, 5_000):
            session.execute(sa.insert(ProblemClock), clocks[at : at + 5_000])
            session.execute(sa.insert(ProblemDepartment), sent[at : at + 5_000])
    db.session.remove()


def timed(what: str, work: Any) -> None:
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA")):
            said.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    wall, cpu = time.perf_counter(), time.process_time()
    answer = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    sa.event.remove(db.engine, "before_cursor_execute", note)
    print(
        f"{what}: {wall:.3f} s, {cpu:.3f} CPU s, {len(said)} statements, {answer}; load {os.getloadavg()[0]:.1f}"
    )


def reports(app: Flask) -> None:
    """POST to number, by eight clients at once; what follows the answer (people told) is the worker's, not measured."""
    place = Park(app)
    place.staff()
    apis = []
    for n in range(CLIENTS):
        place.firm(f"E{n:02d}")
        apis.append(place.api(f"e{n:02d}"))
    spans: list[float] = []

    def client(n: int) -> None:
        for turn in range(REPORTS):
            begin = time.perf_counter()
            answer = apis[n].post("/problems", {"category": "lamp", "text": f"路灯不亮 {n} {turn}"})
            spans.append(time.perf_counter() - begin)
            assert answer.status_code == 201, answer.text

    client(0)
    spans.clear()
    threads = [threading.Thread(target=client, args=(n,)) for n in range(CLIENTS)]
    cpu = time.process_time()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    cpu = time.process_time() - cpu
    p95 = statistics.quantiles(spans, n=20)[18]
    print(
        f"{len(spans)} reports by {CLIENTS} clients in one process: median {statistics.median(spans) * 1000:.0f} ms,"
        f" p95 {p95 * 1000:.0f} ms, {cpu / len(spans) * 1000:.1f} CPU ms each; load {os.getloadavg()[0]:.1f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="")
    parser.add_argument("--open", type=int, default=100_000)
    parser.add_argument("--board", type=int, default=5_000)
    asked = parser.parse_args()
    with park(asked.database, testing=False) as app:
        reports(app)
    with park(asked.database) as app, app.app_context():
        fill(asked.board)
        reader = sight.reader_of(DESK)
        for name, work in (("clock", columns.by_clock), ("step", columns.by_step)):
            work(reader, clock.now())
            db.session.remove()
            timed(f"board by {name} of {asked.board:,}", lambda work=work: work(reader, clock.now()).total)
    with park(asked.database) as app, app.app_context():
        fill(asked.open)
        app.config["JOBS_PAUSED"] = True  # messages leave after the run, by the worker
        timed(f"a run of the clockwork over {asked.open:,} open ones, none due", watch)
        with transaction() as session:  # what comes due within one minute of a busy park
            session.execute(sa.update(Problem).where(Problem.id <= DUE).values(watch_at=clock.now()))
        db.session.remove()
        timed(f"a run over {asked.open:,} open ones, {DUE} of them due", watch)


if __name__ == "__main__":
    main()
