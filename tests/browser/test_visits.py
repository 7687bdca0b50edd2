"""Story 30: a day of visits in a basement: opened, written on, closed, sent once each when the network is back."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, scrolls_sideways, violations

SAID = ("车间门口太窄", "食堂排队半小时", "想认识做检测的邻居")


def picture(path: Path, colour: str) -> Path:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    Image.new("RGB", (80, 60), colour).save(path, "JPEG", exif=exif)
    return path


def kept(page: Page, address: str) -> None:
    """Wait until the page at this address would open without a network."""
    page.evaluate(
        "async (address) => { for (let n = 0; n < 200 && !(await caches.match(address)); n++)"
        " await new Promise((done) => setTimeout(done, 50)); }",
        address,
    )


def write(page: Page, text: str, photo: Path | None = None, quiet: bool = False) -> None:
    page.get_by_label("原话").fill(text)
    if quiet:
        page.get_by_label("仅专员与保管员知道").check()
    if photo is not None:
        page.get_by_label("拍照").set_input_files(photo)
    page.get_by_role("button", name="记下").click()


@pytest.mark.browser
def test_three_remarks_and_two_photographs_wait_and_arrive_once(open_as: Open, tmp_path: Path) -> None:
    page = open_as("specialist", width=390)
    page.goto("/voice/today")
    stop = page.locator(".vo-stop a").first
    address, firm = stop.get_attribute("href") or "", stop.inner_text()
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.reload()  # the day is opened: its visits are kept without opening each
    kept(page, address)

    page.context.set_offline(True)
    page.goto(address)
    expect(page.get_by_role("heading", name=firm)).to_be_visible()
    assert violations(page) == [] and scrolls_sideways(page) == []
    sign = page.locator("[data-offline-sign]")
    write(page, SAID[0], picture(tmp_path / "one.jpg", "green"))
    expect(sign).to_have_text("离线 · 2 条未上传")
    write(page, SAID[1], picture(tmp_path / "two.jpg", "red"), quiet=True)
    expect(sign).to_have_text("离线 · 4 条未上传")
    write(page, SAID[2])
    expect(sign).to_have_text("离线 · 5 条未上传")

    # The browser is closed and opened; a copy of everything goes into a file.
    context = page.context
    page.close()
    page = context.new_page()
    page.goto("/offline/")
    expect(page.locator("[data-offline-list] li")).to_have_count(5)
    with page.expect_download() as saved:
        page.get_by_role("button", name="存一份到文件").click()
    saved.value.save_as(tmp_path / "kept.json")

    page.context.set_offline(False)
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-offline-list] li")).to_have_count(0)
    page.goto(address)
    for text in SAID:
        expect(page.locator("blockquote", has_text=text)).to_have_count(1)
    expect(page.locator(".vo-photos img")).to_have_count(2)
    for picture_of in page.locator(".vo-photos a").all():
        answer = page.request.get(picture_of.get_attribute("href") or "")
        with Image.open(io.BytesIO(answer.body())) as image:
            assert image.size == (80, 60) and not image.getexif()

    # Another device reads the file: everything is there already, nothing comes twice.
    other = open_as("specialist", width=390)
    other.goto("/offline/")
    other.get_by_label("从文件读回").set_input_files(tmp_path / "kept.json")
    expect(other.get_by_text("已读回 5 条。")).to_be_visible()
    expect(other.locator("[data-offline-list] li")).to_have_count(0)
    other.goto(address)
    for text in SAID:
        expect(other.locator("blockquote", has_text=text)).to_have_count(1)
    expect(other.locator(".vo-photos img")).to_have_count(2)
    # Who may not know hears nothing of it: no picture, no name.
    analyst = open_as("analyst", width=390)
    analyst.goto("/voice/feedback?q=" + SAID[1])
    analyst.locator("td a").first.click()
    expect(analyst.get_by_text(SAID[1])).to_be_visible()
    expect(analyst.locator(".vo-photos img")).to_have_count(0)
    assert firm not in analyst.locator("main").inner_text()
