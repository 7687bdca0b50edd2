"""The planner on the page and over the API: the same answer, limits, what is unknown, kept plans, one act into the pipeline."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from tests.chain.test_room import bring_in
from tests.factories import Park

ROWS = {
    "segments": "segment,name_zh,name_en,stage\npanel,面板,Panels,1\nglass,玻璃,Glass,2\nsand,石英砂,Sand,3\n",
    "inputs": "input,output,coefficient\nglass,panel,0.5\nsand,glass,0.25\n",
    "positions": "enterprise,name,segment,output_wan,in_park\nE01,甲屏,panel,800,yes\nE02,乙玻,glass,100,yes\n"
    "A,甲窑,glass,200,no\nB,乙窑,glass,300,no\nB,乙窑,sand,10,no\nS,砂矿,sand,90,no\n",
}


@pytest.fixture
def glass(park: Park, tmp_path: Path) -> Park:
    park.staff()
    folder = tmp_path / "glass"
    folder.mkdir()
    for name, text in ROWS.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    bring_in(park, folder, new_code="glass", new_name="玻璃")
    return park


COSTS = [{"enterprise": "A", "cost": 30}, {"enterprise": "B", "cost": 50}, {"enterprise": "S", "cost": 10}]


def test_the_call_answers_as_the_command_does_and_says_who_buys(glass: Park) -> None:
    """Budget 80: {B, S} keeps 400 + 100 (see test_rules); with A nothing is added."""
    found = glass.api("investment").post("/chain/recruit", {"budget": 80, "candidates": COSTS}).json
    assert (found["status"], found["chosen"], found["value_wan"], found["cost"]) == (
        "optimal",
        ["B", "S"],
        500,
        60,
    )
    assert (found["before_wan"], found["bound_wan"], found["gap_ratio"]) == (100, 500, 0)
    assert found["left_out"] == [{"enterprise": "A", "value_wan_with_it": 500, "reason": "no_gain"}]
    assert {row["segment"]: row["after_ratio"] for row in found["coverage"]} == {"glass": 1, "sand": 1}
    assert sum(row["value_wan"] for row in found["purchases"] if row["segment"] == "glass") == 300


def test_unknown_cost_is_not_free_and_every_fault_is_said(glass: Park) -> None:
    api = glass.api("investment")
    found = api.post("/chain/recruit", {"budget": 80, "candidates": COSTS[:1]}).json
    assert (found["chosen"], found["without_cost"]) == (["A"], ["B", "S"])
    wrong = api.post("/chain/recruit", {"candidates": [{"enterprise": "E01", "cost": 1}]})
    assert wrong.status_code == 422 and [reason["code"] for reason in wrong.json["reasons"]] == [
        "recruit_not_candidate"
    ]
    assert "E01" in wrong.text
    tight = api.post("/chain/recruit", {"budget": 55, "candidates": COSTS}).json
    assert (tight["chosen"], tight["value_wan"]) == (["B"], 410)
    assert [(row["enterprise"], row["reason"]) for row in tight["left_out"]] == [
        ("A", "no_gain"),
        ("S", "budget"),
    ]
    twice = api.post("/chain/recruit", {"candidates": [COSTS[0], COSTS[0]]})
    assert twice.status_code == 422
    musts = [dict(one, must=True) for one in COSTS]
    nobody = api.post("/chain/recruit", {"budget": 20, "candidates": musts}).json
    assert (nobody["status"], nobody["chosen"], nobody["value_wan"]) == ("infeasible", [], None)
    glass.firm("E09")
    assert glass.api("e09").post("/chain/recruit", {}).status_code == 403


def test_the_page_finds_the_set_keeps_it_and_takes_it_into_the_pipeline(glass: Park) -> None:
    page = glass.browse("investment")
    query = "budget=80&cost.A=30&cost.B=50&cost.S=10&spread.B=50"
    shown = page.get(f"/chain/planner?{query}").get_data(as_text=True)
    assert "请这 2 家" in shown and "乙窑" in shown and "砂矿" in shown and "预算余 20" in shown
    assert "加入后不增加" in shown and "312.5" in shown  # B makes half
    english = glass.browse("investment")
    english.get("/identity/language?lang=en")
    assert "Invite these 2 firms" in english.get(f"/chain/planner?{query}").get_data(as_text=True)

    refused = page.get("/chain/planner?budget=many&cost.A=-1&spread.B=101")
    text = refused.get_data(as_text=True)
    assert refused.status_code == 422 and all(f"“{value}”" in text for value in ("many", "-1", "101"))

    form = dict(part.split("=") for part in query.split("&"))
    assert page.post("/chain/planner/keep", data={**form, "title": ""}).status_code == 422
    kept = page.post("/chain/planner/keep", data={**form, "title": "两家方案", "shared": "1"})
    assert kept.status_code == 303
    again = page.get(kept.location).get_data(as_text=True)
    assert "两家方案" in again and "2 家，500 万元 / 年，成本 60" in again
    assert "两家方案" in glass.browse("park").get("/chain/planner").get_data(as_text=True)
    assert glass.browse("park").post("/chain/planner/plans/1/drop").status_code == 404  # somebody else's
    assert page.post("/chain/planner/plans/1/drop").status_code == 303

    book = openpyxl.load_workbook(io.BytesIO(page.get(f"/chain/planner.xlsx?{query}").data))
    first = list(book.worksheets[0].iter_rows(values_only=True))
    assert [row[0] for row in first[1:]] == ["B", "S"] and [row[3] for row in first[1:]] == [50, 10]
    paper = PdfReader(io.BytesIO(page.get(f"/chain/planner.pdf?{query}").data))
    words = "".join(part.extract_text() for part in paper.pages)
    assert "乙窑" in words and "已证明最优" in words

    assert page.post("/chain/planner/take-up", data=form).status_code == 303
    rows = glass.api("investment").get("/chain/prospects").json["items"]
    assert sorted(row["prospect"] for row in rows) == ["B", "S"]
    again = page.get("/chain/planner?budget=80&cost.A=30").get_data(as_text=True)  # the costs are known now
    assert "请这 2 家" in again
    assert page.post("/chain/planner/take-up", data=form).status_code == 303  # twice is once
    assert len(glass.api("investment").get("/chain/prospects").json["items"]) == 2


def test_a_typed_firm_is_a_candidate_like_any_other(glass: Park) -> None:
    page = glass.browse("investment")
    query = "budget=40&cost.%2B丙窑=25&name=丙窑&segment=glass&output=３００&cost.S=10"
    shown = page.get(f"/chain/planner?{query}").get_data(as_text=True)
    assert "请这 2 家" in shown and "丙窑" in shown
    form = {
        "budget": "40",
        "cost.+丙窑": "25",
        "name": "丙窑",
        "segment": "glass",
        "output": "300",
        "cost.S": "10",
    }
    assert page.post("/chain/planner/take-up", data=form).status_code == 303
    names = {row["name"] for row in glass.api("investment").get("/chain/prospects").json["items"]}
    assert names == {"丙窑", "砂矿"}


def test_the_demo_tells_the_story(demo_park: Park) -> None:
    """Two cathode works, then precursor, and the recycler that closes the loop; one firm at a time ends lower."""
    api = demo_park.api("investment")
    found = api.post("/chain/recruit", {"budget": 3000}).json
    assert found["chosen"] == ["P01", "P02", "P03", "P04"] and found["cost"] == 2860
    assert (found["status"], found["value_wan"]) == ("optimal", found["bound_wan"])
    assert found["value_wan"] - found["before_wan"] == pytest.approx(17154)
    assert found["greedy"]["value_wan"] < found["value_wan"]
    assert [(row["enterprise"], row["reason"]) for row in found["left_out"]] == [
        ("P05", "budget"),
        ("P06", "no_gain"),
    ]
    cathode_first = [point["chosen"] for point in found["front"]]
    assert {"P01", "P02"} < set(cathode_first[3]) and cathode_first[4] == found["chosen"]
