"""Every figure of the room's other pages, of the scorecard and of the utilisation report opens rows that are that figure."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup, Tag

from tests.factories import Park
from tests.insight.opening import figures, opens, page

DIGIT = re.compile(r"\d")


@pytest.fixture
def backend() -> str:
    return "sqlite"  # what is read here is read on both databases by the pages' own tests


@pytest.mark.parametrize(
    ("login", "path", "least"),
    [
        ("vp", "/insight/alerts", 10),
        ("auditor", "/insight/alerts", 10),
        ("vp", "/insight/alerts/1", 10),
        ("auditor", "/insight/forecasts", 40),
        ("vp", "/insight/firms", 100),
        ("e02", "/insight/mine", 10),
        ("finance", "/insight/department", 20),
        ("analyst", "/insight/themes", 3),
    ],
)
def test_pages_of_the_room(demo_park: Park, login: str, path: str, least: int) -> None:
    seen = dict(figures(page(demo_park.browse(login), path)))
    assert len(seen) >= least, len(seen)
    api = demo_park.api(login)
    for name, written in list(seen.items())[:150]:
        found = opens(api, name, written)
        if login == "auditor" and name.startswith(("score:", "paired:")):
            assert all(row["n"] >= 5 and row["enterprise"] is None for row in found["items"])


def test_a_firm_opens_its_own_rows_and_the_mean_as_one(demo_park: Park) -> None:
    own, api = demo_park.browse("e02"), demo_park.api("e02")
    soup = page(own, "/insight/mine")
    for cell in soup.select("tbody td"):
        text = cell.get_text(" ", strip=True)
        assert not DIGIT.search(text) or cell.select_one("a") or "不足" in text, text
    name = next(name for name, _written in figures(soup) if name.startswith("mean:"))
    found = api.get("/insight/rows", figure=name).json
    assert found["total"] == 1 and found["items"][0]["n"] >= 5
    score = name.replace("mean:", "score:").rsplit(":", 1)
    assert api.get("/insight/rows", figure=f"{score[0]}:all:{score[1]}").status_code == 403


def number(text: str) -> float:
    found = re.search(r"-?[\d,]+(\.\d+)?", text.replace("−", "-"))
    assert found is not None, text
    return float(found[0].replace(",", ""))


def cells(soup: BeautifulSoup) -> list[Tag]:
    return [one for one in soup.select(".pl-eco-scores td, .in-minis b") if number(one.get_text())]


def test_every_number_of_the_scorecard_opens_its_rows(demo_park: Park) -> None:
    browser = demo_park.browse("auditor")
    opened = 0
    for cell in cells(page(browser, "/ecosystem/scorecard")):
        link = cell.select_one("a")
        assert link is not None, cell
        rows = page(browser, str(link["href"]))
        shown = number(cell.get_text())
        said = rows.select_one(".pl-page-head p, header p")
        key = str(link["href"]).split("/")[3]
        if key in ("needs", "offers", "matches", "introductions", "meetings") or (
            key == "outcomes" and "unit=" not in str(link["href"])
        ):
            assert len(rows.select(".pl-list > li")) == shown, (link["href"], said)
            opened += 1
    assert opened > 5


def test_the_head_of_the_utilisation_report_is_its_rows_together(demo_park: Park) -> None:
    soup = page(demo_park.browse("auditor"), "/sharing/utilisation")
    head = [one.get_text(" ", strip=True) for one in soup.select(".pl-kpi")]
    assert [str(one.get("href")) for one in soup.select(".pl-kpi")] == ["#instruments"] * 4
    rows = soup.select("#instruments tbody tr")

    def total(label: str) -> float:
        return sum(number(one.get_text()) for row in rows for one in row.select(f'[data-label="{label}"]'))

    used, bookable = re.findall(r"[\d,]+(?:\.\d+)?", head[0])[1:3]
    assert total("可用小时") == pytest.approx(number(bookable), abs=0.01 * len(rows))
    assert total("自用小时") + total("共享小时") == pytest.approx(number(used), abs=0.01 * len(rows))
    assert total("收入") == pytest.approx(number(head[3]), abs=0.01)
