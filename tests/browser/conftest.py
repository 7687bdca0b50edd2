"""Debian's Chromium against a real server with the demo park; one visible skip where Chromium is missing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from app import create_app
from app.identity.sessions.passwords import DEMO_PASSWORD
from tests.conftest import Databases, running, settings_for
from tests.live import serving

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: the browser tests did not run")
    return {"executable_path": CHROMIUM, "args": list(QUIET)}


@pytest.fixture(scope="session")
def base_url(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("browser")
    with (
        databases.copy("sqlite", folder, with_demo=True) as url,
        running(create_app(settings_for(url, folder))) as app,
    ):
        app.config["WTF_CSRF_ENABLED"] = True
        with serving(app) as base:
            yield base


@pytest.fixture(scope="session")
def states() -> dict[str, Any]:
    """The cookies of members who have signed in already."""
    return {}


def sign_in(page: Page, login: str, password: str = DEMO_PASSWORD) -> None:
    """On the page where one signs in."""
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill(password)
    page.locator("form:has(input[name=password]) button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


Open = Callable[..., Page]


@pytest.fixture
def open_as(browser: Browser, base_url: str, states: dict[str, Any]) -> Iterator[Open]:
    """`open_as("e01", lang="en", dark=True, width=390)` gives a page of a signed-in member."""
    contexts: list[BrowserContext] = []

    def make(login: str, lang: str = "zh", dark: bool = False, width: int = 1440) -> Page:
        if login not in states:
            entrance = browser.new_context(base_url=base_url, locale="zh-CN")
            page = entrance.new_page()
            page.goto("/identity/sign-in")
            sign_in(page, login)
            states[login] = entrance.storage_state()
            entrance.close()
        context = browser.new_context(
            base_url=base_url,
            storage_state=states[login],
            locale="zh-CN" if lang == "zh" else "en-GB",
            timezone_id="Asia/Shanghai",
            color_scheme="dark" if dark else "light",
            viewport={"width": width, "height": 900 if width > 800 else 844},
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto(f"/identity/language?lang={lang}")
        return page

    yield make
    for context in contexts:
        context.close()


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA."""
    page.evaluate(AXE)
    found = page.evaluate(
        "() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
        ".then(r => r.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html).join(' | ')))"
    )
    return list(found)


def drag(page: Page, card: Locator, target: Locator) -> None:
    """Drag by the mouse; the drag begins before anything is scrolled, else another card would be under the pointer."""
    card.hover()
    box = card.bounding_box()
    assert box is not None
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 8, box["y"] + box["height"] / 2 + 8)
    target.hover()
    page.mouse.up()


# A hidden control that must be filled, a group whose every box is required, a default the browser itself refuses.
_UNSENDABLE = """() => [...document.querySelectorAll('form')].filter(f => !f.noValidate).flatMap(f =>
  [...f.elements].filter(e => e.willValidate).filter(e => {
    const v = e.validity, away = e.closest('dialog, details:not([open])');
    const boxes = e.type === 'checkbox' && e.required &&
      f.querySelectorAll(`input[type=checkbox][name="${e.name}"]`).length > 1;
    return boxes || (!v.valid && e.offsetParent === null && !away) ||
      v.stepMismatch || v.rangeUnderflow || v.rangeOverflow || v.patternMismatch || v.typeMismatch;
  }).map(e => `${f.getAttribute('action') || ''} ${e.name}=${e.value}`))"""


def unsendable(page: Page) -> list[str]:
    """Controls that keep a form from being sent as it stands, however it is filled in."""
    return list(page.evaluate(_UNSENDABLE))


def scrolls_sideways(page: Page) -> list[str]:
    """The elements that reach beyond the window; empty where the page does not scroll sideways."""
    return list(
        page.evaluate(
            "() => document.documentElement.scrollWidth <= window.innerWidth + 1 ? [] :"
            " ['scrolls', ...[...document.querySelectorAll('body *')]"
            ".filter(n => n.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map(n => n.outerHTML.slice(0, 200))]"
        )
    )
