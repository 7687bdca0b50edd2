"""`docs/where.md` answers with files and lines that are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]
PAGE = (HOME / "docs" / "where.md").read_text("utf-8")
ANSWERS = re.findall(r"^\| ([^|]+) \| `([^`|]+)` \| `([^`]+)` \|$", PAGE, re.MULTILINE)
WAYS = re.findall(r"^\| (a [^|]+) \| .+ \| `(tests/[^`]+)` \|$", PAGE, re.MULTILINE)


def test_there_are_twenty_three_questions_and_four_ways() -> None:
    assert len({question for question, _, _ in ANSWERS}) == 23
    assert [way for way, _ in WAYS] == ["a room", "a label of weak links", "a role", "a kind of reward"]


@pytest.mark.parametrize(("question", "file", "line"), ANSWERS)
def test_the_answer_stands_there_once(question: str, file: str, line: str) -> None:
    lines = [one.strip() for one in (HOME / file).read_text("utf-8").splitlines()]
    assert lines.count(line) == 1, f"{question}: {file} has the line {lines.count(line)} times"


@pytest.mark.parametrize(("way", "file"), WAYS)
def test_a_test_goes_the_way(way: str, file: str) -> None:
    assert "def test_" in (HOME / file).read_text("utf-8"), way


@pytest.mark.parametrize("room", sorted((HOME / "app").glob("*/room.py")), ids=lambda path: path.parent.name)
def test_a_room_says_where_to_start_reading(room: Path) -> None:
    """Every file that the head of a room names is there."""
    said = ast.get_docstring(ast.parse((room.parent / "__init__.py").read_text("utf-8"))) or ""
    start = said[said.find("Start reading") :]
    files = re.findall(r"`([\w/]+\.py)`", start)
    assert files
    assert [
        one for one in files if not any((at / one).exists() for at in (room.parent, HOME / "app", HOME))
    ] == []
