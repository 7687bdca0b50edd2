"""A park whose history doubles: no page asks or reads more, the audit holds; and a list of exceptions that only shrinks.

The same rows as `benchmarks/park` makes, on the demo park; the sweep over every page and call is `benchmarks/park/sweep.py`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.credits.ledger.audit import run_audit
from app.hall.db.base import db
from benchmarks.park.build import grow
from benchmarks.park.sweep import MOST_STATEMENTS, Meter, Seen, Visitor
from tests.conftest import Databases, running, settings_for
from tests.factories import Park

SMALL = (
    0.004  # 20 firms, 30 instruments, 2,000 bookings, 4,000 movements; then twice as much of what is history
)
DAILY = (
    "/",
    "/desk/figures",
    "/desk/today",
    "/credits/",
    "/credits/statement",
    "/credits/claims",
    "/credits/rewards",
    "/sharing/resources",
    "/sharing/resources/3",
    "/sharing/bookings",
    "/sharing/bookings?mine=1",
    "/sharing/bookings/new?resource=3",
    "/sharing/timeline",
    "/sharing/desk",
    "/sharing/desk?tab=calendar",
    "/ecosystem/market",
    "/ecosystem/matches",
    "/identity/todo",
    "/identity/notifications",
    "/api/v1/credits/account",
    "/api/v1/credits/entries",
    "/api/v1/credits/claims",
    "/api/v1/credits/redemptions",
    "/api/v1/sharing/bookings",
    "/api/v1/ecosystem/meetings",
    "/api/v1/ecosystem/meetings/1",
)
PARK = (
    "/",
    "/credits/park",
    "/credits/proposals",
    "/credits/review",
    "/sharing/bookings",
    "/sharing/resources.xlsx",
    "/chain/export.xlsx?chain=battery",
    "/identity/organisations",
    "/identity/audit",
    "/problems/overview",
    "/insight",
    "/api/v1/credits/park",
    "/api/v1/credits/claims",
    "/api/v1/credits/redemptions",
    "/api/v1/credits/proposals",
    "/api/v1/sharing/qualifications/1/grants",
)
# What is still over its bound, with the most it may ask: nothing is added, no number grows.
OVER = {"park /problems/overview": 17}
# What still reads more where there is more history.
GROWS: frozenset[str] = frozenset()


@pytest.fixture
def backend() -> str:
    return "sqlite"


@contextlib.contextmanager
def park_of(databases: Databases, backend: str, folder: Path, scale: float) -> Iterator[Flask]:
    folder.mkdir()
    with (
        databases.copy(backend, folder, with_demo=True) as url,
        running(create_app(settings_for(url, folder))) as app,
    ):
        with app.app_context():
            grow(scale)
        yield app


def opened(app: Flask) -> dict[str, Seen]:
    with app.app_context():
        meter = Meter(db.engine)
    park = Park(app)
    found = {}
    for login, paths in (("b0001", DAILY), ("park", PARK)):
        browser, api = park.browse(login), park.api(login)
        for path in paths:
            calls = path.startswith("/api/")
            visitor = Visitor(login, api.client if calls else browser, meter, api.headers if calls else None)
            visitor.get(path)
            found[f"{login} {path}"] = visitor.seen[-1]
    return found


@pytest.mark.long_lock
def test_twice_the_history_costs_no_page_more(databases: Databases, backend: str, tmp_path: Path) -> None:
    with park_of(databases, backend, tmp_path / "once", SMALL) as app:
        once = opened(app)
    with park_of(databases, backend, tmp_path / "twice", 2 * SMALL) as app:
        twice = opened(app)
    assert {name: one.status for name, one in twice.items() if one.status != 200} == {}
    asked = {name: one.statements for name, one in twice.items()}
    assert {name: n for name, n in asked.items() if n > OVER.get(name, MOST_STATEMENTS)} == {}
    more = {name: n - once[name].statements for name, n in asked.items()}
    assert {name: n for name, n in more.items() if n > 2} == {}  # a name more to look up, where rows are more
    read = {name: (once[name].steps, one.steps) for name, one in twice.items()}
    # A page of twenty rows reads a little more where the first park had not twenty of them yet.
    grown = {name for name, (before, now) in read.items() if now > 1.4 * before + 60}
    assert {name: read[name] for name in grown - GROWS} == {}


@pytest.mark.long_lock
@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_the_ledger_of_the_big_park_holds(databases: Databases, backend: str, tmp_path: Path) -> None:
    with park_of(databases, backend, tmp_path / "park", 0.001) as app, app.app_context():
        report = run_audit()
        assert {code for code, one in report.verdicts.items() if not one.holds} == set()
        assert report.transfers > 1_000
