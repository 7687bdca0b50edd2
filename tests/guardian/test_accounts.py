"""Short attacks on accounts: two who remove each other, guessed passwords, a storm of sign-ins."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import Refusal
from app.identity.actor import Actor
from app.identity.members import service as members
from app.identity.members.models import Member, MemberRole
from app.identity.notifications.models import Notification
from app.identity.sessions import passwords
from app.identity.sessions.passwords import DEMO_PASSWORD
from tests.factories import Park

NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
CODES = ("91310000MA1K000019", "91310000MA1K00002C")


def at_once(park: Park, *attacks: Callable[[], None]) -> list[str]:
    """Run attacks in threads that start together; answers the refusals' codes."""
    gate = threading.Barrier(len(attacks))
    refused: list[str] = []

    def run(attack: Callable[[], None]) -> None:
        with park.app.app_context():
            gate.wait()
            try:
                attack()
            except Refusal as refusal:
                refused.append(refusal.code)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(attack,)) for attack in attacks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def administrators(park: Park, organisation_id: int, role: str) -> int:
    with park.app.app_context():
        query = (
            sa.select(sa.func.count())
            .select_from(Member)
            .join(MemberRole, MemberRole.member_id == Member.id)
            .where(
                Member.organisation_id == organisation_id, Member.status == "active", MemberRole.role == role
            )
        )
        return int(db.session.scalar(query) or 0)


def _switch_off(actor: Actor, other: Actor) -> Callable[[], None]:
    return lambda: members.set_member_status(actor, other.member_id, active=False)


def _strip(actor: Actor, other: Actor) -> Callable[[], None]:
    return lambda: members.change_roles(actor, other.member_id, ["enterprise_member"])


@pytest.mark.parametrize(
    ("one", "other"), [(_switch_off, _switch_off), (_strip, _strip), (_switch_off, _strip)]
)
def test_two_who_remove_each_other_leave_one(park: Park, one: object, other: object) -> None:
    assert callable(one)
    assert callable(other)
    firm = park.firm("E01")
    park.member("second", firm, "enterprise_admin")
    a, b = park.actor("e01"), park.actor("second")
    for _round in range(5):
        refused = at_once(park, one(a, b), other(b, a))
        assert len(refused) == 1
        assert administrators(park, firm, "enterprise_admin") == 1
        with park.app.app_context():  # both come back for the next round
            db.session.execute(sa.update(Member).values(status="active"))
            for member in (a, b):
                if db.session.get(MemberRole, (member.member_id, "enterprise_admin")) is None:
                    db.session.add(MemberRole(member_id=member.member_id, role="enterprise_admin"))
            db.session.commit()


def test_the_park_cannot_switch_off_a_firms_last_administrator(park: Park) -> None:
    park.staff()
    firm = park.firm("E01")
    office = park.browse("park")
    admin = park.actor("e01").member_id
    assert office.post(f"/identity/members/{admin}/deactivate").status_code == 409
    assert administrators(park, firm, "enterprise_admin") == 1


def guess(client: FlaskClient, login: str, password: str, address: str = "203.0.113.7") -> tuple[int, int]:
    """Status and Retry-After of one try."""
    answer = client.post(
        "/identity/sign-in",
        data={"login": login, "password": password},
        environ_base={"REMOTE_ADDR": address},
    )
    return answer.status_code, int(answer.headers.get("Retry-After", 0))


def test_guessing_is_slowed_down_where_it_happens_and_told(park: Park) -> None:
    park.staff()
    park.firm("E01")
    own = park.app.test_client()
    with clock.frozen(NOON):
        assert guess(own, "e01", DEMO_PASSWORD) == (303, 0)
        own.post("/identity/sign-out")
        for login in ("e01", "nobody"):  # a login that does not exist is slowed down all the same
            thief = park.app.test_client()
            assert [guess(thief, login, f"guess {n}") for n in range(5)] == [(422, 0)] * 5
            assert guess(thief, login, DEMO_PASSWORD) == (429, 31)
        assert guess(own, "e01", DEMO_PASSWORD) == (303, 0)  # same address, but known
        assert guess(park.app.test_client(), "e01", DEMO_PASSWORD, "198.51.100.9") == (303, 0)
    with clock.frozen(NOON + dt.timedelta(seconds=31)):
        assert guess(thief, "nobody", "guess 6")[0] == 422
        assert guess(thief, "nobody", "guess 7") == (429, 61)  # twice as long
    with park.app.app_context():
        told = db.session.execute(
            sa.select(Notification.code, Member.login)
            .join(Member, Member.id == Notification.member_id)
            .order_by(Notification.id)
        )
        assert [tuple(row) for row in told] == [("wrong_passwords", "e01"), ("wrong_passwords_of", "auditor")]


def test_a_registration_answers_the_same_for_a_login_that_exists(park: Park) -> None:
    park.firm("E01")
    form = {
        "name_zh": "新到科技",
        "name_en": "",
        "industry": "ai",
        "size": "micro",
        "applicant": "岑新",
        "email": "cen@example.invalid",
        "password": "three blind mice run",
        "again": "three blind mice run",
        "consent": "y",
    }
    answers = [
        park.app.test_client().post(
            "/identity/register", data={**form, "login": login, "credit_code": CODES[number - 1]}
        )
        for number, login in enumerate(("e01", "free-login"), 1)
    ]
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {
        (303, "/identity/registered")
    }
    with park.app.app_context():
        assert sorted(db.session.scalars(sa.select(Member.login))) == ["e01", "e01.e02", "free-login"]


@pytest.mark.parametrize(
    "password", ["Password2026!", "1234567890", "13800138000", "new-arrival-1", "aaaaaaaaaaaa"]
)
def test_what_anybody_would_try_first_is_no_password(park: Park, password: str) -> None:
    park.firm("E01", name_en="New-Arrival Ltd")
    data = {"current": DEMO_PASSWORD, "password": password, "again": password}
    answer = park.browse("e01").post("/identity/security", data=data)
    assert answer.status_code == 422
    assert "容易被猜到" in answer.text


def test_a_storm_of_sign_ins_is_refused_and_not_queued(park: Park, monkeypatch: pytest.MonkeyPatch) -> None:
    park.firm("E01")
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 0.01)
    for _place in range(passwords.AT_ONCE):  # as many as may hash at once do so already
        assert passwords._places.acquire(blocking=False)
    try:
        assert guess(park.app.test_client(), "e01", DEMO_PASSWORD) == (503, passwords.RETRY_SECONDS)
    finally:
        for _place in range(passwords.AT_ONCE):
            passwords._places.release()
    assert guess(park.app.test_client(), "e01", DEMO_PASSWORD)[0] == 303
