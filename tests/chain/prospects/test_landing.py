"""A landing brings a firm that can sign in; it can be taken back while nothing hangs on it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.factories import Park
from tests.walks.test_01_weak_link import textile

PASSWORD = "a long enough secret"
CODE = "91350100M000100Y43"


@pytest.fixture
def signed(park: Park, tmp_path: Path) -> Park:
    """A textile park with a signed prospect that would make fabric."""
    park.staff()
    textile(park, tmp_path / "park")
    page = park.browse("investment")
    data = {"name": "东织科技", "segment": "fabric", "output": "1500", "chain": "textile"}
    assert page.post("/chain/prospects", data=data).status_code == 303
    for state in ("contacted", "visited", "negotiating", "signed"):
        assert park.api("investment").post("/chain/prospects/P01/move", {"state": state}).status_code == 200
    return park


def test_a_landed_firm_signs_in(signed: Park) -> None:
    api = signed.api("investment")
    body = {"state": "landed", "credit_code": CODE, "contact": "王", "administrator": {"name": "王"}}
    wrong = api.post("/chain/prospects/P01/move", {**body, "credit_code": CODE[:-1] + "4"})
    assert (wrong.status_code, wrong.json["reasons"][0]["code"]) == (422, "credit_code_check")
    landed = api.post("/chain/prospects/P01/move", body)
    assert landed.status_code == 200, landed.text
    path = re.sub(r"^https?://[^/]+", "", landed.json["invitation"]["url"])
    data = {"name": "王", "login": "wang", "password": PASSWORD, "again": PASSWORD}
    assert signed.app.test_client().post(path, data=data).status_code == 303
    assert signed.api("wang").get("/identity/me").json["organisation"]["code"] == landed.json["organisation"]
    assert api.post("/chain/prospects/P01/move", body).status_code == 409, "a landing twice"
    stands = api.post("/chain/prospects/P01/take-back", {"reason": "x"})
    assert stands.status_code == 409, "its administrator hangs on it"


def test_a_landing_is_taken_back_while_nothing_hangs_on_it(signed: Park) -> None:
    api = signed.api("investment")
    before = api.get("/chain/segments", chain="textile").json["total_shortfall_wan"]
    api.post("/chain/prospects/P01/move", {"state": "landed"})
    assert api.get("/chain/segments", chain="textile").json["total_shortfall_wan"] != before
    back = signed.browse("investment").post("/chain/prospects/P01/take-back", data={"reason": "签错了"})
    assert back.status_code == 303, back.text
    assert api.get("/chain/segments", chain="textile").json["total_shortfall_wan"] == before
    assert api.post("/chain/prospects/P01/move", {"state": "landed"}).status_code == 200


def test_a_firm_that_is_there_lands_on_its_own_row(signed: Park) -> None:
    signed.organisation("E77", name_zh="东织科技有限公司")
    api = signed.api("investment")
    offered = api.post("/chain/prospects/P01/move", {"state": "landed"})
    assert (offered.status_code, offered.json["candidates"][0]["code"]) == (409, "E77")
    landed = api.post("/chain/prospects/P01/move", {"state": "landed", "organisation": "E77"})
    assert landed.json["organisation"] == "E77"
