"""`clocks.csv` and `rules.yaml` to cases and rules; what is wrong is said with its place, never guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from app.hall.files.cells import BadCell, Problem, shown
from app.hall.files.moments import read_moment, read_optional_moment
from app.hall.files.sheet import Column, Problems, Row, read_sheet
from app.hall.files.values import read_optional_day
from app.problems.clocks.rules import CLASSES, Case, Change, Pause

LONGEST_LIST = 200
COLUMNS = ("case", "class", "registered_at", "met_at", "pauses", "class_changes", "milestone_on")


class Cell(NamedTuple):
    """A cell as it was written, and what it says."""

    text: str
    value: Any


@dataclass(frozen=True, slots=True)
class WrittenCase:
    """One row: the case, and its cells as written, for the answer repeats them."""

    case: Case
    cells: Mapping[str, str]


def read_class(text: str) -> str:
    """One of the three classes."""
    text = text.strip()
    if text not in CLASSES:
        code = "table_not_one_of" if text else "table_empty"
        raise BadCell(code, value=shown(text), allowed=", ".join(CLASSES))
    return text


def _parts(text: str) -> Iterator[str]:
    parts = [part.strip() for part in text.split(";")]
    if len(parts) > LONGEST_LIST:
        raise BadCell("problems_list_too_long", most=LONGEST_LIST)
    return (part for part in parts if part)


def read_pauses(text: str) -> tuple[Pause, ...]:
    """`from/to;from/to`, an empty `to` is open.

    >>> [pause.answered_at for pause in read_pauses("2026-09-24T16:00:00+08:00/")]
    [None]
    """
    found = []
    for part in _parts(text):
        asked, slash, answered = part.partition("/")
        if not slash or not asked.strip():
            raise BadCell("problems_bad_pause", value=shown(part))
        pause = Pause(read_moment(asked), read_optional_moment(answered))
        if pause.answered_at is not None and pause.answered_at < pause.asked_at:
            raise BadCell("problems_pause_backwards", value=shown(part))
        found.append(pause)
    return tuple(found)


def read_changes(text: str) -> tuple[Change, ...]:
    """`moment=class;…`, in any order.

    >>> [change.problem_class for change in read_changes("2026-09-10T15:00:00+08:00=immediate")]
    ['immediate']
    """
    found = []
    for part in _parts(text):
        moment, equals, problem_class = part.partition("=")
        if not equals:
            raise BadCell("problems_bad_change", value=shown(part))
        found.append(Change(read_moment(moment), read_class(problem_class)))
    found.sort(key=lambda change: change.moment)
    moments = [change.moment for change in found]
    if len(set(moments)) < len(moments):
        raise BadCell("problems_change_twice")
    return tuple(found)


_READ = {
    "class": read_class,
    "registered_at": read_moment,
    "met_at": read_optional_moment,
    "pauses": read_pauses,
    "class_changes": read_changes,
    "milestone_on": read_optional_day,
}


def _kept(name: str, text: str) -> Cell:
    return Cell(text.strip(), _READ[name](text))


def _column(name: str) -> Column:
    return Column(name, lambda text: _kept(name, text), optional=name in ("class_changes", "milestone_on"))


def read_cases(path: Path) -> tuple[list[WrittenCase], tuple[str, ...], list[Problem]]:
    """Cases in the order of the file, the columns it has, and everything wrong."""
    columns = (Column("case"), *(_column(name) for name in COLUMNS[1:]))
    sheet = read_sheet(path, "clocks", columns, ("case",))
    problems = Problems(sheet.file)
    found = []
    for line, row in sheet.rows:
        if _sound(row, line, problems):
            cells = {name: cell.text for name, cell in row.items() if name != "case"}
            found.append(WrittenCase(_case(row), {"case": row["case"], **cells}))
    present = tuple(name for name in COLUMNS if name in sheet.columns)
    every = sorted([*sheet.problems, *problems.found], key=lambda problem: problem.line)
    return found, present, every


def _sound(row: Row, line: int, problems: Problems) -> bool:
    """What two cells say together."""
    registered, met = row["registered_at"].value, row["met_at"].value
    sound = True
    if met is not None and met < registered:
        problems.say(line, "met_at", "problems_before_registration", value=row["met_at"].text)
        sound = False
    current = row["class"].value
    for change in row["class_changes"].value if "class_changes" in row else ():
        if change.moment < registered:
            value = change.moment.isoformat()
            problems.say(line, "class_changes", "problems_before_registration", value=value)
            sound = False
        if change.problem_class == current:
            problems.say(line, "class_changes", "problems_same_class", value=current)
            sound = False
        current = change.problem_class
    return sound


def _case(row: Row) -> Case:
    case = Case(
        row["case"],
        row["class"].value,
        row["registered_at"].value,
        row["met_at"].value,
        row["pauses"].value,
    )
    changes = row["class_changes"].value if "class_changes" in row else ()
    milestone = row["milestone_on"].value if "milestone_on" in row else None
    return replace(case, changes=changes, milestone_on=milestone)
