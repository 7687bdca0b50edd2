"""The file of `flask upkeep due`: machines, plans and readings from JSON, every fault with its place in the file."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from app.hall.files.cells import shown
from app.hall.files.jsonfile import offset_of
from app.upkeep.plans.rules import Plan
from app.upkeep.readings.rules import Reading

LARGEST_FILE = 64 * 1024 * 1024
LONGEST_ID = 64
MOST_DAYS = 36_500
MOST_FAULTS = 200
_STEP = re.compile(r"([^.\[\]]+)|\[([0-9]+)\]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MACHINE = ("id", "limit", "plans", "overhauled_on", "readings")
_PLAN = ("id", "every_days", "every_hours", "last_done_on", "used_hours", "last_28_days_hours", "warn_days")
_LARGEST = Decimal(10) ** 12
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine of the file."""

    id: str
    limit: Decimal | None
    overhauled_on: dt.date | None
    plans: tuple[Plan, ...]
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where in the file: line and column counted from 1."""

    line: int
    column: int
    code: str
    params: dict[str, object]


def read_machines(data: bytes, today: dt.date) -> tuple[list[Machine], list[Fault]]:
    """The machines of a file, and everything wrong with it.

    Parameters
    ----------
    data : bytes
        JSON in UTF-8: `{"machines": [{"id", "limit", "plans", "overhauled_on", "readings": [[day, value]]}]}`.
    today : date
        Readings after it are of the future and refused.

    Examples
    --------
    >>> read_machines(b'{"machines": [{"id": "M"}]}', dt.date(2026, 1, 1))[0][0].id
    'M'
    >>> [(f.line, f.column, f.code) for f in read_machines(b'{"machines": [{}]}', dt.date(2026, 1, 1))[1]]
    [(1, 15, 'upkeep_missing')]
    """
    reader = _Reader(today)
    text = _text(data, reader)
    root = _json(text, reader) if text is not None else None
    machines = reader.machines(root) if root is not None else []
    reader.faults += [
        Fault(*_place(text or "", where), code, params) for where, code, params in reader.said[:MOST_FAULTS]
    ]
    return machines, reader.faults


def _place(text: str, where: str) -> tuple[int, int]:
    """Line and column of `machines[0].limit`, or of the innermost part of the way that is there."""
    steps = [int(n) if n else name for name, n in _STEP.findall(where)]
    try:
        at = offset_of(text, steps) if text else 0
    except ValueError:  # a value before it is no JSON that may be read, and was told of
        at = 0
    before = text[:at]
    return before.count("\n") + 1, at - before.rfind("\n")


def _text(data: bytes, reader: _Reader) -> str | None:
    if len(data) > LARGEST_FILE:
        reader.say("", "upkeep_too_large", megabytes=LARGEST_FILE // 1024 // 1024)
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        reader.say("", "table_not_utf8")
        return None


def _json(text: str, reader: _Reader) -> object | None:
    try:
        found: object = json.loads(
            text,
            parse_float=_number,
            parse_int=_number,
            parse_constant=lambda _name: _BAD,
            object_pairs_hook=_pairs,
        )
    except json.JSONDecodeError as error:
        reader.faults.append(Fault(error.lineno, error.colno, "upkeep_not_json", {}))
        return None
    except RecursionError:
        reader.say("", "upkeep_not_json")
        return None
    return found


class _Bad:
    """NaN, Infinity or a number with more digits than a meter has."""


class _Twice(dict[str, object]):
    """An object in which a key stands twice."""


_BAD = _Bad()


def _number(text: str) -> Decimal | _Bad:
    if len(text) > 40:
        return _BAD
    try:
        number = Decimal(text)
    except InvalidOperation:
        return _BAD
    if not number:
        return Decimal(0)
    return number if number.adjusted() > -30 and abs(number) <= _LARGEST else _BAD


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Twice(found)


class _Reader:
    """Walks the parsed file and notes every fault with the way to it."""

    def __init__(self, today: dt.date) -> None:
        self.today = today
        self.faults: list[Fault] = []
        self.said: list[tuple[str, str, dict[str, object]]] = []

    def say(self, where: str, code: str, **params: object) -> None:
        self.said.append((where, code, params))

    def machines(self, root: object) -> list[Machine]:
        if not isinstance(root, dict) or "machines" not in root:
            self.say("machines", "upkeep_missing", name="machines")
            return []
        found = []
        seen: set[str] = set()
        for n, item in enumerate(self.list_of(root["machines"], "machines")):
            machine = self.machine(item, f"machines[{n}]")
            if machine is None:
                continue
            if machine.id in seen:
                self.say(f"machines[{n}].id", "upkeep_twice", name=machine.id)
            seen.add(machine.id)
            found.append(machine)
        return found

    def machine(self, item: object, where: str) -> Machine | None:
        fields = self.object_of(item, where, _MACHINE)
        if fields is None:
            return None
        name = self.id_of(fields, where)
        plans = self.plans(fields.get("plans"), f"{where}.plans", name)
        readings = self.readings(fields.get("readings"), f"{where}.readings")
        limit = self.number(fields, "limit", where, below_zero=True)
        overhauled = self.day(fields, "overhauled_on", where)
        return Machine(name, limit, overhauled, tuple(plans), tuple(readings)) if name else None

    def plans(self, items: object, where: str, machine: str) -> list[Plan]:
        found = []
        seen: set[str] = set()
        for n, item in enumerate(self.list_of(items, where)):
            plan = self.plan(item, f"{where}[{n}]", machine)
            if plan is not None:
                if plan.id in seen:
                    self.say(f"{where}[{n}].id", "upkeep_twice", name=plan.id)
                seen.add(plan.id)
                found.append(plan)
        return found

    def plan(self, item: object, where: str, machine: str) -> Plan | None:
        fields = self.object_of(item, where, _PLAN)
        if fields is None:
            return None
        plan = Plan(
            machine=machine,
            id=self.id_of(fields, where),
            every_days=self.whole(fields, "every_days", where, least=1),
            last_done_on=self.day(fields, "last_done_on", where),
            every_hours=self.number(fields, "every_hours", where),
            used_hours=self.number(fields, "used_hours", where),
            last_28_days_hours=self.number(fields, "last_28_days_hours", where),
            warn_days=self.whole(fields, "warn_days", where, least=0),
        )
        if plan.every_hours is not None and not plan.every_hours:
            self.say(f"{where}.every_hours", "upkeep_zero_hours")
        needs = {"every_days": ("last_done_on",), "every_hours": ("used_hours", "last_28_days_hours")}
        for rhythm, others in needs.items():
            for other in others:
                if fields.get(rhythm) is not None and fields.get(other) is None:
                    self.say(f"{where}.{other}", "upkeep_needed_for", name=other, beside=rhythm)
        return plan if plan.id else None

    def readings(self, items: object, where: str) -> list[Reading]:
        found = []
        seen: set[dt.date] = set()
        for n, item in enumerate(self.list_of(items, where)):
            place = f"{where}[{n}]"
            if not isinstance(item, list) or len(item) != 2:
                self.say(place, "upkeep_not_a_reading")
                continue
            pair = {"[0]": item[0], "[1]": item[1]}
            day, value = self.day(pair, "[0]", place), self.number(pair, "[1]", place, below_zero=True)
            if item[0] is None or item[1] is None:
                self.say(place, "upkeep_not_a_reading")
            if day is None or value is None:
                continue
            if day > self.today:
                self.say(place, "upkeep_future", day=day.isoformat())
            if day in seen:
                self.say(place, "upkeep_twice", name=day.isoformat())
            seen.add(day)
            found.append(Reading(day, value))
        return found

    def list_of(self, value: object, where: str) -> Sequence[object]:
        if value is None:
            return ()
        if not isinstance(value, list):
            self.say(where, "upkeep_wants_list")
            return ()
        return value

    def object_of(self, value: object, where: str, known: Sequence[str]) -> dict[str, object] | None:
        if not isinstance(value, dict):
            self.say(where, "upkeep_wants_object")
            return None
        if isinstance(value, _Twice):
            self.say(where, "upkeep_key_twice")
        for key in value:
            if key not in known:
                self.say(f"{where}.{shown(key)}", "upkeep_unknown_key", known=", ".join(known))
        return value

    def id_of(self, fields: dict[str, object], where: str) -> str:
        value = fields.get("id")
        if value is None:
            self.say(f"{where}.id", "upkeep_missing", name="id")
            return ""
        if (
            not isinstance(value, str)
            or not value.strip()
            or len(value) > LONGEST_ID
            or not value.isprintable()
        ):
            self.say(f"{where}.id", "upkeep_bad_id", most=LONGEST_ID)
            return ""
        return value.strip()

    def day(self, fields: dict[str, object], key: str, where: str) -> dt.date | None:
        def read(value: object) -> dt.date | None:
            if not isinstance(value, str) or not _DAY.fullmatch(value):
                return None
            try:
                return dt.date.fromisoformat(value)
            except ValueError:
                return None

        return self._read(fields, key, where, read, "upkeep_not_a_day")

    def number(
        self, fields: dict[str, object], key: str, where: str, below_zero: bool = False
    ) -> Decimal | None:
        def read(value: object) -> Decimal | None:
            return value if isinstance(value, Decimal) and (below_zero or value >= 0) else None

        return self._read(fields, key, where, read, "upkeep_not_a_number")

    def whole(self, fields: dict[str, object], key: str, where: str, least: int) -> int | None:
        def read(value: object) -> int | None:
            whole = isinstance(value, Decimal) and value == value.to_integral_value()
            return int(value) if whole and least <= value <= MOST_DAYS else None  # type: ignore[operator, call-overload]

        return self._read(fields, key, where, read, "upkeep_not_days", least=least, most=MOST_DAYS)

    def _read(
        self,
        fields: dict[str, object],
        key: str,
        where: str,
        read: Callable[[object], _T | None],
        code: str,
        **params: object,
    ) -> _T | None:
        value = fields.get(key)
        if value is None:
            return None
        found = read(value)
        if found is None:
            self.say(f"{where}.{key}", code, **params)
        return found
