"""A questionnaire on a phone in Chromium: readable, no sideways scroll, what is not sent stays on the device, sent once."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app import create_app
from tests.browser.conftest import Open, scrolls_sideways, violations
from tests.conftest import Databases, running, settings_for
from tests.factories import Park
from tests.live import serving
from tests.voice.surveys.people import GOOD, Surveys


@pytest.mark.browser
def test_an_anonymous_sheet_is_filled_in_on_a_phone(open_as: Open) -> None:
    page = open_as("e36", "zh", False, 390)
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.goto("/voice/surveys/mine")
    page.locator(".pl-list-link").first.click()
    page.wait_for_url("**/s/*")
    assert violations(page) == []
    assert scrolls_sideways(page) == []
    page.locator("#q1").fill("12")
    page.reload()
    page.locator("#q1").wait_for()
    assert page.locator("#q1").input_value() == "12", "what was typed stayed on this device"
    page.get_by_role("button", name="交卷").click()
    page.get_by_text("谢谢，已收到。").wait_for()
    address = page.url
    assert heard == []
    page.goto(address)
    page.get_by_text("链接只能用一次").wait_for()


@pytest.mark.browser
@pytest.mark.parametrize(("lang", "dark", "width"), [("zh", False, 390), ("en", True, 1440)])
def test_results_and_editor_are_readable(open_as: Open, lang: str, dark: bool, width: int) -> None:
    page = open_as("analyst", lang, dark, width)
    for path in ("/voice/surveys/", "/voice/surveys/2/results", "/voice/surveys/new?from=2"):
        page.goto(path)
        assert violations(page) == [], path
        assert scrolls_sideways(page) == [], path


@pytest.mark.browser
def test_26_empty_questions_are_refused_on_a_phone_and_the_split_ones_pass(open_as: Open) -> None:
    page = open_as("analyst", "zh", False, 390)
    page.goto("/voice/surveys/new")
    lint = page.locator("#sv-lint")
    expect(lint).to_contain_text("第 1 题还没有写题目。")
    page.locator("[name=title]").fill("试写")
    page.locator("[name=id]").fill("trial")
    page.locator("[name=q0-kind]").select_option("scale")
    page.locator("[name=q0-text]").fill("您对政策服务满意吗？1-5分")
    page.locator("[name=q0-dimension]").select_option("policy")
    expect(lint).to_contain_text("没有情景的满意度打分")
    expect(lint).to_contain_text("打分没有行为题支撑")
    page.locator("[name=q0-kind]").select_option("number")
    page.locator("[name=q0-text]").fill("用了多少天？有没有遇到看不懂的情况？")
    expect(lint).to_contain_text("一道题里有两个问号")
    expect(lint).to_contain_text("数字题没有单位")
    page.locator("[name=q0-kind]").select_option("yes_no")
    page.locator("[name=q0-text]").fill("有没有遇到看不懂的情况？")
    page.locator("[name=q0-scenario]").fill("最近一次申报")
    expect(lint).to_contain_text("没有发现问题。")
    assert violations(page) == [] and scrolls_sideways(page) == []
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存并通过检查，等待另一人复核。")).to_be_visible()


HEARD = [("large", 90)] * 2 + [("medium", 80)] * 4 + [("small", 70)] * 5 + [("micro", 50)]
INVITED = {"large": 2, "medium": 4, "small": 14, "micro": 14}


@pytest.fixture
def asked(databases: Databases, tmp_path: Path) -> Iterator[tuple[str, Park, int]]:
    """Thirty-four firms are asked, twelve answer: all the large and medium ones, few of the small."""
    with (
        databases.copy("sqlite", tmp_path) as url,
        running(create_app(settings_for(url, tmp_path))) as app,
    ):
        people = Surveys(Park(app))
        body = copy.deepcopy(GOOD)
        body["questions"].append(
            {
                "id": "x",
                "kind": "number",
                "unit": "分钟",
                "dimension": "living",
                "scenario": "最近一次吃午饭",
                "text": "排队等了多少分钟？",
                "metric": {"kind": "linear", "best": 100, "worst": 0},
            }
        )
        codes, answering = [], []
        for size, invited in INVITED.items():
            scores = [score for one, score in HEARD if one == size]
            for n in range(invited):
                code = f"{size[:2].upper()}{n:02d}"
                make = people.park.firm if n < len(scores) else people.park.organisation
                make(code, size=size, registered_on=dt.date(2020, 1, 1))
                codes.append(code)
                answering += [(code, scores[n])] if n < len(scores) else []
        number = people.opened(body, codes)
        for code, score in answering:
            sheet = {"days": 66, "unclear": "yes", "who": "no", "x": score}
            assert people.send(people.token(code), **sheet).status_code == 201
        with serving(app) as base:
            yield base, people.park, number


def figure(page: Page, dimension: str, name: str) -> str:
    """A key figure of a dimension as it stands on the page, with its note."""
    return " ".join(page.locator(f"#d-{dimension} .pl-kpi", has_text=name).inner_text().split())


@pytest.mark.browser
def test_27_and_28_the_silent_are_counted_on_a_phone(browser: Browser, asked: tuple[str, Park, int]) -> None:
    base, park, number = asked
    context = browser.new_context(base_url=base, locale="zh-CN", viewport={"width": 390, "height": 844})
    cookie = park.browse("analyst").get_cookie("parklink")
    assert cookie is not None
    context.add_cookies([{"name": "parklink", "value": cookie.value, "url": base}])
    page = context.new_page()
    page.goto(f"/voice/surveys/{number}")
    page.get_by_role("button", name="结束问卷").click()
    page.locator("dialog[open]").get_by_role("button").last.click()
    page.wait_for_url(f"**/voice/surveys/{number}/results")
    # 27: 66 days of 30 to 120 are 60, not understood 0, found somebody 100.
    third = Fraction(60 + 0 + 100, 3)
    assert round(float(third), 1) == 53.3
    assert "53.3" in figure(page, "policy", "平均分") and "n = 12" in figure(page, "policy", "平均分")
    high = 100 * 1.96**2 / (12 + 1.96**2)  # Wilson's interval of none of twelve begins at 0
    satisfied = figure(page, "policy", "60 分以上")
    assert "0 / 12" in satisfied and f"0.0–{high:.1f}%" in satisfied
    # 28: plain beside weighted by layers, and who is silent stands above both.
    small = Fraction(sum(score for size, score in HEARD if size in ("small", "micro")), 6)
    weighted = (2 * 90 + 4 * 80 + 28 * small) / 34
    assert "75.0" in figure(page, "living", "平均分")
    assert f"{float(weighted):.1f}" in figure(page, "living", "按层加权")
    expect(page.get_by_text("小微：28 家中 22 家没有作答")).to_be_visible()
    assert violations(page) == [] and scrolls_sideways(page) == []
    context.close()
