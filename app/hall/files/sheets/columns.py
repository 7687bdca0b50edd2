"""A column as data: its names in both languages, what its cells hold, and what may stand there."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from app.hall.text.normalise import comparable

Holds = Literal[
    "text", "code", "number", "whole", "yuan", "day", "month", "time", "moment", "yes_no", "choice", "list"
]
Cell = str | float | int | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None
Value = str | int | bool | Decimal | dt.date | dt.datetime | tuple[str, ...] | None
Row = dict[str, Value]
_NOT_A_NAME = re.compile(r"[\s*＊_\-:：/\\|·.]+")
_BRACKETS = re.compile(r"[(（\[【]([^)）\]】]{0,20})[)）\]】]")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the words a cell may hold."""

    code: str
    zh: str
    en: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table that people fill in.

    `low` and `high` bound numbers (counted in `unit`), `longest` bounds texts; `yuan` is read into fen. `read` judges
    a text further: it returns the value or raises `BadCell`. `blank` is what an empty cell means.
    """

    name: str
    zh: str
    en: str
    holds: Holds = "text"
    also: tuple[str, ...] = ()
    required: bool = False
    unit: str = ""
    low: float | None = None
    high: float | None = None
    longest: int = 200
    choices: tuple[Choice, ...] = ()
    read: Callable[[str], Value] | None = None
    show: Callable[[Any], str] | None = None
    blank: Value = None
    note_zh: str = ""
    note_en: str = ""
    width: int = 0
    ignored: bool = False  # an export tells it, an import passes it over
    exact: bool = False  # as a key every sign of it counts: li.wei is not liwei

    def title(self, lang: str) -> str:
        """The heading, with its unit, and a star where a cell must be filled."""
        name = self.en if lang == "en" else self.zh
        unit = UNITS_EN.get(self.unit, self.unit) if lang == "en" else self.unit
        return f"{name} ({unit})" if unit and lang == "en" else f"{name}（{unit}）" if unit else name

    @property
    def headings(self) -> frozenset[str]:
        """Every heading it goes by, folded."""
        return frozenset(fold(word) for word in (self.name, self.zh, self.en, *self.also))


UNITS_EN = {
    "元": "yuan",
    "万元": "10,000 yuan",
    "小时": "hours",
    "分钟": "minutes",
    "天": "days",
    "年": "years",
}
_UNITS_BACK = {
    "yuan": "元",
    "cny": "元",
    "rmb": "元",
    "10,000yuan": "万元",
    "10kcny": "万元",
    "hours": "小时",
}
_UNITS_BACK |= {"minutes": "分钟", "days": "天", "years": "年"}


def fold(heading: str) -> str:
    """A heading as it is compared: no blanks, stars, signs or brackets; half width, small letters.

    >>> fold("＊年产值 （万元）"), fold("In_Park"), fold("output\\nwan")
    ('年产值', 'inpark', 'outputwan')
    """
    return _NOT_A_NAME.sub("", _BRACKETS.sub("", comparable(heading).replace("（", "(").replace("）", ")")))


def unit_in(heading: str) -> str:
    """The unit a heading names in brackets, or nothing.

    >>> unit_in("年产值（亿元）"), unit_in("Output (10,000 yuan)"), unit_in("名称")
    ('亿元', '万元', '')
    """
    found = _BRACKETS.search(comparable(heading).replace("（", "(").replace("）", ")"))
    if not found:
        return ""
    word = re.sub(r"^单位[::]?", "", found[1].replace(" ", ""))
    word = re.split(r"[/／每]", word)[0] or word  # 元/小时 counts 元
    return _UNITS_BACK.get(word, word)


def distance(one: str, other: str, most: int) -> int:
    """How many letters must change, come, go or swap to make one word the other; stops beyond `most`.

    >>> distance("inpark", "inprak", 2), distance("kitten", "sitting", 2)
    (1, 3)
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        last, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


@dataclass(frozen=True, slots=True)
class Nearest:
    """The known column that a heading is most like, and whether it is that column misspelt."""

    column: Column | None = None
    misspelt: bool = False


def nearest(heading: str, columns: Sequence[Column]) -> Nearest:
    """The column a heading may have meant.

    >>> columns = [Column("in_park", "是否在园", "In the park"), Column("name", "企业名称", "Name")]
    >>> found = nearest("in_prak", columns); found.column.name, found.misspelt
    ('in_park', True)
    >>> found = nearest("企业名录", columns); found.column.name, found.misspelt
    ('name', True)
    >>> nearest("备注", columns).column
    """
    word = fold(heading)
    best: tuple[int, Column] | None = None
    for column in columns:
        for name in column.headings:
            most = 0 if len(word) < 4 else 1 if len(word) < 8 else 2
            steps = distance(word, name, most) if most else 9
            if steps <= most and (best is None or steps < best[0]):
                best = (steps, column)
    if best:
        return Nearest(best[1], True)
    names = {name: column for column in columns for name in sorted(column.headings)}
    close = difflib.get_close_matches(word, list(names), n=1, cutoff=0.5)
    return Nearest(names[close[0]]) if close else Nearest()


@dataclass(frozen=True, slots=True)
class Table:
    """A table that people fill in: its columns, and those that together name a row."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    zh: str = ""
    en: str = ""
    most_rows: int = 20_000
    examples: tuple[dict[str, Any], ...] = field(default=())

    def title(self, lang: str) -> str:
        return self.en if lang == "en" else self.zh

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def asked(self) -> tuple[Column, ...]:
        """The columns an import reads."""
        return tuple(column for column in self.columns if not column.ignored)
