"""Takes every picture of the guides and the README from a running, freshly loaded demo park.

    .venv/bin/python docs/screenshots.py http://127.0.0.1:8000 [CHROMIUM]

Needs the test tools (`python3 run.py test` sets them up) and Chromium.
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).parent / "screenshots"
LARGEST = 120_000
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}

BIOLOGY = "/sharing/timeline?view=week&category=%E7%94%9F%E7%89%A9%E5%AE%9E%E9%AA%8C"

# name, login, language, light or dark, wide or phone, page, CSS of what is pressed before the picture
PICTURES = [
    ("chain", "investment", "zh", "light", WIDE, "/chain/?segment=cathode", ""),
    ("chain-en", "investment", "en", "light", WIDE, "/chain/?segment=cathode", ""),
    ("sharing", "e20", "zh", "light", WIDE, BIOLOGY, ""),
    ("sharing-en", "e20", "en", "light", WIDE, BIOLOGY, ""),
    ("credits", "e01", "zh", "light", WIDE, "/credits/", ""),
    ("credits-en", "e01", "en", "light", WIDE, "/credits/", ""),
    ("desk", "e24", "zh", "light", WIDE, "/sharing/desk?tab=income", ""),
    ("desk-en", "e24", "en", "light", WIDE, "/sharing/desk?tab=income", ""),
    (
        "meeting",
        "secretary",
        "zh",
        "light",
        WIDE,
        "/ecosystem/committee",
        "main a[href*='/meetings/']:not([href$='new'])",
    ),
    (
        "meeting-en",
        "secretary",
        "en",
        "light",
        WIDE,
        "/ecosystem/committee",
        "main a[href*='/meetings/']:not([href$='new'])",
    ),
    ("planner", "investment", "zh", "light", WIDE, "/chain/planner?budget=3000", ""),
    ("planner-en", "investment", "en", "light", WIDE, "/chain/planner?budget=3000", ""),
    ("policy", "e25", "zh", "light", PHONE, "/policy/", ""),
    ("policy-en", "e25", "en", "light", PHONE, "/policy/", ""),
    ("policy-desk", "policy", "zh", "light", WIDE, "/policy/desk", ""),
    ("policy-desk-en", "policy", "en", "light", WIDE, "/policy/desk", ""),
    ("phone", "e01", "zh", "light", PHONE, "/", ""),
    ("phone-en", "e01", "en", "light", PHONE, "/", ""),
    ("problems", "property", "zh", "light", WIDE, "/problems", ""),
    ("problems-en", "property", "en", "light", WIDE, "/problems", ""),
    ("upkeep", "e31", "zh", "light", PHONE, "/upkeep/orders", "main a[href*='/upkeep/orders/']"),
    ("upkeep-en", "e31", "en", "light", PHONE, "/upkeep/orders", "main a[href*='/upkeep/orders/']"),
    ("ecosystem", "secretary", "en", "dark", WIDE, "/ecosystem/committee", ""),
]


def sign_in(page: Page, login: str) -> None:
    page.goto("/identity/sign-in")
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill("parklink-demo")
    page.locator("form[method=post] button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def main(base: str, chromium: str | None) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        signed_in = {}
        for name, login, lang, scheme, size, path, first in PICTURES:
            settings = {"base_url": base, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
            if login not in signed_in:
                context = browser.new_context(**settings)
                sign_in(context.new_page(), login)
                signed_in[login] = context.storage_state()
                context.close()
            context = browser.new_context(
                **settings, storage_state=signed_in[login], color_scheme=scheme, viewport=size
            )
            page = context.new_page()
            page.goto(f"/identity/language?lang={lang}")
            page.goto(path)
            if first:
                page.locator(first).first.click()
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(800)  # the maps and charts draw themselves
            file = FOLDER / f"{name}.jpg"
            for quality in (82, 72, 62, 50, 40):
                page.screenshot(path=file, type="jpeg", quality=quality)
                if file.stat().st_size <= LARGEST:
                    break
            sys.stdout.write(f"{file.name}  {file.stat().st_size // 1000} kB\n")
            context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)
