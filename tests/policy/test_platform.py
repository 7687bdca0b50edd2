"""Policies on the platform: who sees what, once only, frozen versions, sheets, rewards, the lists of the officer."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.jobs import run_periodic
from app.hall.standstill import Confirmed
from app.policy.fits import service as fits
from app.policy.fits.models import Fit
from app.policy.pushes import service as pushes
from tests.factories import Park
from tests.policy.park import NOW, Policies, equal_conditions


@pytest.fixture
def people(park: Park) -> Iterator[Policies]:
    with clock.frozen(NOW):
        yield Policies(park)


SECRET = "777333.25"


def test_nobody_but_its_own_administrator_the_officer_and_the_auditor_sees_a_firms_figures(
    people: Policies,
) -> None:
    people.publish(equal_conditions(2))
    firm, other = people.firm("F1"), people.firm("F2")
    people.months(firm, "revenue_wan", m2026_09=SECRET)
    people.report(firm, a1=1, a2=1)
    park = people.park
    with park.app.app_context():
        own = db.session.scalars(sa.text("SELECT id FROM organisation WHERE code = 'F1'")).one()
    park.member("clerk", own, "enterprise_member")
    push = people.pushes(firm)[0]["id"]
    case = firm.post("/policy/cases", {"push": push}).json["id"]
    pages = (
        "/policy/firms/F1",
        "/policy/facts?firm=F1",
        "/policy/facts/revenue_wan/24320?firm=F1",
        f"/policy/pushes/{push}",
        f"/policy/cases/{case}",
        f"/policy/cases/{case}/paper.pdf",
    )
    for login in ("f2", "clerk", "park", "investment", "reviewer", "secretary"):
        browser = park.browse(login)
        for page in pages:
            answer = browser.get(page)
            assert answer.status_code in (403, 404), f"{login} {page}"
        for page in ("/policy/", "/policy/facts", "/policy/cases", "/policy/desk", "/policy/deadlines.ics"):
            assert SECRET.encode() not in browser.get(page, follow_redirects=True).data, f"{login} {page}"
        api = park.api(login)
        for path in ("/policy/fits", "/policy/facts", "/policy/pushes"):
            assert api.get(path, enterprise="F1").status_code in (403, 404), f"{login} {path}"
    assert other.get("/policy/cases").json["items"] == []
    assert other.post(f"/policy/pushes/{push}/decline", {"reason": "x"}).status_code == 404
    assert other.post(f"/policy/cases/{case}/step", {"state": "withdrawn", "reason": "x"}).status_code == 404
    stolen = other.post("/policy/facts", {"facts": [{"enterprise": "F1", "fact": "a1", "value": 0}]})
    assert stolen.status_code == 422
    for login in ("f1", "policy", "auditor"):
        answer = park.api(login).get("/policy/facts", enterprise="F1").json["items"]
        assert SECRET in [item["value"] for item in answer]


def test_running_everything_twice_or_after_a_crash_pushes_once(
    people: Policies, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm = people.firm("F1")
    people.publish(equal_conditions(2))
    app = people.park.app

    def dies(*_args: object, **_more: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(pushes.identity, "notify_organisation", dies)
        people.report(firm, a1=1, a2=1)  # the fact is there, its effect died as a whole
    with app.app_context():
        assert db.session.scalar(sa.text("SELECT count(*) FROM push")) == 0
    with clock.frozen(NOW + dt.timedelta(minutes=5)), app.app_context():
        for _again in range(3):
            run_periodic(confirmed=Confirmed(clock=True))
            fits.check_firms()
            pushes.send_due()
        assert db.session.scalar(sa.text("SELECT count(*) FROM push")) == 1
        told = sa.text("SELECT count(*) FROM notification WHERE code = 'policy_pushed_note'")
        assert db.session.scalar(told) == 1


def test_a_published_version_and_the_history_cannot_be_changed(people: Policies) -> None:
    firm = people.firm("F1")
    people.publish(equal_conditions(2))
    people.report(firm, a1=1)
    for statement in (
        "UPDATE policy_version SET text = 'x'",
        "UPDATE policy_version SET approved_by = NULL, state = 'draft'",
        "DELETE FROM policy_version",
        "UPDATE fact_history SET value = '2'",
        "DELETE FROM fact_history",
    ):
        with people.park.app.app_context(), pytest.raises(DBAPIError), transaction() as session:
            session.execute(sa.text(statement))


def test_only_fits_that_use_a_changed_fact_are_computed_and_they_equal_a_whole_run(people: Policies) -> None:
    dice = random.Random(20)
    firm = people.firm("F1")
    people.publish(equal_conditions(3, "three", mandatory=1))
    people.publish(equal_conditions(5, "five"))
    for _step in range(12):
        values: dict[str, Any] = {f"a{dice.randint(1, 5)}": dice.choice((0, 1, 2, "")) for _n in range(2)}
        people.report(firm, **values)
    with people.park.app.app_context():
        before = _stored()
        fits.look_again()
        fits.check_firms()
        assert _stored() == before


def _stored() -> list[tuple[object, ...]]:
    query = sa.select(Fit.policy_version_id, Fit.state, Fit.met, Fit.possible).order_by(Fit.policy_version_id)
    return [tuple(row) for row in db.session.execute(query)]


def test_a_fact_that_no_policy_uses_moves_no_fit(people: Policies) -> None:
    firm = people.firm("F1")
    people.publish(equal_conditions(2))
    people.report(firm, a1=1)
    with people.park.app.app_context():
        before = db.session.scalars(sa.select(Fit.computed_at)).one()
    with clock.frozen(NOW + dt.timedelta(minutes=1)):
        people.report(firm, loan_wan=5)
        people.report(firm, a2=1)
    with people.park.app.app_context():
        assert db.session.scalars(sa.select(Fit.computed_at)).one() > before


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"fact": "patents_granted", "value": 3}, "policy_row"),
        ({"fact": "a1", "value": "NaN"}, "policy_row"),
        ({"fact": "a1", "value": "²"}, "policy_row"),
        ({"fact": "a1", "value": "9" * 200}, "policy_row"),
        ({"fact": "nothing", "value": 1}, "policy_row"),
        ({"fact": "revenue_wan", "value": -1, "period": "2026-09"}, "policy_row"),
        ({"fact": "revenue_wan", "value": 1}, "policy_row"),
        ({"fact": "revenue_wan", "value": 1, "period": "2027-09"}, "policy_row"),
        ({"fact": "a1", "value": 1, "period": "2026-09"}, "policy_row"),
    ],
)
def test_what_is_no_fact_is_refused_and_nothing_is_kept(
    people: Policies, row: dict[str, Any], code: str
) -> None:
    firm = people.firm("F1")
    people.publish(equal_conditions(2))
    refused = firm.post("/policy/facts", {"facts": [{"fact": "a2", "value": 1}, row]})
    assert refused.status_code == 422
    assert {reason["code"] for reason in refused.json["reasons"]} == {code}
    assert all("第 2 项" in reason["message"] for reason in refused.json["reasons"])
    typed = [one for one in firm.get("/policy/facts").json["items"] if one["source"] == "self_declared"]
    assert typed == []


def test_a_month_that_is_none_is_refused_at_its_field(people: Policies) -> None:
    firm = people.firm("F1")
    refused = firm.post("/policy/facts", {"facts": [{"fact": "a1", "value": 1, "period": "2026-13"}]})
    assert refused.status_code == 422
    assert refused.json["reasons"][0]["field"] == "facts.0.period"


def test_the_same_key_records_once(people: Policies) -> None:
    firm = people.firm("F1")
    people.publish(equal_conditions(2))
    body = {"facts": [{"fact": "a1", "value": 1}]}
    first = firm.post("/policy/facts", body, key="k1")
    again = firm.post("/policy/facts", body, key="k1")
    assert first.json == again.json == {"recorded": 1}
    other = firm.post("/policy/facts", {"facts": [{"fact": "a1", "value": 2}]}, key="k1")
    assert other.status_code == 409


def test_a_sheet_is_taken_whole_or_not_at_all(people: Policies) -> None:
    people.firm("F1")
    people.publish(equal_conditions(2))
    browser = people.park.browse("f1")

    def upload(text: str) -> Any:
        return browser.post("/policy/facts/sheet", data={"file": (io.BytesIO(text.encode()), "facts.csv")})

    head = "enterprise,fact,period,value,source\n"
    bad = upload(
        f"{head}F1,revenue_wan,2026-09,100,monthly_report\nF1,revenue_wan,2026-13,1,monthly_report\n"
    )
    assert bad.status_code == 422 and "第 3 行 period" in bad.get_data(as_text=True)
    foreign = upload(f"{head}F9,revenue_wan,2026-09,100,monthly_report\n")
    assert foreign.status_code == 422
    good = upload(f"{head}F1,revenue_wan,2026-09,100,monthly_report\nF1,a1,,1,self_declared\n")
    assert good.status_code == 303
    found = people.park.api("f1").get("/policy/facts").json["items"]
    assert {(one["fact"], one["value"]) for one in found} >= {("revenue_wan", "100"), ("a1", "1")}


def test_the_monthly_report_says_what_is_wrong_at_its_field_and_keeps_what_was_typed(
    people: Policies,
) -> None:
    people.firm("F1")
    people.publish(equal_conditions(2))
    browser = people.park.browse("f1")
    form = {"month": "2026-09", "fact_revenue_wan": "①", "fact_staff": "12"}
    refused = browser.post("/policy/report", data=form)
    text = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert 'id="fact_revenue_wan-error"' in text and 'value="12"' in text
    assert browser.post("/policy/report", data={**form, "fact_revenue_wan": "100.5"}).status_code == 303
    known = {one["fact"]: one["value"] for one in people.park.api("f1").get("/policy/facts").json["items"]}
    assert (known["revenue_wan"], known["staff"]) == ("100.5", "12")


def test_who_reported_a_value_cannot_confirm_it(people: Policies) -> None:
    people.firm("F1")
    people.publish(equal_conditions(2))
    row = {"enterprise": "F1", "fact": "a1", "value": 1, "source": "document"}
    assert people.officer.post("/policy/facts", {"facts": [row]}).status_code == 201
    with people.park.app.app_context():
        number = db.session.scalar(sa.text("SELECT id FROM fact WHERE source = 'document'"))
    assert people.park.browse("policy").post(f"/policy/facts/{number}/confirm").status_code == 403
    assert people.park.browse("policy2").post(f"/policy/facts/{number}/confirm").status_code == 303


def test_several_values_are_confirmed_together_each_judged_by_itself(people: Policies) -> None:
    people.firm("F1")
    people.publish(equal_conditions(2))
    paper = [{"enterprise": "F1", "fact": name, "value": 1, "source": "document"} for name in ("a1", "a2")]
    assert people.officer.post("/policy/facts", {"facts": paper[:1]}).status_code == 201
    assert people.second.post("/policy/facts", {"facts": paper[1:]}).status_code == 201
    with people.park.app.app_context():
        own, other = db.session.scalars(sa.text("SELECT id FROM fact WHERE source = 'document' ORDER BY id"))
    page = people.park.browse("policy2")
    ticked = {"chosen": [str(own), str(other)], "next": "/policy/facts?firm=F1"}
    shown = page.post("/policy/facts/confirm", data=ticked, follow_redirects=True).get_data(as_text=True)
    assert "已处理 1 条" in shown and f"数据 {other}：" in shown  # the second one he reported himself
    assert people.park.browse("f1").post("/policy/facts/confirm", data=ticked).status_code == 403
    with people.park.app.app_context():
        confirmed = db.session.scalars(sa.text("SELECT id FROM fact WHERE confirmed_by IS NOT NULL")).all()
    assert confirmed == [own]


def test_a_question_open_for_fourteen_days_comes_to_the_officer(people: Policies) -> None:
    firm = people.firm("F1")
    people.publish(equal_conditions(2))
    people.report(firm, a1=1)
    desk = people.park.browse("policy")
    assert "F1公司" not in desk.get("/policy/desk").get_data(as_text=True)
    assert "F1公司" in desk.get("/policy/desk?list=ask").get_data(as_text=True)
    with clock.frozen(NOW + dt.timedelta(days=14)):
        later = people.park.browse("policy")
        assert "F1公司" in later.get("/policy/desk").get_data(as_text=True)


def test_a_reward_of_a_policy_refuses_the_ineligible_before_credits_are_held(people: Policies) -> None:
    from app.credits.rewards.catalogue import doubts_about, not_eligible

    firm = people.firm("F1")
    people.publish(equal_conditions(2))
    with people.park.app.app_context():
        number = db.session.scalars(sa.text("SELECT id FROM organisation WHERE code = 'F1'")).one()
        reasons = not_eligible("policy", number, {"policy": "ten"})
        assert [reason.code for reason in reasons] == ["policy_not_eligible"]
    people.report(firm, a1=1, a2=1)
    with people.park.app.app_context():
        assert not_eligible("policy", number, {"policy": "ten"}) == ()
        gone = doubts_about("policy", {"policy": "no-such"})
        assert [reason.code for reason in gone] == ["policy_not_found"]


def test_paper_and_calendar_of_a_case(people: Policies) -> None:
    firm = people.firm("F1")
    people.publish(equal_conditions(2).replace("to: null}", "to: 2026-12-31}"))
    people.report(firm, a1=1, a2=1)
    browser = people.park.browse("f1")
    assert b"DTSTART;VALUE=DATE:20261231" in browser.get("/policy/deadlines.ics").data
    case = firm.post("/policy/cases", {"policy": "ten"}).json["id"]
    paper = browser.get(f"/policy/cases/{case}/paper.pdf")
    assert paper.mimetype == "application/pdf" and paper.data.startswith(b"%PDF")
    officer = people.park.browse("policy")
    assert officer.post(f"/policy/cases/{case}/due", data={"due_on": "2026-11-02"}).status_code == 303
    assert b"DTSTART;VALUE=DATE:20261102" in browser.get("/policy/deadlines.ics").data


def test_a_policy_that_stands_for_a_prospect_says_what_is_unknown(people: Policies) -> None:
    from app.policy.door import fits_of_prospect

    people.publish(equal_conditions(2))
    with people.park.app.app_context():
        (fit,) = fits_of_prospect({"a1": "1"})
        assert (fit.policy, fit.state, fit.missing) == ("ten", "ask", ("a2",))


PAGES = {
    "f1": (
        "/policy/",
        "/policy/facts",
        "/policy/report",
        "/policy/cases",
        "/policy/cases/1",
        "/policy/pushes/1",
        "/policy/deadlines.ics",
    ),
    "policy": (
        "/policy/desk",
        "/policy/desk?list=push",
        "/policy/firms/F1",
        "/policy/versions",
        "/policy/versions/new",
        "/policy/versions/1",
        "/policy/versions/1/diff",
        "/policy/facts?firm=F1",
    ),
}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_no_page_needs_more_than_fifteen_statements_of_its_own(people: Policies) -> None:
    """The frame's statements are those of a page that has next to nothing else."""
    firm = people.firm("F1")
    for number in range(1, 6):
        people.publish(equal_conditions(number + 1, f"policy-{number}"))
    people.report(firm, **{f"a{n}": 1 for n in range(1, 7)})
    assert firm.post("/policy/cases", {"push": 1}).status_code == 201
    app = people.park.app
    counted: list[str] = []
    with app.app_context():
        engine = db.engine

    def count(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        counted.append(statement)

    sa.event.listen(engine, "before_cursor_execute", count)
    found, frame = {}, 0
    for login, pages in PAGES.items():
        browser = people.park.browse(login)
        for page in ("/identity/profile", *pages):
            browser.get(page)
            counted.clear()
            assert browser.get(page).status_code == 200, page
            asked = len([one for one in counted if not one.startswith(("BEGIN", "PRAGMA"))])
            frame = asked if page == "/identity/profile" else frame
            found[page] = asked - frame
    sa.event.remove(engine, "before_cursor_execute", count)
    assert {page: n for page, n in found.items() if n > 15} == {}, found
