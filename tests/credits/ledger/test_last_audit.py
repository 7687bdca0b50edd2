"""The page of the audit: what was found when, what moved since, one asked for by whoever may, and kept by the night."""

from __future__ import annotations

import datetime as dt
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from app.credits.ledger import last_audit
from app.credits.limits import AUDIT_REST, AUDIT_WAIT
from app.hall import clock
from app.hall.db.base import db
from app.hall.jobs import run_periodic
from tests.credits.conftest import CreditsPark


def _text(park: CreditsPark, lang: str = "zh") -> str:
    page = park.browse("auditor", lang).get("/credits/audit")
    assert page.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.get_data(as_text=True)))


def test_an_audit_is_asked_for_kept_and_says_what_moved_since(credits_park: CreditsPark) -> None:
    park = credits_park
    park.earn("e01", "invention_patent", "CN1")
    assert "还没有核对过" in _text(park)
    assert park.browse("auditor").post("/credits/audit/prove").status_code == 303
    assert "全部成立" in _text(park)
    assert "1 笔转账，1 个账户" in _text(park)
    assert "此后又有" not in _text(park)
    park.earn("e01", "invention_patent", "CN2")
    assert "此后又有 1 笔转账，尚未核对" in _text(park)
    assert "Transfers since then, not yet audited: 1" in _text(park, "en")
    with park.app.app_context():
        run_periodic()  # the night
    assert "2 笔转账，1 个账户" in _text(park)


def test_what_was_tampered_with_is_named_by_the_next_audit(credits_park: CreditsPark) -> None:
    park = credits_park
    park.earn("e01", "invention_patent", "CN1")
    with park.app.app_context():
        last_audit.prove()
        with db.engine.begin() as connection:
            if db.engine.dialect.name == "postgresql":
                connection.execute(sa.text("SET session_replication_role = replica"))
                connection.execute(sa.text("UPDATE account SET credits = credits + 7 WHERE id > 4"))
            else:
                for (name,) in connection.execute(
                    sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'account'")
                ).all():
                    connection.execute(sa.text(f"DROP TRIGGER {name}"))
                connection.execute(sa.text("UPDATE account SET credits = credits + 7 WHERE id > 4"))
    assert "全部成立" in _text(park)  # as it was found then
    with clock.frozen(clock.now() + AUDIT_REST):
        park.browse("auditor").post("/credits/audit/prove")
        assert "发现问题" in _text(park)


def test_while_it_runs_the_page_says_so_and_asks_again(credits_park: CreditsPark) -> None:
    park = credits_park
    auditor = park.browse("auditor")
    park.app.config["JOBS_PAUSED"] = True
    auditor.post("/credits/audit/prove")
    assert "正在核对" in _text(park)
    waiting = auditor.get("/credits/audit/found")
    assert "正在核对" in waiting.get_data(as_text=True)
    assert "HX-Refresh" not in waiting.headers
    park.app.config["JOBS_PAUSED"] = False
    with park.app.app_context():
        last_audit.prove()
    assert auditor.get("/credits/audit/found").headers["HX-Refresh"] == "true"
    assert park.browse("e01").post("/credits/audit/prove").status_code == 403


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The audits that were begun in the background, which do nothing here."""
    found: list[str] = []
    monkeypatch.setattr(last_audit, "run_soon", lambda name, _payload: found.append(name))
    return found


def test_who_asks_again_is_answered_with_the_one_on_its_way(
    credits_park: CreditsPark, begun: list[str]
) -> None:
    park, now = credits_park, clock.now()
    auditor = park.browse("auditor")
    for minutes in (0, 1, 14):
        with clock.frozen(now + dt.timedelta(minutes=minutes)):
            page = auditor.post("/credits/audit/prove", follow_redirects=True).get_data(as_text=True)
        assert ("没有再开始一次" in page) is (minutes > 0)
        assert "正在核对" in page
    assert len(begun) == 1
    with park.app.app_context():
        with clock.frozen(now + dt.timedelta(minutes=20)):
            last_audit.prove()
        with clock.frozen(now + dt.timedelta(minutes=20, seconds=59)):
            assert not last_audit.ask()
        with clock.frozen(now + dt.timedelta(minutes=21)):
            assert last_audit.ask()
        with clock.frozen(now + dt.timedelta(minutes=22) + AUDIT_WAIT):  # it was cut off
            assert last_audit.ask()
    assert len(begun) == 3


def test_of_many_who_ask_at_once_one_begins(credits_park: CreditsPark, begun: list[str]) -> None:
    gate = threading.Barrier(6)

    def ask(_number: int) -> bool:
        with credits_park.app.app_context():
            gate.wait()
            answer = last_audit.ask()
            db.session.remove()
            return answer

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(ask, range(6))) == [False] * 5 + [True]
    assert len(begun) == 1


def test_a_worker_that_was_away_proves_once(
    credits_park: CreditsPark, begun: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    proved: list[int] = []
    audit = last_audit.run_audit
    monkeypatch.setattr(last_audit, "run_audit", lambda: proved.append(1) or audit())
    now = clock.now()
    with credits_park.app.app_context():
        for hours in range(3):
            with clock.frozen(now + dt.timedelta(hours=hours)):
                assert last_audit.ask()
        with clock.frozen(now + dt.timedelta(hours=4)):
            for _one in begun:
                last_audit.prove_asked()
    assert (len(begun), len(proved)) == (3, 1)
