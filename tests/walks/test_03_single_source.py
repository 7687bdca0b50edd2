"""Story 3: a segment that one firm covers is a single source, not a gap, and stays one until a second comes."""

from __future__ import annotations

from pathlib import Path

from tests.chain.test_room import segments
from tests.factories import Park
from tests.walks.test_01_weak_link import textile


def test_thermal_management_is_covered_by_one_firm(demo_park: Park) -> None:
    answer = demo_park.api("investment").get("/chain/segments").json
    thermal = segments(answer)["thermal"]
    # 0.05 · 20,000 of packs are 1,000, and 温屿热管理 makes 1,000.
    assert (thermal["demand_wan"], thermal["supply_wan"], thermal["shortfall_wan"]) == (1000.0, 1000.0, 0.0)
    assert (thermal["coverage_ratio"], thermal["rank"], thermal["labels"]) == (1.0, None, ["single_source"])
    assert "温屿热管理" in "".join(thermal["reasons"])
    page = demo_park.browse("investment").get("/chain/segments/thermal").get_data(as_text=True)
    assert "单一来源" in page
    assert "温屿热管理" in page
    english = demo_park.browse("investment", "en").get("/chain/segments/thermal").get_data(as_text=True)
    assert "single source" in english.lower()


def test_a_second_firm_ends_it_and_the_loss_of_the_first_is_a_gap(park: Park, tmp_path: Path) -> None:
    """Dye: 0.1 · 2,000 of fabric are 200, and 潮色染料 alone makes 200."""
    park.staff()
    textile(park, tmp_path / "park")
    api = park.api("investment")
    dye = segments(api.get("/chain/segments", chain="textile").json)["dye"]
    assert (dye["coverage_ratio"], dye["rank"], dye["labels"]) == (1.0, None, ["single_source"])
    second = [{"name": "第二染料", "segment": "dye", "output_wan": 200}]
    answer = api.post("/chain/what-if", {"chain": "textile", "positions": second}).json
    assert segments(answer["after"])["dye"]["labels"] == ["strong"]
    small = [{"name": "小染坊", "segment": "dye", "output_wan": 1}]
    answer = api.post("/chain/what-if", {"chain": "textile", "positions": small}).json
    # Two firms, but one of them makes nearly all of it.
    assert segments(answer["after"])["dye"]["labels"] == ["concentrated"]
    answer = api.post("/chain/what-if", {"chain": "textile", "without": ["T05"]}).json
    dye = segments(answer["after"])["dye"]
    assert (dye["shortfall_wan"], dye["coverage_ratio"], dye["labels"]) == (200.0, 0.0, ["missing"])
    assert dye["rank"] == 3  # after fabric 3,000 and yarn 1,200, before buttons 50
