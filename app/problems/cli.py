"""`flask problems …`: the file commands of contract-wider section 1; no database, no server, nothing kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from app.hall import clock
from app.hall.files.cells import BadCell, Problem
from app.hall.files.commands import print_json, stop_on, write_csv
from app.hall.files.moments import read_moment
from app.hall.text.numbers import as_float
from app.identity.door import DEFAULT_HOURS, calendar_of, read_calendar, read_hours, shipped_rows
from app.problems.clocks.reading import read_cases
from app.problems.clocks.rule_file import read_rules
from app.problems.clocks.rules import ZONE, ClockRules, clocks_of
from app.problems.reports.reading import read_solved
from app.problems.reports.rules import report
from app.problems.words import CLASSES

if TYPE_CHECKING:
    from app.identity.door import Calendar
    from app.problems.clocks.reading import WrittenCase
    from app.problems.clocks.rules import Clock
    from app.problems.reports.rules import ClassReport, Spread

problems_group = AppGroup("problems", help="Clocks and reports of problems from files.")
PLACE = click.Path(path_type=Path)
ADDED = ("clock", "due_at", "due_on", "state", "late_minutes", "paused_days", "provisional", "extended")
calendar_option = click.option(
    "--calendar", "calendar_file", type=PLACE, help="CSV: day, kind, name (default: 2004–2026 as shipped)"
)
rules_option = click.option("--rules", "rule_file", type=PLACE, help="YAML: parklink-clocks/1")
at_option = click.option("--at", "moment", help="Look from this moment (with offset; default: now)")


@problems_group.command("clocks")
@click.argument("file", type=PLACE)
@calendar_option
@rules_option
@at_option
@click.option("--out", type=PLACE, help="CSV instead of standard output")
def clocks_command(
    file: Path, calendar_file: Path | None, rule_file: Path | None, moment: str | None, out: Path | None
) -> None:
    """Due and state of every clock of the problems in FILE."""

    cases, present, problems = read_cases(file)
    rules, calendar, at, wrong = _setting(calendar_file, rule_file, moment)
    stop_on([*problems, *wrong])
    write_csv(out, (*present, *ADDED), list(_rows(cases, present, rules, calendar, at)))


def _rows(
    cases: list[WrittenCase],
    present: tuple[str, ...],
    rules: ClockRules,
    calendar: Calendar,
    at: dt.datetime,
) -> Iterator[tuple[object, ...]]:

    for written in cases:
        clocks = clocks_of(written.case, rules, calendar, at)
        for n, one in enumerate(clocks, start=1):
            cells = {**written.cells, "class": one.problem_class}
            if n < len(clocks):
                cells["met_at"] = ""  # it is the last class that was met
            yield (*(cells[name] for name in present), *_added(one))


def _added(one: Clock) -> tuple[object, ...]:
    return (
        one.clock,
        one.due_at.astimezone(ZONE).isoformat() if one.due_at else "",
        one.due_on.isoformat() if one.due_on else "",
        one.state,
        one.late_minutes,
        one.paused_days,
        str(one.provisional).lower(),
        str(one.extended).lower(),
    )


@problems_group.command("report")
@click.argument("file", type=PLACE)
@calendar_option
@rules_option
@at_option
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")
def report_command(
    file: Path, calendar_file: Path | None, rule_file: Path | None, moment: str | None, as_json: bool
) -> None:
    """Shares, means, medians, worst and late by class of the problems in FILE."""

    rows, columns, problems = read_solved(file)
    rules, calendar, at, wrong = _setting(calendar_file, rule_file, moment)
    stop_on([*problems, *wrong])
    found = report(rows, columns, rules, calendar, at)
    if as_json:
        print_json({"classes": [_class_answer(one) for one in found], "n": len(rows)})
    else:
        for one in found:
            _show(one)


def _setting(
    calendar_file: Path | None, rule_file: Path | None, moment: str | None
) -> tuple[ClockRules, Calendar, dt.datetime, list[Problem]]:
    """Rules, calendar and moment to look from, with everything wrong in them."""

    problems: list[Problem] = []
    rules, hours, rows, at = ClockRules(), None, shipped_rows(), clock.now()
    if calendar_file is not None:
        rows, wrong = read_calendar(calendar_file)
        problems += wrong
    if rule_file is not None:
        read = read_rules(rule_file, read_hours)
        rules, hours = read.rules, read.hours
        problems += read.problems
    if moment is not None:
        try:
            at = read_moment(moment)
        except BadCell as bad:
            problems.append(Problem("--at", 1, "at", bad.code, bad.params))
    return rules, calendar_of(rows, hours or DEFAULT_HOURS), at, problems


def _spread_answer(found: Spread | None) -> dict[str, float] | None:
    if found is None:
        return None
    spread = {"mean": found.mean, "median": found.median, "worst": found.worst}
    return {**{name: float(value) for name, value in spread.items()}, "n": found.n}


def _class_answer(found: ClassReport) -> dict[str, object]:
    return {
        "class": found.problem_class,
        "n": found.n,
        "share_percent": as_float(found.share_percent),
        "late": found.late,
        "first_response_hours": _spread_answer(found.first_response_hours),
        "plan_days": _spread_answer(found.plan_days),
        "resolution_days": _spread_answer(found.resolution_days),
        "resolution_months": as_float(found.resolution_months),
        "confirmed": found.confirmed,
        "reopened": found.reopened,
    }


def _show(found: ClassReport) -> None:

    unknown = _("未知")
    share = unknown if found.share_percent is None else f"{float(found.share_percent):.1f} %"
    late = unknown if found.late is None else found.late
    click.echo(
        _(
            "%(name)s：%(n)s 件，占 %(share)s，超时 %(late)s",
            name=CLASSES[found.problem_class],
            n=found.n,
            share=share,
            late=late,
        )
    )
    spreads = (
        (_("首次响应（小时）"), found.first_response_hours),
        (_("方案（天）"), found.plan_days),
        (_("解决（天）"), found.resolution_days),
    )
    for label, spread in spreads:
        if spread is not None:
            figures = {name: f"{float(getattr(spread, name)):.1f}" for name in ("mean", "median", "worst")}
            line = _("平均 %(mean)s，中位 %(median)s，最长 %(worst)s（%(n)s 件）", **figures, n=spread.n)
            click.echo(f"  {label}  {line}")
    if found.confirmed is not None:
        click.echo("  " + _("企业确认 %(firm)s，默认确认 %(silence)s", **found.confirmed))
    if found.reopened is not None:
        click.echo("  " + _("重新打开 %(times)s 次", times=found.reopened))
