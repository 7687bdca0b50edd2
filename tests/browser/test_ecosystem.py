"""A newcomer's walk in the browser: from a posted need to an outcome somebody signed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


def say_yes(page: Page) -> None:
    """Press the button of a match and confirm the dialog."""
    page.get_by_role("button", name="愿意对接").first.click()
    page.get_by_role("dialog").get_by_role("button", name="愿意对接").click()


def test_from_a_need_to_a_signed_outcome(open_as: Open) -> None:
    needing = open_as("e30")
    needing.goto("/ecosystem/needs/new")
    needing.get_by_label("标题").fill("寻找视觉质检模型识别涂布缺陷")
    needing.get_by_label("标签").fill("质检 人工智能")
    needing.get_by_role("button", name="提交发布").click()
    expect(needing.get_by_role("heading", name=re.compile("寻找视觉质检模型"))).to_be_visible()
    expect(needing.locator("main")).not_to_contain_text("星汐")
    needing.get_by_role("link", name="视觉质检模型快速部署").click()
    expect(needing.locator("main")).to_contain_text("身份双方同意后可见")
    say_yes(needing)
    expect(needing.locator("main")).to_contain_text("等待对方答复")

    giving = open_as("e25")
    giving.goto("/ecosystem/matches")
    expect(giving.locator("main")).not_to_contain_text("禾芽")
    say_yes(giving)
    expect(giving.locator("main")).to_contain_text("禾芽新材")
    here = giving.url
    for step in ("已会面", "已达成", "履行中"):
        giving.get_by_role("button", name=f"标记为{step}").click()
        expect(giving.locator("main")).to_contain_text(step)

    giving.get_by_text("登记成效", exact=True).click()
    giving.get_by_label("指标").fill("返工率")
    giving.get_by_label("期间").fill("2026 年第四季度")
    giving.get_by_label("基线").fill("6.5")
    giving.get_by_label("实际").fill("4")
    giving.locator("#outcomes").get_by_label("单位").fill("%")
    giving.get_by_role("button", name="登记", exact=True).click()
    expect(giving.locator("#outcomes")).to_contain_text("待确认")
    expect(giving.get_by_role("button", name="确认", exact=True)).to_have_count(0)

    needing.goto(here)
    needing.get_by_role("button", name="确认", exact=True).click()
    needing.get_by_role("dialog").get_by_role("button", name="确认", exact=True).click()
    expect(needing.locator("#outcomes")).to_contain_text("已确认")
    expect(needing.get_by_role("heading", level=1)).to_contain_text("已验证")
