"""One's own account: profile, password, devices, tokens, messages."""

from __future__ import annotations

import re

import sqlalchemy as sa

from app.hall.db.base import db
from app.identity.notifications.service import notify_member
from app.identity.sessions.models import ApiToken
from app.identity.sessions.passwords import DEMO_PASSWORD
from tests.factories import Api, Park

NEW = "another long secret"


def test_changing_the_password_ends_all_other_sessions(park: Park) -> None:
    park.firm("E01")
    here, elsewhere = park.browse("e01"), park.browse("e01")
    wrong = here.post("/identity/security", data={"current": "guess guess", "password": NEW, "again": NEW})
    assert wrong.status_code == 422
    assert "当前密码不正确" in wrong.text
    data = {"current": DEMO_PASSWORD, "password": NEW, "again": NEW}
    assert here.post("/identity/security", data=data).status_code == 303
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302
    sign_in = park.app.test_client().post("/identity/sign-in", data={"login": "e01", "password": NEW})
    assert sign_in.status_code == 303


def test_sessions_are_listed_and_ended_one_by_one_or_all(park: Park) -> None:
    park.firm("E01")
    here, second, third = (park.browse("e01") for _browser in range(3))
    page = here.get("/identity/security").text
    assert page.count("当前设备") == 1
    others = re.findall(r"/identity/security/sessions/\d+/end", page)
    assert len(others) == 2
    here.post(others[0])
    assert sorted([second.get("/").status_code, third.get("/").status_code]) == [200, 302]
    here.post("/identity/security/sessions/end")
    assert [browser.get("/").status_code for browser in (here, second, third)] == [200, 302, 302]


def test_nobody_ends_the_session_of_somebody_else(park: Park) -> None:
    park.firm("E01")
    park.firm("E02")
    theirs = park.browse("e02")
    url = "/identity/security/sessions/{}/end"
    mine = park.browse("e01")
    for number in range(1, 4):
        mine.post(url.format(number))
    assert theirs.get("/").status_code == 200


def test_the_profile_keeps_name_and_language(park: Park) -> None:
    park.firm("E01")
    client = park.browse("e01")
    data = {"name": "李婉清", "email": "li@example.invalid", "phone": "", "language": "en"}
    assert client.post("/identity/profile", data=data).status_code == 303
    page = client.get("/identity/profile").text
    assert '<html lang="en"' in page
    assert 'value="李婉清"' in page
    client.get("/identity/language?lang=zh&next=/")  # the switch outdoes the profile from now on
    assert '<html lang="zh-CN"' in client.get("/").text


def test_a_token_is_shown_once_kept_as_a_hash_and_revoked(park: Park) -> None:
    park.firm("E01")
    client = park.browse("e01")
    data = {"name": "排期同步", "scopes": ["read"], "days": "30"}
    assert client.post("/identity/tokens", data=data).status_code == 303
    page = client.get("/identity/tokens").text
    found = re.search(r'value="(pl_[\w-]+)"', page)
    assert found
    secret = found.group(1)
    assert secret not in client.get("/identity/tokens").text
    with park.app.app_context():
        row = db.session.scalars(sa.select(ApiToken)).one()
        assert secret not in (row.token_hash, row.prefix)
        assert row.expires_at
    api = Api(park.app, secret)
    assert api.get("/identity/me").get_json()["login"] == "e01"
    assert api.post("/identity/notifications/read").status_code == 403  # may only read
    assert client.post(f"/identity/tokens/{row.id}/revoke").status_code == 303
    assert api.get("/identity/me").status_code == 401


def test_tokens_of_others_do_not_exist(park: Park) -> None:
    park.firm("E01")
    park.firm("E02")
    park.api("e02")
    assert park.browse("e01").post("/identity/tokens/1/revoke").status_code == 404
    assert park.api("e01").post("/identity/tokens/1/revoke").status_code == 404


def tell(park: Park, login: str, url: str = "/identity/todo") -> None:
    member_id = park.actor(login).member_id
    with park.app.app_context():
        notify_member(member_id, "enterprise_registered_note", url, name="新到科技")


def test_messages_are_listed_opened_and_marked_as_read(park: Park) -> None:
    park.firm("E01")
    tell(park, "e01")
    tell(park, "e01", "https://evil.example/")
    client = park.browse("e01")
    page = client.get("/identity/notifications").text
    assert page.count("新到科技 申请入驻平台") == 2
    assert "2 条未读" in page
    assert client.get("/identity/notifications/1").headers["Location"] == "/identity/todo"
    assert client.get("/identity/notifications/2").headers["Location"] == "/identity/notifications"
    assert "没有未读通知" in client.get("/identity/notifications?show=unread").text
    tell(park, "e01")
    client.post("/identity/notifications/read")
    assert "0 条未读" in client.get("/").text


def test_messages_of_others_do_not_exist(park: Park) -> None:
    park.firm("E01")
    park.firm("E02")
    tell(park, "e02")
    assert park.browse("e01").get("/identity/notifications/1").status_code == 404
    assert "新到科技" not in park.browse("e01").get("/identity/notifications").text


def test_the_api_lists_my_messages_and_marks_them(park: Park) -> None:
    park.firm("E01")
    tell(park, "e01")
    api = park.api("e01")
    listed = api.get("/identity/notifications", unread="true").get_json()
    assert listed["total"] == 1
    assert listed["items"][0]["text"].startswith("新到科技")
    assert api.post("/identity/notifications/1/read").json == {"id": 1, "read": True}
    assert api.get("/identity/notifications", unread="true").json == {"items": [], "total": 0}
    assert api.get("/identity/notifications", limit=1000).status_code == 422
