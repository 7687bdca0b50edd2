"""Problems in the browser: how many acts from a report to its person, and the board by mouse and by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, drag, scrolls_sideways, violations

MOST_ACTS, MOST_PAGES = 4, 2
COUNTER = """() => {
  const acts = () => Number(sessionStorage.getItem("acts") || 0);
  document.addEventListener("change", (event) => event.isTrusted && sessionStorage.setItem("acts", acts() + 1), true);
  document.addEventListener("click", (event) => {
    if (event.isTrusted && event.target.closest("a, button")) sessionStorage.setItem("acts", acts() + 1);
  }, true);
}"""


def _acts(page: Page) -> int:
    return int(page.evaluate("() => sessionStorage.getItem('acts') || 0"))


@pytest.mark.browser
def test_from_report_to_assigned_in_four_acts_and_two_pages(open_as: Open) -> None:
    firm = open_as("e07", width=390)
    firm.goto("/problems/report")
    firm.get_by_role("radio", name="门禁").check()
    firm.get_by_label("补一句").fill("北门刷卡没有反应")
    assert violations(firm) == [] and scrolls_sideways(firm) == []
    firm.get_by_role("button", name="提交").click()
    number = firm.url.rsplit("/", 1)[1]
    assert re.fullmatch(r"WT-[0-9A-Z]{6}", number)

    desk = open_as("specialist")
    pages: list[str] = []
    desk.on("framenavigated", lambda frame: pages.append(frame.url) if frame == desk.main_frame else None)
    desk.add_init_script(f"({COUNTER})()")
    desk.goto("/problems/triage")
    report = desk.locator(".pr-triage", has_text=number)
    suggested = report.get_by_role("checkbox", name="物业服务部")
    if not suggested.is_checked():
        suggested.check()
    report.get_by_role("button", name="派单").click()
    expect(desk.get_by_text(f"{number} 已派单。")).to_be_visible()
    assert 1 <= _acts(desk) <= MOST_ACTS
    assert len({url.split("#")[0] for url in pages}) <= MOST_PAGES

    firm.reload()
    expect(firm.get_by_text("物业服务部").first).to_be_visible()


def _card(page: Page, number: str) -> str:
    return f"article.pr-card:has(a[href='/problems/{number}'])"


@pytest.mark.browser
def test_the_board_by_mouse_and_by_keyboard(open_as: Open) -> None:
    firm = open_as("e08", width=390)
    numbers = []
    for text in ("大厅空调不制冷", "机房空调漏水", "走廊空调异响"):
        firm.goto("/problems/report")
        firm.get_by_role("radio", name="空调").check()
        firm.get_by_label("补一句").fill(text)
        firm.get_by_role("button", name="提交").click()
        numbers.append(firm.url.rsplit("/", 1)[1])
    page = open_as("property")
    page.goto("/problems?by=step")
    assert violations(page) == [] and scrolls_sideways(page) == []
    column = "section[data-column='{}'] ".format
    # Dragged: taken at once, by the same form as its button.
    card = page.locator(column("untaken") + _card(page, numbers[0]))
    drag(page, card, page.locator("section[data-column='assigned'] h2"))
    expect(page.locator(column("assigned") + _card(page, numbers[0]))).to_be_visible()
    assert "by=step" in page.url
    # By keyboard: arrows go from card to card, Shift and the right arrow move one.
    page.locator(column("untaken") + _card(page, numbers[1])).get_by_role("link").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => document.activeElement.closest('[data-column]').dataset.column") == "assigned"
    page.keyboard.press("ArrowLeft")
    page.locator(column("untaken") + _card(page, numbers[1])).get_by_role("link").first.focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(column("assigned") + _card(page, numbers[1]))).to_be_visible()
    # What needs words opens its form, with the cursor in it.
    page.locator(column("assigned") + _card(page, numbers[0])).get_by_role("link").first.focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#act-respond textarea")).to_be_focused()
    assert page.url.endswith(f"/problems/{numbers[0]}#act-respond")
    page.keyboard.type("十五分钟内到")
    page.locator("#act-respond").get_by_role("button", name="答复").click()
    expect(page.locator(".pr-thread")).to_contain_text("十五分钟内到")
    page.goto("/problems")
    expect(page.locator("section[data-column]")).to_have_count(4)
    assert violations(page) == []
