"""Which questions a firm sees: conditions look back, hidden answers are dropped, hidden questions are never required."""

from __future__ import annotations

from hypothesis import given as examples
from hypothesis import strategies as st

from app.voice.surveys.questions import Question, given, missing

ASK = (
    Question("night", "yes_no", "夜间加班吗？", required=True),
    Question(
        "where", "multi", "在哪些楼？", options=("1号楼", "2号楼"), show_if={"night": "yes"}, required=True
    ),
    Question("lamp", "yes_no", "2号楼的灯亮吗？", show_if={"where": "2号楼"}, required=True),
    Question("why", "text", "哪里暗？", show_if={"lamp": "no", "night": "yes"}),
)


def test_one_no_hides_everything_behind_it() -> None:
    answers = {"night": "no", "where": ["2号楼"], "lamp": "no", "why": "楼道"}
    assert given(ASK, answers) == {"night": "no"}
    assert missing(ASK, answers) == ()


def test_a_ticked_option_shows_what_asks_for_it() -> None:
    assert missing(ASK, {"night": "yes", "where": ["1号楼", "2号楼"]}) == ("lamp",)
    assert missing(ASK, {"night": "yes", "where": ["1号楼"]}) == ()
    assert missing(ASK, {"night": "yes", "where": []}) == ("where",)


def test_all_conditions_must_hold() -> None:
    answers = {"night": "yes", "where": ["2号楼"], "lamp": "no", "why": "楼道"}
    assert list(given(ASK, answers)) == ["night", "where", "lamp", "why"]
    assert list(given(ASK, answers | {"lamp": "yes"})) == ["night", "where", "lamp"]


def test_nothing_said_is_no_answer() -> None:
    assert missing(ASK, {}) == ("night",)
    assert missing(ASK, {"night": "  "}) == ("night",)
    assert given(ASK, {"stranger": "x"}) == {}


def test_a_condition_on_a_number_is_met_by_the_number_only() -> None:
    ask = (Question("n", "number", "?", unit="次"), Question("t", "text", "?", show_if={"n": 1}))
    assert list(given(ask, {"n": 1.0, "t": "x"})) == ["n", "t"]
    assert list(given(ask, {"n": True, "t": "x"})) == ["n"]
    assert list(given(ask, {"n": 0, "t": "x"})) == ["n"]
    assert list(given((ask[0], Question("t", "text", "?", show_if={"n": [1, 2]})), {"n": 2, "t": "x"})) == [
        "n",
        "t",
    ]


@examples(st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["yes", "no", "", None])))
def test_what_counts_counts_again(answers: dict[str, str | None]) -> None:
    ask = tuple(
        Question(name, "yes_no", "?", show_if={before: "yes"} if before else {}, required=True)
        for name, before in zip("abcd", ("", "a", "b", "a"), strict=True)
    )
    kept = given(ask, answers)
    assert given(ask, kept) == kept
    assert missing(ask, kept) == missing(ask, answers)
    assert not set(missing(ask, answers)) & set(kept)
