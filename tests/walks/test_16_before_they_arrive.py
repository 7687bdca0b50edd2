"""Story 16: a prospect reads its pack by secret link, meets masked neighbours and leaves with signed intended orders."""

from __future__ import annotations

import io
import re

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from tests.factories import Park

# Whom the prospect asks for, what it intends to order there, in which unit, and that in 万元.
ORDERS = ((60, "万元", 60.0), (875_000, "元", 87.5), (12.5, "万元", 12.5))


def pack_for(staff: FlaskClient, prospect: str, industry: str) -> tuple[str, int]:
    """Prepare and share a pack for a prospect of the chain: the address behind its link, and its number."""
    form = staff.get(f"/ecosystem/packs/new?prospect={prospect}").get_data(as_text=True)
    number = re.findall(rf'<option[^>]*value="(\d+)"[^>]*>{prospect} ', form)[0]
    segment = re.findall(r'<option selected value="([a-z_]+)"', form)
    made = staff.post(
        "/ecosystem/packs/new",
        data={
            "name": "屿光正极",
            "prospect_id": number,
            "industry": industry,
            "segment": segment[0] if segment else "",
        },
    )
    assert made.status_code == 303, made.get_data(as_text=True)
    assert staff.post(f"{made.location}/share").status_code == 303
    page = staff.get(made.location).get_data(as_text=True)
    link = re.findall(r'value="http://[^/]+(/ecosystem/welcome/[^"]+)"', page)[0]
    return link, int(made.location.rsplit("/", 1)[1])


@pytest.fixture
def walk(demo_park: Park) -> tuple[FlaskClient, str, int]:
    """The staff, the address behind the secret link, and the number of the pack."""
    staff = demo_park.browse("investment")
    link, number = pack_for(staff, "P02", "battery")
    return staff, link, number


def test_a_prospect_leaves_with_signed_orders_before_it_has_registered(
    demo_park: Park, walk: tuple[FlaskClient, str, int]
) -> None:
    leaves_with_signed_orders(demo_park, walk, "P02")


def leaves_with_signed_orders(park: Park, walk: tuple[FlaskClient, str, int], prospect: str) -> None:
    staff, link, pack = walk
    stranger = park.app.test_client()
    page = stranger.get(link).get_data(as_text=True)
    names = {
        f["code"]: f["name_zh"]
        for f in park.api("park").get("/identity/enterprises", limit=200).json["items"]
    }
    assert len(names) > 20
    paper = stranger.get(f"{link}/pack.pdf")
    words = "".join(p.extract_text() for p in PdfReader(io.BytesIO(paper.data)).pages)
    for name in names.values():
        assert name not in page and name not in words, name
    for heading in ("未来邻居", "可预约资源", "入驻权益"):
        assert heading in page and heading in words

    api, total, met = park.api("investment"), 0.0, set()
    contents = api.get(f"/ecosystem/packs/{pack}").json["contents"]
    neighbours = [i for i in contents if i["kind"] == "neighbour" and i["organisation"] in names]
    for item, (amount, unit, wan) in zip(neighbours[:3], ORDERS, strict=True):
        assert stranger.post(f"{link}/items/{item['id']}/want").status_code == 303
        login = item["organisation"].lower()
        met.add(names[item["organisation"]])
        firm, giving = park.browse(login), park.api(login)
        assert "屿光" not in firm.get("/ecosystem/requests").get_data(as_text=True)
        agreed = firm.post(f"/ecosystem/requests/{item['id']}/agree")
        assert agreed.status_code == 303
        path = f"/ecosystem/introductions/{agreed.location.rsplit('/', 1)[1]}"
        for to in ("met", "negotiating", "agreed", "delivering"):
            assert api.post(f"{path}/move", {"to": to}).status_code == 200
        body = {"metric": "意向订单", "baseline": 0, "actual": amount, "unit": unit, "period": "2027 年"}
        outcome = api.post(f"{path}/outcomes", body).json["id"]
        assert api.post(f"{path}/outcomes/{outcome}/confirm").status_code == 403  # the one who wrote it
        (before,) = api.get(f"/ecosystem/packs/{pack}").json["confirmed"] or [{"change": 0}]
        assert before["change"] == total
        assert giving.post(f"{path}/outcomes/{outcome}/confirm").status_code == 200
        total += wan
    assert total == 160
    (after,) = api.get(f"/ecosystem/packs/{pack}").json["confirmed"]
    assert after == {"metric": "意向订单", "unit": "万元", "change": 160}
    assert "意向订单 +160 万元" in staff.get("/ecosystem/packs").get_data(as_text=True)
    seen = stranger.get(link).get_data(as_text=True)
    assert {name for name in names.values() if name in seen} == met

    # It lands: the introductions of its pack are its own.
    for state in ("contacted", "visited", "negotiating", "signed", "landed"):
        staff.post(f"/chain/prospects/{prospect}/move", data={"state": state, "note": "步骤"})
    landed = park.api("park").get("/identity/enterprises", limit=200).json["items"]
    (code,) = {firm["code"] for firm in landed} - set(names)
    opened = api.get(f"/ecosystem/packs/{pack}").json["introductions"]
    askers = [api.get(f"/ecosystem/introductions/{number}").json["asking"]["code"] for number in opened]
    assert askers == [code] * 3


def test_each_industry_is_prepared_its_own_way(demo_park: Park) -> None:
    """Biotech reads about cells and laboratories, creative firms about copyright, cross-border ones about warehouses."""
    api = demo_park.api("investment")
    for industry, words, foreign in (
        ("biotech", ("细胞", "实验室"), "版权"),
        ("culture", ("版权",), "细胞"),
        ("crossborder", ("海外仓",), "细胞"),
    ):
        made = api.post("/ecosystem/packs", {"name": "新企业", "industry": industry})
        assert made.status_code == 201
        contents = api.get(f"/ecosystem/packs/{made.json['id']}").json["contents"]
        text = " ".join(f"{i['title']} {i['reason']}" for i in contents if i["kind"] != "benefit")
        assert all(word in text for word in words), (industry, text)
        assert foreign not in text, (industry, text)
