"""Reports come in by sheet: a line each, once each, with who and where; what is wrong is named and nothing is stored."""

from __future__ import annotations

import io
from typing import Any

import openpyxl

from app.hall.files.sheets.reading import read
from app.hall.files.sheets.writing import export_xlsx
from app.problems.reports.categories import CATEGORIES as KNOWN
from app.problems.reports.sheet import CATEGORIES, REPORTS
from tests.problems.team import Team

LINES = (
    ("序号", "企业编号", "是什么", "位置", "内容", "主题"),
    ("A-1", "E01", "灯不亮", "3号楼 灯杆 L-17", "电话里说路灯又灭了", ""),
    ("A-2", "E02", "货运物流", "", "限行耽误交货", "货运"),
    ("A-3", "", "食堂", "东门外", "菜太咸", ""),
)


def workbook(*lines: tuple[str, ...]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for line in lines:
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_example_reads_back_and_every_kind_is_known() -> None:
    (line,) = read(export_xlsx(REPORTS, REPORTS.examples), "a.xlsx", REPORTS).lines
    assert (line.values["category"], line.values["place"]) == ("charging", "B5")
    assert [code for code, _zh, _en in CATEGORIES] == list(KNOWN)


def _send(browser: Any, data: bytes) -> Any:
    form = {"file": (io.BytesIO(data), "reports.xlsx")}
    return browser.post("/sheets/problems", data=form, content_type="multipart/form-data")


def test_a_line_is_a_problem_with_a_clock_once_however_often_it_comes(team: Team) -> None:
    desk = team.park.browse("desk")
    assert team.park.browse("clerk").get("/sheets/problems").status_code in (403, 404)
    wrong = desk.post(
        "/sheets/problems",
        data={"file": (io.BytesIO(workbook(*LINES, ("A-4", "E77", "灯不亮", "", "x", ""))), "a.xlsx")},
        content_type="multipart/form-data",
    )
    assert wrong.status_code == 422 and "a.xlsx#Sheet:5:企业编号: 没有找到该机构。" in wrong.text
    looked = _send(desk, workbook(*LINES))
    assert looked.status_code == 303, looked.text
    assert team.api("desk").get("/problems").json["total"] == 0
    assert desk.post(f"{looked.location}/apply").status_code == 303
    found = {one["text"]: one for one in team.api("desk").get("/problems").json["items"]}
    lamp, freight, food = (found[line[4]] for line in LINES[1:])
    assert (lamp["firms"], lamp["place"], lamp["department"]) == (["E01公司"], "3号楼 灯杆 L-17", "property")
    assert lamp["clock"]["state"] == "running" and freight["class"] == "process"
    assert (food["firms"], food["place"]) == ([], "东门外")
    assert [one["text"] for one in team.api("e02").get("/problems").json["items"]] == ["限行耽误交货"]
    again = _send(desk, workbook(*LINES))
    assert "不变 3" in desk.get(again.location).text
    changed = _send(desk, workbook(LINES[0], ("A-1", "E01", "灯不亮", "3号楼 灯杆 L-17", "改过的话", "")))
    refused = desk.post(f"{changed.location}/apply")
    assert refused.status_code == 409 and "A-1" in refused.text
    assert desk.post(f"{looked.location}/undo").status_code == 409
    assert team.api("desk").get("/problems").json["total"] == 3
    out = desk.get("/sheets/problems/export.xlsx?lang=zh").data
    sheet = openpyxl.load_workbook(io.BytesIO(out)).active
    assert sheet is not None and {row[0] for row in sheet.iter_rows(min_row=2, values_only=True)} >= {
        "A-1",
        "A-3",
    }
