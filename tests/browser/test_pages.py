"""The main pages in Chromium: readable for everybody (WCAG 2.2 AA), no sideways scroll, no script error."""

from __future__ import annotations

import pytest
from playwright.sync_api import ConsoleMessage

from tests.browser.conftest import Open, scrolls_sideways, unsendable, violations

# Who opens what; every one in the four looks below.
MAIN = [
    ("e01", "/"),
    ("e01", "/identity/notifications"),
    ("e01", "/sharing/"),
    ("e01", "/sharing/timeline"),
    ("e01", "/sharing/bookings"),
    ("e01", "/credits/"),
    ("e01", "/credits/rewards"),
    ("e01", "/ecosystem/market"),
    ("e01", "/ecosystem/matches"),
    ("investment", "/"),
    ("investment", "/chain/"),
    ("investment", "/chain/weak-links"),
    ("reviewer", "/credits/review"),
    ("park", "/"),
]
LOOKS = [("zh", False, 1440), ("en", True, 1440), ("zh", True, 390), ("en", False, 390)]
STRANGER = ["/identity/sign-in", "/identity/register", "/no-such-page"]


def _complaints(message: ConsoleMessage, heard: list[str]) -> None:
    if message.type == "error" and "404" not in message.text:
        heard.append(message.text)


@pytest.mark.browser
@pytest.mark.parametrize(("login", "path"), MAIN)
@pytest.mark.parametrize(("lang", "dark", "width"), LOOKS, ids=lambda value: str(value))
def test_page_is_accessible_and_fits(
    open_as: Open, login: str, path: str, lang: str, dark: bool, width: int
) -> None:
    page = open_as(login, lang, dark, width)
    heard: list[str] = []
    page.on("console", lambda message: _complaints(message, heard))
    page.on("pageerror", lambda error: heard.append(str(error)))
    answer = page.goto(path)
    assert answer is not None and answer.status == 200
    page.wait_for_load_state("networkidle")
    assert page.locator("html").get_attribute("lang") == ("zh-CN" if lang == "zh" else "en")
    assert violations(page) == []
    assert not scrolls_sideways(page)
    assert heard == []


@pytest.mark.browser
@pytest.mark.parametrize("path", STRANGER)
@pytest.mark.parametrize(("lang", "dark", "width"), LOOKS, ids=lambda value: str(value))
def test_page_before_signing_in_is_accessible(
    browser: object, base_url: str, path: str, lang: str, dark: bool, width: int
) -> None:
    context = browser.new_context(  # type: ignore[attr-defined]
        base_url=base_url,
        locale="zh-CN" if lang == "zh" else "en-GB",
        color_scheme="dark" if dark else "light",
        viewport={"width": width, "height": 844},
    )
    page = context.new_page()
    page.goto(path)
    assert violations(page) == []
    assert not scrolls_sideways(page)
    context.close()


# Pages whose point is a form, as who fills it in.
FORMS = {
    "park": ("/identity/members/invite", "/identity/tokens", "/identity/organisations/new"),
    "e01": ("/sharing/resources/new", "/sharing/wishes/new", "/credits/claims/new", "/upkeep/machines/new"),
    "investment": ("/chain/import", "/chain/import/sectors", "/ecosystem/packs/new"),
    "secretary": ("/ecosystem/committee/meetings/new", "/ecosystem/projects/new"),
}


@pytest.mark.browser
@pytest.mark.parametrize("login", FORMS)
def test_a_browser_lets_every_form_be_sent(open_as: Open, login: str) -> None:
    page = open_as(login)
    for path in FORMS[login]:
        answer = page.goto(path)
        assert answer is not None and answer.status == 200, path
        assert unsendable(page) == [], path
