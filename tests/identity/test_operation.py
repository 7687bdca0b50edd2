"""The operator's page tells whether background work is done, and nothing that a message says of anybody."""

from __future__ import annotations

import datetime as dt

from app.hall import clock, jobs, standstill
from app.hall.db.transaction import transaction
from app.hall.jobs import MAX_ATTEMPTS, Outbox
from app.hall.standstill import Confirmed
from tests.factories import Park

NINE = dt.datetime(2026, 11, 23, 1, tzinfo=dt.UTC)


def page(park: Park, minutes: int) -> str:
    with clock.frozen(NINE + dt.timedelta(minutes=minutes)):
        answer = park.browse("park").get("/identity/operation")
    assert answer.status_code == 200
    return answer.text


def tick(park: Park, minutes: int) -> None:
    with clock.frozen(NINE + dt.timedelta(minutes=minutes)), park.app.app_context():
        jobs.run_periodic(confirmed=Confirmed(clock=True))


def test_the_page_tells_of_the_clockwork_the_queue_and_what_was_given_up(park: Park) -> None:
    park.staff()
    assert "从未运行" in page(park, 0)
    for minute in (0, 5):
        tick(park, minute)
    well = page(park, 6)
    assert "运行中" in well and "4 分钟" in well and "0 条" in well and "多次失败" not in well
    assert "已超过三分钟没有运行" in page(park, 9)
    with clock.frozen(NINE), park.app.app_context(), transaction() as session:
        due = {"payload": {}, "created_at": NINE, "due_at": NINE}
        session.add(Outbox(kind="one.waits", **due))
        lost = "IntegrityError('INSERT … 林深说食堂太咸')"
        session.add(Outbox(kind="one.failed", attempts=MAX_ATTEMPTS, error=lost, **due))
        standstill.note(standstill.CLOCK, {"reason": "clock_ahead"})
    ill = page(park, 6)
    assert "需要查看" in ill and "2 条" in ill and "360 秒" in ill
    assert "one.failed" in ill and "IntegrityError" in ill and "林深" not in ill
    assert "jobs tick --clock-is-right" in ill


def test_only_the_parks_administrator_and_the_auditor_open_it(park: Park) -> None:
    park.staff()
    park.firm("E01")
    for login in ("e01", "reviewer", "investment"):
        assert park.browse(login).get("/identity/operation").status_code == 403
    assert park.browse("auditor").get("/identity/operation").status_code == 200
