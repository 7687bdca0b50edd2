"""`rules.yaml` (`parklink-clocks/1`) to clock rules: a key left out has its default, one that is unknown is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.hall.files.cells import Problem, shown
from app.hall.files.yaml_file import YamlFile, read_yaml
from app.problems.clocks.rules import (
    FIRST_RESPONSE,
    IMMEDIATE,
    LONGTERM,
    MILESTONE,
    PLAN,
    PROCESS,
    UNITS,
    ClockRules,
    Term,
)

FORMAT = "parklink-clocks/1"
TOP = ("format", "version", IMMEDIATE, PROCESS, LONGTERM, "working_hours")
SHORT = ("clock", "span", "unit", "pause_cap")
LONG = ("clock", "report_every_days", "confirm_roadmap_within", "pause_cap")
LONGEST_SPAN = 10_000
MOST_DAYS = 366

Hours = tuple[tuple[int, int], ...]
ReadHours = Callable[[list[tuple[str, str]]], Hours]


@dataclass(frozen=True, slots=True)
class RuleFile:
    """The rules of a file, its working hours (none: those of the park), and everything wrong with it."""

    rules: ClockRules
    hours: Hours | None
    problems: tuple[Problem, ...]


def read_rules(path: Path, read_hours: ReadHours) -> RuleFile:
    """Read `rules.yaml`; `read_hours` turns spans of text into minutes and raises `ValueError`."""
    file = read_yaml(path)
    if file.problems:
        return RuleFile(ClockRules(), None, file.problems)
    reader = _Reader(file)
    rules = reader.rules()
    hours = reader.hours(read_hours)
    return RuleFile(rules, hours, tuple(reader.problems))


class _Reader:
    def __init__(self, file: YamlFile) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def say(self, path: tuple[str | int, ...], code: str, **params: Any) -> None:
        self.problems.append(self.file.problem(path, code, **params))

    def rules(self) -> ClockRules:
        top = self.mapping((), self.file.data, TOP)
        if top.get("format") != FORMAT:
            self.say(("format",), "problems_rules_format", expected=FORMAT)
        rules = ClockRules()
        longterm = self.mapping((LONGTERM,), top.get(LONGTERM, {}), LONG)
        return ClockRules(
            self.short(IMMEDIATE, top.get(IMMEDIATE, {}), rules.immediate),
            self.short(PROCESS, top.get(PROCESS, {}), rules.process),
            self.longterm(longterm, rules.longterm),
            self.number((LONGTERM, "report_every_days"), longterm, rules.report_every_days, 1, MOST_DAYS),
        )

    def hours(self, read_hours: ReadHours) -> Hours | None:
        if not isinstance(self.file.data, dict) or "working_hours" not in self.file.data:
            return None
        spans = self.file.data["working_hours"]
        pairs = isinstance(spans, list) and all(
            isinstance(span, list) and len(span) == 2 and all(isinstance(one, str) for one in span)
            for span in spans
        )
        try:
            if pairs:
                return read_hours([(first, last) for first, last in spans])
        except ValueError:
            pass
        self.say(("working_hours",), "problems_working_hours")
        return None

    def mapping(self, path: tuple[str, ...], value: Any, allowed: tuple[str, ...]) -> Mapping[str, object]:
        if not isinstance(value, dict):
            self.say(path, "problems_rules_mapping", keys=", ".join(allowed))
            return {}
        for key in value:
            if key not in allowed:
                self.say((*path, key), "problems_rules_key", name=shown(key), allowed=", ".join(allowed))
        return value

    def short(self, name: str, value: Any, default: Term) -> Term:
        found = self.mapping((name,), value, SHORT)
        clock = self.one_of((name, "clock"), found, default.clock, (FIRST_RESPONSE, PLAN))
        return self.span((name,), found, replace(default, clock=clock))

    def longterm(self, found: Mapping[str, Any], default: Term) -> Term:
        self.one_of((LONGTERM, "clock"), found, MILESTONE, (MILESTONE,))
        path = (LONGTERM, "confirm_roadmap_within")
        within = self.mapping(path, found.get(path[1], {}), ("span", "unit"))
        cap = self.number((LONGTERM, "pause_cap"), found, default.pause_cap, 0, MOST_DAYS)
        return self.span(path, within, replace(default, pause_cap=cap))

    def span(self, path: tuple[str, ...], found: Mapping[str, Any], default: Term) -> Term:
        return replace(
            default,
            span=self.number((*path, "span"), found, default.span, 1, LONGEST_SPAN),
            unit=self.one_of((*path, "unit"), found, default.unit, UNITS),
            pause_cap=self.number((*path, "pause_cap"), found, default.pause_cap, 0, MOST_DAYS),
        )

    def number(
        self, path: tuple[str, ...], found: Mapping[str, Any], default: int, least: int, most: int
    ) -> int:
        value = found.get(path[-1], default)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.say(path, "problems_rules_number", value=shown(str(value)), least=least, most=most)
        return default

    def one_of(
        self, path: tuple[str, ...], found: Mapping[str, Any], default: str, allowed: tuple[str, ...]
    ) -> str:
        value = found.get(path[-1], default)
        if isinstance(value, str) and value in allowed:
            return value
        self.say(path, "table_not_one_of", value=shown(str(value)), allowed=", ".join(allowed))
        return default
