"""The hall: one transaction per use case, an outbox that delivers once, refusals as pages and problems."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.hall.config import ROOT
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict
from app.hall.jobs import Outbox, deliver_outbox, emit, on
from app.identity.notifications.models import Notification
from app.identity.notifications.service import notify_member
from tests.conftest import running, settings_for
from tests.factories import Park


def test_inner_transaction_rolls_back_with_the_outer(app: Flask, park: Park) -> None:
    park.firm("E01")
    with app.app_context():
        with pytest.raises(RuntimeError), transaction():
            with transaction():
                notify_member(1, "x")
            raise RuntimeError("the outer use case fails")
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Notification)) == 0


@pytest.mark.parametrize("backend", ["postgresql"])  # a file has no connection that could die
def test_a_connection_that_died_while_it_rested_is_replaced(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.hall.db.engine.RESTED_SECONDS", -1.0)
    own = sa.text("SELECT pg_backend_pid()")
    with app.app_context():
        before = db.session.scalar(own)
        db.session.remove()
        admin = sa.create_engine(db.engine.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with admin.connect() as other:
            other.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": before})
        assert db.session.scalar(own) != before


def test_outbox_message_is_handled_once_and_kept_when_its_handler_fails(app: Flask) -> None:
    seen: list[int] = []

    @on("test.counted")
    def count(payload: dict[str, object]) -> None:
        seen.append(1)
        if payload.get("fail") and len(seen) == 1:
            raise RuntimeError("not yet")

    with app.app_context():
        with transaction():
            emit("test.counted", {"fail": True})
        assert seen == [1]
        row = db.session.scalars(sa.select(Outbox).where(Outbox.kind == "test.counted")).one()
        assert (row.done_at, row.attempts) == (None, 1)
        with transaction():
            db.session.execute(sa.update(Outbox).values(due_at=row.created_at))
        assert deliver_outbox() == 1
        assert deliver_outbox() == 0
        assert seen == [1, 1]


def test_nothing_is_delivered_when_the_use_case_fails(app: Flask) -> None:
    seen: list[int] = []
    on("test.rolled_back")(lambda payload: seen.append(1))
    with app.app_context():
        with pytest.raises(Conflict), transaction():
            emit("test.rolled_back", {})
            raise Conflict("no")
        assert deliver_outbox() == 0
    assert seen == []


def test_api_refuses_strangers_before_it_looks_at_the_body(app: Flask) -> None:
    client = app.test_client()
    for path in ("/api/v1/sharing/bookings", "/api/v1/credits/claims"):
        if any(rule.rule == path for rule in app.url_map.iter_rules()):
            answer = client.post(path, data=b"{not json", content_type="application/json")
            assert answer.status_code == 401
            assert answer.mimetype == "application/problem+json"


def test_health_readiness_and_metrics(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json["status"] == "ok"
    assert b"parklink_requests_total" in client.get("/metrics").data
    assert client.get("/api/v1/openapi.json").json["openapi"].startswith("3.1")


def test_a_park_is_founded_on_a_machine_where_nothing_is_yet(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there"
    app = create_app(settings_for(f"sqlite:///{folder / 'parklink.db'}", folder, demo=False))
    with running(app):
        found = ["park", "found", "--name-zh", "青洲产业园", "--login", "admin"]
        first = app.test_cli_runner().invoke(args=found)
        assert first.exit_code == 0
        assert re.search(r"^/identity/reset/[\w-]{20,}$", first.output, re.MULTILINE)
        assert app.test_cli_runner().invoke(args=found).exit_code == 2


def test_the_application_starts_without_the_heavy_libraries() -> None:
    """A second start takes seconds: solvers, graphs, PDFs and sheets are loaded when first needed."""
    heavy = [
        "numpy",
        "scipy",
        "networkx",
        "ortools",
        "pandas",
        "rjieba",
        "pypinyin",
        "python_calamine",
        "webauthn",
        "docx",
        "openpyxl",
        "typst",
        "alembic",
        "huey",
        "icalendar",
        "segno",
        "PIL",
    ]
    code = f"import wsgi, sys; print([name for name in {heavy} if name in sys.modules])"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert answer.stdout.strip() == "[]"
