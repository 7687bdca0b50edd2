"""A second factor beside the password: authenticator, passkey, recovery codes, and what happens when all are lost."""

from __future__ import annotations

import dataclasses
import datetime as dt
import html
import re

import pyotp
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.hall import clock
from app.hall.db.base import db
from app.identity.audit.models import AuditEvent
from app.identity.factors.models import RecoveryCode, SecondFactor
from app.identity.notifications.models import Notification
from app.identity.sessions.passwords import DEMO_PASSWORD
from tests.factories import Park
from tests.identity.factors.authenticator import Authenticator

NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
LATER = NOON + dt.timedelta(seconds=30)
PASSWORD = {"password": DEMO_PASSWORD}


def actions(park: Park) -> list[str]:
    with park.app.app_context():
        return list(db.session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)))


def with_totp(client: FlaskClient) -> tuple[pyotp.TOTP, list[str]]:
    """Set an authenticator up at noon; answers it and the recovery codes."""
    assert client.post("/identity/second-factor/totp", data=PASSWORD).status_code == 303
    page = client.get("/identity/second-factor/totp/code").text
    assert "<svg" in page
    found = re.search(r'<code class="pl-mono">([A-Z2-7]+)</code>', page)
    assert found
    totp = pyotp.TOTP(found[1])
    assert client.post("/identity/second-factor/totp/code", data={"code": "000 000"}).status_code == 422
    first = client.post("/identity/second-factor/totp/code", data={"code": totp.at(NOON)})
    assert first.status_code == 303
    codes = re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", client.get("/identity/second-factor").text)
    return totp, codes


def password_step(client: FlaskClient, login: str) -> str:
    answer = client.post("/identity/sign-in", data={"login": login, **PASSWORD})
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def options(page: str) -> str:
    found = re.search(r'data-options="([^"]*)"', page)
    assert found
    return html.unescape(found[1])


def test_an_authenticator_stands_between_the_password_and_the_pages(park: Park) -> None:
    park.firm("E01")
    with clock.frozen(NOON):
        here = park.browse("e01")
        elsewhere = park.browse("e01")
        totp, codes = with_totp(here)
        assert len(codes) == 10
        assert codes[0] not in here.get("/identity/second-factor").text  # shown once
        assert elsewhere.get("/").status_code == 302  # came in with the password alone
        browser = park.app.test_client()
        assert password_step(browser, "e01") == "/identity/second-step"
        assert browser.get("/").status_code == 302
        used = browser.post("/identity/second-step", data={"code": totp.at(NOON)})
        assert used.status_code == 422  # the code that set it up does not count twice
    with clock.frozen(LATER):
        assert browser.post("/identity/second-step", data={"code": totp.at(LATER)}).status_code == 303
        assert browser.get("/").status_code == 200
        again = park.app.test_client()
        password_step(again, "e01")
        assert again.post("/identity/second-step", data={"code": totp.at(LATER)}).status_code == 422
        for expected in (303, 422):  # a recovery code opens once, as it is typed
            third = park.app.test_client()
            password_step(third, "e01")
            typed = codes[3].lower().replace("-", " ")
            assert third.post("/identity/second-step", data={"code": typed}).status_code == expected
    told = actions(park)
    for action in (
        "factor.started",
        "factor.added",
        "factor.codes",
        "factor.refused",
        "factor.recovery_used",
    ):
        assert action in told


def test_the_database_holds_no_secret_that_opens(park: Park) -> None:
    park.firm("E01")
    with clock.frozen(NOON):
        totp, codes = with_totp(park.browse("e01"))
    with park.app.app_context():
        row = db.session.scalars(sa.select(SecondFactor)).one()
        assert totp.secret not in row.secret
        kept = "".join(db.session.scalars(sa.select(RecoveryCode.code_hash)))
        assert codes[0].replace("-", "") not in kept


def test_wrong_codes_wait_wherever_they_come_from(park: Park) -> None:
    park.firm("E01")
    with clock.frozen(NOON):
        totp, codes = with_totp(park.browse("e01"))
    with clock.frozen(LATER):
        for number in range(5):
            thief = park.app.test_client()
            thief.post("/identity/sign-in", data={"login": "e01", **PASSWORD})
            place = {"REMOTE_ADDR": f"203.0.113.{number}"}
            wrong = "999999" if totp.at(LATER) != "999999" else "888888"
            thief.post("/identity/second-step", data={"code": wrong}, environ_base=place)
        late = thief.post("/identity/second-step", data={"code": totp.at(LATER)}, environ_base=place)
        assert (late.status_code, late.headers["Retry-After"]) == (429, "31")
        own = park.app.test_client()  # who holds a recovery code is not kept out by a thief
        password_step(own, "e01")
        assert own.post("/identity/second-step", data={"code": codes[0]}).status_code == 303


def test_the_second_step_ends_after_ten_minutes(park: Park) -> None:
    park.firm("E01")
    with clock.frozen(NOON):
        totp, _codes = with_totp(park.browse("e01"))
        browser = park.app.test_client()
        password_step(browser, "e01")
    late = NOON + dt.timedelta(minutes=11)
    with clock.frozen(late):
        answer = browser.post("/identity/second-step", data={"code": totp.at(late)})
        assert answer.headers["Location"] == "/identity/sign-in"
        assert browser.get("/").status_code == 302


