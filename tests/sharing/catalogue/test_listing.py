"""The listing form: five things first, the week as rows or as one line, photographs at once, hours instead of minutes."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from app.hall.db.base import db
from app.identity.places.models import Building, Room
from app.sharing.calendar.models import OpeningRule
from app.sharing.calendar.week_text import minutes_of_week, read_week, week_lines
from app.sharing.catalogue.models import Resource, ResourceFile

FIRST = {"name": "氦质谱检漏仪", "category": "分析测试", "price": "85.50"}
USUAL = {
    "approval": "automatic",
    "billing": "booked",
    "step_minutes": "30 分钟",
    "min_minutes": "半小时",
    "max_minutes": "１．５ 天",
    "buffer_before_minutes": "0",
    "buffer_minutes": "15 分钟",
    "lead_minutes": "2 小时",
    "quota_minutes_per_week": "12",
    "late_cancel_hours": "24",
    "late_cancel_percent": "50",
}


def picture(colour: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def town(park: Any) -> Any:
    park.firm("E01")
    return park


@pytest.fixture
def rooms(town: Any) -> tuple[int, int]:
    """One building with one room; answers their ids."""
    with town.app.app_context():
        house = Building(code="B6", name_zh="6号楼", name_en="Building 6")
        db.session.add(house)
        db.session.flush()
        room = Room(building_id=house.id, floor="3", code="302", name_zh="检漏间")
        db.session.add(room)
        db.session.commit()
        return house.id, room.id


def stored(town: Any, number: int) -> tuple[Resource, list[str], list[ResourceFile]]:
    with town.app.app_context():
        row = db.session.get_one(Resource, number)
        rules = db.session.scalars(
            sa.select(OpeningRule).where(OpeningRule.resource_id == number).order_by(OpeningRule.weekday)
        )
        hours = [f"{one.weekday} {one.opens_minute}-{one.closes_minute}" for one in rules]
        files = list(db.session.scalars(sa.select(ResourceFile).order_by(ResourceFile.id)))
        db.session.expunge_all()
        return row, hours, files


def test_an_instrument_is_listed_with_its_week_its_room_and_its_photograph(town: Any, rooms: Any) -> None:
    page = town.browse("e01")
    fresh = page.get("/sharing/resources/new").text
    (price,) = re.findall(r'<input[^>]*name="price"[^>]*>', fresh)
    assert 'value=""' in price or "value=" not in price  # empty until typed
    assert "6号楼 · 302 检漏间" in fresh
    fields = FIRST | USUAL | {"where": f"r{rooms[1]}", "place": "2号位"}
    fields |= {"week-1-on": "y", "week-1-opens": "08:30", "week-1-closes": "12:00"}
    fields |= {"week-1-again_opens": "13:00", "week-1-again_closes": "17:30"}
    fields |= {"week-4-on": "y", "week-4-opens": "22:00", "week-4-closes": "02:00"}
    fields |= {"week-6-on": "y", "week-6-opens": "00:00", "week-6-closes": "00:00"}
    fields |= {"week-2-opens": "09:00", "week-2-closes": "17:00"}  # its switch is off
    data = fields | {
        "photos": [(io.BytesIO(picture("red")), "a.png"), (io.BytesIO(picture("blue")), "b.png")]
    }
    answer = page.post("/sharing/resources/new", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    number = int(answer.location.rsplit("/", 1)[1])
    row, hours, files = stored(town, number)
    assert (row.building, row.place, row.price_fen_per_hour) == ("6号楼", "302 2号位", 8550)
    assert hours == ["2 510-720", "2 780-1050", "5 1320-1560", "7 0-1440"]
    assert (row.min_minutes, row.max_minutes, row.buffer_minutes) == (30, 2160, 15)
    assert (row.lead_minutes, row.quota_minutes_per_week) == (120, 720)
    assert [one.kind for one in files] == ["picture", "picture"]
    form = page.get(f"/sharing/resources/{number}/edit").text
    for shown in ('value="36 小时"', 'value="15 分钟"', 'value="2 小时"', 'value="12 小时"', 'value="85.50"'):
        assert shown in form, shown
    assert re.search(r'name="week-4-closes"[^>]*value="02:00"', form)
    assert f'/files/{files[0].id}"' in form  # the cover


WRONG: tuple[tuple[dict[str, str], str], ...] = (
    ({"price": ""}, "每小时价格"),
    ({"where": ""}, "请选择它在哪栋楼。"),
    ({"week_line": ""}, "请至少打开一天。"),
    ({"week_line": "星期八全天"}, "没有看懂这句话"),
    ({"week_line": "", "week-0-on": "y", "week-0-opens": "09:00"}, "周一：请填写开始与结束。"),
    ({"max_minutes": "很久"}, "1.5 小时"),
    ({"buffer_minutes": "7 分钟"}, "应为 5 分钟的整数倍。"),
    ({"step_minutes": "2 天"}, "应在 5 分钟 与 1 天 之间。"),
)


def test_what_is_missing_is_told_at_its_field_and_what_was_typed_stays(town: Any, rooms: Any) -> None:
    page = town.browse("e01")
    for changes, told in WRONG:
        fields = FIRST | USUAL | {"where": f"b{rooms[0]}", "week_line": "周一至周五 9:00-17:00"} | changes
        answer = page.post("/sharing/resources/new", data=fields)
        assert answer.status_code == 422 and told in answer.text, changes
        assert 'value="氦质谱检漏仪"' in answer.text


def test_a_photograph_that_is_none_lists_nothing(town: Any, rooms: Any) -> None:
    page = town.browse("e01")
    fields = FIRST | USUAL | {"where": f"b{rooms[0]}", "week_line": "每天全天"}
    data = fields | {"photos": (io.BytesIO(b"<svg onload=alert(1)>"), "a.png")}
    answer = page.post("/sharing/resources/new", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422 and "PNG" in answer.text
    assert "氦质谱检漏仪" not in page.get("/sharing/resources?q=氦质谱").text


@pytest.mark.parametrize(
    ("line", "lines", "hours"),
    [
        ("周一至周五 9:00-17:00", [f"{day} 09:00-17:00" for day in range(1, 6)], 40),
        (
            "周一至周二９：００－１７：３０；周日 10点到12点半",
            ["1 09:00-17:30", "2 09:00-17:30", "7 10:00-12:30"],
            19.5,
        ),
        ("Sat-Mon 22:00-06:00", ["1 22:00-06:00", "6 22:00-06:00", "7 22:00-06:00"], 24),
        ("工作日 8:00-12:00、13:00-17:00", None, 40),
        ("每天全天候", None, 168),
    ],
)
def test_a_week_said_in_one_line(line: str, lines: list[str] | None, hours: float) -> None:
    rules = read_week(line)
    assert rules is not None and minutes_of_week(rules) == hours * 60
    assert lines is None or week_lines(rules) == lines


@pytest.mark.parametrize(
    "line", ["", "9:00-17:00", "周一", "周一 25:00-26:00", "周一 9-9", "1-8 9:00-10:00", "随便"]
)
def test_a_line_that_is_no_week_is_not_guessed(line: str) -> None:
    assert read_week(line) is None
