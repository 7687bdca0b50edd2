"""Story 4: a firm meets suppliers and customers it does not deal with yet, and its orders grow."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.factories import Park
from tests.walks.shown import names
from tests.walks.test_01_weak_link import textile


def offered(
    park: Park, code: str, side: str, login: str = "investment", **query: str
) -> list[dict[str, Any]]:
    answer = park.api(login).get(f"/chain/enterprises/{code}/matches", side=side, **query)
    assert answer.status_code == 200, answer.json
    items: list[dict[str, Any]] = answer.json["items"]
    assert answer.json["total"] == len(items)
    assert all(row["reasons"] for row in items)
    assert [row["score"] for row in items] == sorted((row["score"] for row in items), reverse=True)
    return items


def test_three_suppliers_and_five_customers_bring_80_percent(demo_park: Park) -> None:
    staff, firm = demo_park.browse("investment"), demo_park.browse("e01")
    assert "10,000" in firm.get("/chain/firms/E01/matches").get_data(as_text=True)
    hidden = {row["enterprise"] for row in offered(demo_park, "E01", "customers", "e01")}
    for side, wanted in (("suppliers", 3), ("customers", 5)):
        items = offered(demo_park, "E01", side)
        assert len(items) == wanted
        assert not hidden & {row["enterprise"] for row in items}  # a firm sees no codes
        for row in items:
            form = {
                "side": side,
                "partner": row["enterprise"],
                "segment": row["segment"],
                "value_wan": str(row["value_wan"]),
                "decision": "agree",
            }
            assert staff.post("/chain/firms/E01/matches", data=form).status_code == 303
        assert offered(demo_park, "E01", side) == []  # nobody is proposed twice
    page = firm.get("/chain/firms/E01/matches").get_data(as_text=True)
    assert "+80.0 %" in page
    assert "10,000 → 18,000" in page
    assert len(re.findall("顾望舒 确认于", page)) == 8


def test_weavers_find_each_other(park: Park, tmp_path: Path) -> None:
    """T03 sells 300 to T01. T01 needs 3,000 of fabric: T04 has 500 to spare; T02 needs 2,000 and buys from nobody."""
    park.staff()
    for code in ("T01", "T02", "T03", "T04"):
        park.firm(code)
    textile(park, tmp_path / "park", supply=(("T03", "T01", "fabric", 300),))
    suppliers = {(row["enterprise"], row["segment"]): row for row in offered(park, "T01", "suppliers")}
    assert set(suppliers) == {("T04", "fabric"), ("T06", "buttons")}  # not T03, its partner; not itself
    fabric = suppliers["T04", "fabric"]
    assert fabric["value_wan"] == 500.0
    why = "".join(fabric["reasons"])
    assert all(words in why for words in ("3,000", "2,700", "500", "第二来源"))
    (customer,) = offered(park, "T03", "customers")
    assert (customer["enterprise"], customer["value_wan"]) == ("T02", 1200.0)  # 1,500 made, 300 sold
    # T03 asks without knowing whom; T02 says yes; only then do both see a name.
    seller, buyer = park.browse("t03"), park.browse("t02")
    page = seller.get("/chain/firms/T03/matches?side=customers").get_data(as_text=True)
    assert not names(page, "T02")
    (row,) = offered(park, "T03", "customers", "t03")
    form = {"side": "customers", "partner": row["enterprise"], "segment": "fabric", "decision": "agree"}
    assert seller.post("/chain/firms/T03/matches", data=form | {"value_wan": "0"}).status_code == 422
    assert seller.post("/chain/firms/T03/matches", data=form | {"value_wan": "450"}).status_code == 303
    page = buyer.get("/chain/firms/T02/matches").get_data(as_text=True)
    assert not names(page, "T03")
    place = re.search(r'action="(/chain/matches/\d+/agree)"', page)[1]  # type: ignore[index]
    assert park.browse("t01").post(place).status_code == 404
    assert buyer.post(place).status_code == 303
    page = seller.get("/chain/firms/T03/matches").get_data(as_text=True)
    assert "T02公司" in page
    assert "t02 先生 确认于" in page
    assert "300 → 750" in page
    assert "+150.0 %" in page
    # A no is final, from either side and whatever changes.
    form = {"side": "suppliers", "partner": "T04", "segment": "fabric", "decision": "decline"}
    assert park.browse("investment").post("/chain/firms/T01/matches", data=form).status_code == 303
    assert {row["enterprise"] for row in offered(park, "T01", "suppliers")} == {"T06"}
    assert {row["enterprise"] for row in offered(park, "T04", "customers")} == {"T02"}
    assert offered(park, "T01", "customers") == []
