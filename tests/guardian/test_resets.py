"""Short attacks on four eyes: nobody who starts a reset finishes it, and who was let in yesterday checks nobody."""

from __future__ import annotations

import datetime as dt
import re
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from flask.testing import FlaskClient

from app import create_app
from app.ecosystem.packs import service as packs
from app.ecosystem.packs.models import ServicePack
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import NotAllowed
from app.hall.jobs import Outbox, deliver_outbox
from app.identity import door as identity
from app.identity.audit.models import AuditEvent
from app.identity.members.models import Member, SecretLink
from app.identity.notifications.models import Notification
from app.identity.sessions.models import ApiToken
from app.sharing.catalogue.models import Resource, Talent
from tests.conftest import Databases, running, settings_for
from tests.factories import Park

PASSWORD = "three blind mice run"
NEW = {"password": PASSWORD, "again": PASSWORD}


def shown_half(client: FlaskClient, page: str = "/identity/members") -> str:
    """The half of a code that a page shows; nothing where it shows none."""
    found = re.search(r'id="secret" readonly value="([A-Z2-7]{10})"', client.get(page).text)
    return found.group(1) if found else ""


def waiting(client: FlaskClient) -> list[str]:
    """The confirmations that a page offers."""
    return re.findall(r"/identity/resets/\d+/confirm", client.get("/identity/resets").text)


def use(park: Park, code: str) -> int:
    return park.app.test_client().post(f"/identity/reset/{code}", data=NEW).status_code


def second_administrator(park: Park) -> int:
    organisation_id = park.staff()
    park.member("park2", organisation_id, "park_admin")
    return organisation_id


def test_an_administrator_alone_cannot_become_the_reviewer(park: Park) -> None:
    second_administrator(park)
    one, two = park.browse("park"), park.browse("park2")
    reviewer = park.actor("reviewer").member_id
    token = park.api("reviewer")
    assert one.post(f"/identity/members/{reviewer}/reset-link").status_code == 303
    first = shown_half(one)
    assert len(first) == 10
    assert waiting(one) == []  # who asked is not offered to confirm
    with park.app.app_context():
        link = db.session.scalars(sa.select(SecretLink.id)).one()
    assert one.post(f"/identity/resets/{link}/confirm").status_code == 403
    assert park.browse("reviewer").post(f"/identity/resets/{link}/confirm").status_code == 403
    assert (
        park.browse("auditor").post(f"/identity/resets/{link}/confirm").status_code == 403
    )  # park2 is there
    assert use(park, first + "A" * 10) == 404
    assert two.post(waiting(two)[0]).status_code == 303
    second = shown_half(two, "/identity/resets")
    assert second
    assert first != second
    assert use(park, first * 2) == 404
    assert use(park, first + second) == 303
    assert use(park, first + second) == 404  # once
    assert token.get("/identity/notifications").status_code == 401
    with park.app.app_context():
        told = db.session.scalars(
            sa.select(Notification.code)
            .join(Member, Member.id == Notification.member_id)
            .where(Member.login == "reviewer")
            .order_by(Notification.id)
        )
        assert list(told) == ["reset_asked", "reset_confirmed", "password_replaced"]


def test_a_park_with_one_administrator_lets_the_auditor_confirm(park: Park) -> None:
    park.staff()
    office, auditor = park.browse("park"), park.browse("auditor")
    office.post(f"/identity/members/{park.actor('reviewer').member_id}/reset-link")
    first = shown_half(office)
    assert auditor.post(waiting(auditor)[0]).status_code == 303
    assert use(park, first + shown_half(auditor, "/identity/resets")) == 303


def test_who_was_let_in_yesterday_is_no_second_person(park: Park) -> None:
    organisation_id = second_administrator(park)
    puppet = park.member("puppet", organisation_id, "auditor")
    office = park.browse("park")
    roles = ["auditor", "credit_reviewer"]
    assert office.post(f"/identity/members/{puppet}/roles", data={"roles": roles}).status_code == 303
    with park.app.app_context():
        giver = db.session.scalars(sa.select(Member.id).where(Member.login == "park")).one()
    for one, other in ((park.actor("puppet"), giver), (park.actor("park"), puppet)):
        with park.app.app_context(), pytest.raises(NotAllowed, match="second_person_too_close"):
            identity.require_second_person(one, other)
    with park.app.app_context():
        identity.require_second_person(park.actor("reviewer"), giver)
        with clock.frozen(clock.now() + dt.timedelta(days=7, minutes=1)):
            identity.require_second_person(park.actor("puppet"), giver)


def test_a_password_given_by_a_reset_is_not_independent_even_after_it_is_changed(park: Park) -> None:
    test_a_park_with_one_administrator_lets_the_auditor_confirm(park)
    client = park.browse("reviewer")
    change = {"current": PASSWORD, "password": "four calling birds", "again": "four calling birds"}
    assert client.post("/identity/security", data=change).status_code == 303
    with park.app.app_context(), pytest.raises(NotAllowed):
        identity.require_second_person(park.actor("reviewer"), park.actor("park").member_id)


