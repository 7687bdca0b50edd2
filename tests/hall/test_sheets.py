"""Tables as a park sends them: found wherever they stand, read in one grammar, every fault named, nothing dropped."""

from __future__ import annotations

import datetime as dt
import io
import unicodedata
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from app.hall.files.sheets.columns import Row
from app.hall.files.sheets.compare import compare, plain_row, row_of
from app.hall.files.sheets.reading import Reading, key_of, read
from app.hall.files.sheets.writing import GUIDE, export_xlsx, template_xlsx
from tests.hall.tables import FIRMS, book

DATA = Path(__file__).parent.parent / "data" / "sheets"
HEAD = ["企业名称", "统一社会信用代码", "注册资本（万元）", "员工人数", "成立日期", "是否在园"]


def faults(reading: Reading) -> list[tuple[int, str, str]]:
    return [(p.line, p.column, p.code) for p in reading.problems]


def test_the_table_is_found_below_titles_and_behind_other_sheets() -> None:
    data = book(
        ("说明", [["企业名称", "填企业全称"], ["注册资本", "单位万元"]]),
        ("旧表", [HEAD, ["旧企业", "1", 1, 1, "2020-01-01", "是"]]),
        (
            "名册",
            [
                ["园区企业名册"],
                ["填报单位：园区办", None, "2027年3月"],
                HEAD,
                ["甲公司", "913205000000000000", 530, 12, dt.date(2027, 3, 1), "是"],
                ["乙公司", "913205000000000001", "1,200万元", "１２", "2027年3月1日", "否"],
                HEAD,
                ["合计", None, 1730, 24],
                ["注：以上数据截至三月"],
            ],
        ),
        hidden=("旧表",),
    )
    found = read(data, "a.xlsx", FIRMS)
    assert not found.problems and found.sheet == "名册" and found.other_sheets == ("说明", "旧表")
    assert [line.row for line in found.lines] == [4, 5]
    assert found.lines[1].values == {
        "name": "乙公司",
        "code": "913205000000000001",
        "capital": Decimal(1200),
        "staff": 12,
        "founded": dt.date(2027, 3, 1),
        "in_park": False,
    }
    assert [(p.row, p.why) for p in found.passed] == [
        (1, "above"),
        (2, "above"),
        (6, "again"),
        (7, "sum"),
        (8, "note"),
    ]


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8", ","), ("utf-8-sig", ","), ("gb18030", ","), ("utf-16", "\t"), ("gb18030", ";")],
)
def test_a_csv_of_any_chinese_spreadsheet_is_read(encoding: str, separator: str) -> None:
    text = "公司名称,注册资本,成立日期\r\n甲公司㐀,530万人民币,2027/3/1\r\n".replace(",", separator)
    found = read(text.encode(encoding), "a.csv", FIRMS)
    assert not found.problems
    assert found.lines[0].values == {
        "name": "甲公司㐀",
        "capital": Decimal(530),
        "founded": dt.date(2027, 3, 1),
    }


def test_headings_of_either_language_and_the_unit_in_them() -> None:
    text = "Name;注册资本（亿元）;in park;Kind\nA;0.5;yes;State-owned\n"
    found = read(text.encode(), "a.csv", FIRMS)
    assert found.lines[0].values == {"name": "A", "capital": Decimal(5000), "in_park": True, "kind": "b"}


def test_another_currency_in_the_heading_is_no_yuan() -> None:
    found = read("企业名称,服务价格（美元）\n甲,5\n".encode(), "a.csv", FIRMS)
    assert faults(found) == [(2, "服务价格（美元）", "sheet_other_unit")]
    found = read("企业名称,服务价格（不含税）\n甲,5\n".encode(), "a.csv", FIRMS)
    assert found.lines[0].values == {"name": "甲", "price": 500}


