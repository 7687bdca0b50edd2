"""Stories 5 to 11 as members live through them: two firms, one spectrometer, and everything that comes between."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from app.hall import clock
from tests.browser.conftest import Open, scrolls_sideways, violations

pytestmark = pytest.mark.browser
NUMBERS = itertools.count(1)
OWNER, USER, OTHER = "e29", "e31", "e32"


def working_day(weekday: int) -> dt.date:
    """That weekday (Monday is 0) of the week after next: nothing of it is past, nothing of the demo is in it."""
    today = clock.today()
    return today + dt.timedelta(days=14 - today.weekday() + weekday)


@pytest.fixture
def listed(open_as: Open) -> Callable[..., tuple[str, str]]:
    """Lists an instrument by the owner's form; answers its name and its page."""

    def make(**fields: str) -> tuple[str, str]:
        page = open_as(OWNER)
        page.goto("/sharing/resources/new")
        name = f"走查光谱仪{next(NUMBERS)}"
        page.get_by_label("名称").fill(name)
        page.get_by_label("类别").select_option("分析测试")
        page.get_by_label("楼栋与房间").select_option(label="1号楼")
        page.get_by_label("每小时价格").fill("500")
        page.get_by_text("预约规则").click()
        for label, value in fields.items():
            field = page.get_by_label(label)
            if field.evaluate("node => node.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        page.get_by_role("button", name="上架").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)
        return name, page.url

    return make


def write(page: Page, day: dt.date, start: str, end: str, purpose: str = "") -> None:
    page.get_by_label(re.compile("^日期")).fill(day.isoformat())
    page.get_by_label(re.compile("^开始")).fill(start)
    page.get_by_label(re.compile("^结束(?!日期)")).fill(end)
    if purpose:
        page.get_by_label("用途").fill(purpose)
    page.get_by_role("button", name="提交预约").click()


def book(page: Page, resource: str, day: dt.date, start: str, end: str, purpose: str = "") -> str:
    page.goto(f"/sharing/bookings/new?resource={resource.rsplit('/', 1)[1]}")
    write(page, day, start, end, purpose)
    expect(page).to_have_url(re.compile(r"/sharing/bookings/\d+$"))
    return page.url


def hour(page: Page, name: str, clock_hour: int) -> dict[str, float]:
    """Where an hour of an instrument's row lies on the day board."""
    row = page.locator(".pl-ec-name").filter(has_text=name)
    row.scroll_into_view_if_needed()
    head = page.locator(".ec-header .ec-slot").filter(has_text=re.compile(rf"^{clock_hour}$"))
    down, across = row.bounding_box(), head.bounding_box()
    assert down is not None and across is not None
    return {"x": across["x"] + 1, "y": down["y"] + down["height"] / 2}


def drag(page: Page, name: str, first: int, last: int) -> None:
    start, end = hour(page, name, first), hour(page, name, last)
    page.mouse.move(start["x"] + 2, start["y"])
    page.mouse.down()
    page.mouse.move(start["x"] + 20, start["y"], steps=2)
    page.mouse.move(end["x"] - 4, end["y"], steps=5)


def day_board(page: Page, day: dt.date) -> Locator:
    page.goto(f"/sharing/timeline?view=day&day={day.isoformat()}&q=走查")
    return page.locator("#pl-quote")


def test_all_reasons_and_an_alternative_without_any_script(
    browser: Browser, base_url: str, open_as: Open, states: dict[str, Any], listed: Any
) -> None:
    """Story 5: open nine to five, an outage Wednesday 10–12, a wish for Wednesday 11–18."""
    name, resource = listed()
    owner, wednesday = open_as(OWNER), working_day(2)
    owner.goto(f"{resource}/outages")
    owner.get_by_label("开始").fill(f"{wednesday}T10:00")
    owner.get_by_label("结束").fill(f"{wednesday}T12:00")
    owner.get_by_label("原因（预约人可见）").fill("更换光源")
    owner.get_by_role("button", name="登记停机").click()
    expect(owner.locator("main")).to_contain_text("更换光源")
    open_as(USER)
    plain = browser.new_context(
        base_url=base_url, storage_state=states[USER], locale="zh-CN", java_script_enabled=False
    )
    page = plain.new_page()
    page.goto(f"/sharing/timeline?day={wednesday}&q={name}")
    page.get_by_role("link", name=re.compile(name)).click()
    write(page, wednesday, "11:00", "18:00", "来料检验")
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text("不在开放时间内")
    expect(refusal).to_contain_text("停机")
    expect(page.get_by_label("用途")).to_have_value("来料检验")  # nothing typed is lost
    expect(page.get_by_role("link", name="排入候补")).to_be_visible()
    page.locator(".pl-alternatives a").first.click()
    page.get_by_role("button", name="提交预约").click()
    expect(page.locator("main")).to_contain_text("已确认")
    plain.close()


def test_drag_to_book_and_the_second_one_gets_reasons(open_as: Open, listed: Any) -> None:
    """Story 6 as two people see it: the popover prices while one drags; who comes second is told what is left."""
    name, _resource = listed()
    day = working_day(0)
    first, second = open_as(USER), open_as(OTHER)
    quotes = [day_board(first, day), day_board(second, day)]
    drag(first, name, 10, 13)
    expect(quotes[0]).to_contain_text("¥1,500.00")  # three hours at 500, and the button is still down
    expect(quotes[0]).to_contain_text("无冲突")
    first.mouse.up()
    drag(second, name, 12, 14)
    second.mouse.up()
    expect(quotes[1]).to_contain_text("无冲突")  # as yet
    quotes[0].get_by_label("用途").fill("断口分析")
    quotes[0].get_by_role("button", name="提交预约").click()
    expect(first.locator("main")).to_contain_text("已确认")
    quotes[1].get_by_role("button", name="提交预约").click()
    expect(second.get_by_role("alert")).to_contain_text("已被占用")
    expect(second.locator(".pl-alternatives")).to_contain_text(name)
    day_board(second, day)
    drag(second, name, 11, 12)
    second.mouse.up()
    expect(second.locator("#pl-quote [data-reasons]")).to_contain_text("已被占用")
    expect(second.locator("#pl-quote")).not_to_contain_text("断口分析")
    expect(second.locator(".pl-ec-busy").first).to_have_text("")


def test_a_booking_is_moved_by_dragging_it(open_as: Open, listed: Any) -> None:
    name, resource = listed()
    day = working_day(1)
    page = open_as(USER)
    book(page, resource, day, "10:00", "12:00")
    quote = day_board(page, day)
    bar = page.locator(".pl-ec-mine")
    box, goal = bar.bounding_box(), hour(page, name, 14)
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 16)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"], box["y"] + 16, steps=3)
    page.mouse.move(goal["x"] + box["width"] / 2, box["y"] + 16, steps=5)
    page.mouse.up()
    expect(quote).to_contain_text("14:00–16:00")
    page.keyboard.press("Escape")  # not after all: the bar goes back
    expect(quote).to_be_hidden()
    back = bar.bounding_box()
    assert back is not None and abs(back["x"] - box["x"]) < 2
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 16)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"], box["y"] + 16, steps=3)
    page.mouse.move(goal["x"] + box["width"] / 2, box["y"] + 16, steps=5)
    page.mouse.up()
    quote.get_by_role("button", name="确认改期").click()
    expect(page.locator("main")).to_contain_text("14:00–16:00")
    expect(page.locator("main")).to_contain_text("改期而来")