def test_a_passkey_signs_in_and_nothing_else_does(park: Park) -> None:
    park.firm("E01")
    key = Authenticator()
    here = park.browse("e01")
    sent = options(here.get("/identity/second-factor").text)
    strange = Authenticator(origin="https://evil.example")
    wrong = {**PASSWORD, "name": "Key", "answer": strange.create(sent)}
    assert here.post("/identity/second-factor/passkeys", data=wrong).status_code == 422
    sent = options(here.get("/identity/second-factor").text)
    data = {**PASSWORD, "name": "办公室电脑", "answer": key.create(sent)}
    assert here.post("/identity/second-factor/passkeys", data=data).status_code == 303
    assert here.post("/identity/second-factor/passkeys", data=data).status_code == 422  # asked once
    browser = park.app.test_client()
    password_step(browser, "e01")
    sent = options(browser.get("/identity/second-step").text)
    assert browser.post("/identity/second-step", data={"answer": strange.get(sent)}).status_code == 422
    assert browser.post("/identity/second-step", data={"answer": "[1, {"}).status_code == 422
    sent = options(browser.get("/identity/second-step").text)
    good = key.get(sent)
    assert browser.post("/identity/second-step", data={"answer": good}).status_code == 303
    assert "办公室电脑" in browser.get("/identity/second-factor").text
    replay = park.app.test_client()
    password_step(replay, "e01")
    replay.get("/identity/second-step")
    assert replay.post("/identity/second-step", data={"answer": good}).status_code == 422


def test_where_the_park_wants_it_staff_see_nothing_before_they_have_one(park: Park) -> None:
    settings = park.app.config["SETTINGS"]
    park.app.config["SETTINGS"] = dataclasses.replace(settings, second_factor=True)
    park.staff()
    park.firm("E01")
    assert park.browse("e01").get("/").status_code == 200
    with clock.frozen(NOON):
        office = park.browse("park")
        assert office.get("/").headers["Location"] == "/identity/second-factor"
        assert office.post("/identity/members/1/deactivate").headers["Location"] == "/identity/second-factor"
        assert "园区要求您的角色使用两步验证" in office.get("/identity/second-factor").text
        with_totp(office)
        assert office.get("/").status_code == 200
        with park.app.app_context():
            number = db.session.scalars(sa.select(SecondFactor.id)).one()
        last = office.post(f"/identity/second-factor/{number}/remove", data=PASSWORD)
        assert last.status_code == 409
        assert "请先添加另一种方式" in last.text


def test_factors_change_only_with_the_password(park: Park) -> None:
    park.firm("E01")
    with clock.frozen(NOON):
        client = park.browse("e01")
        wrong = client.post("/identity/second-factor/totp", data={"password": "guess guess"})
        assert wrong.status_code == 422
        with_totp(client)
        with park.app.app_context():
            number = db.session.scalars(sa.select(SecondFactor.id)).one()
        path = f"/identity/second-factor/{number}/remove"
        assert client.post(path, data={"password": "guess guess"}).status_code == 422
        park.firm("E02")
        assert park.browse("e02").post(path, data=PASSWORD).status_code == 404
        assert client.post(path, data=PASSWORD).status_code == 303
        assert password_step(park.app.test_client(), "e01") == "/"


def test_lost_factors_need_two_people(park: Park) -> None:
    office = park.staff()
    park.member("park2", office, "park_admin")
    with clock.frozen(NOON):
        with_totp(park.browse("reviewer"))
        member = park.actor("reviewer").member_id
        first, second = park.browse("park"), park.browse("park2")
        path = f"/identity/members/{member}/factors-lost"
        assert first.post(path, data={"reason": ""}).status_code == 422
        assert first.post(path, data={"reason": "手机遗失，已当面核实"}).status_code == 303
        page = second.get("/identity/resets").text
        assert "手机遗失，已当面核实" in page
        confirm = re.findall(r"/identity/factor-losses/\d+/confirm", page)
        assert first.post(confirm[0]).status_code == 403  # never who asked
        assert park.browse("reviewer2").post(confirm[0]).status_code == 403
        assert park.browse("auditor").post(confirm[0]).status_code == 403  # another administrator is there
        assert password_step(park.app.test_client(), "reviewer") == "/identity/second-step"
        assert second.post(confirm[0]).status_code == 303
        assert second.post(confirm[0]).status_code == 404
        assert password_step(park.app.test_client(), "reviewer") == "/"
    assert {"factor.loss_asked", "factor.loss_confirmed"} <= set(actions(park))
    with park.app.app_context():
        told = set(db.session.scalars(sa.select(Notification.code).where(Notification.member_id == member)))
        auditor = park.actor("auditor").member_id
        seen = set(db.session.scalars(sa.select(Notification.code).where(Notification.member_id == auditor)))
    assert {"factor_loss_asked", "factor_loss_confirmed"} <= told & seen


def test_a_firm_cannot_touch_the_factors_of_another(park: Park) -> None:
    park.firm("E01")
    park.firm("E02")
    other = park.actor("e02").member_id
    answer = park.browse("e01").post(f"/identity/members/{other}/factors-lost", data={"reason": "lost"})
    assert answer.status_code == 404
