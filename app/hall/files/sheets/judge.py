"""One cell to its value, whatever the spreadsheet made of it; what is wrong is said with what was expected."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal

from app.hall.files.cells import BadCell, read_text, shown
from app.hall.files.sheets import days
from app.hall.files.sheets.columns import Cell, Choice, Column, Value, fold
from app.hall.files.sheets.grammar import EXACT_DIGITS, is_rounded, of_float, plain, read_number

YES = frozenset({"yes", "y", "true", "t", "1", "是", "有", "对", "√", "✓", "✔", "在园", "园内"})
NO = frozenset({"no", "n", "false", "f", "0", "否", "无", "不", "没有", "×", "x", "✗", "不在园", "园外"})
MOST_IN_A_LIST = 50
_BETWEEN = re.compile(r"[、,，;；\n]+")
_ERRORS = re.compile(r"#(n/a|ref!|value!|div/0!|name\?|null!|num!|spill!|calc!)", re.IGNORECASE)


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip("\ufeff\u200b \t\r\n\u3000\xa0"))


def as_text(cell: Cell) -> str:
    """A cell as somebody reads it on the screen.

    >>> as_text(12.0), as_text(0.1), as_text(dt.date(2027, 3, 1)), as_text(dt.time(9)), as_text(True)
    ('12', '0.1', '2027-03-01', '09:00', '是')
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, (int, float)):
        try:
            return f"{of_float(float(cell)):f}"
        except BadCell:
            return repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ", "minutes") if cell.time() != dt.time() else cell.date().isoformat()
    if isinstance(cell, dt.time):
        return cell.isoformat("minutes")
    if isinstance(cell, dt.timedelta):
        minutes = round(cell.total_seconds() / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return str(cell)


def judge(column: Column, cell: Cell, unit: str = "") -> Value:
    """The value of a cell; `unit` is the one in the file's own heading, if it names one.

    >>> judge(Column("price", "价格", "Price", "yuan", unit="元"), "1,200.5")
    120050
    >>> judge(Column("n", "数量", "Number", "whole", low=1), "０")
    Traceback (most recent call last):
    ...
    app.hall.files.cells.BadCell: sheet_out_of_range
    """
    if is_blank(cell):
        if column.required:
            raise BadCell("sheet_empty_cell")
        return column.blank
    if isinstance(cell, str) and _ERRORS.fullmatch(cell.strip()):
        raise BadCell("table_cell_error", value=shown(cell.strip()))
    value = _READERS[column.holds](column, cell, unit)
    return column.read(value) if column.read and isinstance(value, str) else value


def _text(column: Column, cell: Cell, _unit: str) -> str:
    if isinstance(cell, float) and abs(cell) >= 10**EXACT_DIGITS:
        raise BadCell("sheet_rounded", value=f"{cell:.6g}".upper())
    if isinstance(cell, str) and is_rounded(cell):
        raise BadCell("sheet_rounded", value=shown(cell.strip()))
    text = read_text(as_text(cell).strip("\u3000\xa0 \t\r\n\ufeff").replace("\n", " "), column.longest)
    if column.holds == "code":
        text = "".join(text.split())
    return text


def _number(column: Column, cell: Cell, unit: str) -> Decimal:
    unit = unit or column.unit
    if isinstance(cell, bool) or not isinstance(cell, (int, float, str)):
        raise BadCell("sheet_not_a_number", value=shown(as_text(cell)))
    number = read_number(cell, unit) if isinstance(cell, str) else of_float(float(cell))
    if unit != column.unit and column.unit:
        number = read_number(f"{number:f}{unit}", column.unit)
    _bounded(column, number)
    return number


def _bounded(column: Column, number: Decimal) -> None:
    if column.low is not None and number < Decimal(str(column.low)):
        raise BadCell(
            "sheet_out_of_range", value=f"{number:f}", low=_bound(column.low), high=_bound(column.high)
        )
    if column.high is not None and number > Decimal(str(column.high)):
        raise BadCell(
            "sheet_out_of_range", value=f"{number:f}", low=_bound(column.low), high=_bound(column.high)
        )


def _bound(value: float | None) -> str:
    return "…" if value is None else f"{of_float(value):,f}"


def _whole(column: Column, cell: Cell, unit: str) -> int:
    number = _number(column, cell, unit)
    if number != number.to_integral_value():
        raise BadCell("sheet_not_whole", value=f"{number:f}")
    return int(number)


def _yuan(column: Column, cell: Cell, unit: str) -> int:
    number = _number(column, cell, unit)
    fen = number * (1_000_000 if column.unit == "万元" else 100)
    if fen != fen.to_integral_value():
        raise BadCell("sheet_below_a_fen", value=f"{number:f}")
    return int(fen)


def _day(_column: Column, cell: Cell, _unit: str) -> dt.date:
    if isinstance(cell, dt.datetime):
        cell = cell.date()
    if isinstance(cell, dt.date):
        return days.read_day(cell.isoformat())
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return days.read_day(f"{days.of_serial(float(cell)).date()}")
    return days.read_day(as_text(cell))


def _month(column: Column, cell: Cell, unit: str) -> str:
    if isinstance(cell, (dt.date, int, float)):
        return _day(column, cell, unit).isoformat()[:7]
    return days.read_month(as_text(cell))


def _time(_column: Column, cell: Cell, _unit: str) -> int:
    if isinstance(cell, float):
        return days.of_day_part(cell)
    if isinstance(cell, dt.datetime) and cell.date() <= dt.date(1900, 1, 1):
        cell = cell.time()
    return days.read_time(as_text(cell))


def _moment(_column: Column, cell: Cell, _unit: str) -> dt.datetime:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        cell = days.of_serial(float(cell))
    if isinstance(cell, dt.datetime):
        return days.read_moment(cell.isoformat(" ", "minutes"))
    return days.read_moment(as_text(cell))


def _yes_no(_column: Column, cell: Cell, _unit: str) -> bool:
    word = plain(as_text(cell))
    if word not in YES | NO:
        raise BadCell("sheet_not_yes_no", value=shown(as_text(cell)))
    return word in YES


def _choice(column: Column, cell: Cell, _unit: str) -> str:
    word = fold(as_text(cell))
    for choice in column.choices:
        if word in words_of(choice):
            return choice.code
    allowed = " / ".join(choice.zh for choice in column.choices[:12])
    raise BadCell("table_not_one_of", value=shown(as_text(cell)), allowed=allowed)


def words_of(choice: Choice) -> frozenset[str]:
    """Every word a choice goes by, folded."""
    return frozenset(fold(word) for word in (choice.code, choice.zh, choice.en, *choice.also))


def _list(column: Column, cell: Cell, unit: str) -> tuple[str, ...]:
    text = as_text(cell)
    parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
    if len(parts) > MOST_IN_A_LIST:
        raise BadCell("sheet_long_list", most=MOST_IN_A_LIST)
    return tuple(dict.fromkeys(_text(column, part, unit) for part in parts))


_READERS: dict[str, Callable[[Column, Cell, str], Value]] = {
    "text": _text,
    "code": _text,
    "number": _number,
    "whole": _whole,
    "yuan": _yuan,
    "day": _day,
    "month": _month,
    "time": _time,
    "moment": _moment,
    "yes_no": _yes_no,
    "choice": _choice,
    "list": _list,
}
