"""People and firms for tests, and ways to act as them over HTTP: pages by cookie, API by token."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.identity.members.models import Member
from app.identity.members.person import member_query, person_of, secret_hash
from app.identity.members.service import add_member
from app.identity.organisations.models import Enterprise, Organisation
from app.identity.sessions.models import MemberSession
from app.identity.sessions.passwords import DEMO_PASSWORD
from app.identity.sessions.service import SHORT
from app.identity.sessions.tokens import token_for_login
from tests.true_answers import held_to_the_file


def words_of(text: str) -> str:
    """What a page says, without its tokens: among sixty drawn characters stands any short code by chance."""
    return re.sub(r"[A-Za-z0-9_=.-]{60,}", "", text)


class Api:
    """The API as one member calls it; `status` and `json` of the answer are on the response."""

    def __init__(self, app: Flask, token: str) -> None:
        self.app = app
        self.client = app.test_client(use_cookies=False)
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **query: Any) -> TestResponse:
        answer = self.client.get(f"/api/v1{path}", query_string=query, headers=self.headers)
        return held_to_the_file(self.app, answer)

    def post(self, path: str, body: Any = None, key: str = "") -> TestResponse:
        headers = dict(self.headers, **({"Idempotency-Key": key} if key else {}))
        sent = body if body is not None else {}
        return held_to_the_file(self.app, self.client.post(f"/api/v1{path}", json=sent, headers=headers))

    def attach(self, path: str, data: bytes) -> TestResponse:
        """The body is the file itself."""
        return held_to_the_file(self.app, self.client.post(f"/api/v1{path}", data=data, headers=self.headers))


class Park:
    """A park to test in: `firm`, `member`, then `browse(login)` or `api(login)`."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._sessions = 0

    def organisation(self, code: str, kind: str = "enterprise", **more: Any) -> int:
        """An organisation; answers its id."""
        make = Enterprise if kind == "enterprise" else Organisation
        with self.app.app_context(), transaction() as session:
            values = {"name_zh": f"{code}公司", "name_en": f"{code} Ltd", "created_at": clock.now(), **more}
            row = make(code=code, kind=kind, **values)
            session.add(row)
            session.flush()
            return int(row.id)

    def member(self, login: str, organisation_id: int, *roles: str, password: str = DEMO_PASSWORD) -> int:
        with self.app.app_context():
            return int(add_member(organisation_id, login, f"{login} 先生", password, roles).id)

    def firm(self, code: str, **more: Any) -> int:
        """An enterprise with an administrator whose login is its code in lower case."""
        organisation_id = self.organisation(code, **more)
        self.member(code.lower(), organisation_id, "enterprise_admin")
        return organisation_id

    def staff(self) -> int:
        """The park itself with one member per role, logins as in the demo."""
        organisation_id = self.organisation("PARK", "park")
        for login, role in (
            ("park", "park_admin"),
            ("investment", "investment_staff"),
            ("reviewer", "credit_reviewer"),
            ("reviewer2", "credit_reviewer"),
            ("secretary", "committee_secretary"),
            ("auditor", "auditor"),
        ):
            self.member(login, organisation_id, role)
        return organisation_id

    def trust_posts(self) -> None:
        """Switch the review of needs and offers off: what the rules have no doubt about goes out at once."""
        with self.app.app_context(), transaction() as session:
            session.execute(sa.text("UPDATE match_policy SET review = 'rules'"))

    def actor(self, login: str) -> Any:
        """The `Actor` of a member, for calling services directly."""
        with self.app.app_context():
            member = db.session.scalars(member_query().where(Member.login == login)).one()
            return person_of(member).actor

    def api(self, login: str) -> Api:
        with self.app.app_context():
            return Api(self.app, token_for_login(login))

    def noted(self, login: str, path: str, span: dict[str, Any]) -> TestResponse:
        """Note use at the moment it ends: nothing is noted before it has happened."""
        with clock.frozen(dt.datetime.fromisoformat(span["end"])):
            return self.api(login).post(path, span)

    def browse(self, login: str, lang: str = "zh") -> FlaskClient:
        """A browser with a signed-in member (the sign-in page itself has its own tests)."""
        self._sessions += 1
        key = f"test-session-{self._sessions}-{login}"
        with self.app.app_context(), transaction() as session:
            member_id = session.scalars(sa.select(Member.id).where(Member.login == login)).one()
            now = clock.now()
            session.add(
                MemberSession(
                    member_id=member_id,
                    key_hash=secret_hash(key),
                    created_at=now,
                    seen_at=now,
                    expires_at=now + SHORT,
                )
            )
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie.update(_user_id=key, _fresh=True, language=lang)
        return client
