"""Navigation by work: never more than twelve lines in sight, at most four in a group, nothing empty, nothing lost."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from app.hall.rooms import GROUPS, load_rooms
from tests.factories import Park

LOGINS = ("park", "investment", "reviewer", "secretary", "auditor", "university", "e01", "e20")
MOST_LINES, MOST_IN_A_GROUP = 12, 4


def _navigation(park: Park, login: str, page: str = "/") -> Any:
    soup = BeautifulSoup(park.browse(login).get(page).text, "html.parser")
    return soup.select_one(".pl-nav-list")


@pytest.mark.parametrize("login", LOGINS)
def test_twelve_lines_whichever_group_is_open(demo_park: Park, login: str) -> None:
    nav = _navigation(demo_park, login)
    groups = nav.find_all(recursive=False)
    folds = [one for one in groups if one.name == "details"]
    for fold in folds:
        assert 2 <= len(fold.select("li")) <= MOST_IN_A_GROUP, fold.summary.text.strip()
    longest = max((len(fold.select("li")) for fold in folds), default=0)
    assert len(groups) + longest <= MOST_LINES


@pytest.mark.parametrize("login", ["park", "e01"])
def test_the_group_of_the_page_is_open_and_no_other(demo_park: Park, login: str) -> None:
    nav = _navigation(demo_park, login, "/sharing/bookings")
    opened = [one.summary.text.strip() for one in nav.select("details[open]")]
    assert len(opened) == 1
    assert opened[0].startswith("资源")
    assert len(nav.select("[aria-current=page]")) == 1


def test_pages_of_one_subject_are_tabs_of_each_other(demo_park: Park) -> None:
    soup = BeautifulSoup(demo_park.browse("e01").get("/sharing/bookings").text, "html.parser")
    tabs = soup.select(".pl-subject a")
    assert [tab.text.strip() for tab in tabs] == ["仪器预约", "我的预约", "弹性申请"]
    assert [tab.text.strip() for tab in tabs if tab.get("aria-current")] == ["我的预约"]


@pytest.mark.parametrize("login", LOGINS)
def test_every_page_of_a_reader_is_a_line_or_a_tab(demo_park: Park, login: str) -> None:
    """Whoever may open a page of the navigation reaches it by a line, and from there by a tab."""
    app: Flask = demo_park.app
    browser = demo_park.browse(login)
    actor = demo_park.actor(login)
    with app.test_request_context():
        wanted = {
            app.url_for(item.endpoint)
            for room in load_rooms()
            for item in room.nav
            if item.roles is None or actor.may(frozenset(item.roles))
        }
    home = BeautifulSoup(browser.get("/").text, "html.parser")
    lines = {str(one["href"]) for one in home.select(".pl-nav-list a")}
    reached = set(lines)
    for line in sorted(lines):
        page = BeautifulSoup(browser.get(line, follow_redirects=True).text, "html.parser")
        reached |= {str(tab["href"]) for tab in page.select(".pl-subject a")}
    assert wanted - reached == set()


def test_every_group_of_a_room_is_one_of_the_house() -> None:
    assert {item.group for room in load_rooms() for item in room.nav} <= set(GROUPS)
