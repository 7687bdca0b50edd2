"""Start pages, the guides inside, and the icon on the home screen."""

from __future__ import annotations

import re

import pytest

from app.identity.help.guide_files import guides
from tests.factories import Park


def test_everybody_gets_their_own_start_page(park: Park) -> None:
    park.staff()
    park.firm("E01")
    firm, office = park.browse("e01"), park.browse("secretary")
    page = firm.get("/").text
    big = re.search(r'class="pl-deed" href="([^"]+)"', page)
    assert big
    assert big[1] == "/problems/report"
    own = firm.get("/me").text
    assert 'hx-get="/desk/figures"' in own
    assert 'hx-get="/desk/today"' in own
    assert "可用积分" in firm.get("/desk/figures", headers={"HX-Request": "true"}).text
    assert "<h1>" in firm.get("/desk/figures").text
    assert 'hx-get="/identity/todo"' in own
    part = firm.get("/identity/todo", headers={"HX-Request": "true"}).text
    assert "等待我处理" in part
    assert "<h1>" not in part
    assert 'hx-get="/desk/figures"' in page
    assert firm.get("/desk").status_code == 403
    desk = office.get("/desk").text
    assert "pl-deed" not in desk
    assert 'hx-get="/desk/today"' in desk
    assert "今天没有到期的事" in office.get("/desk/today").text


@pytest.mark.parametrize("backend", ["sqlite"])
def test_today_shows_what_turns_red(demo_park: Park) -> None:
    page = demo_park.browse("park").get("/desk/today").text
    assert page.count("<h1>") == 1
    part = demo_park.browse("park").get("/desk/today", headers={"HX-Request": "true"}).text
    assert "<h1>" not in part
    assert "今天会变红" in part
    assert "/problems/" in part  # the demo's problems that are late


def test_every_guide_opens_in_both_languages_and_leads_to_others(park: Park) -> None:
    client = park.app.test_client()
    assert set(guides("zh")) == set(guides("en"))
    for name in guides("zh"):
        page = client.get(f"/help/{name}").text
        assert f"<h1>{guides('zh')[name].title}</h1>" in page
        article = page.split("pl-guide")[-1]
        for target in re.findall(r'href="/help/([a-z-]+)', article):
            assert target in guides("zh"), f"{name} leads to {target}"
        assert "**" not in re.sub(r"<pre>.*?</pre>|<code>.*?</code>", "", article, flags=re.S)
    assert client.get("/help/x").status_code == 404
    assert client.get("/help/..%2f..%2fREADME").status_code == 404


def test_a_page_leads_to_the_guide_that_explains_it(park: Park) -> None:
    park.firm("E01")
    client = park.browse("e01")
    assert 'href="/help/credits"' in client.get("/credits/").text
    assert 'href="/help/instruments"' in client.get("/sharing/resources").text
    assert 'href="/help/start"' in client.get("/identity/profile").text


def test_the_home_screen_gets_a_name_and_an_icon(park: Park) -> None:
    client = park.app.test_client()
    answer = client.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    body = answer.get_json()
    assert (body["start_url"], body["display"]) == ("/", "standalone")
    for icon in body["icons"]:
        assert client.get(icon["src"], buffered=True).data.startswith(b"\x89PNG")
    assert 'rel="manifest"' in client.get("/identity/sign-in").text
