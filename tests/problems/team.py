"""A park with departments, heads, vice presidents, places and dispatch rules, for tests of problems."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from app.hall.db.transaction import transaction
from app.identity.departments import service as departments
from app.identity.departments.rules import Post
from app.identity.places import service as houses
from app.problems.door import Author, register_reporter_keeper
from app.problems.places import service as places
from app.problems.work.models import DispatchRuleRow
from tests.factories import Api, Park

SINCE = dt.date(2020, 1, 1)
HEADS = {"property": "property", "it": "it", "logistics": "logistics", "finance": "finance"}


class Team:
    """`vp` is over property, it and logistics and for enterprise service, `vp2` over finance."""

    def __init__(self, park: Park) -> None:
        self.park = park
        park.staff()
        organisation = park.actor("park").organisation_id
        self.ids: dict[str, int] = {"desk": park.member("desk", organisation, "service_specialist")}
        for login in HEADS.values():
            self.ids[login] = park.member(login, organisation, "department_head")
        for login in ("clerk", "worker"):
            self.ids[login] = park.member(login, organisation, "department_member")
        for login in ("vp", "vp2"):
            self.ids[login] = park.member(login, organisation, "vice_president")
        for code in ("E01", "E02", "E03"):
            park.firm(code)
        self.departments: dict[str, int] = {}
        with park.app.app_context():
            self._departments()
        self._apis: dict[str, Api] = {}

    def _departments(self) -> None:
        admin = self.park.actor("park")
        for code, head in HEADS.items():
            number = departments.add_department(admin, code, code).id
            self.departments[code] = number
            people = [self.ids[head]] + ([self.ids["worker"]] if code == "property" else [])
            departments.set_people(admin, number, people + ([self.ids["clerk"]] if code == "it" else []))
            vice = "vp2" if code == "finance" else "vp"
            self.duty("head", head, code)
            self.duty("vice_president", vice, code)
        self.duty("enterprise_vice_president", "vp")
        house = houses.add_building(admin, "B3", "3号楼", "Building 3")
        self.place = places.add(admin, house, None, "灯杆 L-17", "lamp L-17").id
        with transaction() as session:
            session.add(
                DispatchRuleRow(category="lamp", place="*", department_id=self.departments["property"])
            )
            session.add(DispatchRuleRow(category="network", place="*", department_id=self.departments["it"]))

    def duty(
        self, kind: str, login: str, code: str = "", first: dt.date = SINCE, last: dt.date | None = None
    ) -> None:
        post = Post(0, kind, self.ids[login], first, last, self.departments.get(code))
        departments.give_duty(self.park.actor("park"), post)

    def api(self, login: str) -> Api:
        if login not in self._apis:
            self._apis[login] = self.park.api(login)
        return self._apis[login]

    def do(self, login: str, problem: int, act: str, body: Any = None, expect: int = 200) -> Any:
        answer = self.api(login).post(f"/problems/{problem}/{act}", body)
        assert answer.status_code == expect, (act, answer.status_code, answer.get_data(as_text=True))
        return answer.json

    def report(self, login: str = "e01", **body: Any) -> Any:
        answer = self.api(login).post("/problems", {"category": "lamp", "text": "路灯不亮", **body})
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return answer.json

    def assigned(self, category: str = "network", responsible: str = "it", **body: Any) -> int:
        """A problem of one department with its head first responsible."""
        problem = self.report(category=category, **body)
        self.do("desk", problem["id"], "classify", {"class": problem["class"]})
        code = next(code for code, head in HEADS.items() if head == responsible)
        self.do("desk", problem["id"], "assign", {"departments": [code], "responsible": responsible})
        return int(problem["id"])

    def resolved(self, category: str = "network", responsible: str = "it", **body: Any) -> int:
        problem = self.assigned(category, responsible, **body)
        self.do(responsible, problem, "respond", {"text": "已派人前往"})
        self.do(responsible, problem, "progress", {"text": "正在更换"})
        self.do(responsible, problem, "resolve", {"text": "已修好"})
        return problem


def codes(answer: Any) -> list[str]:
    """Codes of a refusal's reasons, without the room's own prefix."""
    return [reason["code"].removeprefix("problem_") for reason in answer["reasons"]]


class Keeper:
    """Stands for the room above: keeps authors in memory, and what they were told."""

    def __init__(self) -> None:
        self.kept: dict[int, set[int]] = {}
        self.told: list[tuple[int, str]] = []

    def keep(self, problem_id: int, author: Author) -> None:
        self.kept.setdefault(problem_id, set()).add(author.organisation_id)

    def problems_of(self, organisation_id: int) -> frozenset[int]:
        return frozenset(problem for problem, firms in self.kept.items() if organisation_id in firms)

    def is_author(self, problem_id: int, organisation_id: int) -> bool:
        return organisation_id in self.kept.get(problem_id, set())

    def tell(self, problem_id: int, code: str, url: str, params: Mapping[str, Any]) -> None:
        del url, params
        self.told.append((problem_id, code))

    def merged(self, problem_id: int, into_id: int) -> None:
        self.kept.setdefault(into_id, set()).update(self.kept.pop(problem_id, set()))

    @classmethod
    def registered(cls) -> Keeper:
        keeper = cls()
        register_reporter_keeper(keeper)
        return keeper
