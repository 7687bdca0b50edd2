"""How firms and colleagues come in, and how a lost password is replaced."""

from __future__ import annotations

import datetime as dt
import re

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.hall import clock
from app.hall.db.base import db
from app.identity.audit.models import AuditEvent
from app.identity.notifications.models import Notification
from app.identity.organisations.models import Organisation
from tests.factories import Park

PASSWORD = "a long enough secret"
FIRM = {
    "name_zh": "新到科技",
    "name_en": "Newcomer Tech",
    "credit_code": "91310000ma1k000019",
    "industry": "ai",
    "size": "micro",
    "applicant": "岑新",
    "email": "cen@example.invalid",
    "phone": "",
    "login": "newcomer",
    "password": PASSWORD,
    "again": PASSWORD,
    "consent": "y",
}


def register(park: Park, **changes: str) -> TestResponse:
    return park.app.test_client().post("/identity/register", data={**FIRM, **changes})


def enter(park: Park, login: str, password: str = PASSWORD) -> int:
    data = {"login": login, "password": password}
    return park.app.test_client().post("/identity/sign-in", data=data).status_code


def link_on(page: str) -> str:
    """The path of the one-time link a page shows."""
    found = re.search(r'value="http://[^/"]+(/identity/[^"]+)"', page)
    assert found, page
    return found.group(1)


def the_firm(park: Park) -> Organisation:
    with park.app.app_context():
        return db.session.scalars(sa.select(Organisation).where(Organisation.name_zh == "新到科技")).one()


def test_a_firm_registers_and_waits_for_the_park(park: Park) -> None:
    park.staff()
    assert register(park).headers["Location"] == "/identity/registered"
    assert enter(park, "newcomer") == 422
    office = park.browse("park")
    page = office.get("/identity/registrations").text
    assert "新到科技" in page
    assert "91310000MA1K000019" in page
    assert "岑新" in page
    answer = office.post(f"/identity/registrations/{the_firm(park).id}", data={"decision": "approve"})
    assert answer.status_code == 303
    assert enter(park, "newcomer") == 303
    with park.app.app_context():
        notes = db.session.scalars(sa.select(Notification.code)).all()
        actions = db.session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert notes == ["enterprise_registered_note", "enterprise_welcome"]
    assert actions[-2:] == ["enterprise.active", "sign_in"]


def test_a_refusal_needs_a_reason_and_is_decided_once(park: Park) -> None:
    park.staff()
    register(park)
    office, url = park.browse("park"), f"/identity/registrations/{the_firm(park).id}"
    answer = office.post(url, data={"decision": "reject", "reason": " "})
    assert answer.status_code == 422
    assert "请填写理由" in answer.text
    assert office.post(url, data={"decision": "reject", "reason": "资料不全"}).status_code == 303
    assert "资料不全" in office.get("/identity/registrations?status=rejected").text
    assert "该申请已被处理" in office.post(url, data={"decision": "approve"}).text
    assert enter(park, "newcomer") == 422


def test_a_registration_says_what_is_wrong_and_keeps_what_was_typed(park: Park) -> None:
    answer = register(park, credit_code="123", again="something else", email="not-an-address")
    assert answer.status_code == 422
    for sentence in ("统一社会信用代码应为", "两次输入的密码不一致", "请填写有效的邮箱地址"):
        assert sentence in answer.text
    assert 'value="新到科技"' in answer.text
    assert PASSWORD not in answer.text


def test_the_same_firm_cannot_register_twice(park: Park) -> None:
    assert register(park).status_code == 303
    answer = register(park, login="second")
    assert answer.status_code == 409
    assert "请联系贵单位管理员" in answer.text


def invite(client: FlaskClient, *roles: str, name: str = "陆新") -> str:
    answer = client.post("/identity/members/invite", data={"name": name, "email": "", "roles": list(roles)})
    assert answer.status_code == 303, answer.text
    return link_on(client.get("/identity/members").text)


def accept(park: Park, link: str, login: str = "lu") -> TestResponse:
    data = {"name": "陆新", "login": login, "password": PASSWORD, "again": PASSWORD}
    return park.app.test_client().post(link, data=data)


def test_an_invitation_is_shown_once_and_works_once(park: Park) -> None:
    park.firm("E01")
    boss = park.browse("e01")
    link = invite(boss, "enterprise_member", "steward")
    assert link not in boss.get("/identity/members").text
    assert "陆新" in park.app.test_client().get(link).text
    assert accept(park, link).status_code == 303
    assert enter(park, "lu") == 303
    page = boss.get("/identity/members").text
    assert "设备管理员" in page
    again = accept(park, link, "lu2")
    assert again.status_code == 404
    assert "链接已失效" in again.text


