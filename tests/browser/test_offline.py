"""An order is done on a phone without a network: kept, shown as not uploaded, sent when the network is back."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, scrolls_sideways, violations

OPENS_WITHIN_MS = 1_000


@pytest.mark.browser
def test_an_order_is_done_without_a_network_and_arrives_once(open_as: Open, tmp_path: Path) -> None:
    page = open_as("e31", width=390)
    page.goto("/upkeep/orders")
    page.get_by_role("link", name="更换锯条").first.click()
    expect(page.get_by_role("button", name="完成工单")).to_be_visible()
    assert violations(page) == [] and scrolls_sideways(page) == []
    address = page.url
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.reload()  # served through the worker, and kept
    page.evaluate(
        "async () => { for (let n = 0; n < 100 && !(await caches.match(location.pathname)); n++)"
        " await new Promise((done) => setTimeout(done, 50)); }"
    )
    page.context.set_offline(True)
    opened = []
    for _time in range(
        3
    ):  # opens all the same, and at once: at the latest the third time, whoever uses the machine
        page.goto(address)
        entry = "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
        opened.append(page.evaluate(entry))
        if opened[-1] <= OPENS_WITHIN_MS:
            break
    assert 0 < opened[-1] <= OPENS_WITHIN_MS, opened
    for box in page.locator("input[name=ticked]").all():
        box.check()
    page.get_by_label("完成情况").fill("换了锯条")
    page.get_by_role("button", name="完成工单").click()
    expect(page.locator("[data-offline-sign]")).to_have_text("离线 · 1 条未上传")

    page.goto("/offline/")
    expect(page.locator("[data-offline-list] li")).to_have_count(1)
    with page.expect_download() as saved:
        page.get_by_role("button", name="存一份到文件").click()
    saved.value.save_as(tmp_path / "kept.json")
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("[data-offline-list] button").click()
    expect(page.locator("[data-offline-list] li")).to_have_count(0)
    page.get_by_label("从文件读回").set_input_files(tmp_path / "kept.json")
    expect(page.locator("[data-offline-list] li")).to_have_count(1)

    page.context.set_offline(False)
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-offline-list] li")).to_have_count(0)
    page.goto(address)
    expect(page.get_by_text("换了锯条")).to_be_visible()
    # The file again: what has arrived gets its first receipt, nothing happens twice.
    page.goto("/offline/")
    page.get_by_label("从文件读回").set_input_files(tmp_path / "kept.json")
    expect(page.get_by_text("已读回 1 条。")).to_be_visible()
    expect(page.locator("[data-offline-list] li")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("已收到")).to_have_count(1)
