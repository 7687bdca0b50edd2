"""An empty park moves in through its pages alone: founder, colleagues, firms, starter set, the chain, a name, a twin, a farewell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app import create_app
from app.hall import clock
from tests.browser.conftest import scrolls_sideways, sign_in, unsendable, violations
from tests.conftest import Databases, running, settings_for
from tests.live import serving
from tests.walks.founded import FOUND, PASSWORD

LINK = "input[value*='/identity/invitation/']"


class Desk:
    """The people of the park, each with a browser of their own."""

    def __init__(self, browser: Browser, base: str) -> None:
        self.browser, self.base = browser, base

    def window(self, width: int = 1440) -> Page:
        context = self.browser.new_context(
            base_url=self.base, locale="zh-CN", viewport={"width": width, "height": 900}
        )
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    def enter(self, link: str, login: str, name: str, width: int = 1440) -> Page:
        """Whoever opens an invitation sets a login and a password, and is in."""
        page = self.window(width)
        page.goto(link)
        page.get_by_label("姓名").fill(name)
        page.get_by_label("登录名").fill(login)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("input[name=again]").fill(PASSWORD)
        page.get_by_role("button", name="建立账号").click()
        page.wait_for_url(lambda url: "/invitation/" not in url)
        if "/sign-in" in page.url:
            sign_in(page, login, PASSWORD)
        return page


def sound(page: Page) -> None:
    assert violations(page) == [] and not scrolls_sideways(page) and unsendable(page) == []


def invite(page: Page, name: str, *roles: str) -> str:
    page.goto("/identity/members/invite")
    page.get_by_label("姓名").fill(name)
    for role in roles:
        page.get_by_label(role, exact=True).check()
    page.get_by_role("button", name="生成邀请链接").click()
    return str(page.locator(LINK).first.input_value())


def bring(page: Page, name: str, first: str, kind: str = "enterprise") -> str:
    page.goto("/identity/organisations/new")
    page.locator("select[name=kind]").select_option(kind)
    page.locator("input[name=name_zh]").fill(name)
    page.get_by_label("首位管理员姓名").fill(first)
    page.get_by_role("button", name="添加", exact=True).click()
    return str(page.locator(LINK).first.input_value())


@pytest.fixture
def founded(browser: Browser, databases: Databases, tmp_path: Path) -> Iterator[tuple[Desk, str]]:
    """An empty park behind a real server, and the founder's link as the command prints it."""
    with (
        databases.copy("sqlite", tmp_path) as url,
        running(create_app(settings_for(url, tmp_path))) as app,
    ):
        app.config["WTF_CSRF_ENABLED"] = True
        said = app.test_cli_runner().invoke(args=FOUND).output
        secret = re.search(r"/identity/reset/\S+", said)
        assert secret is not None, said
        with serving(app) as base:
            yield Desk(browser, base), secret[0]


