"""The same four sectors as China's statistics, the OECD and a database lay them out; every fault with its place."""

from __future__ import annotations

from typing import Any

import pytest

from app.chain.sector_tables.reading import read
from tests.chain.sector_tables.test_rules import FLOW, TOTALS
from tests.hall.tables import book

NAMES = ("农业", "制造业", "建筑业", "服务业")
CHINA: list[list[Any]] = [
    ["2020年4部门投入产出表"],
    ["（按当年生产者价格计算）", None, None, None, None, None, None, "单位：万元"],
    [None, "投入  产出", None, "中间使用", None, None, None, None, "最终使用", None, None],
    [None, None, None, *NAMES, "中间使用合计", "农村居民消费支出", "出口", "总产出"],
    [None, None, "代码", "01", "02", "03", "04", "TIU", "FU101", "EX", "GO"],
    ["中间投入", "农业", "01", 20, 60, 0, 5, 85, 5, 10, 100],
    [None, "制造业", "02", 10, 150, 80, 20, 260, 10, 30, 300],
    [None, "建筑业", "03", None, 3, "-", 10, 13, 100, 47, 160],
    [None, "服务业", "04", 10, "27", 16, 40, 93, 90, 17, 200],
    [None, "中间投入合计", "TII", 40, 240, 96, 75, 451, None, None, None],
    ["增加值", "劳动者报酬", "VA001", 50, 40, 50, 100, 240, None, None, None],
    [None, "营业盈余", "VA004", 10, 20, 14, -25, 69, None, None, None],
    [None, "增加值合计", "TVA", 60, 60, 64, 125, 309, None, None, None],
    [None, "总投入", "TI", 100, 300, 160, 200, 760, None, None, None],
    ["注：部门分类见说明。"],
]
OECD = """,D01T02,D10T12,D41T43,D45T47,HFCE,EXPO
TTL_01T02,20,60,0,5,5,10
TTL_10T12,10,150,80,20,10,30
TTL_41T43,,3,,10,100,47
TTL_45T47,10,27,16,40,90,17
TXS_INT_FNL,1,2,3,4,,
TTL_INT_FNL,41,242,99,79,,
VALU,59,58,61,121,,
OUTPUT,100,300,160,200,,
"""
PAIRS = [
    (i, j, FLOW[i][j]) for i in range(4) for j in range(4) if FLOW[i][j] is not None and (i, j) != (0, 2)
]
LONG = "投入部门代码,投入部门,产出部门代码,产出部门,流量（万元）\n" + "".join(
    f"{i + 1:02d},{NAMES[i]},{j + 1:02d},{NAMES[j]},{value}\n" for i, j, value in PAIRS
)
LONG += "".join(f"TI,总投入,{j + 1:02d},{NAMES[j]},{total}\n" for j, total in enumerate(TOTALS))


def left_out(found: Any) -> dict[str, str]:
    return {one.label: one.why for one in found.table.left_out}


@pytest.mark.parametrize("form", ["xlsx", "gb18030"])
def test_a_table_of_chinas_statistics(form: str) -> None:
    if form == "xlsx":
        data, name = book(("4部门表", CHINA), merged=("A6:A9", "A11:A13")), "投入产出表.xlsx"
    else:
        lines = (",".join("" if cell is None else str(cell) for cell in row) for row in CHINA)
        data, name = "\n".join(lines).encode("gb18030"), "投入产出表.csv"
    found = read(data, name)
    assert found.problems == () and found.table is not None
    assert [(s.code, s.name) for s in found.table.sectors] == [(f"0{n}", x) for n, x in enumerate(NAMES, 1)]
    assert (found.table.cells, found.table.totals) == (FLOW, TOTALS)
    assert found.table.subtotals == (40, 240, 96, 75) and found.table.blanks == 2
    assert "2020" in found.table.title
    assert left_out(found) == {
        "中间投入合计 TII": "subtotal",
        "劳动者报酬 VA001": "value_added",
        "营业盈余 VA004": "value_added",
        "增加值合计 TVA": "value_added",
        "总投入 TI": "total_input",
        "中间使用合计 TIU": "total",
        "农村居民消费支出 FU101": "final_use",
        "出口 EX": "final_use",
        "总产出 GO": "total",
    }


