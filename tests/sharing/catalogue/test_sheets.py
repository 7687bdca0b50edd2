"""Instruments, patents and experts come in from a park's own sheets, and go back out as they were."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from app.hall.db.base import db
from app.sharing.catalogue.models import Patent, Resource
from tests.factories import Park
from tests.hall.tables import book

HEAD = ["设备名称", "型号", "所属企业", "类别", "价格（元/小时）", "开放时间", "台号"]


def send(browser: Any, path: str, data: bytes, name: str = "") -> TestResponse:
    name = name or ("a.xlsx" if data.startswith(b"PK") else "a.csv")
    answer: TestResponse = browser.post(
        path, data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data"
    )
    return answer


def applied(browser: Any, path: str, data: bytes) -> str:
    looked = send(browser, path, data)
    assert looked.status_code == 303, re.findall("<li>(.*?)</li>", looked.text)[-12:]
    assert browser.post(f"{looked.location}/apply").status_code == 303
    return str(looked.location)


def names(park: Park, login: str, owner: str) -> list[str]:
    items = park.api(login).get("/sharing/resources", owner=owner).json["items"]
    return sorted(item["name"] for item in items)


def test_a_register_of_instruments_comes_in_and_is_taken_back(park: Park) -> None:
    park.staff(), park.firm("E01", name_zh="甲材料有限公司"), park.firm("E02", name_zh="乙检测有限公司")
    data = book(
        ("说明", [["请填设备"]]),
        (
            "设备",
            [
                ["园区仪器设备一览表"],
                HEAD,
                [
                    "扫描电镜",
                    "SU8010",
                    "甲材料有限公司",
                    "分析测试",
                    "1,200元",
                    "周一至周五 9：00-17：00",
                    "1；2",
                ],
                ["粒度仪", None, "E02", "分析测试", "３００", None, None],
                ["合计", None, None, None, 1500],
            ],
        ),
    )
    browser = park.browse("park")
    looked = send(browser, "/sheets/equipment", data)
    assert looked.status_code == 303
    page = browser.get(looked.location).text
    assert "新增 2 · 变更 0 · 不变 0" in page and "第 5 行略过（合计行）" in page and "说明" in page
    assert names(park, "e01", "E01") == []
    assert browser.post(f"{looked.location}/apply").status_code == 303
    assert (names(park, "e01", "E01"), names(park, "e01", "E02")) == (["扫描电镜"], ["粒度仪"])
    assert park.api("e01").get("/sharing/resources", q="电镜").json["total"] == 1
    assert browser.post(f"{looked.location}/apply").status_code == 409
    again = browser.get("/sheets/equipment/export.xlsx?lang=en").data
    assert "新增 0 · 变更 0 · 不变 2" in browser.get(send(browser, "/sheets/equipment", again).location).text
    cheaper = book(("设备", [[*HEAD[:3], "每小时价格"], ["扫描电镜", "SU8010", "E01", 900]]))
    change = send(browser, "/sheets/equipment", cheaper).location
    assert re.search("<del>1200.?0?</del> → <ins>900.?0?</ins>", browser.get(change).text)
    browser.post(f"{change}/apply")
    assert browser.post(f"{looked.location}/undo").status_code == 409  # changed since
    assert browser.post(f"{change}/undo").status_code == 303
    assert browser.post(f"{looked.location}/undo").status_code == 303
    assert names(park, "e01", "E01") == []


def test_a_booked_instrument_is_not_taken_back(park: Park, at: Any) -> None:
    park.firm("E01"), park.firm("E02")
    browser = park.browse("e01")
    batch = applied(browser, "/sheets/equipment", "name,step_minutes\n烘箱,60\n".encode())
    resource = park.api("e02").get("/sharing/resources", owner="E01").json["items"][0]["id"]
    body = {"resource": resource, "start": at(1, 9), "end": at(1, 10)}
    assert park.api("e02").post("/sharing/bookings", body).status_code == 201
    assert browser.post(f"{batch}/undo").status_code == 409
    assert names(park, "e01", "E01") == ["烘箱"]


def test_wrong_rows_store_nothing_and_are_all_named(park: Park) -> None:
    park.firm("E01"), park.firm("E02")
    browser = park.browse("e01")
    rows = [
        ["设备名称", "每小时价格", "计费方式", "所属企业", "时间步长"],
        ["甲", "面议", "包年", "E02", 7],
        ["", 3, "", "无此厂"],
    ]
    answer = send(browser, "/sheets/equipment", book(("表", rows)))
    assert answer.status_code == 422
    for words in ("表:2:每小时价格", "表:2:计费方式", "表:3:设备名称"):
        assert words in answer.text
    rows[1][1:3], rows[2][0] = [3, ""], "乙"
    answer = send(browser, "/sheets/equipment", book(("表", rows)))
    assert answer.status_code == 422
    for words in ("不是您的单位", "无此厂", "整数倍"):
        assert words in answer.text
    stopped = send(browser, "/sheets/equipment", "设备名称,每小时价挌\n甲,3\n".encode("gb18030"), "a.csv")
    assert stopped.status_code == 422 and "每小时价格" in stopped.text
    other = send(browser, "/sheets/patents", book(("表", rows)))
    assert other.status_code == 422
    assert names(park, "e01", "E01") == []
    assert park.browse("e01").get("/sheets/nothing").status_code == 404


def test_patents_and_experts(app: Flask, park: Park) -> None:
    park.firm("E01")
    browser = park.browse("e01")
    head = ["专利号", "发明名称", "许可费", "计费基础", "到期日", "独家许可"]
    data = book(("专利", [head, ["zl2024 1001", "一种制备方法", "5", "收益分成", "2034年5月1日", "否"]]))
    batch = applied(browser, "/sheets/patents", data)
    with app.app_context():
        row = db.session.scalars(sa.select(Patent)).one()
        assert (row.number, row.fee_fen, row.fee_basis, row.expires_on) == (
            "ZL20241001",
            500,
            "share",
            dt.date(2034, 5, 1),
        )
    assert browser.post(f"{batch}/undo").status_code == 303
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Resource)) == 0
    told = send(browser, "/sheets/talent", "姓名,称谓\n林深,正极专家林深\n".encode(), "a.csv")
    assert told.status_code == 422 and "姓名" in told.text
    applied(browser, "/sheets/talent", "姓名,称谓,技能\n林深,正极专家,烧结；包覆\n".encode())
    again = browser.get("/sheets/talent/export.xlsx").data
    assert "不变 1" in browser.get(send(browser, "/sheets/talent", again).location).text


def test_two_people_at_once(park: Park) -> None:
    park.firm("E01")
    browser = park.browse("e01")
    first = send(browser, "/sheets/equipment", "name\n烘箱\n".encode()).location
    second = send(browser, "/sheets/equipment", "name\n烘箱\n".encode()).location
    assert browser.post(f"{first}/apply").status_code == 303
    assert browser.post(f"{second}/apply").status_code == 409
    assert browser.post(f"{second}/discard").status_code == 303
    assert browser.get(second).status_code == 404
    assert names(park, "e01", "E01") == ["烘箱"]


@pytest.mark.parametrize("rows", [2_000])
def test_a_large_register_is_quick_and_locks_briefly(park: Park, rows: int) -> None:
    """The lock is watched by the house: no transaction may compute longer than a second."""
    park.firm("E01")
    browser = park.browse("e01")
    text = "name,model,price,opening\n" + "".join(
        f"设备{n},M{n},{n % 900},1-5 09:00-17:00\n" for n in range(rows)
    )
    looked = send(browser, "/sheets/equipment", text.encode(), "a.csv")
    assert looked.status_code == 303
    assert browser.post(f"{looked.location}/apply").status_code == 303
