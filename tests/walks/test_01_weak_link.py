"""Story 1: where the chain is weak, which link ranks first, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.chain.folders import write
from tests.chain.test_room import bring_in, segments
from tests.factories import Park

# A textile chain with numbers of its own. Demand: fabric 0.5 · 10,000 = 5,000; buttons 0.05 · 10,000 = 500;
# yarn 0.6 · 2,000 = 1,200; dye 0.1 · 2,000 = 200; fibre 0.8 · 0 = 0; recycling 0.5 · 0 = 0.
CODES = ("fibre", "yarn", "dye", "fabric", "buttons", "garment", "recycling")
FIRMS = [
    ("T01", "云织服装", "garment", 6000),
    ("T02", "海纱服装", "garment", 4000),
    ("T03", "白浪织造", "fabric", 1500),
    ("T04", "青苇织造", "fabric", 500),
    ("T05", "潮色染料", "dye", 200),
    ("T06", "贝扣", "buttons", 450),
]
INPUTS = [
    ("fabric", "garment", 0.5),
    ("buttons", "garment", 0.05),
    ("yarn", "fabric", 0.6),
    ("dye", "fabric", 0.1),
    ("fibre", "yarn", 0.8),
]
LOOP = [("garment", "recycling", 0.1), ("recycling", "yarn", 0.5)]


def textile(
    park: Park, folder: Path, factor: float = 1, supply: tuple[Any, ...] = (), loop: bool = True
) -> None:
    """The textile chain imported through the page."""
    rows = [(code, name, segment, output * factor, "yes") for code, name, segment, output in FIRMS]
    write(
        folder,
        segments=[(code, "", code, "") for code in CODES],
        inputs=INPUTS + LOOP if loop else INPUTS,
        positions=rows,
        supply=supply,
    )
    bring_in(park, folder, chain="+", new_code="textile", new_name="纺织")


@pytest.fixture
def weavers(park: Park, tmp_path: Path) -> Park:
    park.staff()
    textile(park, tmp_path / "park")
    return park


def test_the_demo_park_lacks_cathode_material(demo_park: Park) -> None:
    answer = demo_park.api("investment").get("/chain/segments", chain="battery").json
    found = segments(answer)
    assert {code: row["shortfall_wan"] for code, row in found.items() if row["shortfall_wan"]} == {
        "cathode": 10200.0,
        "precursor": 990.0,
        "anode": 600.0,
        "electrolyte": 600.0,
        "lithium_salt": 450.0,
        "separator": 400.0,
    }
    assert (answer["total_shortfall_wan"], answer["loops"]) == (13240.0, [])
    first = answer["segments"][0]
    assert (first["segment"], first["rank"], first["coverage_ratio"]) == ("cathode", 1, 0.15)
    why = "".join(first["reasons"])
    assert all(words in why for words in ("白鹭正极", "1,800", "12,000", "15.0 %", "77.0 %"))
    assert found["cell"]["rank"] is None
    assert found["precursor"]["coverage_ratio"] == 0.0
    page = demo_park.browse("investment").get("/chain/weak-links").get_data(as_text=True)
    assert page.index("正极材料") < page.index("前驱体")
    assert "77.0 %" in page


def test_another_chain_has_another_weak_link(weavers: Park) -> None:
    answer = weavers.api("investment").get("/chain/segments", chain="textile").json
    found = segments(answer)
    assert [(row["segment"], row["shortfall_wan"]) for row in answer["segments"] if row["rank"]] == [
        ("fabric", 3000.0),
        ("yarn", 1200.0),
        ("buttons", 50.0),
    ]
    assert answer["total_shortfall_wan"] == 4250.0
    fabric = found["fabric"]
    assert fabric["coverage_ratio"] == 0.4
    # Shares of 0.75 and 0.25: 0.5625 + 0.0625
    assert fabric["hhi"] == pytest.approx(0.625)
    assert fabric["effective_suppliers"] == pytest.approx(1.6)
    assert fabric["labels"] == ["concentrated", "external"]
    assert "70.6 %" in "".join(fabric["reasons"])  # 3,000 of 4,250
    assert found["yarn"]["labels"] == ["missing"]
    assert found["dye"]["labels"] == ["single_source"]
    assert (found["dye"]["coverage_ratio"], found["dye"]["rank"]) == (1.0, None)
    assert found["buttons"]["labels"] == ["single_source"]
    assert found["garment"]["labels"] == ["concentrated"]  # 0.36 + 0.16: 1.92 effective suppliers
    assert found["fibre"]["labels"] == []
    (loop,) = answer["loops"]
    assert sorted(loop) == ["fabric", "garment", "recycling", "yarn"]


def test_yuan_instead_of_ten_thousand_changes_nothing_but_the_amounts(park: Park, tmp_path: Path) -> None:
    park.staff()
    textile(park, tmp_path / "park", factor=10_000)
    answer = park.api("investment").get("/chain/segments", chain="textile").json
    found = segments(answer)
    assert [row["segment"] for row in answer["segments"] if row["rank"]] == ["fabric", "yarn", "buttons"]
    assert (found["fabric"]["shortfall_wan"], found["fabric"]["coverage_ratio"]) == (30_000_000.0, 0.4)
    assert found["fabric"]["labels"] == ["concentrated", "external"]
    assert found["dye"]["labels"] == ["single_source"]


def test_by_halt_the_firm_that_stops_most_comes_first(park: Park, tmp_path: Path) -> None:
    """Without dye T03 stops (1,500) and with it T01 (6,000), who buys fabric only there; buttons stop nobody alone."""
    park.staff()
    supply = (
        ("T05", "T03", "dye", 150),
        ("T03", "T01", "fabric", 1400),
        ("T03", "T02", "fabric", 90),
        ("T04", "T02", "fabric", 480),
        ("T06", "T02", "buttons", 200),
        ("X9", "T02", "buttons", 20),
    )
    textile(park, tmp_path / "park", supply=supply)
    api = park.api("investment")
    answer = api.get("/chain/segments", chain="textile", by="halt").json
    assert [(row["segment"], row["halted_output_wan"]) for row in answer["segments"] if row["rank"]] == [
        ("dye", 7500.0),
        ("fabric", 6000.0),
    ]
    stops = api.get("/chain/knock-out", chain="textile", firm="T05").json
    assert (stops["stopped"], stops["halted_output_wan"], stops["depth"]) == (2, 7500.0, 2)
    assert [row["path"] for row in stops["firms"]] == [["T05", "T03"], ["T05", "T03", "T01"]]
    page = park.browse("investment").get("/chain/knock-out?chain=textile&firm=T05").get_data(as_text=True)
    assert "7,500" in page
    # Nobody alone stops T04's customer: the risk of T05 still counts the sales that are lost.
    risk = {row["enterprise"]: row for row in api.get("/chain/risk", chain="textile").json["items"]}
    assert risk["T05"]["risk"] > risk["T04"]["risk"] > 0