def test_a_park_moves_in_through_its_pages(founded: tuple[Desk, str]) -> None:
    desk, link = founded
    founder = desk.window()
    founder.goto(link)
    founder.locator("input[name=password]").fill(PASSWORD)
    founder.locator("input[name=again]").fill(PASSWORD)
    founder.locator("form:has(input[name=again]) button[type=submit]").click()
    founder.wait_for_url(lambda url: "/reset/" not in url)
    founder.goto("/identity/sign-in")
    if "/sign-in" in founder.url:
        sign_in(founder, "founder", PASSWORD)
    one = desk.enter(invite(founder, "陈一", "园区管理员"), "one", "陈一")
    two = desk.enter(invite(founder, "林二", "园区管理员"), "two", "林二")

    one.goto("/identity/starter")
    sound(one)
    one.get_by_role("button", name="提交复核").click()
    two.goto("/identity/starter")
    two.get_by_role("button", name="全部接管").click()
    two.goto("/credits/rules")
    expect(two.get_by_text("发明专利").first).to_be_visible()

    # A wrong digit is told at its field and nothing typed is lost; then two firms and a university.
    one.goto("/identity/organisations/new")
    one.locator("input[name=name_zh]").fill("白洲青岚制造有限公司")
    one.get_by_label("统一社会信用代码").fill("91320500MA00000019")
    one.get_by_role("button", name="添加", exact=True).click()
    expect(one.locator("input[name=name_zh]")).to_have_value("白洲青岚制造有限公司")
    expect(one.get_by_text(re.compile("校验位")).first).to_be_visible()
    sound(one)
    spinner = desk.enter(bring(one, "白洲青岚制造有限公司", "周青"), "spinner", "周青", 390)
    weaver_link = bring(one, "白洲赤松织造有限公司", "吴松")
    desk.enter(bring(one, "白洲大学", "郑大", "university"), "university", "郑大")

    # The chain has one segment; a firm says in its own words what it makes and stands there when an officer agrees.
    officer = desk.enter(invite(one, "何招", "招商专员"), "officer", "何招")
    officer.goto("/chain/import")
    table = "segment,name_zh,name_en,stage\nyarn,纱线,Yarn,\n"
    files = [{"name": "segments.csv", "mimeType": "text/csv", "buffer": table.encode()}]
    officer.locator("input[type=file]").set_input_files(files)
    officer.locator("select[name=chain]").select_option("+")
    officer.get_by_label(re.compile("新产业链代码")).fill("textile")
    officer.get_by_label("新产业链名称").fill("纺织")
    officer.get_by_role("button", name="检查并预览").click()
    officer.get_by_role("button", name="确认生效").click()
    yes = officer.locator("dialog[open]")
    if yes.count():
        yes.get_by_role("button").last.click()
    spinner.goto("/chain/say?q=纱线")
    spinner.get_by_label("年产值（万元）").fill("1200")
    sound(spinner)
    spinner.get_by_role("button", name="提交确认").click()
    officer.goto("/chain/wishes")
    officer.get_by_role("button", name="确认", exact=True).click()
    expect(officer.get_by_text("企业已登上图谱")).to_be_visible()

    # It is renamed with the park's word, and found by its old name; a second row of it is joined.
    spinner.goto(f"/identity/organisations/{number_of(one, '青岚')}/facts")
    spinner.locator("input[name=name_zh]").fill("白洲青岚新材料有限公司")
    spinner.get_by_role("button", name="保存").click()
    one.goto("/identity/changes")
    sound(one)
    one.get_by_role("button", name="确认", exact=True).click()
    one.goto("/identity/organisations?q=青岚制造")
    expect(one.locator("main table, main .pl-list").first).to_contain_text("白洲青岚新材料有限公司")
    one.goto("/identity/organisations/new")
    one.locator("input[name=name_zh]").fill("白洲青岚新材料")
    one.get_by_role("button", name="添加", exact=True).click()
    expect(one.get_by_text("很可能是同一家")).to_be_visible()
    one.get_by_label("已核对，确是另一家机构").check()
    one.get_by_role("button", name="添加", exact=True).click()
    one.wait_for_url(re.compile(r"/organisations/\d+$"))
    one.get_by_role("link", name="合并机构").click()
    one.get_by_label("并入机构的编号").fill("E01")
    one.get_by_role("button", name="先看影响").click()
    sound(one)
    one.get_by_label("理由").fill("同一家")
    one.get_by_role("button", name="合并", exact=True).click()
    expect(one.get_by_text("同一家").first).to_be_visible()

    # The other firm leaves: what is open is shown first, the park agrees, the day stands there.
    weaver = desk.enter(weaver_link, "weaver", "吴松", 390)
    weaver.goto(f"/identity/organisations/{number_of(one, '赤松')}/leaving")
    sound(weaver)
    last = clock.today() + dt.timedelta(days=30)
    weaver.get_by_label("最后一天").fill(last.isoformat())
    weaver.get_by_label("理由").fill("搬迁")
    weaver.get_by_role("button", name="提交").click()
    two.goto("/identity/changes")
    two.get_by_role("button", name="确认", exact=True).click()
    two.goto(f"/identity/organisations/{number_of(one, '赤松')}/leaving")
    expect(two.get_by_text("退园中，最后一天")).to_be_visible()


def number_of(page: Page, name: str) -> str:
    """The id of an organisation, as the address of its page says it."""
    page.goto(f"/identity/organisations?q={name}")
    address = page.get_by_role("link", name=re.compile(name)).first.get_attribute("href")
    found = re.search(r"/organisations/(\d+)", address or "")
    assert found is not None
    return found[1]