def test_the_timeline_by_keyboard(open_as: Open, listed: Any) -> None:
    name, _resource = listed()
    page = open_as(USER)
    day = working_day(3)
    page.goto(f"/sharing/timeline?view=day&day={day}&q={name}")
    board = page.get_by_role("application")
    board.focus()
    for key in ("ArrowDown", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)  # nine o'clock, half an hour later, one hour becomes two
    expect(page.locator("#pl-timeline-said")).to_contain_text("09:30–11:30")
    expect(page.locator("#pl-quote")).to_contain_text("¥1,000.00")
    page.keyboard.press("Enter")
    page.keyboard.type("键盘预约")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("键盘预约")
    expect(page.locator("main")).to_contain_text("09:30–11:30")


def test_the_owner_approves_and_declines_with_a_reason(open_as: Open, listed: Any) -> None:
    _name, resource = listed(确认方式="owner")
    page, owner, day = open_as(USER), open_as(OWNER), working_day(0)
    wanted = [book(page, resource, day, f"{h:02d}:00", f"{h + 1:02d}:00", f"批次{h}") for h in (10, 14)]
    expect(page.locator("main")).to_contain_text("待审批")
    owner.goto("/sharing/desk")
    row = owner.get_by_role("row").filter(has_text="批次10")
    expect(row).to_contain_text("前答复")
    row.get_by_role("button", name="批准").click()
    expect(owner.locator("main")).not_to_contain_text("批次10")
    row = owner.get_by_role("row").filter(has_text="批次14")
    row.locator("summary").click()
    row.get_by_label("理由").fill("当天校准")
    row.get_by_role("button", name="确认拒绝").click()
    page.goto(wanted[0])
    expect(page.get_by_role("heading", level=1)).to_contain_text("已确认")
    page.goto(wanted[1])
    expect(page.get_by_role("heading", level=1)).to_contain_text("已拒绝")
    expect(page.locator("main")).to_contain_text("当天校准")


