"""A park founded by command whose people and firms come in by links over HTTP: the stories' other park."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from flask import Flask

from app.hall import clock
from tests.factories import Park

PASSWORD = "a long enough secret"
FOUNDED = clock.at(dt.date(2025, 1, 2), 10)
# The founder lets everybody in, and therefore checks nobody for a week: the stories' people act beside them.
STAFF = (
    ("park", "park_admin"),
    ("second", "park_admin"),
    ("investment", "investment_staff"),
    ("reviewer", "credit_reviewer"),
    ("reviewer2", "credit_reviewer"),
    ("secretary", "committee_secretary"),
    ("auditor", "auditor"),
)
FOUND = (
    "park",
    "found",
    "--name-zh",
    "白洲产业园",
    "--name-en",
    "Baizhou Park",
    "--login",
    "founder",
    "--name",
    "陆一",
)


class Founded(Park):
    """The same doors as the tests' other park; nothing is written into the database past the pages."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self._first: dict[int, str] = {}  # the first person's link of an organisation nobody has entered yet
        self._head: dict[int, str] = {}  # who may invite colleagues there
        with clock.frozen(FOUNDED):
            found = app.test_cli_runner().invoke(args=FOUND)
            assert found.exit_code == 0, found.output
            secret = re.search(r"/identity/reset/(\S+)", found.output)
            assert secret is not None, found.output
            self._enter(f"/identity/reset/{secret[1]}", {"password": PASSWORD, "again": PASSWORD})
            self.home = int(self.api("founder").get("/identity/me").json["organisation"]["id"])
            self._head[self.home] = "founder"

    def _enter(self, url: str, data: dict[str, str]) -> None:
        path = re.sub(r"^https?://[^/]+", "", url)
        answer = self.app.test_client().post(path, data=data)
        assert answer.status_code == 303, answer.text

    def organisation(self, code: str, kind: str = "enterprise", **more: Any) -> int:
        """An organisation as the park brings it in, with a link for its first person; answers its id."""
        body = {"code": code, "kind": kind, "name_zh": f"{code}公司", "name_en": f"{code} Ltd", **more}
        first = {"administrator": {"name": code}, "another": True}
        answer = self.api("founder").post("/identity/organisations", body | first)
        assert answer.status_code == 201, answer.text
        number = int(answer.json["id"])
        self._first[number] = answer.json["invitation"]["url"]
        return number

    def member(self, login: str, organisation_id: int, *roles: str, password: str = PASSWORD) -> int:
        """The first person comes by the park's link, the others by a colleague's."""
        link = self._first.pop(organisation_id, "")
        if link:
            self._head[organisation_id] = login
        else:
            page = self.browse(self._head[organisation_id])
            invited = {"name": login, "email": "", "roles": list(roles)}
            assert page.post("/identity/members/invite", data=invited).status_code == 303
            links = re.findall(
                r'value="http://[^/"]+(/identity/invitation/[^"]+)"', page.get("/identity/members").text
            )
            link = links[0]
        self._enter(link, {"name": f"{login} 先生", "login": login, "password": password, "again": password})
        return int(self.api(login).get("/identity/me").json["id"])

    def staff(self) -> int:
        with clock.frozen(FOUNDED):
            for login, role in STAFF:
                self.member(login, self.home, role)
        return self.home
