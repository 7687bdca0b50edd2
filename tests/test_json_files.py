"""JSON files and single values of people: exact places, nothing guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.hall.files.cells import BadCell
from app.hall.files.jsonfile import offset_of, read_json
from app.hall.files.values import read_day, read_whole, read_yes_no


def test_a_place_is_found_behind_strings_that_look_like_structure() -> None:
    text = '{"a": "]}\\"{", "b": [1, {"c": [2, 3]}]}'
    assert text[offset_of(text, ["b", 1, "c", 1])] == "3"
    assert text[offset_of(text, ["b", 1, "missing"])] == "{"
    assert offset_of(text, []) == 0


def test_line_and_column_count_characters(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_bytes('\ufeff{"名": 1,\n  "值": "x"}'.encode())
    node, source = read_json(file)
    assert node is not None
    assert node.field("值").whole(0, 9) == 0
    problem = source.problems[0]
    assert (problem.line, problem.column, problem.code) == (2, "8", "json_not_whole")


def test_another_encoding_is_told(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_bytes('{"名": 1}'.encode("gbk"))
    node, source = read_json(file)
    assert node is None and [one.code for one in source.problems] == ["json_not_utf8"]


@pytest.mark.parametrize(
    "text", ["", "2026-2-3", "20260203", "2026-02-30", "２０２６-02-03", "1899-12-31", "2026-W01-1"]
)
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(BadCell):
        read_day(text)


@pytest.mark.parametrize("text", ["", "²", "①", "1.0", "１", "101", "0", "9" * 5000, "1_0"])
def test_what_is_no_whole_number(text: str) -> None:
    with pytest.raises(BadCell):
        read_whole(text, 1, 100)


def test_yes_and_no() -> None:
    assert [read_yes_no(text) for text in ("yes", " YES ", "是", "no", "", "0")] == [True] * 3 + [False] * 3
    with pytest.raises(BadCell):
        read_yes_no("maybe")