def test_what_sharing_earned_is_shown_with_numerator_and_denominator(open_as: Open) -> None:
    """Story 8: 600 of 2,000 hours are 30.0 %, with 400 shared 50.0 %: +20.0 points, +66.7 %; 200,000 yuan."""
    page = open_as("park")
    page.goto("/sharing/utilisation")
    row = page.get_by_role("row").filter(has_text="直读光谱仪")
    for text in ("2,000", "600", "400", "30.0 %", "50.0 %", "+20.0", "+66.7 %", "¥200,000.00"):
        expect(row).to_contain_text(text)


def test_the_price_of_a_late_cancellation_is_told_and_falls_when_others_book(
    open_as: Open, listed: Any
) -> None:
    """Story 9: three hours given up ten hours ahead at 50 %: 750 yuan; others take two: 250 yuan are left."""
    _name, resource = listed(
        或写成一句话="每天 00:00-24:00", **{"免费取消截止（开始前）": "24", "逾期取消收费": "50"}
    )
    start = clock.local(clock.now() + dt.timedelta(hours=10)).replace(minute=0)
    end = start + dt.timedelta(hours=3)
    page, other = open_as(USER), open_as(OTHER)
    mine = book(page, resource, start.date(), f"{start:%H:%M}", f"{end:%H:%M}")
    expect(page.locator(".pl-fee")).to_contain_text("¥750.00")
    page.get_by_role("button", name="取消预约").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("¥750.00")
    dialog.get_by_role("button", name="确认取消").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已取消")
    two = start + dt.timedelta(hours=2)
    book(other, resource, start.date(), f"{start:%H:%M}", f"{two:%H:%M}")
    page.goto(mine)
    expect(page.get_by_role("row").last).to_contain_text("¥250.00")
    expect(page.get_by_role("row").last).to_contain_text("−¥500.00")


def test_an_outage_frees_informs_and_calls_up(open_as: Open, listed: Any) -> None:
    """Story 10: a confirmed booking goes free of charge, with alternatives; time that comes free is offered."""
    name, resource = listed()
    day = working_day(4)
    holder, waiting, owner = open_as(USER), open_as(OTHER), open_as(OWNER)
    mine = book(holder, resource, day, "09:00", "13:00")
    waiting.goto(
        f"/sharing/waitlist/new?resource={resource.rsplit('/', 1)[1]}&start={day}T11:00&end={day}T13:00"
    )
    waiting.get_by_label("需要的时长").fill("60")
    waiting.get_by_role("button", name="排入候补").click()
    expect(waiting.get_by_role("row").filter(has_text=name)).to_contain_text("排队中")
    owner.goto(f"{resource}/outages")
    owner.get_by_label("开始").fill(f"{day}T09:00")
    owner.get_by_label("结束").fill(f"{day}T11:00")
    owner.get_by_label("原因（预约人可见）").fill("真空泵更换")
    owner.get_by_role("button", name="登记停机").click()
    holder.goto(mine)
    expect(holder.locator("main")).to_contain_text("已免费取消")
    expect(holder.locator(".pl-alternatives a").first).to_be_visible()
    holder.goto("/identity/notifications")
    expect(holder.locator("main")).to_contain_text("真空泵更换")
    waiting.reload()
    row = waiting.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text("前确认")
    row.get_by_role("button", name="接受").click()
    expect(waiting.get_by_role("heading", level=1)).to_contain_text("已确认")


