"""Departments, duties and since when somebody works here, over the API."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.hall import clock
from app.hall.api.blueprint import listed_part
from app.hall.api.fields import ApiModel, Day, PartQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.errors import Invalid
from app.hall.web.guards import current_actor, only
from app.identity.departments import service, shapes
from app.identity.departments.rules import Post
from app.identity.members.service import set_employed_since
from app.identity.pages import api
from app.identity.roles import RUNS_THE_PARK, SEES_DEPARTMENTS

DutyKind = Literal[
    "head", "deputy", "acting", "vice_president", "acting_vice_president", "enterprise_vice_president"
]


class DepartmentBody(ApiModel):
    code: str = Field(min_length=1, max_length=30)
    name_zh: str = Field(min_length=1, max_length=60)
    name_en: str = Field("", max_length=60)
    people: list[str] = Field(default_factory=list, max_length=200)


class DutyBody(ApiModel):
    kind: DutyKind
    login: str = Field(min_length=1, max_length=80)
    department: str = Field("", max_length=30)
    instead_of: str = Field("", max_length=80)
    from_on: Day
    until_on: Day | None = None


class DutyPath(ApiModel):
    duty_id: int = Field(ge=1, le=2**62)


class EndBody(ApiModel):
    until_on: Day | None = None


class LoginPath(ApiModel):
    login: str = Field(min_length=1, max_length=80)


class EmployedBody(ApiModel):
    since: Day | None = None


@api.get("/departments")
@only(SEES_DEPARTMENTS)
def list_departments(query: PartQuery) -> Listed[shapes.Department]:
    """Departments with their people and the duties of today."""
    rows = service.list_departments()
    people = service.people_of(row.id for row in rows)
    held = [post for post in service.posts() if post.holds(clock.today())]
    names = service.member_names(
        [*(one for group in people.values() for one in group), *(post.member for post in held)]
    )
    items: list[shapes.Department] = [
        {
            "id": row.id,
            "code": row.code,
            "name_zh": row.name_zh,
            "name_en": row.name_en,
            "people": [names[one] for one in sorted(people.get(row.id, ()))],
            "duties": [
                {"id": post.id, "kind": post.kind, "name": names[post.member]}
                for post in held
                if post.department == row.id
            ],
        }
        for row in rows
    ]
    return listed_part(items, query)


@api.post("/departments")
@only(RUNS_THE_PARK)
@idempotent
def add_department(body: DepartmentBody) -> tuple[shapes.DepartmentAdded, int]:
    """Set up a department, with who works in it (logins)."""
    people = _logins(body.people)
    row = service.add_department(current_actor(), body.code, body.name_zh, body.name_en)
    if people:
        service.set_people(current_actor(), row.id, people)
    return {"id": row.id, "code": row.code}, 201


@api.post("/duties")
@only(RUNS_THE_PARK)
@idempotent
def give_duty(body: DutyBody) -> tuple[shapes.DutyGiven, int]:
    """Somebody leads a department, is deputy, or acts for who leads it, from one day to another."""
    codes = {row.code: row.id for row in service.list_departments()}
    if body.department and body.department not in codes:
        raise Invalid("department_not_found")
    (member,) = _logins([body.login])
    instead = _logins([body.instead_of])[0] if body.instead_of else None
    post = Post(0, body.kind, member, body.from_on, body.until_on, codes.get(body.department), instead)
    return {"id": service.give_duty(current_actor(), post)}, 201


@api.post("/duties/<int:duty_id>/end")
@only(RUNS_THE_PARK)
@idempotent
def end_duty(path: DutyPath, body: EndBody) -> shapes.DutyEnded:
    """The last day of a duty; today where none is named."""
    last = body.until_on or clock.today()
    service.end_duty(current_actor(), path.duty_id, last)
    return {"id": path.duty_id, "until_on": last.isoformat()}


@api.post("/members/<login>/employed-since")
@only(RUNS_THE_PARK)
@idempotent
def employed_since(path: LoginPath, body: EmployedBody) -> shapes.EmployedSince:
    """Since when somebody of the park works here."""
    (member,) = _logins([path.login])
    set_employed_since(current_actor(), member, body.since)
    return {"login": path.login, "since": body.since.isoformat() if body.since else None}


def _logins(logins: list[str]) -> list[int]:
    known = service.staff_by_login(logins)
    if set(logins) - known.keys():
        raise Invalid("not_the_parks_people")
    return [known[login] for login in logins]
