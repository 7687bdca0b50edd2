"""Opening figures as a reader does: every number of a page that leads to rows, and whether the rows add up to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import median
from typing import Any
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.factories import Api

NUMBER = re.compile(r"[−+-]?[\d,]+(\.\d+)?")
WHOLE = {"credits_earned", "credits_redeemed", "needs", "introductions", "outcomes"}  # told without decimals


def page(client: FlaskClient, path: str) -> BeautifulSoup:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")


def figures(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    """(name, what is written) of every figure that opens its rows."""
    for link in soup.select('a[href*="/insight/rows?figure="]'):
        text = link.select_one("b") or link
        name = unquote(str(link["href"]).split("figure=")[1])
        yield name, text.get_text(" ", strip=True)


def rows_of(api: Api, name: str) -> dict[str, Any]:
    """The figure with all its rows, page by page."""
    found = api.get("/insight/rows", figure=name, limit=200).json
    while len(found["items"]) < found["total"]:
        more = api.get("/insight/rows", figure=name, limit=200, offset=len(found["items"])).json
        found["items"] += more["items"]
    return dict(found)


def adds_up(found: dict[str, Any]) -> None:
    """The value is the sum, the mean or the median of the rows, as its kind says."""
    amounts = [row["amount"] for row in found["items"]]
    near = 0.501 if WHOLE & set(found["figure"].split(":")) else 0.051
    if found["kind"] == "sum":
        assert sum(amounts) == pytest.approx(found["sum"])
        assert found["value"] == pytest.approx(found["sum"], abs=near)
    elif found["kind"] == "mean":
        mean = sum(amounts) / sum(row["n"] for row in found["items"])
        assert mean == pytest.approx(found["mean"])
        assert found["value"] == pytest.approx(mean, abs=near)
    else:
        assert found["value"] == pytest.approx(median(amounts), abs=near)


def opens(api: Api, name: str, written: str) -> dict[str, Any]:
    """Open a figure and hold what was written of it against its rows; answers the figure with them."""
    found = rows_of(api, name)
    value = found["value"]
    shown = NUMBER.search(written.rsplit(": ", 1)[-1])
    if value is None:
        assert found["hidden"] or not found["total"], name
        return found
    adds_up(found)
    if shown is None:
        return found  # a point of a line that has no number beside it
    number = float(shown[0].replace(",", "").replace("−", "-"))
    if name.startswith("score:") and ("+" in written or "−" in written):
        return found  # a bar of the waterfall: what the dimension added, with the rows of its score
    if name.startswith("contributions:") and "维度" in written:
        assert number == sum(row["amount"] > 0 for row in found["items"])
    elif name.startswith("paired:") and "家" in written:
        assert number == found["n"], (name, written)
    elif "平均" in written:
        assert number == pytest.approx(found["mean"], abs=0.051)
    else:
        near = 0.051 if "." in shown[0] else 0.5
        assert abs(number) == pytest.approx(abs(value), abs=near), (name, written)
    return found
