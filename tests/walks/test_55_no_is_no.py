"""Story 55: a no with its reason is quiet for 90 days; from push to money in 23 days, without anybody asking."""

from __future__ import annotations

import datetime as dt

import pytest

from app.hall import clock
from app.hall.jobs import run_periodic
from app.hall.standstill import Confirmed
from app.policy.door import days_from_push_to_money
from tests.factories import Park
from tests.policy.park import NOW, Policies, equal_conditions


@pytest.fixture
def people(park: Park) -> Policies:
    return Policies(park)


def _run(people: Policies) -> None:
    with people.park.app.app_context():
        run_periodic(confirmed=Confirmed(clock=True))


def test_declined_is_quiet_for_ninety_days_also_for_a_new_version(people: Policies) -> None:
    with clock.frozen(NOW):
        firm = people.firm("F1")
        people.publish(equal_conditions(10))
        people.report(firm, **{f"a{n}": 1 for n in range(1, 10)}, a10=0)
        (push,) = people.pushes(firm)
        assert firm.post(f"/policy/pushes/{push['id']}/decline", {"reason": " "}).status_code == 422
        no = firm.post(f"/policy/pushes/{push['id']}/decline", {"reason": "今年不需要"})
        assert (no.status_code, no.json["quiet_until"]) == (200, "2027-01-14")
        people.report(firm, a10=1)
        assert people.fit(firm, "ten")["fit_percent"] == 100.0
        people.publish(equal_conditions(10, since="2026-10-10"))
        assert len(people.pushes(firm)) == 1
        again = firm.post(f"/policy/pushes/{push['id']}/decline", {"reason": "还是不要"})
        assert again.status_code == 409
        assert [reason["code"] for reason in again.json["reasons"]] == ["policy_step_not_allowed"]
    with clock.frozen(clock.at(dt.date(2027, 1, 13), 17)):
        _run(people)
        assert len(people.pushes(people.park.api("f1"))) == 1
    with clock.frozen(clock.at(dt.date(2027, 1, 14), 10)):
        _run(people)
        _run(people)
        assert [push["state"] for push in people.pushes(people.park.api("f1"))] == ["sent", "declined"]


def test_from_push_to_money_in_twenty_three_days(people: Policies) -> None:
    day = NOW.date()
    with clock.frozen(NOW):
        firm = people.firm("F1")
        people.publish(equal_conditions(10))
        people.report(firm, **{f"a{n}": 1 for n in range(1, 11)})
        (push,) = people.pushes(firm)
        case = firm.post("/policy/cases", {"push": push["id"]}).json
        skipped = people.officer.post(f"/policy/cases/{case['id']}/step", {"state": "paid"})
        assert skipped.status_code == 409
    for days, who, state in (
        (3, firm, "filed"),
        (14, people.officer, "granted"),
        (23, people.officer, "paid"),
    ):
        with clock.frozen(NOW + dt.timedelta(days=days)):
            moved = who.post(f"/policy/cases/{case['id']}/step", {"state": state})
            assert moved.status_code == 200, moved.json
    assert moved.json["paid_on"] == (day + dt.timedelta(days=23)).isoformat()
    with people.park.app.app_context():
        assert days_from_push_to_money() == [23]
    page = people.park.browse("policy").get("/policy/desk").get_data(as_text=True)
    assert "<b>23 天</b>" in page


def test_an_automatic_claim_needs_every_source_confirmed_and_one_consent(people: Policies) -> None:
    with clock.frozen(NOW):
        firm = people.firm("F1")
        people.publish(equal_conditions(2, "auto", claim="automatic"))
        people.report(firm, a1=1, a2=1)
        wish = {"policy": "auto", "automatic": True}
        refused = firm.post("/policy/cases", wish)
        assert refused.status_code == 409
        assert [reason["code"] for reason in refused.json["reasons"]] == [
            "policy_fact_unconfirmed",
            "policy_fact_unconfirmed",
            "policy_consent_missing",
        ]
        browser = people.park.browse("policy")
        for fact_id in (1, 2):
            assert browser.post(f"/policy/facts/{_typed(people)[fact_id - 1]}/confirm").status_code == 303
        done = firm.post("/policy/cases", {**wish, "consent": True})
        assert (done.status_code, done.json["state"], done.json["filed_on"]) == (201, "filed", "2026-10-16")


def _typed(people: Policies) -> list[int]:
    import sqlalchemy as sa

    from app.hall.db.base import db

    with people.park.app.app_context():
        query = sa.text("SELECT id FROM fact WHERE source = 'self_declared' ORDER BY id")
        return [int(row[0]) for row in db.session.execute(query)]