@pytest.mark.parametrize(("keep", "alive"), [("", 401), ("y", 200)])
def test_a_change_of_password_ends_tokens_unless_kept(park: Park, keep: str, alive: int) -> None:
    park.firm("E01")
    token = park.api("e01")
    data = {"current": "parklink-demo", "password": PASSWORD, "again": PASSWORD}
    answer = park.browse("e01").post("/identity/security", data=data | ({"keep": keep} if keep else {}))
    assert answer.status_code == 303
    assert token.get("/identity/notifications").status_code == alive


class Letters:
    """A mail server that keeps what it is handed."""

    def __init__(self) -> None:
        self.kept: list[EmailMessage] = []
        self.down = False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.down:
            return "451 try again"
        self.kept.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def letters() -> Iterator[tuple[Letters, str]]:
    handler = Letters()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield handler, f"smtp://127.0.0.1:{port}?tls=none"
    finally:
        controller.stop()


@pytest.fixture
def mailing(
    letters: tuple[Letters, str], databases: Databases, database_url: str, tmp_path: Path
) -> Iterator[Park]:
    settings = settings_for(
        database_url,
        tmp_path,
        smtp_url=letters[1],
        mail_from="parklink@park.example",
        site="https://park.example",
    )
    with running(create_app(settings)) as app:
        yield Park(app)


def give_address(park: Park, login: str) -> None:
    with park.app.app_context():
        db.session.execute(
            sa.update(Member).where(Member.login == login).values(email=f"{login}@firm.example")
        )
        db.session.commit()


def test_the_reset_goes_to_the_member_and_to_nobody_else(mailing: Park, letters: tuple[Letters, str]) -> None:
    firm = mailing.firm("E01")
    worker = mailing.member("worker", firm, "enterprise_member")
    give_address(mailing, "worker")
    boss = mailing.browse("e01")
    assert boss.post(f"/identity/members/{worker}/reset-link").status_code == 303
    assert shown_half(boss) == ""
    told, link = letters[0].kept
    assert [one["To"] for one in (told, link)] == ["worker@firm.example"] * 2
    bodies = [link.get_body((kind,)) for kind in ("plain", "html")]
    texts = [body.get_content() for body in bodies if body is not None]
    assert len(texts) == 2
    for text in texts:
        assert "设置新密码" in text
        assert "Set a new password with the link" in text
    found = re.search(r"https://park\.example(/identity/reset/[A-Z2-7]{20})", texts[0])
    assert found
    with mailing.app.app_context():
        assert found.group(1)[-20:] not in str(list(db.session.scalars(sa.select(Outbox.payload))))
    assert mailing.app.test_client().post(found.group(1), data=NEW).status_code == 303


def test_a_letter_that_the_server_refuses_is_sent_again(mailing: Park, letters: tuple[Letters, str]) -> None:
    firm = mailing.firm("E01")
    worker = mailing.member("worker", firm, "enterprise_member")
    give_address(mailing, "worker")
    letters[0].down = True
    mailing.browse("e01").post(f"/identity/members/{worker}/reset-link")
    assert letters[0].kept == []
    letters[0].down = False
    with mailing.app.app_context(), clock.frozen(clock.now() + dt.timedelta(minutes=5)):
        assert deliver_outbox() == 2
    assert len({one["Message-ID"] for one in letters[0].kept}) == 2


def test_a_firm_that_was_decided_about_gets_a_letter(mailing: Park, letters: tuple[Letters, str]) -> None:
    mailing.staff()
    firm = mailing.firm("E09", status="pending")
    give_address(mailing, "e09")
    data = {"decision": "reject", "reason": "资料不全"}
    assert mailing.browse("park").post(f"/identity/registrations/{firm}", data=data).status_code == 303
    body = letters[0].kept[0].get_body(("plain",))
    assert body is not None
    assert "资料不全" in body.get_content()


def test_without_mail_the_page_says_so(park: Park) -> None:
    park.staff()
    firm = park.firm("E09", status="pending")
    office = park.browse("park")
    office.post(f"/identity/registrations/{firm}", data={"decision": "approve"})
    assert "没有发出邮件" in office.get("/identity/registrations").text


def test_a_revoked_token_row_stays_for_the_trail(park: Park) -> None:
    test_a_change_of_password_ends_tokens_unless_kept(park, "", 401)
    with park.app.app_context():
        assert db.session.scalars(sa.select(ApiToken.revoked_at)).one() is not None


