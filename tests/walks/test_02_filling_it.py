"""Story 2: filling the gap moves it up the chain; a recycler closes the loop; landing makes enterprises."""

from __future__ import annotations

from pathlib import Path

from tests.chain.test_room import segments
from tests.factories import Park
from tests.walks.test_01_weak_link import textile

STEPS = ("contacted", "visited", "negotiating", "signed", "landed")
PAGES = (
    "",
    "?view=sankey",
    "?view=heat",
    "weak-links",
    "risk",
    "knock-out",
    "scenarios",
    "what-if",
    "actions",
)


def test_two_cathode_firms_and_a_recycler(demo_park: Park) -> None:
    api, client = demo_park.api("investment"), demo_park.browse("investment")
    two = [{"name": name, "segment": "cathode", "output_wan": 4000} for name in ("甲", "乙")]
    after = api.post("/chain/what-if", {"chain": "battery", "positions": two}).json["after"]
    assert round(segments(after)["cathode"]["coverage_ratio"], 3) == 0.817
    assert (after["segments"][0]["segment"], after["segments"][0]["shortfall_wan"]) == ("precursor", 5390.0)
    prospects = {"prospects": ["P01", "P02", "P03"]}
    after = api.post("/chain/what-if", prospects).json["after"]
    assert after["total_shortfall_wan"] == 7840.0
    assert [len(loop) for loop in after["loops"]] == [7]
    # Nothing was stored.
    assert api.get("/chain/segments").json["total_shortfall_wan"] == 13240.0
    before = api.get("/chain/chains").json["items"][0]["version"]
    earlier = demo_park.browse("park").get("/identity/audit.csv").get_data(as_text=True)
    for code in prospects["prospects"]:
        for state in STEPS:
            client.post(f"/chain/prospects/{code}/move", data={"state": state})
    landed = api.get("/chain/segments").json
    assert landed["total_shortfall_wan"] == 7840.0
    assert landed["version"] == before + 3
    assert [len(loop) for loop in landed["loops"]] == [7]
    assert landed["segments"][0]["segment"] == "precursor"
    for path in (*PAGES, "segments/recycling", "segments/cathode"):
        assert client.get(f"/chain/{path}").status_code == 200, path
    trail = demo_park.browse("park").get("/identity/audit.csv").get_data(as_text=True)
    assert trail.count("enterprise.created") == earlier.count("enterprise.created") + 3


def test_the_same_with_weavers(park: Park, tmp_path: Path) -> None:
    """Fabric 2,000 + 3,000 covers 5,000; yarn then lacks 3,000, dye 500 − 200; buttons still 50."""
    park.staff()
    textile(park, tmp_path / "park")
    api, client = park.api("investment"), park.browse("investment")
    two = [{"name": name, "segment": "fabric", "output_wan": 1500} for name in ("东织", "西织")]
    answer = api.post("/chain/what-if", {"chain": "textile", "positions": two}).json
    assert answer["before"]["total_shortfall_wan"] == 4250.0
    after = segments(answer["after"])
    assert (after["fabric"]["coverage_ratio"], after["fabric"]["rank"]) == (1.0, None)
    assert (after["yarn"]["rank"], after["yarn"]["shortfall_wan"]) == (1, 3000.0)
    assert (after["dye"]["rank"], after["dye"]["shortfall_wan"]) == (2, 300.0)
    assert answer["after"]["total_shortfall_wan"] == 3350.0
    # A recycler spins 2,000 of yarn from its own 1,000 of recycled stuff and 1,600 of fibre nobody makes.
    recycler = [("yarn", 2000), ("recycling", 1000)]
    more = [*two, *({"name": "旧衣再生", "segment": s, "output_wan": o} for s, o in recycler)]
    answer = api.post("/chain/what-if", {"chain": "textile", "positions": more}).json
    after = segments(answer["after"])
    assert (after["yarn"]["shortfall_wan"], after["fibre"]["shortfall_wan"]) == (1000.0, 1600.0)
    assert after["recycling"]["coverage_ratio"] == 1.0
    assert answer["after"]["total_shortfall_wan"] == 1600.0 + 1000.0 + 300.0 + 50.0
    assert api.get("/chain/segments", chain="textile").json["total_shortfall_wan"] == 4250.0
    # The same firms as prospects, landed one step at a time.
    for name, adds in (("东织", [("fabric", 1500)]), ("西织", [("fabric", 1500)]), ("旧衣再生", recycler)):
        form = {
            "chain": "textile",
            "name": name,
            "segment": [s for s, _o in adds],
            "output": [o for _s, o in adds],
        }
        made = client.post("/chain/prospects", data=form)
        assert made.status_code == 303, made.get_data(as_text=True)
        place = made.headers["Location"].split("?")[0]
        assert client.post(f"{place}/move", data={"state": "landed"}).status_code == 409
        for state in STEPS:
            assert client.post(f"{place}/move", data={"state": state}).status_code == 303
    landed = api.get("/chain/segments", chain="textile").json
    assert landed["total_shortfall_wan"] == 2950.0
    assert len(segments(landed)["fabric"]["enterprises"]) == 4
    for path in PAGES:
        mark = "&" if "?" in path else "?"
        assert client.get(f"/chain/{path}{mark}chain=textile").status_code == 200, path
    trail = park.browse("park").get("/identity/audit.csv").get_data(as_text=True)
    assert (trail.count("enterprise.created"), trail.count("chain.prospect_moved")) == (3, 15)


def test_only_staff_recruit(demo_park: Park) -> None:
    demo_park.firm("E91")
    for login in ("e91", "auditor", "reviewer"):
        page = demo_park.browse(login).post("/chain/prospects/P01/move", data={"state": "lost"})
        assert page.status_code == 403
        assert demo_park.api(login).post("/chain/prospects/P01/move", {"state": "lost"}).status_code == 403
