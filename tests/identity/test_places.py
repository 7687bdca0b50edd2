"""Buildings and rooms that stood as text become rows: by the migration, and by the park for what comes later."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from app.identity.places import texts
from tests.factories import Park

ROOT = Path(__file__).resolve().parents[2]


def migration() -> ModuleType:
    (path,) = (ROOT / "migrations/versions").glob("*_places_from_texts.py")
    spec = importlib.util.spec_from_file_location("places_from_texts", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_migration_makes_rows_of_texts_and_keeps_what_is_there() -> None:
    engine = sa.create_engine("sqlite://")
    tables = (
        "building (id INTEGER PRIMARY KEY, code TEXT UNIQUE, name_zh TEXT, name_en TEXT)",
        "building_room (id INTEGER PRIMARY KEY, building_id INTEGER, floor TEXT, code TEXT, name_zh TEXT, name_en TEXT)",
        "resource (building TEXT, place TEXT)",
        "organisation (building TEXT, room TEXT)",
    )
    with engine.begin() as line:
        for table in tables:
            line.execute(sa.text(f"CREATE TABLE {table}"))
        line.execute(sa.text("INSERT INTO building VALUES (4, 'B3', '3号楼', 'Building 3')"))
        line.execute(sa.text("INSERT INTO building_room VALUES (1, 4, '2', 'B201', '', '')"))
        for building, place in (("3号楼", "B201"), ("3号楼", "1102"), ("9号楼", ""), ("9号楼", "1F")):
            line.execute(sa.text("INSERT INTO resource VALUES (:a, :b)"), {"a": building, "b": place})
        line.execute(sa.text("INSERT INTO organisation VALUES ('食堂/东', NULL), ('Building 3', '205')"))
        with Operations.context(MigrationContext.configure(line)):
            migration().upgrade()
            migration().upgrade()  # a second time changes nothing
        houses = line.execute(sa.text("SELECT code, name_zh FROM building ORDER BY code")).all()
        rooms = line.execute(
            sa.text(
                "SELECT b.code, r.floor, r.code FROM building_room r JOIN building b ON b.id = r.building_id"
                " ORDER BY 1, 3"
            )
        ).all()
    assert [tuple(one) for one in houses] == [("B3", "3号楼"), ("B9", "9号楼"), ("食堂-东", "食堂/东")]
    assert [tuple(one) for one in rooms] == [
        ("B3", "11", "1102"),
        ("B3", "2", "205"),
        ("B3", "2", "B201"),
        ("B9", "1", "1F"),
    ]


def test_the_migration_and_the_page_read_texts_alike() -> None:
    module = migration()
    for room in ("205", "B201", "1102", "2F", "3层东侧", "恒温间", "12", "A112", "车间一", ""):
        assert module._floor(room) == texts.floor_of(room), room
    for name, taken in (("9号楼", {"B1"}), ("9号楼", {"B9"}), ("食堂/东", set()), ("食堂", {"食堂"})):
        assert module._code(name, taken) == texts.code_of(name, taken), name


def test_the_park_makes_rows_of_what_came_later(park: Park) -> None:
    park.staff()
    park.firm("E01")
    body = {"kind": "equipment", "name": "光谱仪", "building": "12号楼", "place": "305"}
    assert park.api("e01").post("/sharing/resources", body).status_code == 201
    page, url = park.browse("park"), "/identity/places"
    assert "有 2 处位置只写成了文字" in page.get(url).text
    assert park.browse("e01").post(f"{url}/register").status_code == 403
    assert page.post(f"{url}/register").status_code == 303
    shown = page.get(url).text
    assert "只写成了文字" not in shown and "3 / 305" in shown
    form = park.browse("e01").get("/sharing/resources/new").text
    (chosen,) = re.findall(r'<option value="(r\d+)">12号楼 · 305', form)
    fields = {"name": "检漏仪", "category": "分析测试", "price": "0", "where": chosen, "place": "2号位"}
    usual = {"week_line": "每天全天", "step_minutes": "30 分钟", "min_minutes": "1", "max_minutes": "8"}
    zero = dict.fromkeys(("buffer_before_minutes", "buffer_minutes", "lead_minutes"), "0")
    rest = {
        "approval": "automatic",
        "billing": "booked",
        "late_cancel_hours": "24",
        "late_cancel_percent": "50",
    }
    listed = park.browse("e01").post("/sharing/resources/new", data=fields | usual | zero | rest)
    assert listed.status_code == 303
    assert "只写成了文字" not in page.get(url).text  # a bench of a room that is there
