"""Stories 1 to 4 in Chromium: the weak link, filling it by dragging, the single source, the new partners."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import drag, scrolls_sideways, violations

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


def figure(page: Page, label: str) -> Locator:
    """The key figure of this label."""
    return page.locator(".pl-kpi").filter(has=page.get_by_text(label, exact=True))


def choose(page: Page, name: str) -> None:
    """Find a segment on the map and choose it, by keyboard."""
    page.get_by_role("searchbox", name="查找环节").fill(name)
    page.keyboard.press("Enter")
    expect(page.locator("#pl-panel").get_by_role("heading", level=2)).to_have_text(name)


def card(page: Page, name: str) -> Locator:
    return page.locator(".pl-drag").filter(has_text=name)


def test_the_map_says_where_the_chain_is_weak_and_why(open_as: Open) -> None:
    page = open_as("investment")
    page.goto("/chain/")
    expect(page.locator("html")).to_have_attribute("data-chain-ready", "17")
    panel = page.locator("#pl-panel")
    choose(page, "正极材料")
    expect(panel).to_contain_text("薄弱第 1 位")
    expect(panel).to_contain_text("10,200")
    expect(panel).to_contain_text("覆盖 15.0 %")
    expect(panel).to_contain_text("只有一家企业：白鹭正极，产值 1,800 万元")
    expect(panel.get_by_role("heading", name="推荐引进企业")).to_be_visible()
    expect(panel.get_by_role("heading", name="园区里能帮上的")).to_be_visible()
    expect(page).to_have_url(re.compile("segment=cathode"))

    choose(page, "热管理")
    expect(panel).to_contain_text("单一来源")
    expect(panel.locator(".pl-panel-figures")).to_contain_text("缺口（万元）0")

    page.goto("/chain/weak-links")
    first = page.locator("tbody tr").first
    expect(first).to_contain_text("正极材料")
    expect(first).to_contain_text("10,200")
    page.get_by_role("link", name="按停产影响产值").click()
    expect(page.locator("tbody tr").first).not_to_contain_text("正极材料")


def test_prospects_dragged_in_move_the_gap(open_as: Open) -> None:
    page = open_as("investment")
    page.goto("/chain/what-if")
    expect(figure(page, "缺口合计")).to_contain_text("13,240")
    coming = page.locator("section.pl-drop-in")
    card(page, "皓沙正极").drag_to(coming)
    expect(figure(page, "缺口合计")).to_contain_text("之前 13,240")
    card(page, "屿光正极").get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    expect(figure(page, "缺口合计")).to_contain_text("11,640")
    expect(figure(page, "下一个缺口")).to_contain_text("前驱体")
    expect(figure(page, "下一个缺口")).to_contain_text("5,390")
    expect(page.locator("#pl-answer")).to_contain_text("15.0 % → 81.7 %")
    expect(page.locator(".pl-risk-pair dd").last).to_contain_text("–")
    expect(coming.locator(".pl-drag")).to_have_count(2)

    card(page, "循岛电池回收").drag_to(coming)
    expect(figure(page, "缺口合计")).to_contain_text("7,840")
    expect(figure(page, "循环")).to_contain_text("7 个环节成环")
    card(page, "温屿热管理").get_by_role("checkbox").check()
    expect(figure(page, "缺口合计")).to_contain_text("8,840")
    card(page, "温屿热管理").get_by_role("checkbox").uncheck()
    expect(figure(page, "缺口合计")).to_contain_text("7,840")
    page.locator("#pl-title").fill("三家都来")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("columnheader", name="三家都来")).to_be_visible()


def test_a_firm_moves_along_the_board_until_it_lands(open_as: Open) -> None:
    """A newcomer on a segment without a gap, so that the figures of the other stories stay what they are."""
    page = open_as("investment")
    page.goto("/chain/prospects")
    page.get_by_label("企业名称").fill("新岸结构件")
    page.get_by_label("环节 1").select_option(label="结构件")
    page.get_by_label("年产值 1（万元）").fill("500")
    page.get_by_role("button", name="加入", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("新岸结构件")

    page.goto("/chain/prospects")
    on_board = page.locator(".pl-board-card").filter(has_text="新岸结构件")
    drag(page, on_board, page.locator('[data-column="contacted"]'))
    expect(page.locator('[data-column="contacted"]')).to_contain_text("新岸结构件")
    for state in ("已考察", "洽谈中", "已签约", "已落地"):
        page.get_by_role("button", name=f"新岸结构件：标记为{state}").click()
    page.get_by_role("dialog").get_by_role("button", name="已落地").click()
    expect(page.locator("main")).to_contain_text("已落地为园区企业 新岸结构件")
    expect(page.locator("main")).to_contain_text("已签约 → 已落地")
    page.get_by_role("link", name="企业档案").first.click()
    expect(page.locator("main")).to_contain_text("结构件")
    expect(page.locator("main")).to_contain_text("500")


def test_the_planner_finds_the_set_for_3000_wan_and_the_sliders_move_it(open_as: Open) -> None:
    """Two cathode works, the recycler and the precursor works; one firm fewer by the keyboard; why not the others."""
    page = open_as("investment")
    page.goto("/chain/planner")
    page.get_by_role("textbox", name="引进预算（万元）").fill("3000")
    page.keyboard.press("Tab")
    plan = page.locator("#pl-plan")
    expect(plan.get_by_role("heading", name="请这 4 家")).to_be_visible()
    for name in ("皓沙正极", "屿光正极", "循岛电池回收", "远礁前驱体"):
        expect(plan.locator("section").filter(has_text="请这 4 家")).to_contain_text(name)
    expect(figure(page, "已证明最优")).to_contain_text("相差 0.0 %")
    expect(figure(page, "成本")).to_contain_text("2,860")
    expect(plan.locator("li").filter(has_text="汐砂正极")).to_contain_text("余下预算不足")
    expect(plan.locator("li").filter(has_text="江岬冷板")).to_contain_text("加入后不增加")
    expect(plan).to_contain_text("到 4 家为止，再加一家也不增加。")
    expect(plan.locator(".pl-risk-pair dd").last).to_contain_text("–")

    page.get_by_role("slider", name="最多几家").focus()
    for _step in range(3):
        page.keyboard.press("ArrowLeft")
    expect(plan.get_by_role("heading", name="请这 3 家")).to_be_visible()
    expect(page).to_have_url(re.compile("firms=3"))
    expect(plan.locator("li").filter(has_text="远礁前驱体")).to_contain_text("名额已满")


def test_new_partners_take_the_orders_from_10000_to_18000(open_as: Open) -> None:
    page = open_as("investment")
    for side, wanted in (("suppliers", 3), ("customers", 5)):
        page.goto(f"/chain/firms/E01/matches?side={side}")
        for _round in range(wanted):
            match = page.locator(".pl-match").first
            expect(match.locator("li").first).to_be_visible()
            match.get_by_label("年金额（万元）").fill("1600")
            match.get_by_role("button", name="双方已同意").click()
            expect(page.get_by_text("合作已达成。")).to_be_visible()
    expect(figure(page, "撮合带来的变化")).to_contain_text("+80.0 %")
    expect(figure(page, "撮合带来的变化")).to_contain_text("10,000 → 18,000")
    expect(page.locator("main")).to_contain_text("5 份新订单由 顾望舒 确认")


PAGES = [
    "/chain/what-if?come=P02",
    "/chain/planner?budget=3000&spread.P01=40",
    "/chain/strength",
    "/chain/prospects",
    "/chain/changes",
    "/chain/segments/anode",
    "/chain/firms/E01",
]
LOOKS = [("zh", False, 1440), ("en", True, 390)]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("lang", "dark", "width"), LOOKS, ids=lambda value: str(value))
def test_page_is_accessible_and_fits(open_as: Open, path: str, lang: str, dark: bool, width: int) -> None:
    page = open_as("investment", lang, dark, width)
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    answer = page.goto(path)
    assert answer is not None and answer.status == 200
    assert violations(page) == []
    assert not scrolls_sideways(page)
    assert heard == []
