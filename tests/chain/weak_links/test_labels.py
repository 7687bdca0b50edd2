"""The table of labels: a further row is seen on every page, and every page gives a segment the same judgement."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from app.chain.actions.rules import advice
from app.chain.register.facts import Chain, Input, Position, Segment
from app.chain.weak_links import labels
from app.chain.weak_links.labels import STRENGTHEN, WEAK, Label, Standing, mark_of
from app.chain.weak_links.rules import assess
from tests.chain.folders import FIRMS, battery
from tests.chain.test_pages import text_of
from tests.chain.test_room import bring_in
from tests.factories import Park

CASUAL = Label(
    code="three_of_them",
    holds=lambda row: row.firms == 3,
    word="正好三家",
    tone="warn",
    icon="alert-triangle",
    sentence="三家企业，最大的是 %(name)s",
    params=lambda row: {"name": row.largest[1] if row.largest else ""},
    mark=WEAK,
    remedy=STRENGTHEN,
)


@pytest.fixture
def further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels, "LABELS", (*labels.LABELS, CASUAL))


@pytest.fixture
def chain(park: Park, tmp_path: Path) -> Park:
    park.staff()
    for code, name, _segment, _output in FIRMS[:6]:
        park.firm(code, name_zh=name)
    bring_in(park, battery(tmp_path / "park", supply=[("E01", "E03", "cell", 10000)]))
    return park


def test_a_further_row_is_a_further_label_everywhere(further: None, chain: Park) -> None:
    """casing has three firms and covers its demand of 1,800: strong without the row, weak with it."""
    found = {row["segment"]: row for row in chain.api("investment").get("/chain/segments").json["segments"]}
    assert found["casing"]["labels"] == ["three_of_them"]
    assert "三家企业，最大的是 三岔结构件" in found["casing"]["reasons"]
    for path in (
        "/chain/weak-links",
        "/chain/segments/casing",
        "/chain/segments/casing/panel",
        "/chain/?segment=casing",
    ):
        assert "正好三家" in text_of(chain, path), path
    assert "三家企业，最大的是 三岔结构件" in text_of(chain, "/chain/segments/casing")
    gone = "/chain/what-if/answer?name=甲&segment=casing&output=50"
    assert "正好三家" not in text_of(chain, gone)  # with a fourth firm the label no longer holds
    leaves = "/chain/what-if/answer?leave=E01"
    assert "正好三家" in text_of(chain, leaves)
    answer = chain.browse("investment").get("/chain/report.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    cells = {str(cell) for sheet in book for row in sheet.values for cell in row}
    assert "正好三家" in cells
    assert chain.browse("investment").get("/chain/report.pdf").status_code == 200


def test_a_gap_without_a_label_is_not_called_enough(chain: Park) -> None:
    """Electrolyte: two equal firms make 3,000 of the 3,600 needed. No label of the contract, and still a gap."""
    found = {row["segment"]: row for row in chain.api("investment").get("/chain/segments").json["segments"]}
    assert (found["electrolyte"]["labels"], found["electrolyte"]["shortfall_wan"]) == ([], 600.0)
    page = text_of(chain, "/chain/weak-links")
    line = next(row for row in page.split("<tr")[1:] if "/chain/segments/electrolyte" in row)
    assert "有缺口" in line
    assert "够用" not in line
    english = text_of(chain, "/chain/weak-links", lang="en")
    line = next(row for row in english.split("<tr")[1:] if "/chain/segments/electrolyte" in row)
    assert "Gap" in line


def test_the_end_of_the_chain_is_not_called_stable(chain: Park) -> None:
    """Nobody in the park buys storage systems: neither weak nor stable, on the map as on its own page."""
    for path in ("/chain/segments/storage", "/chain/segments/storage/panel"):
        page = text_of(chain, path)
        assert "园区内无需求" in page
        assert "稳固" not in page.split("pl-panel-head")[-1].split("</div>")[0]


def test_marks_by_hand() -> None:
    assert mark_of(["missing"], 10.0, 10.0, 0) == "missing"
    assert mark_of([], 10.0, 0.0, 2) == "strong"
    assert mark_of([], 10.0, 1.0, 2) == "weak"
    assert mark_of(["external", "single_source"], 10.0, 6.0, 1) == "weak"
    assert mark_of(["strong"], 0.0, 0.0, 2) == "end"
    assert mark_of([], 0.0, 0.0, 0) == "empty"
    assert mark_of(["gone for years"], 10.0, 0.0, 2) == "strong"


def test_what_stands_alone_holds_only_alone() -> None:
    """Two firms with shares 0.9 and 0.1 cover the demand: effective 1.22, concentrated and therefore not strong."""
    one = Standing(2, Decimal(10), Decimal(10), Decimal(0), 1.0, Decimal("1.22"), ("A", "甲", Decimal(9)))
    assert [label.code for label in labels.labels_of(one)] == ["concentrated"]
    even = Standing(2, Decimal(10), Decimal(10), Decimal(0), 1.0, Decimal(2), ("A", "甲", Decimal(5)))
    assert [label.code for label in labels.labels_of(even)] == ["strong"]


def test_the_remedy_of_the_table_is_the_advice(further: None) -> None:
    chain = Chain(
        (Segment("a"), Segment("b")),
        (Input("a", "b", 0.5),),
        (*(Position(f"E{n}", "", "a", 10.0) for n in range(3)), Position("F", "", "b", 8.0)),
    )
    found = {row.segment: row.kind for row in advice(chain, assess(chain))}
    assert found["a"] == STRENGTHEN
