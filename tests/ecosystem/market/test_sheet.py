"""Needs and offers from a sheet: all rows or none, every problem with its row and column; out again unchanged."""

from __future__ import annotations

import io
from typing import Any

import pytest

from app.ecosystem.market.sheet import POSTS
from app.hall.files.sheets.reading import read
from app.hall.files.sheets.writing import export_xlsx
from tests.factories import Park


def codes(content: bytes, name: str = "a.csv") -> list[tuple[str, int]]:
    return [(problem.code, problem.line) for problem in read(content, name, POSTS).problems]


def test_the_example_reads_back() -> None:
    (line,) = read(export_xlsx(POSTS, POSTS.examples), "a.xlsx", POSTS).lines
    assert (line.values["kind"], line.values["amount_yuan"], line.values["quantity"]) == (
        "need",
        3_000_000,
        10,
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", [("sheet_nothing_in_it", 1)]),
        (b"title,tags\nabcd,x\n", [("table_no_column", 1)]),
        (
            b"kind,title,amount_yuan\nneed,abcd,1\nx,abcd,-1\noffer,abcd,NaN\nneed,efgh,1.234\n",
            [
                ("table_not_one_of", 3),
                ("sheet_out_of_range", 3),
                ("sheet_not_a_number", 4),
                ("sheet_below_a_fen", 5),
            ],
        ),
        (
            b"kind,title,quantity\nneed,abcd,0\nneed,abce,1.5\n",
            [("sheet_out_of_range", 2), ("sheet_not_whole", 3)],
        ),
        (b"kind,title,deadline\nneed,abcd,31/12/2026\n", [("sheet_not_a_day", 2)]),
        (b"kind,title\n" + b"need," + b"a" * 200 + b"\n", [("table_too_long", 2)]),
        (b"kind,titel\nneed,abcd\n", [("sheet_misspelt", 1), ("table_no_column", 1)]),
    ],
)
def test_problems_are_named(content: bytes, expected: list[tuple[str, int]]) -> None:
    assert codes(content) == expected


def test_a_csv_of_chinese_excel_is_read() -> None:
    found = read("类型,标题,预算（万元）\n需求,测试测试,3\n".encode("gb18030"), "a.csv", POSTS)
    assert [line.values for line in found.lines] == [
        {"kind": "need", "title": "测试测试", "amount_yuan": 3_000_000}
    ]


def test_a_broken_workbook_is_refused() -> None:
    assert codes(b"PK\x03\x04nonsense", "a.xlsx") == [("table_not_a_workbook", 1)]


def send(browser: Any, content: bytes, path: str = "/ecosystem/posts/import") -> Any:
    return browser.post(
        path, data={"file": (io.BytesIO(content), "needs.csv")}, content_type="multipart/form-data"
    )


def test_all_or_nothing_over_http(park: Park) -> None:
    park.firm("E01")
    browser = park.browse("e01")

    def total() -> int:
        return int(park.api("e01").get("/ecosystem/needs", mine=True).json["total"])

    assert send(browser, "kind,title\nneed,寻找光谱检测\noffer,坏\n".encode()).status_code == 422
    assert total() == 0
    looked = send(browser, "kind,title\nneed,寻找光谱检测\noffer,冲压加工能力\n".encode())
    assert (looked.status_code, total()) == (303, 0)
    assert browser.post(f"{looked.location}/apply").status_code == 303
    assert total() == 1
    again = browser.get("/sheets/posts/export.xlsx?lang=en").data
    assert "不变 2" in browser.get(send(browser, again, "/sheets/posts").location).text
    change = send(browser, "类型,标题,预算（万元）\n需求,寻找光谱检测,3\n".encode()).location
    browser.post(f"{change}/apply")
    assert park.api("e01").get("/ecosystem/needs", mine=True).json["items"][0]["budget_fen"] == 3_000_000
    assert browser.post(f"{change}/undo").status_code == 303
    assert park.api("e01").get("/ecosystem/needs", mine=True).json["items"][0]["budget_fen"] is None
    assert browser.post(f"{looked.location}/undo").status_code == 303
    assert total() == 0