def test_an_administrator_sees_and_ends_the_tokens_of_the_own_people(park: Park) -> None:
    firm = park.firm("E01")
    park.firm("E02")
    park.member("worker", firm, "enterprise_member")
    own, foreign = park.api("worker"), park.api("e02")
    boss = park.browse("e01")
    ends = re.findall(r"/identity/tokens/\d+/revoke", boss.get("/identity/tokens").text)
    assert len(ends) == 1  # not those of another firm
    with park.app.app_context():
        other = db.session.scalars(
            sa.select(ApiToken.id).join(Member, Member.id == ApiToken.member_id).where(Member.login == "e02")
        ).one()
    assert boss.post(f"/identity/tokens/{other}/revoke").status_code == 404
    assert park.browse("worker").post(f"/identity/tokens/{other}/revoke").status_code == 404
    assert boss.post(ends[0]).status_code == 303
    assert own.get("/identity/notifications").status_code == 401
    assert foreign.get("/identity/notifications").status_code == 200


def test_the_database_alone_does_not_open_a_pack(park: Park) -> None:
    with park.app.app_context():
        row = ServicePack(
            name="x", token="as-it-stands", state="shared", expires_on=clock.today(), created_at=clock.now()
        )
        db.session.add(row)
        db.session.commit()
        secret = packs.secret_of(row)
    stranger = park.app.test_client()
    assert stranger.get(f"/ecosystem/welcome/{secret}").status_code == 200
    for guess in ("as-it-stands", "1-as-it-stands", "1-", "1", f"{secret}A", "²-x", "9" * 400):
        assert stranger.get(f"/ecosystem/welcome/{guess}").status_code == 404


def test_the_experts_link_goes_to_the_expert_and_not_to_who_asks(
    mailing: Park, letters: tuple[Letters, str]
) -> None:
    for code in ("E01", "E02"):
        mailing.firm(code)
    owner, user = mailing.api("e01"), mailing.api("e02")
    today = clock.today()
    with mailing.app.app_context(), transaction() as session:
        resource = Resource(
            kind="talent",
            owner_id=mailing.actor("e01").organisation_id,
            name="焊接专家",
            updated_at=clock.now(),
            created_at=clock.now(),
        )
        session.add(resource)
        session.flush()
        number = resource.id
        session.add(Talent(resource_id=number, person_name="白灵", contact="bai@expert.example"))
    wish = {
        "resource": number,
        "days": 3,
        "purpose": "诊断",
        "starts_on": (today + dt.timedelta(days=3)).isoformat(),
        "ends_on": (today + dt.timedelta(days=30)).isoformat(),
    }
    asked = user.post("/sharing/placements", wish).json
    answer = owner.post(f"/sharing/placements/{asked['id']}/consent-link").json
    assert answer == {"path": None, "mailed": True}
    sent = letters[0].kept[-1]
    assert sent["To"] == "bai@expert.example"
    body = sent.get_body(("plain",))
    assert body is not None
    found = re.search(r"https://park\.example(/sharing/consent/[A-Z2-7]{20})", body.get_content())
    assert found
    assert mailing.app.test_client().post(found.group(1), data={"answer": "yes"}).status_code == 303
    with mailing.app.app_context():
        names = db.session.scalars(
            sa.select(AuditEvent.actor_name).where(AuditEvent.action == "placement.answered")
        )
        assert list(names) == ["白灵"]


def test_what_lapses_goes_out_by_letter(mailing: Park, letters: tuple[Letters, str]) -> None:
    """A booking that waits for approval to its owner, a freed hour to who waits for it."""
    for code in ("E01", "E02", "E03"):
        mailing.firm(code)
        give_address(mailing, code.lower())
    day = clock.today() + dt.timedelta(days=14 - clock.today().weekday())
    hours = {"start": clock.at(day, 9).isoformat(), "end": clock.at(day, 11).isoformat()}
    opening = [{"weekday": 1, "from": "09:00", "to": "17:00"}]
    listed = {"kind": "equipment", "name": "光谱仪", "price_fen_per_hour": 100, "opening": opening}
    numbers = {
        approval: mailing.api("e01").post("/sharing/resources", {**listed, "approval": approval}).json["id"]
        for approval in ("owner", "automatic")
    }
    asked = {**hours, "resource": numbers["owner"], "purpose": "x"}
    assert mailing.api("e02").post("/sharing/bookings", asked).status_code == 201
    assert [sent["To"] for sent in letters[0].kept] == ["e01@firm.example"]
    taken = mailing.api("e02").post("/sharing/bookings", {**asked, "resource": numbers["automatic"]})
    wish = {**hours, "resource": numbers["automatic"], "minutes": 120}
    assert mailing.api("e03").post("/sharing/waitlist", wish).status_code == 201
    gone = mailing.api("e02").post(f"/sharing/bookings/{taken.json['id']}/cancel", {})
    assert gone.status_code == 200, gone.text
    assert [sent["To"] for sent in letters[0].kept] == ["e01@firm.example", "e03@firm.example"]
    body = letters[0].kept[-1].get_body(("plain",))
    assert body is not None and "https://park.example/sharing/bookings?tab=waitlist" in body.get_content()
