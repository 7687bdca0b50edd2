"""Departments, duties, hours and places as the park's administrator keeps them, and nobody else."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.hall.errors import Invalid
from app.identity import door as identity
from app.identity.departments import service
from app.identity.departments.rules import Post
from tests.factories import Park


def test_the_park_keeps_its_departments_on_one_page(park: Park) -> None:
    park.staff()
    desk = park.browse("park")
    assert desk.post("/identity/departments", data={"code": "property", "name_zh": "物业"}).status_code == 303
    again = desk.post("/identity/departments", data={"code": "property", "name_zh": "物业"})
    assert again.status_code == 409 and "已被使用" in again.text
    head = park.actor("investment").member_id
    sent = {
        "kind": "head",
        "member_id": head,
        "department_id": 1,
        "instead_of_id": 0,
        "from_on": "2026-01-01",
    }
    assert desk.post("/identity/duties", data=sent).status_code == 303
    twice = desk.post("/identity/duties", data=sent)
    assert twice.status_code == 422 and "已有人担任" in twice.text
    assert desk.post("/identity/departments/1/people", data={"people": [head]}).status_code == 303
    page = desk.get("/identity/departments").text
    assert "部门负责人 investment 先生" in page
    with park.app.app_context():
        assert identity.departments_of(head) == {1}
        assert identity.departments.leaders(identity.posts(), 1, dt.date(2026, 5, 1)) == {head}
    assert park.browse("auditor").get("/identity/departments").status_code == 403


def test_only_the_parks_own_people_work_in_its_departments(park: Park) -> None:
    park.staff()
    park.firm("E01")
    with park.app.app_context():
        service.add_department(park.actor("park"), "it", "信息")
        stranger = Post(0, "head", park.actor("e01").member_id, dt.date(2026, 1, 1), None, 1)
        with pytest.raises(Invalid, match="not_the_parks_people"):
            service.give_duty(park.actor("park"), stranger)
        with pytest.raises(Invalid, match="not_the_parks_people"):
            service.set_people(park.actor("park"), 1, [stranger.member])


def test_working_hours_and_days_off_are_the_parks(park: Park) -> None:
    park.staff()
    desk = park.browse("park")
    assert desk.post("/identity/working-hours", data={"hours": "08:00-12:00，13:00-20:00"}).status_code == 303
    refused = desk.post("/identity/working-hours", data={"hours": "12:00-08:00"})
    assert refused.status_code == 422 and "12:00-08:00" in refused.text
    with park.app.app_context():
        calendar = identity.park_calendar()
        assert calendar.hours == ((480, 720), (780, 1200))
        assert not calendar.works(dt.date(2026, 10, 1)) and 2027 not in calendar.published
        service.set_work_days(park.actor("park"), [identity.DayRow(dt.date(2027, 1, 4), "holiday", "元旦")])
        calendar = identity.park_calendar()
        assert 2027 in calendar.published and not calendar.works(dt.date(2027, 1, 4))


def test_buildings_and_rooms(park: Park) -> None:
    park.staff()
    desk = park.browse("park")
    assert (
        desk.post("/identity/places", data={"what": "building", "code": "B3", "name_zh": "3号楼"}).status_code
        == 303
    )
    wrong = desk.post("/identity/places", data={"what": "building", "code": "a/b", "name_zh": "x"})
    assert wrong.status_code == 422
    room = {"what": "room", "building_id": 1, "floor": "2", "code": "201"}
    assert desk.post("/identity/places", data=room).status_code == 303
    assert desk.post("/identity/places", data=room).status_code == 409
    with park.app.app_context():
        assert [one.path for one in identity.list_rooms()] == ["B3/2/201"]


def test_the_database_refuses_a_duty_that_ends_before_it_begins(park: Park) -> None:
    park.staff()
    with park.app.app_context(), pytest.raises(sa.exc.IntegrityError):
        from app.hall.db.base import db

        db.session.execute(
            sa.text(
                "INSERT INTO duty (kind, member_id, from_on, until_on, created_at)"
                " VALUES ('head', 1, '2026-02-01', '2026-01-01', '2026-01-01')"
            )
        )
