"""Stories 44, 47, 48, 51 in Chromium, in short: two falls, what moved the index, better on paper, every figure opens."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, scrolls_sideways, violations


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1440])
def test_44_two_falls_are_told_with_what_was_done(open_as: Open, width: int) -> None:
    page = open_as("vp", "zh", False, width)
    page.goto("/insight/alerts")
    page.get_by_role("link", name=re.compile("融资对接")).first.click()
    main = page.locator("main")
    for words in ("−12.0", "−15.0", "没有回音", "增派 2 人"):
        expect(main).to_contain_text(words)
    assert violations(page) == [] and scrolls_sideways(page) == []


@pytest.mark.browser
def test_47_and_48_what_moved_the_index_and_what_only_seems_better(open_as: Open) -> None:
    page = open_as("vp")
    page.goto("/insight")
    expect(page.locator("main")).to_contain_text("83.05")
    expect(page.locator("main svg").first).to_be_visible()
    # the month in which activities rose on paper only: 56.0 to 66.0, within −2.0, mix +12.0
    year, month = map(int, page.locator("input[name=month]").input_value().split("-"))
    before, two = (
        f"{(year * 12 + month - 1 - back) // 12}-{(year * 12 + month - 1 - back) % 12 + 1:02d}"
        for back in (1, 2)
    )
    page.locator("input[name=month]").fill(before)
    page.locator("input[name=compare]").fill(two)
    page.get_by_role("button", name="显示").click()
    expect(page.locator("main")).to_contain_text("+12.0 来自作答企业变了")


@pytest.mark.browser
def test_51_a_figure_opens_rows_that_add_up_to_it(open_as: Open) -> None:
    page = open_as("vp", width=390)
    page.goto("/insight")
    links = page.locator("main a.in-n")
    assert links.count() > 20
    for at in (0, links.count() // 2, links.count() - 1):
        page.goto("/insight")
        link = page.locator("main a.in-n").nth(at)
        shown = link.inner_text()
        page.goto(link.get_attribute("href") or "")
        expect(page.locator("main")).to_contain_text(shown.split()[0])
        assert page.locator("main table tbody tr").count() > 0, shown
        assert scrolls_sideways(page) == []


@pytest.mark.browser
def test_the_start_page_shows_charts_first_and_their_figures_below(open_as: Open) -> None:
    for width, dark in ((1440, False), (390, True)):
        page = open_as("vp", "zh", dark, width)
        page.goto("/")
        fold = page.locator(".in-table")
        fold.wait_for()
        chart = page.locator(".in-start-page svg").first.bounding_box()
        below = fold.bounding_box()
        assert chart is not None and below is not None and chart["y"] < below["y"]
        fold.locator("summary").click()
        expect(fold.locator("tbody tr")).to_have_count(12)
        assert violations(page) == [] and scrolls_sideways(page) == []
