"""`flask voice …` as a person meets it: files in, answers out, every problem with its place, nothing half written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask_babel import Babel

from app.hall.files import words
from app.hall.text import language
from app.voice.cli import voice_group
from app.voice.messages import MESSAGES

DATA = Path(__file__).parents[1] / "data" / "wider"
EXPECTED = json.loads((DATA / "expected.json").read_text("utf-8"))
HEAD = "enterprise,industry,registered_on,last_feedback_on,last_invited_on,status,opted_out\n"
WEEK: dict[str, Any] = {
    "format": "parklink-week/1",
    "visits": [
        {"id": "V1", "enterprise": "E06", "building": 5, "priority": 3, "days": [1, 2]},
        {"id": "V2", "enterprise": "E13", "building": 5, "priority": 2, "days": [1, 2]},
        {"id": "V3", "enterprise": "E29", "building": 7, "priority": 2, "days": [1, 1]},
        {"id": "V4", "enterprise": "E33", "building": 9, "priority": 3, "days": [2, 2]},
        {"id": "V5", "enterprise": "E21", "building": 3, "priority": 1, "days": [1, 2]},
    ],
    "specialists": [
        {"id": "A", "capacity": {"1": 1, "2": 1}, "knows": ["E06"], "not": ["E33"]},
        {"id": "B", "capacity": {"1": 1, "2": 1}, "knows": ["E29", "E33"], "not": []},
    ],
}


def call(*arguments: object) -> Result:
    app = Flask("voice")
    Babel(app, default_locale="zh")
    language.add_messages({**words.SHEETS, **MESSAGES})
    with app.app_context():
        return CliRunner().invoke(voice_group, [str(one) for one in arguments])


def refused(result: Result) -> list[str]:
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    return result.stderr.splitlines()


def test_the_tea_talk_of_the_contract() -> None:
    result = call("tea-talk", DATA / "tea-talk.csv", "--on", "2026-12-10", "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    found = [
        [one["enterprise"] for one in answer["selected"]],
        answer["total_silence_days"],
        answer["industries"],
    ]
    assert found == EXPECTED["tea talk"]
    assert answer["excluded"] == [{"enterprise": "E23", "reason": "invited_recently"}]
    assert answer["shortfall"] == 0
    assert set(answer["selected"][0]) == {"enterprise", "industry", "silence_days", "reason"}


def test_other_seats_and_rest_months() -> None:
    result = call(
        "tea-talk", DATA / "tea-talk.csv", "--on", "2026-12-10", "--seats", 1, "--rest-months", 2, "--json"
    )
    answer = json.loads(result.stdout)
    # invited on 10 October: two months ago to the day, and with 170 days the most silent of all
    assert [one["enterprise"] for one in answer["selected"]] == ["E23"]
    assert answer["excluded"] == []


def test_a_table_for_people_names_the_excluded() -> None:
    result = call("tea-talk", DATA / "tea-talk.csv", "--on", "2026-12-10", "--seats", 40)
    assert result.exit_code == 0
    assert "E23  近期已邀请过" in result.stdout
    assert "行业比席位少 26 个" in result.stdout


def test_every_problem_of_a_table_is_told(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text(
        HEAD
        + "E1,ai,2026-02-30,,,active,no\n"
        + "E2,ai,2020-01-06,soon,,active,maybe\n"
        + "E3,ai,2020-01-06,,,active,no\n"
        + "E3,bio,2020-01-06,,,active,no\n"
        + "E4,,2020-01-06,,,active,no\n"
        + "E5,ai,,,,active,no\n",
        encoding="utf-8",
    )
    lines = refused(call("tea-talk", file, "--on", "2026-12-10"))
    places = [line.removeprefix(f"{file}:").split(": ")[0] for line in lines]
    assert places == [
        "2:registered_on",
        "3:last_feedback_on",
        "3:opted_out",
        "5:enterprise",
        "6:industry",
        "7:registered_on",
    ]


@pytest.mark.parametrize(
    "option",
    [
        ("--on", "2026-13-01"),
        ("--on", "10.12.2026"),
        ("--seats", "0"),
        ("--seats", "²"),
        ("--seats", "１０"),
        ("--seats", "9" * 5000),
        ("--rest-months", "-1"),
        ("--rest-months", "1.5"),
    ],
)
def test_an_option_that_cannot_be_read_is_named(option: tuple[str, str]) -> None:
    given = {"--on": "2026-12-10", "--seats": "10", "--rest-months": "3", option[0]: option[1]}
    lines = refused(
        call("tea-talk", DATA / "tea-talk.csv", *[part for pair in given.items() for part in pair])
    )
    assert len(lines) == 1 and lines[0].startswith(f"{option[0]}:1:")


@pytest.mark.parametrize("command", [("tea-talk", "--on", "2026-12-10"), ("lint",)])
def test_a_file_that_is_not_there(command: tuple[str, ...], tmp_path: Path) -> None:
    lines = refused(call(command[0], tmp_path / "none", *command[1:]))
    assert len(lines) == 1 and "none:1:" in lines[0]


def test_lint_of_the_contract() -> None:
    result = call("lint", DATA / "survey-bad.json", "--json")
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert [[one["question"], one["code"]] for one in answer["problems"]] == EXPECTED["lint bad"]
    assert {one["code"]: one["level"] for one in answer["problems"]}["no_scenario"] == "warning"
    assert all(one["message"] for one in answer["problems"])
    good = call("lint", DATA / "survey-good.json", "--json")
    assert good.exit_code == 0
    assert json.loads(good.stdout) == {"problems": [], "seconds": EXPECTED["lint good"][1]}


def survey(tmp_path: Path, *questions: dict[str, Any], **more: Any) -> Path:
    file = tmp_path / "s.json"
    file.write_text(
        json.dumps({"format": "parklink-survey/1", "questions": questions, **more}, indent=1), "utf-8"
    )
    return file


def test_warnings_alone_do_not_fail(tmp_path: Path) -> None:
    result = call(
        "lint", survey(tmp_path, {"id": "a", "kind": "yes_no", "text": "漏水吗？"}, limit_seconds=1)
    )
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "a  warning  no_scenario  行为题没有情景：请写明问的是哪一次、什么时候",
        "–  warning  too_long  预计需要 4.7 秒，超过上限 1 秒",
        "预计 4.7 秒",
    ]


@pytest.mark.parametrize(
    ("question", "words_of_it"),
    [
        ({"id": "a", "kind": "slider", "text": "x"}, "questions[0].kind 为“slider”"),
        ({"id": "a", "kind": ["text"], "text": "x"}, "questions[0].kind"),
        ({"kind": "text", "text": "x"}, "questions[0].id"),
        ({"id": "a", "kind": "text"}, "questions[0].text"),
        ({"id": "a", "kind": "choice", "text": "x", "options": "甲"}, "questions[0].options"),
        ({"id": "a", "kind": "text", "text": "x", "show_if": "a"}, "questions[0].show_if"),
        ({"id": "a", "kind": "text", "text": "x", "show_if": {"b": {"c": 1}}}, "questions[0].show_if.b"),
        ({"id": "a", "kind": "number", "text": "x", "metric": {"kind": "root"}}, "questions[0].metric.kind"),
        (
            {"id": "a", "kind": "number", "text": "x", "metric": {"kind": "linear", "best": 1, "worst": 1}},
            "metric",
        ),
        (
            {"id": "a", "kind": "choice", "text": "x", "metric": {"kind": "choice", "scores": {"甲": 101}}},
            "scores.甲",
        ),
        ({"id": "\ud800", "kind": "text", "text": "x"}, "控制字符"),
    ],
)
def test_a_broken_survey_is_no_survey(question: dict[str, Any], words_of_it: str, tmp_path: Path) -> None:
    lines = refused(call("lint", survey(tmp_path, question)))
    assert len(lines) == 1 and words_of_it in lines[0]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"format": "parklink-survey/1",\n "questions": [}', "2:16"),
        ('{"format": "parklink-survey/2", "questions": []}', "1:12"),
        ('{"format": "parklink-survey/1", "id": "a", "id": "b", "questions": []}', "1:1"),
        ('{"format": "parklink-survey/1", "questions": [], "limit_seconds": NaN}', "1:1"),
        ('{"format": "parklink-survey/1", "questions": [], "version": ' + "9" * 5000 + "}", "1:1"),
        ("[" * 100_000, "1:61"),
        ("[]", "1:1"),
        ("", "1:1"),
    ],
)
def test_a_broken_file_is_told_with_its_place(text: str, place: str, tmp_path: Path) -> None:
    file = tmp_path / "s.json"
    file.write_text(text, "utf-8")
    lines = refused(call("lint", file))
    assert len(lines) == 1 and lines[0].startswith(f"{file}:{place}: ")


def week_file(tmp_path: Path, value: object) -> tuple[Path, Path]:
    file = tmp_path / "w.json"
    file.write_text(json.dumps(value), "utf-8")
    return file, tmp_path / "plan.json"


def test_the_week_of_the_contract(tmp_path: Path) -> None:
    file, out = week_file(tmp_path, WEEK)
    assert call("plan-week", file, "--out", out).exit_code == 0
    answer = json.loads(out.read_text("utf-8"))
    places, value = EXPECTED["visit week"]
    found: dict[str, Any] = {one["visit"]: [one["specialist"], one["day"]] for one in answer["assignments"]}
    assert found | {one["visit"]: None for one in answer["left_over"]} == places
    assert (answer["value"], answer["status"], answer["ties"]) == (value, "optimal", "exact")
    assert answer["left_over"] == [{"visit": "V5", "reasons": ["capacity"]}]
    before = out.read_bytes()
    call("plan-week", file, "--out", out)
    assert out.read_bytes() == before


@pytest.mark.parametrize(
    ("change", "words_of_it"),
    [
        ({"days": [3, 1]}, "visits[0].days"),
        ({"days": [1]}, "visits[0].days"),
        ({"days": [1.0, 2]}, "visits[0].days[0]"),
        ({"priority": 4}, "visits[0].priority"),
        ({"priority": True}, "visits[0].priority"),
        ({"id": "V2"}, "visits[1].id"),
        ({"building": None}, "visits[0].building"),
        ({"enterprise": ""}, "visits[0].enterprise"),
    ],
)
def test_a_visit_that_makes_no_sense_is_refused(
    change: dict[str, Any], words_of_it: str, tmp_path: Path
) -> None:
    first, *rest = WEEK["visits"]
    file, out = week_file(tmp_path, WEEK | {"visits": [first | change, *rest]})
    lines = refused(call("plan-week", file, "--out", out))
    assert len(lines) == 1 and words_of_it in lines[0]
    assert not out.exists()


@pytest.mark.parametrize(
    ("change", "words_of_it"),
    [
        ({"capacity": {"Monday": 1}}, "capacity.Monday"),
        ({"capacity": {"²": 1}}, "capacity.²"),
        ({"capacity": {"01": 1}}, "capacity.01"),
        ({"capacity": {"1": -1}}, "capacity.1"),
        ({"capacity": None}, "specialists[0].capacity"),
        ({"id": "B"}, "specialists[1].id"),
        ({"knows": "E06"}, "specialists[0].knows"),
    ],
)
def test_a_specialist_that_makes_no_sense_is_refused(
    change: dict[str, Any], words_of_it: str, tmp_path: Path
) -> None:
    first, *rest = WEEK["specialists"]
    file, out = week_file(tmp_path, WEEK | {"specialists": [first | change, *rest]})
    lines = refused(call("plan-week", file, "--out", out))
    assert len(lines) == 1 and words_of_it in lines[0]


def test_a_plan_that_cannot_be_written_is_told_before_the_search(tmp_path: Path) -> None:
    file, _ = week_file(tmp_path, WEEK)
    lines = refused(call("plan-week", file, "--out", tmp_path / "nowhere" / "plan.json"))
    assert len(lines) == 1


def test_the_options_and_the_file_are_told_at_once(tmp_path: Path) -> None:
    lines = refused(
        call("tea-talk", tmp_path / "none.csv", "--on", "x", "--seats", "0", "--rest-months", "-1")
    )
    assert [line.rsplit(": ", 1)[0] for line in lines] == [
        "--on:1:on",
        "--seats:1:seats",
        "--rest-months:1:rest-months",
        f"{tmp_path / 'none.csv'}:1:#1",
    ]