def test_merged_cells_are_filled_and_claimed_sizes_ignored() -> None:
    rows = [HEAD, ["甲公司", "1", 530], ["乙公司", "2", None], ["丙公司", "3", None]]
    found = read(book(("名册", rows), merged=("C2:C4",)), "a.xlsx", FIRMS)
    assert [line.values["capital"] for line in found.lines] == [Decimal(530)] * 3


def test_every_fault_is_one_line_and_all_come_at_once() -> None:
    rows: list[list[Any]] = [
        [
            "企业名称",
            "信用代码",
            "注册资本",
            "员工人数",
            "成立日期",
            "开门时间",
            "是否在园",
            "企业类型",
            "负责人",
        ],
        ["甲", 9.13205e17, "很多", 12.5, "3/1/2027", "25:00", "也许", "外资", "张"],
        ["乙", "9.13205E+17", "=1+1", -1, 5, "9：00", "是", "民营", ""],
        ["", "x", 1e300, "", "2027/2/30"],
        ["甲", "1", "NaN", 200_000],
    ]
    found = read(book(("名册", rows)), "a.xlsx", FIRMS)
    assert faults(found) == [
        (2, "信用代码", "sheet_rounded"),
        (2, "注册资本", "sheet_not_a_number"),
        (2, "员工人数", "sheet_not_whole"),
        (2, "成立日期", "sheet_not_a_day"),
        (2, "开门时间", "sheet_not_a_time"),
        (2, "是否在园", "sheet_not_yes_no"),
        (2, "企业类型", "table_not_one_of"),
        (3, "信用代码", "sheet_rounded"),
        (3, "注册资本", "sheet_formula_without_value"),
        (3, "员工人数", "sheet_out_of_range"),
        (3, "成立日期", "sheet_not_a_day"),
        (4, "企业名称", "sheet_empty_cell"),
        (4, "注册资本", "sheet_huge_number"),
        (4, "成立日期", "sheet_not_a_day"),
        (5, "注册资本", "sheet_not_a_number"),
        (5, "员工人数", "sheet_out_of_range"),
    ]
    assert {p.file for p in found.problems} == {"a.xlsx#名册"}
    assert found.unknown == (("负责人", ""),)


def test_a_misspelt_column_stops_and_an_unknown_one_is_named() -> None:
    stopped = read("企业名称,注册资木,负责人\n甲,5,张\n".encode(), "a.csv", FIRMS)
    assert faults(stopped) == [(1, "注册资木", "sheet_misspelt")]
    assert stopped.problems[0].params["near"] == "注册资本"
    named = read("企业名称,产品清单\n甲,5\n".encode(), "a.csv", FIRMS)
    assert not named.problems and named.unknown == (("产品清单", "products"),)
    twice = read("企业名称,公司名称\n甲,乙\n".encode(), "a.csv", FIRMS)
    assert faults(twice) == [(1, "公司名称", "table_column_twice")]


def test_the_same_row_twice_and_another_rooms_table() -> None:
    twice = read("企业名称,员工人数\n甲 公司,1\n甲公司,2\n".encode(), "a.csv", FIRMS)
    assert faults(twice) == [(3, "企业名称", "table_duplicate")] and twice.problems[0].params["first"] == 2
    other = read("专利号,申请日\nZL1,2027-03-01\n".encode(), "a.csv", FIRMS)
    assert faults(other) == [(1, "", "sheet_other_table")] and "专利号" in other.problems[0].params["found"]
    assert faults(read(b"", "a.csv", FIRMS)) == [(1, "", "sheet_nothing_in_it")]
    assert faults(read("企业名称,员工人数\n".encode(), "a.csv", FIRMS)) == [(1, "", "sheet_no_rows")]
    assert faults(read(b"\xff\xff\x00\x80", "a.csv", FIRMS)) == [(1, "", "sheet_not_text")]
    assert faults(read(b"nonsense", "a.xls", FIRMS)) == [(1, "", "table_not_a_workbook")]


