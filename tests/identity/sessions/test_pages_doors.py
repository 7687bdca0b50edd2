"""Coming in and going out, as somebody at a browser sees it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from app.hall import clock
from app.hall.db.base import db
from app.identity.audit.models import AuditEvent
from app.identity.sessions.models import MemberSession
from app.identity.sessions.passwords import DEMO_PASSWORD
from tests.conftest import Databases, running, settings_for
from tests.factories import Park


def enter(client: FlaskClient, login: str, password: str = DEMO_PASSWORD, **more: str) -> TestResponse:
    return client.post("/identity/sign-in", data={"login": login, "password": password, **more})


def test_a_member_signs_in_and_out(park: Park) -> None:
    park.firm("E01")
    client = park.app.test_client()
    assert client.get("/").headers["Location"] == "/identity/sign-in?next=%2F"
    answer = enter(client, " E01 ")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "E01公司" in client.get("/").text
    assert client.post("/identity/sign-out").status_code == 303
    assert client.get("/").status_code == 302


def test_unknown_login_and_wrong_password_get_the_same_answer(park: Park) -> None:
    park.firm("E01")
    answers = [
        enter(park.app.test_client(), login, "wrong password") for login in ("e01", "nobody-by-this-name")
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    texts = [
        answer.text.replace('value="e01"', "").replace('value="nobody-by-this-name"', "")
        for answer in answers
    ]
    nonceless = [" ".join(part for part in text.split() if "nonce" not in part) for text in texts]
    assert nonceless[0] == nonceless[1]
    assert "登录名或密码不正确" in answers[0].text


def test_a_pending_firm_gets_the_same_answer_as_a_stranger(park: Park) -> None:
    park.firm("E09", status="pending")
    answer = enter(park.app.test_client(), "e09")
    assert answer.status_code == 422
    assert "登录名或密码不正确" in answer.text


def test_signing_in_starts_a_new_session(park: Park) -> None:
    park.firm("E01")
    client = park.app.test_client()
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
    enter(client, "e01")
    with client.session_transaction() as cookie:
        first = cookie["_user_id"]
        assert "planted" not in cookie
    client.post("/identity/sign-out")
    enter(client, "e01")
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != first


def test_the_cookie_of_a_session_that_was_ended_is_worth_nothing(park: Park) -> None:
    park.firm("E01")
    client = park.app.test_client()
    enter(client, "e01")
    with client.session_transaction() as cookie:
        stolen = dict(cookie)
    client.post("/identity/sign-out")
    thief = park.app.test_client()
    with thief.session_transaction() as cookie:
        cookie.update(stolen)
    assert thief.get("/").status_code == 302


@pytest.mark.parametrize(("remember", "hours"), [("", 12), ("y", 30 * 24)])
def test_remember_me_decides_how_long_the_session_lives(park: Park, remember: str, hours: int) -> None:
    park.firm("E01")
    noon = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
    with clock.frozen(noon):
        answer = enter(park.app.test_client(), "e01", **({"remember": remember} if remember else {}))
    with park.app.app_context():
        assert db.session.scalars(sa.select(MemberSession.expires_at)).all() == [
            noon + dt.timedelta(hours=hours)
        ]
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("parklink="))
    assert ("Expires" in cookie) is bool(remember)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize(
    ("target", "lands"),
    [
        ("/identity/todo", "/identity/todo"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil", "/"),
    ],
)
def test_after_signing_in_one_stays_on_this_site(park: Park, target: str, lands: str) -> None:
    park.firm("E01")
    answer = park.app.test_client().post(
        "/identity/sign-in", query_string={"next": target}, data={"login": "e01", "password": DEMO_PASSWORD}
    )
    assert answer.headers["Location"] == lands


def test_sign_ins_leave_a_trail(park: Park) -> None:
    park.firm("E01")
    enter(park.app.test_client(), "e01")
    enter(park.app.test_client(), "e01", "wrong password")
    with park.app.app_context():
        rows = db.session.execute(sa.select(AuditEvent.action, AuditEvent.actor_name).order_by(AuditEvent.id))
        assert [tuple(row) for row in rows] == [("sign_in", "e01 先生"), ("sign_in.refused", "e01")]


def test_too_many_wrong_passwords_are_slowed_down_kindly(
    databases: Databases, database_url: str, tmp_path: Path
) -> None:
    with running(create_app(settings_for(database_url, tmp_path, testing=False))) as app:
        app.config["WTF_CSRF_ENABLED"] = False
        Park(app).firm("E01")
        client = app.test_client()
        refused = [enter(client, "e01", "wrong password").status_code for _attempt in range(6)]
        assert refused == [422] * 5 + [429]
        page = enter(client, "e01")
        assert page.status_code == 429
        assert "密码多次不正确" in page.text
        assert 'value="e01"' in page.text
        assert enter(client, "e02").status_code == 422  # another login from here is not locked out


def test_the_language_switch_keeps_the_page_and_is_remembered(park: Park) -> None:
    park.firm("E01")
    client = park.browse("e01")
    assert '<html lang="zh-CN"' in client.get("/identity/todo").text
    answer = client.get("/identity/language?lang=en&next=/identity/todo")
    assert answer.headers["Location"] == "/identity/todo"
    assert '<html lang="en"' in client.get("/identity/todo").text
    assert client.get("/identity/language?lang=fr").status_code == 404


def test_the_sign_in_page_names_demo_logins_only_in_the_demo(database_url: str, tmp_path: Path) -> None:
    for demo in (True, False):
        with running(create_app(settings_for(database_url, tmp_path, demo=demo))) as app:
            assert ("parklink-demo" in app.test_client().get("/identity/sign-in").text) is demo
