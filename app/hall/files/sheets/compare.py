"""What a table would change: new, changed with old and new, unchanged; and values as plain JSON and back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.hall.files.sheets.columns import Column, Row, Table, Value
from app.hall.files.sheets.reading import Line, key_of

Key = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the file against what is there: `old` is None for a new one, `fields` are those that differ."""

    row: int
    key: Key
    new: Row
    old: Row | None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What an import would do; rows that are there and not in the file stay as they are."""

    new: tuple[Change, ...]
    changed: tuple[Change, ...]
    unchanged: int


def compare(table: Table, lines: Sequence[Line], current: Mapping[Key, Row]) -> Changes:
    """Match by key: only the columns the file has can change anything.

    >>> table = Table("t", (Column("a", "甲", "A"), Column("n", "数", "N", "whole")), ("a",))
    >>> found = compare(table, [Line(2, {"a": "x", "n": 2}), Line(3, {"a": "y", "n": 1})], {("x",): {"a": "x", "n": 1}})
    >>> [c.row for c in found.new], [(c.row, c.fields) for c in found.changed], found.unchanged
    ([3], [(2, ('n',))], 0)
    """
    new, changed, same = [], [], 0
    for line in lines:
        key = key_of(table, line.values)
        old = current.get(key)
        if old is None:
            new.append(Change(line.row, key, line.values, None))
            continue
        fields = tuple(name for name, value in line.values.items() if not _equal(old.get(name), value))
        if fields:
            changed.append(Change(line.row, key, {**old, **line.values}, old, fields))
        else:
            same += 1
    return Changes(tuple(new), tuple(changed), same)


def _equal(old: Value, new: Value) -> bool:
    if old in (None, "", ()) or new in (None, "", ()):
        return old in (None, "", ()) and new in (None, "", ())
    return old == new


_FORMS = re.compile("(股份)?有限(责任)?公司|集团|公司|coltd|ltd|inc|llc|gmbh")


def look_alikes(changes: Changes, current: Mapping[Key, Row]) -> dict[int, str]:
    """New rows whose name differs from one that is there only by what firms leave out: the row, and that name.

    >>> new = Change(2, ("甲新材料公司",), {}, None)
    >>> look_alikes(Changes((new,), (), 0), {("甲新材料有限公司",): {}})
    {2: '甲新材料有限公司'}
    """
    known = {_alike(key): " / ".join(str(part) for part in key if part) for key in current}
    return {change.row: known[_alike(change.key)] for change in changes.new if _alike(change.key) in known}


def _alike(key: Key) -> tuple[str, ...]:
    return tuple(_FORMS.sub("", str(part)) if part else "" for part in key)


def plain(value: Value) -> Any:
    """A value as JSON holds it; `of_plain` gives it back.

    >>> plain(Decimal("1.50")), plain(dt.date(2027, 3, 1)), plain(("a", "b"))
    ('1.50', '2027-03-01', ['a', 'b'])
    """
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return list(value) if isinstance(value, tuple) else value


def of_plain(column: Column, value: Any) -> Value:
    """The value that `plain` wrote.

    >>> of_plain(Column("n", "数", "N", "number"), "1.50"), of_plain(Column("d", "日", "Day", "day"), "2027-03-01")
    (Decimal('1.50'), datetime.date(2027, 3, 1))
    """
    if value is None:
        return None
    if column.holds == "number":
        return Decimal(value)
    if column.holds == "day":
        return dt.date.fromisoformat(value)
    if column.holds == "moment":
        return dt.datetime.fromisoformat(value)
    if column.holds == "list":
        return tuple(value)
    result: Value = value
    return result


def plain_row(values: Row) -> dict[str, object]:
    return {name: plain(value) for name, value in values.items()}


def row_of(table: Table, values: Mapping[str, Any]) -> Row:
    columns = {column.name: column for column in table.columns}
    return {name: of_plain(columns[name], value) for name, value in values.items() if name in columns}
