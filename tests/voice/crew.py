"""A park that listens: departments and heads, specialists of several years, a keeper, firms of all sizes."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from app.hall.clock import ZONE
from tests.factories import Api, Park
from tests.problems.team import Team


def at(text: str) -> dt.datetime:
    """A moment of the park's wall clock."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


class Crew:
    """`old` serves since 2019, `young` since 20 Nov 2023, `keeper` keeps the authors; E01–E12 are firms."""

    def __init__(self, park: Park) -> None:
        self.park = park
        self.team = Team(park)
        organisation = park.actor("park").organisation_id
        for login in ("old", "young"):
            park.member(login, organisation, "service_specialist")
        park.member("keeper", organisation, "voice_keeper")
        park.member("analyst", organisation, "analyst")
        sizes = ("large", "medium", "small", "micro")
        for n in range(4, 13):
            park.firm(
                f"E{n:02d}",
                industry=f"i{n % 5}",
                size=sizes[n % 4],
                building=f"{n % 3 + 1}号楼",
                registered_on=dt.date(2020, 1, 6),
            )
        self._apis: dict[str, Api] = {}
        since = {"old": "2019-03-01", "young": "2023-11-20", "desk": "2019-03-01"}
        for login, day in since.items():
            self.post("keeper", "/voice/specialists", {"login": login, "employed_since": day})

    def api(self, login: str) -> Api:
        if login not in self._apis:
            self._apis[login] = self.park.api(login)
        return self._apis[login]

    def post(self, login: str, path: str, body: Any = None, expect: int = 200) -> Any:
        answer = self.api(login).post(path, body)
        assert answer.status_code == expect, (path, answer.status_code, answer.get_data(as_text=True))
        return answer.json

    def get(self, login: str, path: str, expect: int = 200, **query: Any) -> Any:
        answer = self.api(login).get(path, **query)
        assert answer.status_code == expect, (path, answer.status_code, answer.get_data(as_text=True))
        return answer.json

    def visit(self, enterprise: str, on: str, login: str = "old") -> int:
        body = {"enterprise": enterprise, "on": on, "specialist": login}
        return int(self.post(login, "/voice/visits", body, 201)["id"])

    def say(self, enterprise: str, text: str, login: str = "old", expect: int = 201, **more: Any) -> Any:
        body = {
            "client_id": str(uuid.uuid4()),
            "enterprise": enterprise,
            "channel": "visit",
            "text": text,
            **more,
        }
        return self.post(login, "/voice/feedback", body, expect)


def reasons(answer: Any) -> list[str]:
    """Codes of a refusal's reasons, without the room's own prefix."""
    return [one["code"].removeprefix("visit_") for one in answer["reasons"]]
