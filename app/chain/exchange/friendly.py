"""Uploaded tables as a park has them – Chinese headings, GB18030, .xls, titles above – to the rows the strict reader takes.

The strict reader stays the one judge of what a chain may hold; here only wrappings come off, and a misspelt known
column is named instead of being left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.chain.exchange import tables
from app.hall.files.archives import REGISTER, Unreadable
from app.hall.files.cells import BadCell, Problem, shown
from app.hall.files.sheets import columns as toolkit
from app.hall.files.sheets.columns import Cell
from app.hall.files.sheets.grammar import read_number
from app.hall.files.sheets.headings import Found, find
from app.hall.files.sheets.judge import as_text, is_blank
from app.hall.files.sheets.reading import is_sum_or_note
from app.hall.files.sheets.source import Raw, open_tables

#: What columns are called in a park's own tables: Chinese name, English name, further words.
_WORDS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "segments.segment": ("环节", "Segment", ("环节代码", "环节编码", "代码")),
    "segments.name_zh": ("环节名称", "Chinese name", ("中文名称", "名称")),
    "segments.name_en": ("英文名称", "English name", ()),
    "segments.stage": ("级次", "Stage", ("层级", "阶段")),
    "inputs.input": ("投入环节", "Input", ("投入", "上游环节")),
    "inputs.output": ("产出环节", "Output", ("产出", "下游环节")),
    "inputs.coefficient": ("投入系数", "Coefficient", ("系数", "直接消耗系数")),
    "positions.enterprise": ("企业编号", "Enterprise", ("企业代码", "企业编码", "企业")),
    "positions.name": ("企业名称", "Name", ("公司名称", "单位名称", "名称")),
    "positions.segment": ("环节", "Segment", ("环节代码", "所在环节")),
    "positions.output_wan": ("年产值", "Output", ("产值", "产出")),
    "positions.in_park": ("是否在园", "In the park", ("在园", "是否园内")),
    "supply.supplier": ("供应商", "Supplier", ("供方", "供应企业")),
    "supply.customer": ("客户", "Customer", ("需方", "采购企业")),
    "supply.segment": ("环节", "Segment", ("环节代码", "供应环节")),
    "supply.value_wan": ("供应额", "Value", ("金额", "年供应额", "交易额")),
    "essentiality.input": ("投入环节", "Input", ("投入", "上游环节")),
    "essentiality.output": ("产出环节", "Output", ("产出", "下游环节")),
    "essentiality.class": ("必需性", "Class", ("类别",)),
    "reference.region": ("地区", "Region", ("区域",)),
    "reference.segment": ("环节", "Segment", ("环节代码",)),
    "reference.output_wan": ("产值", "Output", ("年产值",)),
    "reference.year": ("年份", "Year", ("年度",)),
    "reference.source": ("来源", "Source", ("数据来源",)),
}
_SHEETS = {
    "环节": "segments",
    "投入": "inputs",
    "投入系数": "inputs",
    "位置": "positions",
    "企业": "positions",
    "供应": "supply",
    "供应关系": "supply",
    "必需性": "essentiality",
    "参照": "reference",
}


def _column(table: str, column: tables.Column) -> toolkit.Column:
    zh, en, more = _WORDS[f"{table}.{column.name}"]
    unit = "万元" if column.holds == tables.AMOUNT else ""
    return toolkit.Column(column.name, zh, en, also=more, required=not column.optional, unit=unit)


KNOWN = {
    table.name: toolkit.Table(
        table.name, tuple(_column(table.name, column) for column in table.columns), table.key
    )
    for table in tables.TABLES
}


@dataclass(frozen=True, slots=True)
class Rows:
    """One table of an upload: its rows as the strict reader takes them, the headings first."""

    rows: tuple[tuple[int, list[str]], ...]


def unwrap(files: Sequence[tuple[str, bytes]]) -> tuple[dict[str, Rows], list[Problem]]:
    """The tables of these files by name; which table a sheet is, its name tells or its headings do."""
    found: dict[str, Rows] = {}
    problems: list[Problem] = []
    for name, data in files:
        try:
            raws = open_tables(data, name, REGISTER)
        except Unreadable as wrong:
            problems.append(Problem(name, 1, "#1", wrong.code, wrong.params))
            continue
        read = 0
        for raw in raws:
            problems += [Problem(name, p.line, p.column, p.code, p.params) for p in raw.problems]
            table, place = _which(raw, name, len(raws))
            if table is None or (not raw.rows and not table):
                continue
            read += 1
            label = f"{name}#{raw.name}" if raw.name else name
            if table in found:
                problems.append(Problem(label, 1, "#1", "chain_table_twice", {"table": table}))
            elif place is not None:
                found[table] = _rows(place, table, label, problems)
            else:
                found[table] = Rows(tuple((n, [as_text(c) for c in cells]) for n, cells in raw.rows))
        if not read and not problems:
            expected = "、".join(tables.BY_NAME)
            problems.append(Problem(name, 1, "#1", "chain_not_known_table", {"tables": expected}))
    return found, problems


def _which(raw: Raw, file: str, sheets: int) -> tuple[str | None, Found | None]:
    for word in (raw.name, file.rsplit(".", 1)[0] if sheets == 1 else ""):
        word = word.strip().lower().removesuffix(".csv")
        name = word if word in KNOWN else _SHEETS.get(word)
        if name:
            return name, find([raw], KNOWN[name])
    best: tuple[int, str, Found] | None = None
    for name, table in KNOWN.items():
        place = find([raw], table)
        if place is None or place.missing or raw.hidden:
            continue
        if best is None or len(place.places) > best[0]:
            best = (len(place.places), name, place)
    return (best[1], best[2]) if best else (None, None)


def _rows(place: Found, name: str, label: str, problems: list[Problem]) -> Rows:
    for strange in place.unknown:
        if strange.near.misspelt and strange.near.column:
            params = {"found": shown(strange.heading), "near": strange.near.column.name}
            problems.append(Problem(label, place.number, strange.heading, "sheet_misspelt", params))
    for _known, heading in place.twice:
        problems.append(Problem(label, place.number, heading, "table_column_twice", {"name": shown(heading)}))
    amounts = {c.name for c in tables.BY_NAME[name].columns if c.holds in (tables.AMOUNT, tables.COEFFICIENT)}
    rows = [(place.number, [one.column.name for one in place.places])]
    for number, cells in place.raw.rows[place.row + 1 :]:
        if is_sum_or_note(cells):
            continue
        row = []
        for one in place.places:
            cell = cells[one.at] if one.at < len(cells) else None
            fault = place.raw.faults.get((number, one.at))
            if fault and is_blank(cell):
                problems.append(Problem(label, number, one.heading, fault, {}))
            row.append(_text(cell, one.unit or one.column.unit, one.column.unit, one.column.name in amounts))
        rows.append((number, row))
    return Rows(tuple(rows))


def _text(cell: Cell, unit: str, wanted: str, amount: bool) -> str:
    """The cell as text; of a number in any spelling its plain digits, counted as the column counts."""
    text = as_text(cell)
    if not amount or is_blank(cell) or (isinstance(cell, (int, float)) and unit == wanted):
        return text
    try:
        number = read_number(text, unit)
        return f"{read_number(f'{number:f}{unit}', wanted) if unit != wanted else number:f}"
    except BadCell:
        return text  # the strict reader says what is wrong with it