def test_a_table_of_the_oecd() -> None:
    found = read(OECD.encode(), "CHN2018ttl.csv")
    assert found.table is not None
    assert [(s.code, s.name_en) for s in found.table.sectors][1:3] == [
        ("10T12", "Food products, beverages and tobacco"),
        ("41T43", "Construction"),
    ]
    assert (found.table.cells, found.table.totals) == (FLOW, TOTALS)
    assert left_out(found) == {
        "TXS_INT_FNL": "tax",
        "TTL_INT_FNL": "total",
        "VALU": "value_added",
        "OUTPUT": "total_input",
        "HFCE": "final_use",
        "EXPO": "final_use",
    }


def test_a_long_table() -> None:
    found = read(LONG.encode(), "long.csv")
    assert found.table is not None and found.table.layout == "long"
    assert [(s.code, s.name) for s in found.table.sectors][:2] == [("01", "农业"), ("02", "制造业")]
    assert found.table.totals == TOTALS and left_out(found) == {"总投入": "total_input"}
    assert [tuple(cell or 0.0 for cell in row) for row in found.table.cells] == [
        tuple(cell or 0.0 for cell in row) for row in FLOW
    ]
    twice = read((LONG + "01,农业,01,农业,21\n,,01,农业,3\n").encode(), "long.csv")
    assert [(p.line, p.code) for p in twice.problems] == [(19, "sector_pair_twice"), (20, "sector_no_pair")]


def test_a_hundred_and_fifty_three_sectors_by_number_alone() -> None:
    """Codes 001 … 153, as text on the left and as numbers in the head; every sector takes a tenth of itself."""
    codes = range(1, 154)
    rows = [
        ["Code", "DescriptionInChinese", *codes, "TIU"],
        *([f"{n:03d}", f"部门{n}号", *(10 if m == n else 0 for m in codes), 10] for n in codes),
        ["TII", "中间投入合计", *(10 for _ in codes), 1530],
        ["TI", "总投入", *(100 for _ in codes), 15300],
    ]
    found = read(book(("153", rows)), "x.xlsx")
    assert found.table is not None and len(found.table.sectors) == 153
    assert (found.table.sectors[6].code, found.table.sectors[6].name) == ("007", "部门7号")
    assert found.table.totals == (100.0,) * 153
    assert all(found.table.cells[n][n] == 10 for n in range(153))


def test_every_fault_has_its_place() -> None:
    wrong = [list(row) for row in CHINA]
    wrong[5][3], wrong[6][4], wrong[7][4], wrong[8][6] = -20, "约一百五", 1e300, "#REF!"
    found = read(book(("表", wrong)), "x.xlsx")
    assert found.table is None
    assert [(p.file, p.line, p.column, p.code) for p in found.problems] == [
        ("x.xlsx#表", 6, "农业", "chain_negative"),
        ("x.xlsx#表", 7, "制造业", "sheet_not_a_number"),
        ("x.xlsx#表", 8, "制造业", "chain_too_large"),
        ("x.xlsx#表", 9, "服务业", "sheet_error_value"),
    ]
    misspelt = [
        [cell if cell != "建筑业" or n < 5 else "建筑叶" for cell in row] for n, row in enumerate(CHINA)
    ]
    for row in misspelt:
        del row[2:3]
    (problem,) = read(book(("表", misspelt)), "x.xlsx").problems
    assert (problem.line, problem.code, dict(problem.params)) == (
        8,
        "sector_misspelt",
        {"value": "建筑叶", "near": "建筑业"},
    )


def test_the_sheet_is_found_and_others_are_named() -> None:
    small = [["", "农业", "制造业"], ["农业", 0.1, 0.2], ["制造业", 0.3, 0.4]]
    data = book(("说明", [["一", "二"], ["三", "四"]]), ("系数", small), ("流量", CHINA))
    found = read(data, "x.xlsx")
    assert (found.sheet, found.others) == ("流量", ("系数",))
    chosen = read(data, "x.xlsx", "系数")
    assert chosen.table is not None and chosen.table.cells == ((0.1, 0.2), (0.3, 0.4))
    assert chosen.table.left_out == () and chosen.table.totals == ()
    assert read(data, "x.xlsx", "没有").problems[0].code == "sector_no_such_sheet"
    assert read(b"a,b\n1,2\n", "x.csv").problems[0].code == "sector_no_table"
    assert read(b"PK\x03\x04nonsense", "x.xlsx").problems[0].code.startswith("table_")