def test_a_sheet_that_reaches_far_is_refused_before_it_fills_the_memory() -> None:
    data = book(("名册", [["企业名称", "员工人数"], ["甲", 1]]))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part)
            if part.endswith("sheet1.xml"):
                content = content.replace(b'r="B2"', b'r="XFD1048576"')
            new.writestr(part, content)
    assert faults(read(out.getvalue(), "a.xlsx", FIRMS)) == [(1, "", "table_too_wide")]


def test_the_template_explains_itself_and_brings_nothing_in() -> None:
    for lang in ("zh", "en"):
        data = template_xlsx(FIRMS, lang)
        made = load_workbook(io.BytesIO(data))
        assert made.sheetnames[1] == GUIDE[lang]
        lists = {str(rule.formula1) for rule in made.worksheets[0].data_validations.dataValidation}
        assert lists == (
            {'"是,否"', '"民营,国有"'} if lang == "zh" else {'"yes,no"', '"private,state-owned"'}
        )
        assert faults(read(data, "t.xlsx", FIRMS)) == [(1, "", "sheet_no_rows")]


_texts = st.text(
    st.characters(
        codec="utf-8", categories=("L", "N", "P", "S", "Zs"), exclude_characters="；;、,，\u3000\xa0"
    ),
    max_size=12,
)
_words = _texts.map(lambda t: "名" + " ".join(unicodedata.normalize("NFC", t).split()) + "称").filter(
    lambda t: "#" not in t
)
_rows = st.fixed_dictionaries(
    {
        "name": _words,
        "code": st.none() | st.from_regex(r"\A9[0-9A-Z]{17}\Z"),
        "capital": st.none() | st.decimals(0, 1_000_000, places=2),
        "staff": st.none() | st.integers(0, 100_000),
        "price": st.none() | st.integers(0, 10**10),
        "founded": st.none() | st.dates(dt.date(1901, 1, 2), dt.date(2199, 12, 31)),
        "opens": st.none() | st.integers(0, 1440),
        "in_park": st.none() | st.booleans(),
        "kind": st.sampled_from((None, "a", "b")),
        "products": st.none() | st.lists(_words, min_size=1, max_size=3, unique=True).map(tuple),
    }
)


@settings(max_examples=40)
@given(
    st.lists(_rows, min_size=1, max_size=4, unique_by=lambda row: key_of(FIRMS, row)),
    st.sampled_from(("zh", "en")),
)
def test_what_is_written_reads_back_and_changes_nothing(rows: list[Row], lang: str) -> None:
    found = read(export_xlsx(FIRMS, rows, lang), "a.xlsx", FIRMS)
    assert not found.problems
    current = {key_of(FIRMS, row): row for row in rows}
    changes = compare(FIRMS, found.lines, current)
    assert (changes.new, changes.changed, changes.unchanged) == ((), (), len(rows))
    assert [row_of(FIRMS, plain_row(line.values)) for line in found.lines] == [
        line.values for line in found.lines
    ]


@pytest.mark.parametrize("name", ["firms.xls", "firms.xlsx", "firms.csv"])
def test_the_files_of_a_real_spreadsheet_program_say_the_same(name: str) -> None:
    """LibreOffice 7.4 wrote all three from one workbook; its CSV is in GB18030."""
    found = read((DATA / name).read_bytes(), name, FIRMS)
    assert not found.problems
    assert [(p.row, p.why) for p in found.passed] == [(1, "above"), (6, "sum")]
    merged = None if name.endswith("csv") else Decimal(1200)  # a CSV does not tell what was merged
    assert [tuple(line.values.values()) for line in found.lines] == [
        ("甲公司", "913205000000000000", Decimal(530), 12, dt.date(2027, 3, 1), 540, True),
        ("乙公司", "913205000000000001", Decimal(1200), 12, dt.date(2026, 12, 31), 540, False),
        ("丙公司", "913205000000000002", merged, 7, dt.date(2020, 2, 29), 810, True),
    ]
