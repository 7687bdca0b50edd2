"""Two administrators erase what a person said: name and words are gone from every table, and every proof still holds."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
import sqlalchemy as sa

from app.credits.ledger import seals
from app.credits.ledger.audit import run_audit
from app.hall import jobs
from app.hall.db import proofs
from app.hall.db.base import db, is_sqlite
from app.hall.db.transaction import transaction
from app.hall.errors import Refusal
from app.identity.privacy import erasure
from tests.credits.conftest import CreditsPark
from tests.credits.ledger.test_grounds import live_fully

# Where a name may still stand: messages to others, kept answers of calls (a month), and what is searched for (made anew).
OTHERS = {"notification", "outbox", "idempotency_key"}


@pytest.fixture
def park(credits_park: CreditsPark) -> CreditsPark:
    live_fully(credits_park)
    home = credits_park.actor("park").organisation_id
    credits_park.member("second", home, "park_admin")
    credits_park.member("near", home, "park_admin")
    return credits_park


def _deactivate(park: CreditsPark, login: str) -> int:
    with park.app.app_context(), transaction() as session:
        session.execute(
            sa.text("UPDATE member SET status = 'deactivated' WHERE login = :login"), {"login": login}
        )
        return int(
            session.execute(sa.text("SELECT id FROM member WHERE login = :l"), {"l": login}).scalar_one()
        )


def _standing(*words: str) -> dict[str, int]:
    """Every table of the database with a text in which one of these words stands."""
    found = {}
    for table in db.metadata.sorted_tables:
        texts = [one.name for one in table.columns if isinstance(one.type, sa.String | sa.JSON)]
        for name in texts:
            for word in (*words, *(json.dumps(one).strip('"') for one in words)):
                text = f"CAST({name} AS text)"
                found_in = f"instr({text}, :word)" if is_sqlite() else f"position(:word IN {text})"
                query = f"SELECT count(*) FROM {table.name} WHERE {found_in} > 0"
                count = int(db.session.scalar(sa.text(query), {"word": word}) or 0)
                if count:
                    found[table.name] = found.get(table.name, 0) + count
    db.session.rollback()
    return found


def _erase(park: CreditsPark, login: str) -> Any:
    row = park.browse("park").post("/privacy/erasures", data={"login": login, "reason": "本人要求"})
    assert row.status_code == 303, row.text
    with park.app.app_context():
        number = erasure.list_erasures(park.actor("park"))[0].id
    done = park.browse("second").post(f"/privacy/erasures/{number}/decide", data={"decision": "agree"})
    assert done.status_code == 303, done.text
    with park.app.app_context():
        return erasure.list_erasures(park.actor("park"))[0]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("login", ["e01", "reviewer"])
def test_the_proof_holds_once_a_person_is_erased(
    park: CreditsPark, login: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "AT_ONCE", 3)  # in portions, as a busy person's trail goes
    with park.app.app_context():
        kept = [seals.list_seals(1)[0].hash]
    member = _deactivate(park, login)
    with park.app.app_context():
        spoken = {name for name, ids in proofs.words_of(member).items() if ids}
        assert spoken >= (
            {"audit_event", "evidence_file", "appeal"} if login == "e01" else {"audit_event", "proposal"}
        )
        assert {"audit_event", "member"} <= set(_standing(f"{login} 先生", login))
        db.session.rollback()
        movements = db.session.scalar(sa.text("SELECT count(*) FROM transfer"))
        db.session.rollback()
    row = _erase(park, login)
    assert row.state == "done" and row.rows > 3
    with park.app.app_context():
        assert {name: ids for name, ids in proofs.words_of(member).items() if ids} == {}
        assert set(_standing(f"{login} 先生")) <= OTHERS
        kept.append(seals.take_seal().hash)  # type: ignore[union-attr]
        report = run_audit(kept)
        assert report.holds, [vars(one) for one in report.verdicts.values() if not one.holds]
        assert db.session.scalar(sa.text("SELECT count(*) FROM transfer")) == movements
        who = "SELECT count(*) FROM audit_event WHERE member_id = :member AND actor_name = ''"
        assert db.session.scalar(
            sa.text(who), {"member": member}
        )  # what was done stays, and that they did it
        name, login_now, mail, phone = db.session.execute(
            sa.text("SELECT name, login, email, phone FROM member WHERE id = :id"), {"id": member}
        ).one()
        assert (name, login_now, mail, phone) == (f"#{member}", f"erased-{member}", "", "")
    page = park.browse("auditor").get("/privacy/erasures").text
    assert "保留什么，为什么" in page and f"#{member}" in page and "发起删除" not in page.split("请求")[-1]


def test_one_alone_the_person_or_a_close_colleague_erases_nothing(park: CreditsPark) -> None:
    member = _deactivate(park, "e01")
    admin = park.actor("park")

    def said(call: Any, *values: Any) -> str:
        with park.app.app_context():
            try:
                call(*values)
            except Refusal as refusal:
                return refusal.code
        return "done"

    for login in ("investment", "reviewer"):
        assert (
            park.browse(login).post("/privacy/erasures", data={"login": "e01", "reason": "x"}).status_code
            == 403
        )
    assert said(erasure.ask, admin, "e01", " ") == "reason_required"
    assert said(erasure.ask, admin, "reviewer", "x") == "erasure_still_active"
    assert said(erasure.ask, admin, "nobody", "x") == "erasure_no_such_login"
    assert said(erasure.ask, admin, "park", "x") == "erasure_not_oneself"
    assert said(erasure.ask, admin, "e01", "x") == "done"
    assert said(erasure.ask, admin, "e01", "x") == "erasure_standing"
    assert said(erasure.decide, admin, 1, True) == "erasure_second_person"
    given = "UPDATE member_role SET given_by_id = :giver, given_at = :at WHERE member_id = :member"
    with park.app.app_context(), transaction() as session:
        at = dt.datetime.now(dt.UTC) - dt.timedelta(days=5)
        session.execute(
            sa.text(given).bindparams(sa.bindparam("at", type_=sa.DateTime(timezone=True))),
            {"giver": admin.member_id, "member": park.actor("near").member_id, "at": at},
        )
    assert said(erasure.decide, park.actor("near"), 1, True) == "second_person_too_close"
    assert said(erasure.decide, park.actor("second"), 1, False) == "done"
    assert said(erasure.decide, park.actor("second"), 1, True) == "erasure_decided"
    with park.app.app_context():
        jobs.run_periodic()
        assert sum(map(len, proofs.words_of(member).values())) > 0  # refused: every word is still there


def test_what_was_stopped_half_way_goes_on(park: CreditsPark, monkeypatch: pytest.MonkeyPatch) -> None:
    member = _deactivate(park, "e01")
    with park.app.app_context():
        row = erasure.ask(park.actor("park"), "e01", "本人要求")
        monkeypatch.setattr(erasure, "go_on", lambda: None)  # killed right after the decision
        erasure.decide(park.actor("second"), row.id, True)
        assert erasure.list_erasures(park.actor("park"))[0].state == "agreed"
        monkeypatch.undo()
        jobs.run_periodic()
        assert erasure.list_erasures(park.actor("park"))[0].state == "done"
        assert sum(map(len, proofs.words_of(member).values())) == 0
