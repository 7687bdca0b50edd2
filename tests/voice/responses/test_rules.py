"""What counts as an answer, kind by kind, and everything wrong with a sheet at once."""

from __future__ import annotations

import pytest

from app.voice.responses.rules import LONGEST_TEXT, sheet, typed
from app.voice.surveys.questions import Question, Value

OPTIONS = ("白天", "夜间")


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("number", 66, 66),
        ("number", -0.5, -0.5),
        ("yes_no", "no", "no"),
        ("choice", "夜间", "夜间"),
        ("multi", ["夜间", "白天"], ["白天", "夜间"]),
        ("scale", 5, 5),
        ("date", "2026-02-28", "2026-02-28"),
        ("text", " 三号楼 ", "三号楼"),
    ],
)
def test_an_answer_of_its_kind_is_kept(kind: str, value: Value, kept: Value) -> None:
    assert sheet((Question("q", kind, "?", options=OPTIONS),), {"q": value}) == ({"q": kept}, [])


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("number", "66", "voice_answer_number"),
        ("number", True, "voice_answer_number"),
        ("number", float("inf"), "voice_answer_number"),
        ("number", 10**13, "voice_answer_number"),
        ("yes_no", "maybe", "voice_answer_yes_no"),
        ("yes_no", True, "voice_answer_yes_no"),
        ("choice", "午后", "voice_answer_choice"),
        ("multi", ["夜间", "夜间"], "voice_answer_choice"),
        ("multi", [None, "夜间"], "voice_answer_choice"),
        ("scale", 6, "voice_answer_scale"),
        ("scale", 2.5, "voice_answer_scale"),
        ("scale", True, "voice_answer_scale"),
        ("date", "2026-02-30", "voice_answer_date"),
        ("date", "20260228", "voice_answer_date"),
        ("date", 20260228, "voice_answer_date"),
        ("text", 5, "voice_answer_text"),
        ("text", "长" * (LONGEST_TEXT + 1), "voice_answer_long"),
    ],
)
def test_what_is_none_is_told(kind: str, value: Value, code: str) -> None:
    _kept, reasons = sheet((Question("q", kind, "?", options=OPTIONS),), {"q": value})
    assert [(one.code, one.params["at"]) for one in reasons] == [(code, "q")]


def test_a_hidden_question_is_neither_required_nor_judged() -> None:
    ask = (
        Question("a", "yes_no", "?"),
        Question("b", "number", "?", unit="天", show_if={"a": "yes"}, required=True),
        Question("c", "text", "?", show_if={"b": 3}),
    )
    assert sheet(ask, {"a": "no", "b": "left over", "c": "x"}) == ({"a": "no"}, [])
    assert [one.code for one in sheet(ask, {"a": "yes"})[1]] == ["voice_answer_missing"]
    assert sheet(ask, {"a": "yes"}, whole=False)[1] == []
    assert [one.code for one in sheet(ask, {"a": " "})[1]] == ["voice_answer_nothing"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("６６", 66), ("1,234.5", 1234.5), ("-3", -3), ("²", 2), ("很多", "很多"), ("1e9", "1e9"), ("", None)],
)
def test_a_number_is_read_as_people_type_it(text: str, value: Value) -> None:
    assert typed(Question("q", "number", "?"), [text]) == value
