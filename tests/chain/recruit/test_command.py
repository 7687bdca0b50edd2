"""`flask chain recruit` as a person meets it: files in, JSON or a table out, every problem with its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from app.chain.recruit.cli import recruit_command
from tests.commands import run

SEGMENTS = "segment\ncell\ncathode\nprecursor\n"
INPUTS = "input,output,coefficient\ncathode,cell,0.4\nprecursor,cathode,0.5\n"
POSITIONS = (
    "enterprise,segment,output_wan,in_park\nX,cell,10000,yes\nY,cathode,1000,\nA,cathode,1500,no\nA,cathode,500,no\n"
    "B,cathode,3000,no\nP,precursor,1500,no\nY,precursor,99999,no\n"
)
CANDIDATES = "enterprise,cost,group,must\nA,2,,\nB,3,,no\nP,1,,\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (
        ("segments", SEGMENTS),
        ("inputs", INPUTS),
        ("positions", POSITIONS),
        ("candidates", CANDIDATES),
    ):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def call(folder: Path) -> Callable[..., Result]:
    return lambda *more: run(recruit_command, [folder, *more])


def test_answer(call: Callable[..., Result]) -> None:
    """Rows of one segment add up; the outside row of a firm that stands in the park counts nowhere."""
    result = call("--budget", "4", "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert (found["status"], found["chosen"], found["value_wan"]) == ("optimal", ["B", "P"], 5500.0)
    assert (found["before_wan"], found["after_wan"], found["bound_wan"], found["gap_ratio"]) == (
        1000,
        5500,
        5500,
        0,
    )
    assert found["cost"] == 4
    assert found["greedy"] == {"chosen": ["B", "P"], "value_wan": 5500.0}
    assert found["left_out"] == [{"enterprise": "A", "value_wan_with_it": 5500.0, "reason": "no_gain"}]
    assert found["front"][1] == {"firms": 1, "value_wan": 4000.0, "chosen": ["B"]}


def test_table(call: Callable[..., Result]) -> None:
    result = call("--budget", "4")
    assert result.exit_code == 0
    assert "1,000 → 5,500" in result.stdout and "已证明最优" in result.stdout


def test_without_candidates_file_nobody_costs_anything(call: Callable[..., Result], folder: Path) -> None:
    (folder / "candidates.csv").unlink()
    found = json.loads(call("--firms", "2", "--budget", "0", "--json").stdout)
    assert (found["chosen"], found["cost"]) == (["B", "P"], 0)


@pytest.mark.parametrize(
    "rows",
    [
        "A,2,,yes\nB,3,,yes\n",  # dearer than the budget
        "A,0,g,yes\nB,0,g,yes\n",  # two of a group
        "A,0,,yes\nB,0,,yes\nP,0,,yes\n",  # more than the number
    ],
)
def test_musts_that_break_a_limit(call: Callable[..., Result], folder: Path, rows: str) -> None:
    (folder / "candidates.csv").write_text("enterprise,cost,group,must\n" + rows, encoding="utf-8")
    result = call("--budget", "4", "--firms", "2", "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (found["status"], found["chosen"], found["value_wan"], found["after_wan"]) == (
        "infeasible",
        [],
        None,
        None,
    )


@pytest.mark.parametrize(
    ("file", "text", "places"),
    [
        ("candidates", "enterprise,cost\nA,-1\nB,x\n", ["candidates.csv:2:cost", "candidates.csv:3:cost"]),
        (
            "candidates",
            "enterprise,cost\nX,1\nZ,1\n",
            ["candidates.csv:2:enterprise", "candidates.csv:3:enterprise"],
        ),
        ("candidates", "enterprise,cost\nA,1\nA,2\n", ["candidates.csv:3:enterprise"]),
        ("candidates", "enterprise,must\nA,maybe\n", ["candidates.csv:2:must"]),
        (
            "positions",
            "enterprise,segment,output_wan,in_park\nA,cell,1e999,no\n",
            ["positions.csv:2:output_wan"],
        ),
        ("inputs", "input,output,coefficient\nlead,cell,0.1\n", ["inputs.csv:2:input"]),
    ],
)
def test_problems_have_their_place(
    call: Callable[..., Result], folder: Path, file: str, text: str, places: list[str]
) -> None:
    (folder / f"{file}.csv").write_text(text, encoding="utf-8")
    result = call()
    assert (result.exit_code, result.stdout) == (2, "")
    assert [
        line
        for line in places
        if not any(said.startswith(line + ": ") for said in result.stderr.splitlines())
    ] == []


def test_a_chain_without_candidates(call: Callable[..., Result], folder: Path) -> None:
    (folder / "positions.csv").write_text("enterprise,segment,output_wan\nX,cell,1\n", encoding="utf-8")
    (folder / "candidates.csv").unlink()
    result = call()
    assert result.exit_code == 2
    assert result.stderr.startswith("positions.csv:1:in_park: ")


def test_options_are_checked_together(call: Callable[..., Result]) -> None:
    result = call("--firms", "²", "--budget", "-1", "--seconds", "0")
    assert result.exit_code == 2
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == ["--firms", "--budget", "--seconds"]
