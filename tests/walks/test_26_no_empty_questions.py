"""Story 26: an empty question is refused on the page and in the command; a new wording breaks the line."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from app.voice.cli import voice_group
from tests.commands import run
from tests.factories import Park
from tests.voice.surveys.people import GOOD, Surveys

DOUBLE = "从了解政策到拿到资金，用了多少天？有没有遇到看不懂的情况？"


@pytest.fixture
def people(park: Park) -> Surveys:
    return Surveys(park)


def block(at: int, **fields: str) -> dict[str, str]:
    return {f"q{at}-{name}": value for name, value in fields.items()}


def lint_of(page: str) -> str:
    return BeautifulSoup(page, "html.parser").get_text(" ", strip=True)


def test_a_bare_scale_is_refused_while_one_writes(people: Surveys) -> None:
    browser = people.park.browse("analyst")
    empty = {"id": "old", "version": "1", "count": "1", "title": "旧问卷"}
    empty |= block(0, id="a", kind="scale", text="您对政策服务满意吗？1-5分", dimension="policy")
    beside = lint_of(browser.post("/voice/surveys/check", data=empty).text)
    assert "没有情景的满意度打分" in beside
    assert "打分没有行为题支撑" in beside
    double = empty | block(0, kind="number", text=DOUBLE, unit="天", scenario="最近一次申报")
    assert "一道题里有两个问号" in lint_of(browser.post("/voice/surveys/check", data=double).text)
    kept = browser.post("/voice/surveys/new", data=empty | {"act": "save"}, follow_redirects=True)
    assert "已保存，检查未通过。" in kept.text
    # The split version passes.
    split = {"id": "new", "version": "1", "count": "2", "title": "新问卷"}
    split |= block(
        0,
        id="days",
        kind="number",
        text="从了解政策到拿到资金，用了多少天？",
        unit="天",
        best="30",
        worst="120",
    )
    split |= block(0, dimension="policy", scenario="最近一次申报")
    split |= block(
        1, id="unclear", kind="yes_no", text="有没有遇到看不懂的情况？", good="no", dimension="policy"
    )
    split |= block(1, scenario="最近一次申报")
    passed = browser.post("/voice/surveys/new", data=split | {"act": "save"}, follow_redirects=True)
    assert "已保存并通过检查，等待另一人复核。" in passed.text
    assert "新问卷" in browser.get("/identity/search?q=新问").text
    # One more question keeps what was typed.
    more = browser.post("/voice/surveys/new", data=split | {"act": "add"})
    fields = BeautifulSoup(more.text, "html.parser")
    assert fields.select_one("[name=q0-text]").text.strip() == "从了解政策到拿到资金，用了多少天？"  # type: ignore[union-attr]
    assert fields.select_one("[name=q2-kind]") is not None


def test_the_command_agrees(tmp_path: Path) -> None:
    good = tmp_path / "good.json"
    good.write_text(json.dumps(GOOD), "utf-8")
    answer = run(voice_group, ["lint", good, "--json"])
    assert (answer.exit_code, json.loads(answer.stdout)) == (0, {"problems": [], "seconds": 61.2})


def test_a_new_wording_starts_a_new_series_and_the_line_breaks(people: Surveys) -> None:
    firms = people.firms(5)
    first = copy.deepcopy(GOOD)
    same, other = copy.deepcopy(GOOD), copy.deepcopy(GOOD)
    first["version"], same["version"], other["version"] = 3, 4, 5
    other["questions"][0]["text"] = "上一次申报政策，拿到资金用了多少天？"
    for body, days in ((first, 66), (same, 57), (other, 30)):
        number = people.opened(body, firms)
        for firm in firms:
            assert people.send(people.token(firm), days=days, unclear="yes", who="no").status_code == 201
        people.close(number)
    page = people.park.browse("analyst").get(f"/voice/surveys/{number}/results").text
    drawn = BeautifulSoup(page, "html.parser").select_one("#d-policy svg.sv-line")
    assert drawn is not None
    assert [text.text.split()[0] for text in drawn.select("circle + text")] == ["v3", "v4", "v5"]
    assert len(drawn.select("polyline")) == 2, "3 and 4 are one line, 5 another"
    assert "措辞已变" in drawn.text
