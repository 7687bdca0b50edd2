"""A firm gets onto the chain without a file: in its own words, confirmed by an officer, on the map at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.chain.wishes.rules import likely_segments
from tests.factories import Park
from tests.walks.test_01_weak_link import textile


@pytest.fixture
def weaver(park: Park, tmp_path: Path) -> Park:
    park.staff()
    textile(park, tmp_path / "park")
    park.firm("E50", name_zh="新织")
    return park


def test_the_name_of_a_segment_counts_more_than_a_maker_of_something_alike() -> None:
    names = {"fabric": ["面料"], "yarn": ["纱线"], "dye": ["染料"]}
    found = likely_segments("棉纺面料", names, [("yarn", 0.4), ("dye", 0.2), ("outside", 1.0)])
    assert [code for code, _score in found] == ["fabric", "yarn", "dye"]
    assert likely_segments("完全无关", names, []) == []


def test_a_firm_says_what_it_makes_and_stands_on_the_map(weaver: Park) -> None:
    firm, staff = weaver.api("e50"), weaver.api("investment")
    first = firm.get("/chain/segments/suggest", q="yarn for weavers").json["items"][0]
    assert first["segment"] == "yarn"
    said = firm.post(
        "/chain/wishes", {"segment": "yarn", "makes": "棉纱", "output_wan": 1200, "customers": ["T03"]}
    )
    assert said.status_code == 201, said.text
    # 4,250 before; 1,200 yarn cover 0.6 · 2,000, and ask for 0.8 · 1,200 fibre and 0.5 · 1,200 of recycling.
    assert staff.get("/chain/segments", chain="textile").json["total_shortfall_wan"] == 4250.0
    assert [row["id"] for row in staff.get("/chain/wishes").json["items"]] == [said.json["id"]]
    assert firm.post(f"/chain/wishes/{said.json['id']}/confirm").status_code == 403
    assert staff.post(f"/chain/wishes/{said.json['id']}/confirm").json["state"] == "confirmed"
    assert staff.post(f"/chain/wishes/{said.json['id']}/confirm").status_code == 409
    assert staff.get("/chain/segments", chain="textile").json["total_shortfall_wan"] == 4610.0
    assert weaver.browse("e50").get("/chain/firms/E50").status_code == 200


def test_an_officer_asks_back_and_a_partner_nobody_knows_is_refused(weaver: Park) -> None:
    firm = weaver.api("e50")
    wrong = firm.post(
        "/chain/wishes", {"segment": "silk", "makes": "丝", "output_wan": 1, "suppliers": ["X9"]}
    )
    assert [one["code"] for one in wrong.json["reasons"]] == ["chain_unknown_segment", "chain_wish_partner"]
    page = weaver.browse("e50")
    assert "yarn" in page.get("/chain/say?q=yarn").text
    data = {"segment": "yarn", "makes": "棉纱", "output_wan": "1200", "chain": "textile"}
    assert page.post("/chain/say", data=data).status_code == 303
    office = weaver.browse("investment")
    assert "棉纱" in office.get("/chain/wishes").text
    assert office.post("/chain/wishes/1", data={"decision": "ask", "question": "支数？"}).status_code == 303
    assert "支数？" in page.get("/chain/say").text


def test_an_officer_writes_single_rows(weaver: Park) -> None:
    staff = weaver.api("investment")
    body = {"enterprise": "E50", "segment": "yarn", "output_wan": 100}
    assert staff.post("/chain/positions", body).status_code == 201
    assert staff.post("/chain/positions", {**body, "output_wan": 200}).status_code == 201
    row = {"supplier": "E50", "customer": "T03", "segment": "yarn", "value_wan": 50}
    assert staff.post("/chain/supplies", row).status_code == 201
    assert staff.post("/chain/supplies", {**row, "customer": "E50"}).status_code == 422
    assert weaver.api("e50").post("/chain/positions", body).status_code == 403


def test_several_firms_are_confirmed_together_and_who_stands_there_already_is_told(weaver: Park) -> None:
    weaver.firm("E51")
    ids = []
    for code, output in (("e50", 1200), ("e51", 300)):
        said = {"segment": "yarn", "makes": "棉纱", "output_wan": output}
        ids.append(weaver.api(code).post("/chain/wishes", said).json["id"])
    staff = weaver.api("investment")
    assert staff.post(f"/chain/wishes/{ids[0]}/confirm").status_code == 200
    ticked = {"chosen": [str(one) for one in ids]}
    assert weaver.browse("e50").post("/chain/wishes", data=ticked).status_code == 403
    office = weaver.browse("investment")
    shown = office.post("/chain/wishes", data=ticked, follow_redirects=True).text
    assert "已处理 1 条" in shown and f"申请 {ids[0]}：" in shown
    assert staff.get("/chain/wishes").json["items"] == []
    assert "请先勾选" in office.post("/chain/wishes", data={}, follow_redirects=True).text
