"""A newcomer's walks in the browser: a need to a signed outcome, a committee month, a service pack."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from app.hall import clock
from tests.browser.conftest import scrolls_sideways, violations

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
    needing.get_by_role("dialog").locator("[data-confirm-yes]").click()
    expect(needing.locator("#outcomes")).to_contain_text("已确认")
    expect(needing.get_by_role("heading", level=1)).to_contain_text("已验证")


def test_a_committee_month(open_as: Open) -> None:
    """A meeting is called, voted on, resolved and minuted, led by the line "next step" alone."""
    secretary = open_as("secretary")
    secretary.goto("/ecosystem/committee")
    expect(secretary.locator(".pl-eco-next")).to_contain_text("打开待召开的会议")
    secretary.get_by_role("link", name="召集会议").click()
    day = (clock.today() - dt.timedelta(days=1)).isoformat()
    secretary.get_by_label("开始").fill(f"{day}T09:00")
    secretary.get_by_label("结束").fill(f"{day}T11:00")
    secretary.get_by_role("main").get_by_role("button", name=re.compile("召集")).click()
    expect(secretary.locator(".pl-eco-next")).to_contain_text("逐项登记各席位的表决")
    secretary.get_by_label("议题").fill("共用班车")
    secretary.get_by_role("button", name="加入议程").click()
    item = secretary.locator("section.pl-card", has=secretary.get_by_role("heading", name="共用班车"))
    item.get_by_text("登记表决").click()
    for choice in range(4):
        item.locator("select[name^=seat_]").nth(choice).select_option("yes" if choice else "no")
    item.get_by_role("button", name="保存表决").click()
    expect(item).to_contain_text("赞成 3 · 反对 1 · 弃权 0")
    expect(item).to_contain_text("通过")
    item.get_by_text("形成决议").first.click()
    item.get_by_label("决议内容").fill("两家企业试行共用班车")
    item.get_by_label("完成期限").fill((clock.today() + dt.timedelta(days=30)).isoformat())
    item.get_by_role("button", name="形成决议").click()
    expect(item).to_contain_text("两家企业试行共用班车")
    secretary.get_by_label("会议纪要").fill("同意试行一个月。")
    secretary.get_by_role("button", name="发布纪要").click()
    expect(secretary.get_by_role("heading", level=1)).to_contain_text("已召开")
    secretary.goto("/ecosystem/committee")
    expect(secretary.locator("#resolutions")).to_contain_text("两家企业试行共用班车")
    reader = open_as("e30")
    reader.goto(secretary.url)
    expect(reader.locator("#resolutions")).to_contain_text("两家企业试行共用班车")


def test_a_service_pack_for_a_firm_that_has_not_arrived(
    open_as: Open, browser: Browser, base_url: str
) -> None:
    """From the gap to the pack, to the prospect's own page, to the neighbour's yes."""
    staff = open_as("investment")
    staff.goto("/ecosystem/gaps/cathode")
    staff.get_by_role("link", name="准备服务包").first.click()
    staff.get_by_role("button", name="生成服务包").click()
    expect(staff.locator(".pl-eco-next")).to_contain_text("检查内容")
    staff.get_by_role("button", name="分享链接").click()
    link = staff.get_by_label("专属链接").input_value()
    neighbour = staff.locator("section.pl-card", has=staff.get_by_role("heading", name="未来邻居"))
    expect(neighbour).to_contain_text("企业看不到")

    context = browser.new_context(base_url=base_url, locale="zh-CN")
    stranger = context.new_page()
    stranger.goto(link)
    expect(stranger.locator(".pl-eco-next")).to_contain_text("希望对接")
    first = (
        stranger.locator("section.pl-card", has=stranger.get_by_role("heading", name="未来邻居"))
        .locator("li")
        .first
    )
    expect(first).not_to_contain_text("江澜")
    assert violations(stranger) == []
    first.get_by_role("button", name="希望对接").click()
    expect(first).to_contain_text("等待对方答复")
    staff.reload()
    expect(staff.locator(".pl-eco-next")).to_contain_text("1 家邻居尚未答复")
    context.close()


PAGES = {
    "secretary": (
        "committee",
        "committee/meetings/7",
        "review",
        "signals/new?need=1",
        "projects/new?need=1",
        "packs/1",
    ),
    "investment": ("gaps/cathode", "scorecard", "introductions?view=list", "introductions/1", "packs/new"),
    "e01": ("posts/1", "needs/new", "projects", "requests", "committee/meetings/6"),
    "e04": ("introductions/1",),
}


@pytest.mark.parametrize(("lang", "dark", "width"), [("zh", False, 1440), ("en", True, 390)])
def test_every_fold_of_the_pages_is_accessible(open_as: Open, lang: str, dark: bool, width: int) -> None:
    """WCAG 2.2 AA and no sideways scroll, with everything that can be opened open."""
    for login, pages in PAGES.items():
        page = open_as(login, lang, dark, width)
        for path in pages:
            answer = page.goto(f"/ecosystem/{path}")
            assert answer is not None and answer.status == 200, path
            page.evaluate("() => document.querySelectorAll('main details').forEach(d => { d.open = true })")
            assert violations(page) == [], path
            assert not scrolls_sideways(page), path
