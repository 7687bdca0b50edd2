"""Templates that explain themselves, and exports that read back as they were."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from app.hall.clock import ZONE
from app.hall.files.sheets.columns import Column, Row, Table, Value
from app.hall.files.spreadsheet import Value as Written
from app.hall.files.spreadsheet import add_row

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

GUIDE = {"zh": "填写说明", "en": "How to fill in"}
_WORDS = {
    "zh": ("列", "必填", "内容", "说明", "是", "否", "例"),
    "en": ("Column", "Required", "Content", "Note", "yes", "no", "Example"),
}
_HOLDS = {
    "text": ("文字", "text"),
    "code": ("编号", "code"),
    "number": ("数字", "number"),
    "whole": ("整数", "whole number"),
    "yuan": ("金额", "amount"),
    "day": ("日期，如 2027-03-01 或 2027年3月1日", "day, such as 2027-03-01"),
    "month": ("月份，如 2027-03", "month, such as 2027-03"),
    "time": ("时间，如 09:00", "time, such as 09:00"),
    "moment": ("时刻，如 2027-03-01 09:00", "moment, such as 2027-03-01 09:00"),
    "yes_no": ("是 或 否", "yes or no"),
    "choice": ("", ""),
    "list": ("多项用“；”分开", "several, divided by ;"),
}
LAST_LISTED_ROW = 5000


def written(column: Column, value: Value, lang: str = "zh") -> Written:
    """A value as it stands in a cell, so that `judge` reads the same value again.

    >>> written(Column("p", "价格", "Price", "yuan", unit="元"), 120050)
    1200.5
    """
    if value is None or value == ():
        return None
    if column.show is not None:
        return column.show(value)
    if isinstance(value, bool):
        return {"zh": ("否", "是"), "en": ("no", "yes")}[lang][value]
    if column.holds == "yuan" and isinstance(value, int):
        return _number(Decimal(value) / (1_000_000 if column.unit == "万元" else 100))
    if column.holds == "choice":
        choice = next((one for one in column.choices if one.code == value), None)
        return str(value) if choice is None else choice.en if lang == "en" else choice.zh
    if column.holds == "time" and isinstance(value, int):
        return f"{value // 60:02d}:{value % 60:02d}"
    if isinstance(value, dt.datetime):
        return value.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, tuple):
        return "；".join(value)
    return value


def _number(value: Decimal) -> Written:
    """A number where a spreadsheet keeps it whole, else its digits as text."""
    return (
        float(value)
        if Decimal(repr(float(value))) == value and len(value.as_tuple().digits) <= 15
        else f"{value:f}"
    )


def export_xlsx(table: Table, rows: Iterable[Row], lang: str = "zh") -> bytes:
    """The rows under the headings of `lang`: what `reading.read` reads back."""
    book, sheet = _book(table, lang)
    for row in rows:
        add_row(sheet, [written(column, row.get(column.name), lang) for column in table.columns])
    return _bytes(book)


def template_xlsx(table: Table, lang: str = "zh") -> bytes:
    """An empty table with widths, drop-down lists, an example in its guide and what each column wants.

    The example stands on the sheet of explanations: sent back as it is, the template brings nothing in.
    """
    book, sheet = _book(table, lang, asked=True)
    _lists(sheet, table.asked, lang)
    guide = book.create_sheet(GUIDE[lang])
    words = _WORDS[lang]
    add_row(guide, [table.title(lang)])
    add_row(guide, [*words[:4], words[6]])
    example = table.examples[0] if table.examples else {}
    for column in table.asked:
        example_value = written(column, example.get(column.name), lang)
        note = column.note_en if lang == "en" else column.note_zh
        add_row(
            guide,
            [
                f"· {column.title(lang)}",
                words[4] if column.required else words[5],
                content(column, lang),
                note,
                example_value,
            ],
        )
    for letter, width in zip("ABCDE", (28, 10, 44, 44, 32), strict=True):
        guide.column_dimensions[letter].width = width
    return _bytes(book)


def content(column: Column, lang: str) -> str:
    """What a column may hold, in words.

    >>> content(Column("n", "数量", "Number", "whole", low=1, high=500), "zh")
    '整数，1 – 500'
    """
    if column.choices:
        return " / ".join(one.en if lang == "en" else one.zh for one in column.choices)
    word = _HOLDS[column.holds][lang == "en"]
    if column.low is not None or column.high is not None:
        low = "…" if column.low is None else f"{column.low:g}"
        high = "…" if column.high is None else f"{column.high:g}"
        word += f"{', ' if lang == 'en' else '，'}{low} – {high}"
    return word


def _book(table: Table, lang: str, asked: bool = False) -> tuple[Workbook, Worksheet]:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = table.title(lang)[:31] or table.name[:31]
    columns = table.asked if asked else table.columns
    add_row(sheet, [f"{'*' if column.required else ''}{column.title(lang)}" for column in columns])
    for place, column in enumerate(columns, start=1):
        sheet.cell(1, place).font = openpyxl.styles.Font(bold=True)
        width = column.width or max(10, min(40, 2 * len(column.title(lang)) + 4))
        letter = openpyxl.utils.get_column_letter(place)
        sheet.column_dimensions[letter].width = width
        if asked and column.holds in ("text", "code"):  # a long number typed here stays what it is
            sheet.column_dimensions[letter].number_format = "@"
    sheet.freeze_panes = "A2"
    return book, sheet


def _lists(sheet: Worksheet, columns: Sequence[Column], lang: str) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    for place, column in enumerate(columns, start=1):
        words = [one.en if lang == "en" else one.zh for one in column.choices]
        if column.holds == "yes_no":
            words = ["yes", "no"] if lang == "en" else ["是", "否"]
        joined = ",".join(words)
        if not words or len(joined) > 250 or any("," in word or '"' in word for word in words):
            continue
        letter = sheet.cell(1, place).column_letter
        rule = DataValidation(type="list", formula1=f'"{joined}"', allow_blank=True)
        rule.add(f"{letter}2:{letter}{LAST_LISTED_ROW}")
        sheet.add_data_validation(rule)


def _bytes(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