def test_an_invitation_expires_and_can_be_withdrawn(park: Park) -> None:
    park.firm("E01")
    boss = park.browse("e01")
    link = invite(boss, "enterprise_member")
    with clock.frozen(clock.now() + dt.timedelta(days=7, minutes=1)):
        assert accept(park, link).status_code == 404
    number = re.search(r"/identity/invitations/(\d+)/withdraw", boss.get("/identity/members").text)
    assert number
    assert boss.post(number.group(0)).status_code == 303
    assert accept(park, link).status_code == 404


def test_nobody_gives_roles_that_are_not_theirs_to_give(park: Park) -> None:
    firm = park.firm("E01")
    park.member("worker", firm, "enterprise_member")
    assert park.browse("worker").get("/identity/members/invite").status_code == 403
    data = {"name": "x", "email": "", "roles": "park_admin"}
    assert park.browse("e01").post("/identity/members/invite", data=data).status_code == 422


def reset_code(park: Park, member_id: int) -> str:
    """The two halves of a code: one for the firm's administrator, one for the park's."""
    boss, office = park.browse("e01"), park.browse("park")
    boss.post(f"/identity/members/{member_id}/reset-link")
    first = half_on(boss.get("/identity/members").text)
    wait = re.search(r"/identity/resets/\d+/confirm", office.get("/identity/resets").text)
    assert wait
    office.post(wait.group(0))
    return first + half_on(office.get("/identity/resets").text)


def half_on(page: str) -> str:
    found = re.search(r'value="([A-Z2-7]{10})"', page)
    assert found, page
    return found.group(1)


def test_a_reset_works_once_and_ends_all_sessions(park: Park) -> None:
    park.staff()
    worker = park.member("worker", park.firm("E01"), "enterprise_member")
    at_work = park.browse("worker")
    code = reset_code(park, worker)
    halves = {"first": f" {code[:5].lower()}-{code[5:10]}", "second": code[10:]}
    answer = park.app.test_client().post("/identity/reset", data=halves)
    link = answer.headers["Location"]
    new = {"password": PASSWORD, "again": PASSWORD}
    assert park.app.test_client().post(link, data=new).status_code == 303
    assert at_work.get("/").status_code == 302
    assert enter(park, "worker") == 303
    assert park.app.test_client().post(link, data=new).status_code == 404


def test_a_reset_expires_after_a_day(park: Park) -> None:
    park.staff()
    worker = park.member("worker", park.firm("E01"), "enterprise_member")
    code = reset_code(park, worker)
    with clock.frozen(clock.now() + dt.timedelta(hours=24, minutes=1)):
        assert park.app.test_client().get(f"/identity/reset/{code}").status_code == 404


def test_an_administrator_reaches_only_their_own_people(park: Park) -> None:
    park.firm("E01")
    stranger = park.member("stranger", park.firm("E02"), "enterprise_member")
    boss = park.browse("e01")
    for action in ("reset-link", "deactivate", "activate", "roles"):
        assert (
            boss.post(f"/identity/members/{stranger}/{action}", data={"roles": "steward"}).status_code == 404
        )


def test_a_deactivated_member_is_out_at_once(park: Park) -> None:
    firm = park.firm("E01")
    worker = park.member("worker", firm, "enterprise_member", password=PASSWORD)
    at_work = park.browse("worker")
    boss = park.browse("e01")
    assert boss.post(f"/identity/members/{worker}/deactivate").status_code == 303
    assert at_work.get("/").status_code == 302
    assert enter(park, "worker") == 422
    assert boss.post(f"/identity/members/{worker}/activate").status_code == 303
    assert enter(park, "worker") == 303


def test_roles_change_but_the_last_administrator_stays(park: Park) -> None:
    firm = park.firm("E01")
    worker = park.member("worker", firm, "enterprise_member")
    boss = park.browse("e01")
    own = park.actor("e01").member_id
    answer = boss.post(f"/identity/members/{own}/roles", data={"roles": "steward"})
    assert answer.status_code == 409
    assert "最后一位管理员" in answer.text
    roles = ["enterprise_admin", "steward"]
    assert boss.post(f"/identity/members/{worker}/roles", data={"roles": roles}).status_code == 303
    assert park.actor("worker").roles == frozenset(roles)
    assert boss.post(f"/identity/members/{own}/roles", data={"roles": "steward"}).status_code == 303