def test_a_licence_outlives_its_listing(open_as: Open) -> None:
    """Story 11, patents."""
    owner, user = open_as(OWNER), open_as(USER)
    owner.goto("/sharing/pool/patent/new")
    owner.get_by_label("名称").fill("走查包覆方法")
    owner.get_by_label("专利号").fill("ZL203199887766.5")
    owner.get_by_label("许可费").fill("120000")
    owner.get_by_role("button", name="上架").click()
    listing = owner.url
    user.goto(listing)
    user.get_by_label("用途").fill("两条产线")
    user.get_by_role("button", name="提交申请").click()
    owner.reload()
    owner.get_by_role("button", name="授予").click()
    owner.get_by_role("button", name="撤回").click()
    owner.get_by_role("dialog").get_by_role("button", name="撤回").click()
    expect(owner.get_by_role("heading", level=1)).to_contain_text("已撤回")
    user.goto("/sharing/lending")
    expect(user.get_by_role("row").filter(has_text="走查包覆方法")).to_contain_text("有效")
    late = open_as(OTHER)
    late.goto(listing)
    expect(late.locator("main")).to_contain_text("不再接受新的许可申请")
    expect(late.get_by_role("button", name="提交申请")).to_have_count(0)


def test_no_name_before_the_person_agrees(open_as: Open, browser: Browser, base_url: str) -> None:
    """Story 11, people: the person answers by a link, without an account and without a name on the page."""
    person = "司徒不外泄"
    owner, user = open_as(OWNER), open_as(USER)
    owner.goto("/sharing/pool/talent/new")
    owner.get_by_label("岗位").fill("走查烧结专家")
    owner.get_by_label("专长").fill("烧结、气氛控制")
    owner.get_by_label("每天费用").fill("0")
    owner.get_by_label("姓名").fill(person)
    owner.get_by_role("button", name="上架").click()
    profile = owner.url
    expect(owner.locator("body")).not_to_contain_text(person)
    user.goto(profile)
    user.get_by_label("用途").fill("窑炉诊断")
    user.get_by_role("button", name="提交申请").click()
    expect(user.locator("body")).not_to_contain_text(person)
    owner.reload()
    owner.get_by_role("button", name="生成本人确认链接").click()
    link = owner.locator("#secret").input_value()
    stranger = browser.new_context(base_url=base_url, locale="zh-CN")
    own_page = stranger.new_page()
    own_page.goto(link)
    expect(own_page.locator("body")).to_contain_text("窑炉诊断")
    expect(own_page.locator("body")).not_to_contain_text(person)
    assert violations(own_page) == []
    own_page.get_by_role("button", name="我同意").click()
    expect(own_page.locator("body")).to_contain_text("您已同意")
    stranger.close()
    owner.goto(profile)
    owner.get_by_role("button", name="达成合作").click()
    user.goto(profile)
    expect(user.locator("main")).to_contain_text(person)
    outsider = open_as(OTHER)
    outsider.goto(profile)
    expect(outsider.locator("body")).not_to_contain_text(person)


PAGES = {
    "university": (
        "/sharing/desk",
        "/sharing/desk?tab=calendar",
        "/sharing/desk?tab=usage",
        "/sharing/desk?tab=income",
        "/sharing/desk?tab=resources",
        "/sharing/utilisation",
        "/sharing/resources/import",
        "/sharing/pool/talent/new",
        "/sharing/resources/new",
        "/sharing/qualifications",
    ),
    "e01": (
        "/sharing/timeline?view=month",
        "/sharing/timeline?view=day",
        "/sharing/timeline?view=list",
        "/sharing/bookings?tab=past",
        "/sharing/bookings?tab=waitlist",
        "/sharing/bookings/new",
        "/sharing/bookings/series",
        "/sharing/statements",
        "/sharing/feeds",
        "/sharing/lending",
        "/sharing/resources/1",
        "/sharing/resources/1/today",
        "/sharing/resources?kind=patent",
    ),
}


@pytest.mark.parametrize("login", PAGES)
@pytest.mark.parametrize(("lang", "dark", "width"), [("zh", False, 1440), ("en", True, 390)], ids=str)
def test_every_page_of_the_room_reads_well(
    open_as: Open, login: str, lang: str, dark: bool, width: int
) -> None:
    page = open_as(login, lang, dark, width)
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    for path in PAGES[login]:
        answer = page.goto(path)
        assert answer is not None and answer.status == 200, path
        assert (path, violations(page), scrolls_sideways(page), heard) == (path, [], [], [])
