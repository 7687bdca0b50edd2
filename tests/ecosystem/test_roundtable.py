"""Story 17 over HTTP: six of eight firms, the agenda, the vote, the base, six projects, a month without a meeting."""

from __future__ import annotations

import datetime as dt

import pytest
from flask.testing import FlaskClient

from app import clock
from app.db import db, transaction
from app.ecosystem.models import FirmLabel, Resolution
from tests.factories import Park

DAY = clock.at(dt.date(2026, 11, 23), 10)


@pytest.fixture
def firms(park: Park) -> list[int]:
    """Eight 专精特新 firms, a university, the staff."""
    park.staff()
    university = park.organisation("U01", "university", name_zh="东圩理工大学")
    park.member("university", university, "university_office")
    ids = [park.firm(f"S{n:02d}", name_zh=f"第{n}专精企业") for n in range(1, 9)]
    with park.app.app_context(), transaction():
        db.session.add_all(FirmLabel(organisation_id=id_, label="专精特新") for id_ in ids)
    return ids


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(f"/ecosystem/{path}")
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def organisation(park: Park, code: str) -> int:
    with park.app.app_context():
        from app.identity import service as identity

        found = identity.find_organisation(code)
        assert found is not None
        return found.id


def test_the_round_table(park: Park, firms: list[int]) -> None:
    with clock.frozen(DAY):
        secretary, investment = park.browse("secretary"), park.browse("investment")
        for id_ in firms[:6]:
            made = investment.post(
                "/ecosystem/signals/new",
                data={
                    "kind": "visit",
                    "text": "技术转化难",
                    "organisation_id": id_,
                    "tags": "技术转化难",
                    "occurred_on": "2026-11-20",
                },
            )
            assert made.status_code == 303
        assert secretary.post("/ecosystem/committee/found", data={"name": "委员会"}).status_code == 303
        seats = ["PARK", "U01", "S01", "S02", "S03"]
        for code in seats:
            done = secretary.post(
                "/ecosystem/committee/seats", data={"organisation_id": organisation(park, code)}
            )
            assert done.status_code == 303
        page = text(secretary, "committee")
        assert "8 家专精特新企业中有 6 家提出「技术转化难」" in page
        assert "科研院所、行业协会、金融机构" in page  # nobody stands for these kinds
        called = secretary.post(
            "/ecosystem/committee/meetings/new",
            data={"starts_at": "2026-11-23T09:00", "ends_at": "2026-11-23T11:00", "place": "圆桌厅"},
        )
        meeting = called.location
        assert "8 家专精特新企业中有 6 家提出" in text(secretary, meeting.removeprefix("/ecosystem/"))

        item, wish = (
            f"{meeting}/items/1",
            {"text": "共建联合基地", "owner_id": organisation(park, "U01"), "due_on": "2026-12-31"},
        )
        assert secretary.post(f"{item}/resolve", data=wish).status_code == 409  # nobody voted
        assert park.browse("s01").post(f"{item}/vote", data={"choice": "yes"}).status_code == 303
        assert park.browse("university").post(f"{item}/vote", data={"choice": "yes"}).status_code == 303
        assert secretary.post(f"{item}/resolve", data=wish).status_code == 409  # two of five: no quorum
        assert park.browse("s04").post(f"{item}/vote", data={"choice": "yes"}).status_code == 403  # no seat
        assert park.browse("s02").post(f"{item}/vote", data={"choice": "no"}).status_code == 303
        assert park.browse("s02").post(f"{item}/resolve", data=wish).status_code == 403
        assert secretary.post(f"{item}/resolve", data=wish).status_code == 303
        assert secretary.post(f"{meeting}/minutes", data={"minutes": "同意共建"}).status_code == 303
        assert park.browse("s03").post(f"{item}/vote", data={"choice": "no"}).status_code == 409  # it is over
        with park.app.app_context():
            resolution = db.session.scalars(db.select(Resolution.id)).one()
        based = secretary.post(
            "/ecosystem/bases/new",
            data={
                "name": "成果转化联合基地",
                "university_id": organisation(park, "U01"),
                "firms": firms[:6],
                "resolution_id": resolution,
                "founded_on": "2026-11-23",
            },
        )
        assert based.status_code == 303
        assert "成果转化联合基地" in text(park.browse("s08"), "projects")

    late = DAY + dt.timedelta(days=45)
    with clock.frozen(late):  # 7 January: December had no meeting, the resolution is overdue and comes first
        page = text(park.browse("secretary"), "committee")
        assert "有 1 个月没有召开会议：2026-12" in page
        assert page.index("决议逾期 7 天：共建联合基地") < page.index("8 家专精特新企业中有 6 家提出")
        owner = park.browse("university")
        done = owner.post(f"/ecosystem/committee/resolutions/{resolution}/done", data={"note": "已挂牌"})
        assert done.status_code == 303
        assert "决议逾期" not in text(park.browse("secretary"), "committee")


def test_five_projects_within_183_days(park: Park, firms: list[int]) -> None:
    start = dt.date(2026, 3, 2)
    with clock.frozen(DAY):
        university = park.browse("university")
        for n, days in enumerate((60, 100, 150, 182, 183, 190)):
            made = university.post(
                "/ecosystem/projects/new",
                data={
                    "title": f"项目{n}甲",
                    "university_id": organisation(park, "U01"),
                    "enterprise_id": firms[n],
                    "base_id": 0,
                    "started_on": str(start),
                },
            )
            assert made.status_code == 303, made.get_data(as_text=True)
            for step, stage in enumerate(("match", "research", "pilot", "production"), start=1):
                on = start + dt.timedelta(days=days * step // 4)
                assert university.post(made.location, data={"stage": stage, "on": str(on)}).status_code == 303
            assert (
                university.post(made.location, data={"stage": "pilot", "on": str(start)}).status_code == 422
            )
        page = text(park.browse("s08"), "projects")
        assert page.count("达标</span>") == 5 and page.count("超期</span>") == 1
        assert "投产 6 项，其中达标 5 项" not in page  # two half-years
        assert "2026 年上半年" in page and "投产 2 项，其中达标 2 项" in page
        assert "投产 4 项，其中达标 3 项" in page
