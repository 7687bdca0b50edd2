"""Complaints of an older park become problems that wait for an answer; the rows stay, each the evidence of its problem."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlalchemy as sa
from flask_migrate import upgrade

from app import create_app
from app.ecosystem.signals.models import Signal
from app.hall import clock
from app.hall.cli import migrations
from app.hall.db.base import db
from app.problems.clocks import service as clocks
from app.problems.reports.models import Problem, ProblemReporter
from tests.conftest import running, settings_for
from tests.house.test_upgrade import old_park

SAID = "2026-03-02 01:30:00"  # UTC


def test_a_complaint_is_a_problem_with_a_clock_from_the_day_it_was_said(tmp_path: Path) -> None:
    file = sqlite3.connect(tmp_path / "park.db")
    old_park().backup(file)
    firm = file.execute("SELECT min(id) FROM organisation WHERE kind = 'enterprise'").fetchone()[0]
    before = file.execute("SELECT count(*) FROM signal").fetchone()[0]
    insert = (
        "INSERT INTO signal (id, kind, text, topic, organisation_id, segment, minutes, occurred_on, created_at)"
        " VALUES (?, ?, ?, '', ?, ?, 0, '2026-03-02', ?)"
    )
    file.execute(insert, (9001, "complaint", "交货被限行耽误", firm, None, SAID))
    file.execute(insert, (9002, "visit", "参观车间", firm, None, SAID))
    file.execute(insert, (9003, "complaint", "没有名字的一句", None, None, SAID))
    file.commit()
    file.close()
    url = f"sqlite:///{tmp_path / 'park.db'}"
    with running(create_app(settings_for(url, tmp_path))) as app, app.app_context():
        upgrade(directory=migrations(app))
        made = db.session.scalars(sa.select(Problem).where(Problem.text == "交货被限行耽误")).one()
        assert (made.state, made.problem_class, made.category) == ("registered", "process", "other")
        assert (made.source, made.watch_at) == (
            "signal:9001",
            None,
        )  # nobody is warned of what lies years back
        reporter = db.session.scalars(
            sa.select(ProblemReporter).where(ProblemReporter.problem_id == made.id)
        ).one()
        assert (reporter.organisation_id, reporter.by_staff) == (firm, False)
        [reading] = clocks.read([made], clock.now())[made.id]
        assert reading.clock.due_on is not None and reading.clock.due_on.isoformat() == "2026-03-17"
        assert reading.clock.state == "missed" and made.due_at == reading.clock.due_at
        assert db.session.get_one(Signal, 9001).source == f"problem:{made.id}"
        assert db.session.get_one(Signal, 9002).source is None
        assert db.session.get_one(Signal, 9003).source is None
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Signal)) == before + 3
