"""What the calls of departments answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.hall.api.shapes import DayText


class DepartmentAdded(TypedDict):
    id: int
    code: str


class EmployedSince(TypedDict):
    login: str
    since: DayText | None


class DutyEnded(TypedDict):
    id: int
    until_on: DayText


class DutyGiven(TypedDict):
    id: int


class DepartmentDuty(TypedDict):
    id: int
    kind: str
    name: str


class Department(TypedDict):
    id: int
    code: str
    name_zh: str
    name_en: str
    people: list[str]
    duties: list[DepartmentDuty]
