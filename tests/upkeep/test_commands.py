"""`flask upkeep due`: the contract's example and what is refused."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel

from app.hall.text import language
from app.upkeep.cli import upkeep_group
from app.upkeep.room import ROOM

WIDER = Path(__file__).resolve().parent.parent / "data" / "wider"
PLAN = {"id": "P", "every_days": 90, "every_hours": 500, "last_done_on": "2026-09-15"}
PLAN |= {"used_hours": 430, "last_28_days_hours": 84}


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask("upkeep")
    Babel(app, default_locale="zh")
    language.add_messages(ROOM.messages)
    app.cli.add_command(upkeep_group)
    return app


def run(app: Flask, path: Path, *words: str) -> tuple[int, str, list[str]]:
    answer = app.test_cli_runner().invoke(args=["upkeep", "due", str(path), *words])
    return answer.exit_code, answer.stdout, answer.stderr.splitlines()


def write(folder: Path, *machines: object) -> Path:
    path = folder / "machines.json"
    path.write_text(json.dumps({"machines": machines}, indent=1), "utf-8")
    return path


def test_the_example_of_the_contract(app: Flask, tmp_path: Path) -> None:
    with (WIDER / "readings.csv").open(encoding="utf-8", newline="") as file:
        readings = [[row["day"], float(row["value"])] for row in csv.DictReader(file)]
    path = write(
        tmp_path, {"id": "spindle", "limit": 4.5, "plans": [PLAN | {"warn_days": 7}], "readings": readings}
    )
    code, out, err = run(app, path, "--on", "2026-11-01", "--json")
    assert (code, err) == (0, [])
    assert json.loads(out) == {
        "due": [
            {
                "machine": "spindle",
                "plan": "P",
                "due_on": "2026-11-25",
                "by": "hours",
                "warn_on": "2026-11-18",
            }
        ],
        "conditions": [
            {"machine": "spindle", "state": "warning", "median": 2.0, "spread": 0.14826, "days_to_limit": 28}
        ],
    }


def test_a_plan_that_never_falls_due_and_a_machine_without_limit(app: Flask, tmp_path: Path) -> None:
    never = {"id": "N", "every_hours": 100, "used_hours": 5, "last_28_days_hours": 0}
    code, out, _err = run(app, write(tmp_path, {"id": "M", "plans": [never]}), "--on", "2026-11-01", "--json")
    answer = json.loads(out)
    assert code == 0
    assert answer["due"][0]["due_on"] is None and answer["due"][0]["by"] is None
    assert answer["conditions"][0]["state"] == "learning" and answer["conditions"][0]["days_to_limit"] is None


@pytest.mark.parametrize(
    ("machine", "place"),
    [
        ({"plans": []}, "machines[0].id"),
        ({"id": "M", "limit": "high"}, "machines[0].limit"),
        ({"id": "M", "limit": float("nan")}, "machines[0].limit"),
        ({"id": "M", "limit": float("inf")}, "machines[0].limit"),
        ({"id": "M", "plans": {}}, "machines[0].plans"),
        ({"id": "M", "plans": [PLAN | {"every_days": 1.5}]}, "machines[0].plans[0].every_days"),
        ({"id": "M", "plans": [PLAN | {"every_days": 0}]}, "machines[0].plans[0].every_days"),
        ({"id": "M", "plans": [PLAN | {"every_hours": 0}]}, "machines[0].plans[0].every_hours"),
        ({"id": "M", "plans": [PLAN | {"used_hours": -1}]}, "machines[0].plans[0].used_hours"),
        ({"id": "M", "plans": [PLAN | {"used_hours": None}]}, "machines[0].plans[0].used_hours"),
        ({"id": "M", "plans": [PLAN | {"last_done_on": "2026-02-30"}]}, "machines[0].plans[0].last_done_on"),
        ({"id": "M", "plans": [PLAN | {"last_done_on": None}]}, "machines[0].plans[0].last_done_on"),
        ({"id": "M", "plans": [PLAN | {"every_days": True}]}, "machines[0].plans[0].every_days"),
        ({"id": "M", "plans": [PLAN | {"each": 1}]}, "machines[0].plans[0].each"),
        ({"id": "M", "plans": [PLAN, PLAN]}, "machines[0].plans[1].id"),
        ({"id": "M", "readings": [["2199-01-01", 1]]}, "machines[0].readings[0]"),
        ({"id": "M", "readings": [["2026-01-01", 1], ["2026-01-01", 2]]}, "machines[0].readings[1]"),
        ({"id": "M", "readings": [["2026-01-01", float("nan")]]}, "machines[0].readings[0][1]"),
        ({"id": "M", "readings": [["2026-01-01"]]}, "machines[0].readings[0]"),
        ({"id": "M", "readings": [["2026-01-01", None]]}, "machines[0].readings[0]"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_nothing_is_answered(
    machine: dict[str, object], place: str, app: Flask, tmp_path: Path
) -> None:
    path = write(tmp_path, machine)
    code, out, err = run(app, path, "--on", "2026-11-01", "--json")
    assert (code, out, len(err)) == (2, "", 1)
    steps = [int(n) if n else name for name, n in re.findall(r"(\w+)|\[(\d+)\]", place.replace(".", " "))]
    line, column, words = err[0].removeprefix(f"{path}:").split(":", 2)
    assert _from(path, int(line), int(column)).startswith(_start(machine, steps[2:])) and words


def _from(path: Path, line: int, column: int) -> str:
    return path.read_text("utf-8").splitlines()[line - 1][column - 1 :]


def _start(value: object, steps: list[str | int]) -> str:
    """How the value at the place begins in the file; where the last step is missing, the object that lacks it."""
    for step in steps:
        if isinstance(value, dict) and step not in value:
            break
        value = value[step]  # type: ignore[index]
    return json.dumps(value, indent=1)[:1]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"machines": 3}', '{"machines": [{"id": "M", "id": "N"}]}', "[" * 100_000]
)
def test_a_file_that_is_none_is_refused(text: str, app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "machines.json"
    path.write_text(text, "utf-8")
    code, out, err = run(app, path)
    assert (code, out, len(err)) == (2, "", 1)


@pytest.mark.parametrize(
    ("machines", "name"),
    [
        (None, "machines"),
        ([{"plans": []}], "id"),
        ([{"id": "M", "plans": [PLAN | {"last_done_on": None}]}], "last_done_on"),
        ([{"id": "M", "plans": [PLAN | {"used_hours": None}]}], "used_hours"),
    ],
)
def test_what_is_missing_is_named(machines: object, name: str, app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "machines.json"
    path.write_text(json.dumps({} if machines is None else {"machines": machines}), "utf-8")
    [line] = run(app, path)[2]
    assert name in line.removeprefix(f"{path}:").split(":", 2)[2]


def test_a_day_that_is_none_and_a_file_that_is_not_there(app: Flask, tmp_path: Path) -> None:
    assert run(app, write(tmp_path), "--on", "2026-02-30")[0] == 2
    assert run(app, tmp_path / "none.json")[0] == 2
