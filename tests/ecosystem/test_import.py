"""Needs and offers from a sheet: all rows or none, every problem with its row and column."""

from __future__ import annotations

import io

import pytest

from app.ecosystem.post_sheet import read, template
from app.errors import Invalid
from tests.factories import Park


def codes(content: bytes, name: str = "a.csv") -> list[tuple[str, object]]:
    with pytest.raises(Invalid) as refused:
        read(name, content)
    found = [(r.code, r.params.get("row", r.params.get("column"))) for r in refused.value.reasons]
    return found or [(refused.value.code, None)]


def test_the_template_reads_back() -> None:
    rows = read("a.xlsx", template())
    assert [(kind, draft.amount_fen) for kind, draft in rows] == [("need", 3_000_000), ("offer", 2_800_000)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", [("sheet_empty", None)]),
        (b"title\nabcd\n", [("sheet_column_missing", "kind")]),
        ("kind,title\nneed,中\n".encode(), [("sheet_title", 2)]),
        (
            b"kind,title,amount_yuan\nneed,abcd,1\nx,abcd,-1\noffer,abcd,NaN\n",
            [("sheet_kind", 3), ("sheet_number", 3), ("sheet_number", 4)],
        ),
        ("kind,title\nneed,测试测试".encode("gb18030"), [("sheet_encoding", None)]),
        (b"kind,title,deadline\nneed,abcd,31/12/2026\n", [("sheet_date", 2)]),
        (b"kind,title\n" + b"need," + b"a" * 200 + b"\n", [("sheet_too_long", 2)]),
    ],
)
def test_problems_are_named(content: bytes, expected: list[tuple[str, object]]) -> None:
    assert codes(content) == expected


def test_a_broken_workbook_is_refused() -> None:
    assert codes(b"PK\x03\x04nonsense", "a.xlsx") == [("sheet_unreadable", None)]


def test_all_or_nothing_over_http(park: Park) -> None:
    park.firm("E01")
    browser = park.browse("e01")

    def send(content: bytes) -> int:
        data = {"file": (io.BytesIO(content), "needs.csv")}
        return browser.post(
            "/ecosystem/posts/import", data=data, content_type="multipart/form-data"
        ).status_code

    assert send("kind,title\nneed,寻找光谱检测\noffer,坏\n".encode()) == 422
    assert park.api("e01").get("/ecosystem/needs", mine=True).json["total"] == 0
    assert send("kind,title\nneed,寻找光谱检测\noffer,冲压加工能力\n".encode()) == 303
    assert park.api("e01").get("/ecosystem/needs", mine=True).json["total"] == 1
