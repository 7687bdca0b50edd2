"""Questions that mean nothing are refused: the contract's two surveys, and every code with its nearest neighbour."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hall.files.jsonfile import read_json
from app.voice.surveys.lint import LEVELS, exact_seconds, has_error, lint, seconds, unanswerable
from app.voice.surveys.questions import KINDS, Metric, Question, Survey
from app.voice.surveys.reading import read_survey

DATA = Path(__file__).parents[2] / "data" / "wider"
EXPECTED = json.loads((DATA / "expected.json").read_text("utf-8"))


def read(path: Path) -> Survey:
    node, source = read_json(path)
    assert node is not None
    survey = read_survey(node)
    assert source.problems == []
    return survey


def codes(*questions: Question, limit: float = 300) -> list[tuple[str | None, str]]:
    return [(one.question, one.code) for one in lint(Survey("s", 1, questions, "", limit))]


def ask(kind: str, text: str = "多少？", **more: Any) -> Question:
    return Question(
        **{"id": "q", "scenario": "上周", "unit": "天", "dimension": "policy", **more}, kind=kind, text=text
    )


def test_the_old_survey_is_refused() -> None:
    found = lint(read(DATA / "survey-bad.json"))
    assert [[one.question, one.code] for one in found] == EXPECTED["lint bad"]
    assert has_error(found)


def test_the_reviewed_survey_passes() -> None:
    survey = read(DATA / "survey-good.json")
    assert [list(lint(survey)), seconds(survey)] == EXPECTED["lint good"]


@pytest.mark.parametrize("kind", ["number", "yes_no", "choice", "multi", "date"])
def test_any_behaviour_in_the_dimension_carries_a_scale(kind: str) -> None:
    scale = ask("scale", id="s")
    assert codes(scale) == [("s", "bare_scale")]
    assert codes(scale, ask(kind, id="b")) == []  # also when it comes after the scale
    assert codes(scale, ask(kind, id="b", dimension="living")) == [("s", "bare_scale")]
    assert codes(ask("scale", id="s", dimension=" "), ask(kind, id="b", dimension="")) == [
        ("s", "bare_scale")
    ]


@pytest.mark.parametrize("kind", ["scale", "text"])
def test_another_scale_or_text_carries_none(kind: str) -> None:
    assert ("s", "bare_scale") in codes(ask("scale", id="s"), ask(kind, id="b"))


@pytest.mark.parametrize("word", ["满意", "评价如何", "怎么样", "感觉如何", "是否认可"])
def test_abstract_is_a_scale_without_scenario(word: str) -> None:
    support = ask("yes_no", id="b")
    text = f"食堂{word}"
    assert codes(ask("scale", text, scenario=""), support) == [("q", "abstract")]
    assert codes(ask("scale", text, scenario="　"), support) == [("q", "abstract")]
    assert codes(ask("scale", text), support) == []
    assert codes(ask("text", text, scenario="")) == []


def test_question_marks_of_both_widths_count_together_in_the_text_only() -> None:
    assert codes(ask("text", "用了多少天?有没有遇到看不懂的情况？")) == [("q", "double_barrelled")]
    assert codes(ask("text", "真的？？")) == [("q", "double_barrelled")]
    assert (
        codes(
            ask("choice", "哪一个？", options=("这个？", "那个？"), scenario="上周？", text_en="Which? Why?")
        )
        == []
    )


def test_a_number_needs_its_unit() -> None:
    assert codes(ask("number", unit=" ")) == [("q", "no_unit")]
    assert codes(ask("number", unit="次")) == []
    assert codes(ask("yes_no", unit="")) == []


def test_conditions_look_back() -> None:
    first, last = ask("yes_no", id="a"), ask("text", id="z")
    assert codes(first, ask("text", id="b", show_if={"a": "yes"})) == []
    assert codes(ask("text", id="b", show_if={"z": "x"}), last) == [("b", "show_if_not_earlier")]
    assert codes(ask("text", id="b", show_if={"b": "x"})) == [("b", "show_if_not_earlier")]
    assert codes(first, ask("text", id="b", show_if={"a": "maybe", "nowhere": 1})) == [
        ("b", "never_shown"),
        ("b", "show_if_not_earlier"),
    ]


@pytest.mark.parametrize(
    ("kind", "value", "offered"),
    [
        ("yes_no", "yes", True),
        ("yes_no", "no", True),
        ("yes_no", True, False),
        ("yes_no", "Yes", False),
        ("yes_no", "是", False),
        ("choice", "甲", True),
        ("choice", "丙", False),
        ("choice", None, False),
        ("multi", "乙", True),
        ("multi", ("甲", "乙"), True),
        ("multi", ("甲", "丙"), False),
        ("multi", (), False),
        ("number", 5, True),
        ("number", "many", True),
        ("scale", 9, True),
        ("date", "2026-01-01", True),
        ("text", "anything", True),
    ],
)
def test_a_condition_asks_for_what_is_offered(kind: str, value: Any, offered: bool) -> None:
    earlier = ask(kind, id="a", options=("甲", "乙"))
    support = ask("yes_no", id="s")
    found = codes(support, earlier, ask("text", id="b", show_if={"a": value}))
    assert found == ([] if offered else [("b", "never_shown")])


def test_an_id_used_before_is_told_at_the_later_question() -> None:
    found = codes(ask("text", id="a"), ask("text", id="a", show_if={"a": "x"}), ask("text", id="a"))
    assert found == [("a", "double_id"), ("a", "double_id")]


@pytest.mark.parametrize("word", ["身份证", "手机号", "家庭住址", "银行卡"])
def test_personal_data_needs_its_purpose(word: str) -> None:
    assert codes(ask("text", f"请填写{word}")) == [("q", "personal")]
    assert codes(ask("text", f"请填写{word}", personal_purpose="发放补贴")) == []
    assert codes(ask("text", f"请填写{word}", personal_purpose=" ")) == [("q", "personal")]
    assert codes(ask("choice", "请选？", options=(word,))) == []


@pytest.mark.parametrize("word", ["难道", "您一定", "想必", "非常好吧", "都说"])
def test_leading_words_warn(word: str) -> None:
    found = lint(Survey("s", 1, (ask("text", f"{word}够亮？"),)))
    assert [(one.code, one.level) for one in found] == [("leading", "warning")]
    assert not has_error(found)


def test_a_metric_needs_a_dimension_and_behaviour_a_scenario() -> None:
    assert codes(ask("yes_no", dimension="", metric=Metric("yes_no", good="no"))) == [("q", "no_dimension")]
    assert codes(ask("yes_no", scenario="")) == [("q", "no_scenario")]
    assert codes(ask("text", scenario="")) == []
    assert codes(ask("scale", id="s", scenario=""), ask("date", id="b")) == []


def test_seconds_by_kind_and_by_reading() -> None:
    asked = tuple(ask(kind, "一" * 6, id=kind) for kind in KINDS)
    assert exact_seconds(Survey("s", 1, asked)) == 5 + 4 + 6 + 9 + 8 + 8 + 25 + len(KINDS)
    assert seconds(Survey("s", 1, (ask("yes_no", "一"),))) == 4.2  # 4 1/6
    assert seconds(Survey("s", 1, (ask("yes_no", "一二三"),))) == 4.5
    assert seconds(Survey("s", 1, ())) == 0.0


def test_too_long_comes_last_and_only_above_the_limit() -> None:
    one = ask("yes_no", "一" * 6, scenario="")  # 5 seconds
    assert codes(one, limit=5) == [("q", "no_scenario")]
    assert codes(one, limit=4.99) == [("q", "no_scenario"), (None, "too_long")]


def test_a_choice_without_options_is_never_opened() -> None:
    survey = Survey(
        "s", 1, (ask("choice", id="a"), ask("multi", id="b", options=("甲",)), ask("yes_no", id="c"))
    )
    assert unanswerable(survey) == ("a",)


@given(
    st.lists(
        st.builds(
            Question,
            id=st.sampled_from("abc"),
            kind=st.sampled_from(KINDS),
            text=st.sampled_from(["满意？", "多少天？", "难道？?", "手机号"]),
            unit=st.sampled_from(["", "天"]),
            scenario=st.sampled_from(["", "上周"]),
            dimension=st.sampled_from(["", "policy"]),
            show_if=st.dictionaries(st.sampled_from("abc"), st.sampled_from(["yes", "x"]), max_size=2),
        ),
        max_size=6,
    )
)
def test_each_code_once_a_question_in_the_order_of_the_file(questions: list[Question]) -> None:
    found = lint(Survey("s", 1, tuple(questions)))
    rest = list(found)
    for question in questions:
        own = []
        while rest and rest[0].question == question.id and (not own or rest[0].code > own[-1]):
            own.append(rest.pop(0).code)
        assert set(own) <= set(LEVELS)
    assert rest == []
