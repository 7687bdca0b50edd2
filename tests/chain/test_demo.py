"""The demo park tells stories 1–4 with its own data."""

from __future__ import annotations

import re

import pytest

from app.chain.demo import load as load_chain
from app.db import transaction
from app.identity.demo import load as load_identity
from tests.factories import Park


@pytest.fixture
def demo(park: Park) -> Park:
    with park.app.app_context(), transaction():
        load_identity()
        load_chain()
    return park


def test_the_weak_links_of_story_1(demo: Park) -> None:
    answer = demo.api("investment").get("/chain/segments", chain="battery").json
    gaps = {row["segment"]: row["shortfall_wan"] for row in answer["segments"] if row["shortfall_wan"]}
    assert gaps == {
        "cathode": 10200.0,
        "precursor": 990.0,
        "anode": 600.0,
        "electrolyte": 600.0,
        "lithium_salt": 450.0,
        "separator": 400.0,
    }
    assert answer["loops"] == []
    thermal = next(row for row in answer["segments"] if row["segment"] == "thermal")
    assert "single_source" in thermal["labels"]
    assert thermal["coverage_ratio"] == 1.0


def test_landing_the_prospects_closes_the_loop(demo: Park) -> None:
    api, client = demo.api("investment"), demo.browse("investment")
    before = api.post("/chain/what-if", {"prospects": ["P01", "P02", "P03"]}).json["after"]
    for code in ("P01", "P02", "P03"):
        for state in ("contacted", "visited", "negotiating", "signed", "landed"):
            client.post(f"/chain/prospects/{code}/move", data={"state": state})
        assert "已落地" in client.get(f"/chain/prospects/{code}").get_data(as_text=True)
    after = api.get("/chain/segments").json
    assert after["total_shortfall_wan"] == before["total_shortfall_wan"] == 7840.0
    (loop,) = after["loops"]
    assert sorted(loop) == ["cathode", "cell", "lithium_salt", "pack", "precursor", "recycling", "storage"]
    first = after["segments"][0]
    assert (first["segment"], first["shortfall_wan"]) == ("precursor", 2390.0)
    for path in (
        "",
        "?view=sankey",
        "?view=heat",
        "weak-links",
        "segments/recycling",
        "risk",
        "knock-out",
        "scenarios",
    ):
        assert client.get(f"/chain/{path}").status_code == 200, path


def test_three_suppliers_and_five_customers_bring_80_percent(demo: Park) -> None:
    client = demo.browse("investment")
    for side, wanted in (("suppliers", 3), ("customers", 5)):
        items = demo.api("investment").get("/chain/enterprises/E01/matches", side=side).json["items"]
        assert len(items) == wanted
        for row in items:
            form = {
                "side": side,
                "partner": row["enterprise"],
                "segment": row["segment"],
                "value_wan": str(row["value_wan"]),
                "decision": "agree",
            }
            assert client.post("/chain/firms/E01/matches", data=form).status_code == 303
    page = demo.browse("e01").get("/chain/firms/E01/matches").get_data(as_text=True)
    assert "+80.0 %" in page
    assert "10,000 → 18,000" in page
    assert len(re.findall("顾望舒 确认于", page)) == 8
