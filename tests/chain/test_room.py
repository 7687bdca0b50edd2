"""Stories 1–4 and the rest of the room over HTTP, on both databases."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.chain.folders import COEFFICIENTS, FIRMS, battery
from tests.factories import Park

TABLES = ("segments", "inputs", "positions", "supply", "essentiality")


def files_of(folder: Path) -> list[tuple[io.BytesIO, str]]:
    return [(io.BytesIO(path.read_bytes()), path.name) for path in sorted(folder.iterdir())]


def upload(client: FlaskClient, folder: Path, **fields: str) -> Any:
    data = {"files": files_of(folder), "chain": "+", "new_code": "battery", "new_name": "电池", **fields}
    return client.post("/chain/import", data=data, content_type="multipart/form-data")


def bring_in(park: Park, folder: Path, **fields: str) -> str:
    """Upload, look at the preview, apply; answers the address of the import."""
    client = park.browse("investment")
    answer = upload(client, folder, **fields)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    place = answer.headers["Location"]
    assert "新增" in client.get(place).get_data(as_text=True)
    step = place.split("?")[0]
    code = fields.get("chain", "+")
    code = fields.get("new_code", "battery") if code == "+" else code
    assert client.post(f"{step}/apply", data={"chain": code}).status_code == 303
    return step


@pytest.fixture
def chain(park: Park, tmp_path: Path) -> Park:
    """A park with the battery chain imported through the page and all its firms registered."""
    park.staff()
    for code, name, _segment, _output in FIRMS:
        park.firm(code, name_zh=name)
    supply = [("E01", "E03", "cell", 10000), ("E04", "E01", "cathode", 1600), ("E05", "E01", "anode", 1700)]
    bring_in(park, battery(tmp_path / "park", supply=supply))
    return park


def segments(answer: Any) -> dict[str, Any]:
    return {row["segment"]: row for row in answer["segments"]}


def test_story_1_over_the_api_and_on_the_page(chain: Park) -> None:
    answer = chain.api("investment").get("/chain/segments", chain="battery")
    assert answer.status_code == 200
    found = segments(answer.json)
    assert answer.json["total_shortfall_wan"] == 13240.0
    assert found["cathode"]["rank"] == 1
    assert found["cathode"]["coverage_ratio"] == 0.15
    page = chain.browse("investment").get("/chain/weak-links").get_data(as_text=True)
    assert page.index("cathode") < page.index("precursor")
    assert "13,240" in page
    assert "77.0 %" in page
    assert "白鹭正极" in page
    assert chain.browse("investment").get("/chain/").status_code == 200


def test_what_if_stores_nothing(chain: Park) -> None:
    api = chain.api("investment")
    body = {
        "chain": "battery",
        "positions": [{"name": n, "segment": "cathode", "output_wan": 4000} for n in ("甲", "乙")],
    }
    answer = api.post("/chain/what-if", body)
    assert answer.status_code == 200, answer.json
    after = segments(answer.json["after"])
    assert after["cathode"]["coverage_ratio"] == pytest.approx(9800 / 12000)
    assert (after["precursor"]["rank"], after["precursor"]["shortfall_wan"]) == (1, 5390.0)
    assert answer.json["before"] == {
        key: value for key, value in api.get("/chain/segments").json.items() if key in answer.json["before"]
    }
    body["positions"] += [
        {"name": "丙", "segment": "precursor", "output_wan": 3000},
        {"name": "丙", "segment": "lithium_salt", "output_wan": 800},
    ]
    assert api.post("/chain/what-if", body).json["after"]["total_shortfall_wan"] == 7840.0
    wrong = {"chain": "battery", "positions": [{"name": "x", "segment": "nowhere", "output_wan": 1}]}
    refused = api.post("/chain/what-if", wrong)
    assert refused.status_code == 422
    assert refused.json["reasons"][0]["code"] == "chain_unknown_segment"
    for bad in (-1, float("inf"), "many"):
        assert (
            api.post(
                "/chain/what-if", {"positions": [{"name": "x", "segment": "cell", "output_wan": bad}]}
            ).status_code
            == 422
        )


def test_landing_makes_an_enterprise_and_leaves_a_trail(chain: Park) -> None:
    client = chain.browse("investment")
    form = {
        "chain": "battery",
        "name": "皓沙正极",
        "segment": ["cathode", "precursor"],
        "output": ["4000", "10"],
    }
    assert client.post("/chain/prospects", data=form).status_code == 303
    assert (
        client.post("/chain/prospects/P01/move", data={"state": "signed"}).status_code == 409
    )  # one step at a time
    for state in ("contacted", "visited", "negotiating", "signed", "landed"):
        assert (
            client.post("/chain/prospects/P01/move", data={"state": state, "note": "好"}).status_code == 303
        ), state
    assert client.post("/chain/prospects/P01/move", data={"state": "lost"}).status_code == 409
    found = segments(chain.api("investment").get("/chain/segments").json)
    assert len(found["cathode"]["enterprises"]) == 2
    assert found["cathode"]["supply_wan"] == 5800.0
    assert "已落地" in client.get("/chain/prospects/P01").get_data(as_text=True)
    from sqlalchemy import text

    from app.hall.db.base import db

    with chain.app.app_context():
        actions = db.session.scalars(text("SELECT action FROM audit_event ORDER BY id")).all()
    assert "enterprise.created" in actions
    assert actions.count("chain.prospect_moved") == 5


def test_story_4_matches_and_who_confirmed_them(chain: Park, tmp_path: Path) -> None:
    api = chain.api("investment")
    items = api.get("/chain/enterprises/E01/matches", side="suppliers").json["items"]
    partners = {row["enterprise"] for row in items}
    assert "E01" not in partners
    assert not partners & {"E04", "E05", "E03"}  # dealt with already
    assert {"E06", "E07", "E08", "E09", "E10"} <= partners
    assert all(row["reasons"] for row in items)
    # the firm asks, the other side says yes, the name shows and the orders count
    firm = chain.browse("e06")
    page = firm.get("/chain/firms/E06/matches?side=customers").get_data(as_text=True)
    assert "江澜电芯" not in page
    handle = re.search(r'name="partner" value="([0-9a-f]{16})"', page)[1]  # type: ignore[index]
    form = {
        "side": "customers",
        "partner": handle,
        "segment": "anode",
        "value_wan": "800",
        "decision": "agree",
    }
    assert firm.post("/chain/firms/E06/matches", data=form).status_code == 303
    assert firm.post("/chain/firms/E06/matches", data=form).status_code == 409
    other = chain.browse("e01")
    page = other.get("/chain/firms/E01/matches").get_data(as_text=True)
    assert "滩涂负极" not in page
    place = re.search(r'action="(/chain/matches/\d+/agree)"', page)[1]  # type: ignore[index]
    assert chain.browse("e02").post(place).status_code == 404
    assert other.post(place).status_code == 303
    page = other.get("/chain/firms/E01/matches").get_data(as_text=True)
    assert "滩涂负极" in page
    assert "e01 先生 确认于" in page
    assert "E06" not in {row["enterprise"] for row in api.get("/chain/enterprises/E01/matches").json["items"]}
    # staff note an agreement: orders of the pack maker's supplier grow
    seller = chain.browse("investment")
    form = {
        "side": "customers",
        "partner": "E03",
        "segment": "thermal",
        "value_wan": "900",
        "decision": "agree",
    }
    assert seller.post("/chain/firms/E16/matches", data=form).status_code == 303
    form = {"side": "suppliers", "partner": "E15", "segment": "bms", "value_wan": "5", "decision": "decline"}
    assert seller.post("/chain/firms/E03/matches", data=form).status_code == 303
    items = api.get("/chain/enterprises/E03/matches", side="suppliers").json["items"]
    assert {row["enterprise"] for row in items} == {"E14"}  # a no is final, a partner is known
    items = api.get("/chain/enterprises/E15/matches", side="customers").json["items"]
    assert "E03" not in {row["enterprise"] for row in items}


def test_who_may_see_what(chain: Park) -> None:
    firm, stranger = chain.api("e01"), chain.api("e02")
    assert firm.get("/chain/segments").status_code == 403
    assert firm.post("/chain/what-if", {"positions": []}).status_code == 403
    assert firm.get("/chain/enterprises/E01/matches").status_code == 200
    assert stranger.get("/chain/enterprises/E01/matches").status_code == 404
    assert stranger.get("/chain/enterprises/ZZZ/matches").status_code == 404
    for path in ("/chain/knock-out", "/chain/risk", "/chain/prospects", "/chain/export/csv"):
        assert firm.get(path).status_code == 403, path
    names = json.dumps(firm.get("/chain/enterprises/E01/matches").json, ensure_ascii=False)
    assert not any(f'"{code}"' in names or name in names for code, name, *_ in FIRMS if code != "E01")
    client = chain.browse("e01")
    for path in (
        "weak-links",
        "segments/cathode",
        "what-if",
        "scenarios",
        "knock-out",
        "risk",
        "prospects",
        "actions",
        "import",
    ):
        assert client.get(f"/chain/{path}").status_code == 403, path
    assert client.get("/chain/firms/E01").status_code == 200
    assert client.get("/chain/firms/E02").status_code == 404
    auditor = chain.browse("auditor")
    assert auditor.get("/chain/weak-links").status_code == 200
    assert auditor.post("/chain/prospects", data={}).status_code == 403
    assert auditor.post("/chain/prospects/P01/move", data={"state": "lost"}).status_code == 403


def test_aggregates_only_over_three_others(chain: Park) -> None:
    """Casing has three firms: an outsider sees their sum, one of them would be left with two and sees nothing."""
    outsider = chain.browse("e02").get("/chain/segments/casing/panel").get_data(as_text=True)
    assert "1,800" in outsider
    insider = chain.browse("e11").get("/chain/segments/casing/panel").get_data(as_text=True)
    assert "1,800" not in insider
    assert "1,100" not in insider
    assert "700" in insider  # its own
    two = chain.browse("e02").get("/chain/segments/anode/panel").get_data(as_text=True)
    assert "3,000" not in two
    page = chain.browse("e02").get("/chain/").get_data(as_text=True)
    assert "薄弱" not in page.split("pl-main")[1]


def test_import_shows_problems_and_stores_nothing(chain: Park, tmp_path: Path) -> None:
    client = chain.browse("investment")
    before = chain.api("investment").get("/chain/segments").json
    folder = battery(tmp_path / "bad")
    path = folder / "positions.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("30000", "很多").replace("thermal", "heat"), encoding="utf-8"
    )
    answer = upload(client, folder, chain="battery")
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "positions.csv:2:output_wan:" in page
    assert "positions.csv:17:segment:" in page
    for name, content in (
        ("positions.csv", "enterprise,name\n".encode("gbk")),
        ("notes.txt", b"x"),
        ("a.xlsx", b"x"),
    ):
        data = {"files": [(io.BytesIO(content), name)], "chain": "battery"}
        assert client.post("/chain/import", data=data, content_type="multipart/form-data").status_code == 422
    assert client.post("/chain/import", data={"chain": "battery"}).status_code == 422
    assert chain.api("investment").get("/chain/segments").json == before


def test_import_changes_and_undo(chain: Park, tmp_path: Path) -> None:
    client, api = chain.browse("investment"), chain.api("investment")
    before = api.get("/chain/segments").json
    folder = battery(tmp_path / "next")
    path = folder / "positions.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("E04,白鹭正极,cathode,1800", "E04,白鹭正极,cathode,2800")
        .replace("E13,港西冲压,casing,500,yes\n", "E99,新来者,casing,400,yes\n")
        .replace("\r", ""),
        encoding="utf-8",
    )
    answer = upload(client, folder, chain="battery")
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "E99" in page
    assert "<del>1800</del> <ins>2800</ins>" in page
    step = answer.headers["Location"].split("?")[0]
    other = upload(client, folder, chain="battery").headers["Location"].split("?")[0]
    assert client.post(f"{step}/apply", data={"chain": "battery"}).status_code == 303
    assert (
        client.post(f"{other}/apply", data={"chain": "battery"}).status_code == 409
    )  # the data changed since
    found = segments(api.get("/chain/segments").json)
    assert found["cathode"]["shortfall_wan"] == 9200.0
    assert "E99" in found["casing"]["enterprises"]
    assert client.post(f"{step}/undo", data={"chain": "battery"}).status_code == 303
    after = api.get("/chain/segments").json
    assert after["segments"] == before["segments"]
    assert client.post(f"{step}/undo", data={"chain": "battery"}).status_code == 409


def test_what_is_exported_can_be_imported(chain: Park, tmp_path: Path) -> None:
    client = chain.browse("investment")
    archive = zipfile.ZipFile(io.BytesIO(client.get("/chain/export.zip").data))
    folder = tmp_path / "exported"
    archive.extractall(folder)
    answer = upload(client, folder, chain="battery")
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert page.count("没有变化。") == 5
    book = client.get("/chain/export.xlsx").data
    data = {"files": [(io.BytesIO(book), "chain.xlsx")], "chain": "battery"}
    answer = client.post("/chain/import", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert client.get(answer.headers["Location"]).get_data(as_text=True).count("没有变化。") == 5
    import networkx as nx

    graph = nx.parse_graphml(client.get("/chain/export.graphml").get_data(as_text=True))
    assert graph.number_of_nodes() == 12 + len(FIRMS)
    link = json.loads(client.get("/chain/export.json").data)
    assert nx.node_link_graph(link, edges="edges").number_of_edges() == len(COEFFICIENTS) + len(FIRMS) + 3
    assert client.get("/chain/report.pdf").data.startswith(b"%PDF")
    assert client.get("/chain/report.xlsx").data.startswith(b"PK")


def test_staff_hear_of_gaps_that_come_and_go(chain: Park, tmp_path: Path) -> None:
    client = chain.browse("investment")
    folder = battery(tmp_path / "more")
    path = folder / "positions.csv"
    text = path.read_text(encoding="utf-8").replace(
        "E07,云帆隔膜,separator,1200", "E07,云帆隔膜,separator,1700"
    )
    path.write_text(
        text.replace("E16,温屿热管理,thermal,1000", "E16,温屿热管理,thermal,600"), encoding="utf-8"
    )
    bring = upload(client, folder, chain="battery").headers["Location"].split("?")[0]
    client.post(f"{bring}/apply", data={"chain": "battery"})
    page = client.get("/identity/notifications").get_data(as_text=True)
    assert "薄弱环节已缓解：separator" in page
    assert "新的薄弱环节：thermal" in page


def test_a_firm_corrects_itself_and_staff_confirm(chain: Park) -> None:
    firm, staff = chain.browse("e04"), chain.browse("investment")
    page = firm.get("/chain/firms/E04").get_data(as_text=True)
    position = re.search(r'name="position" value="(\d+)"', page)[1]  # type: ignore[index]
    form = {"position": position, "output_wan": "2,0", "capacity_wan": "", "products": "正极", "note": ""}
    assert firm.post("/chain/firms/E04/corrections", data=form).status_code == 422
    form["output_wan"] = "2300"
    assert firm.post("/chain/firms/E04/corrections", data=form).status_code == 303
    assert firm.post("/chain/firms/E04/corrections", data=form).status_code == 409
    assert staff.post("/chain/firms/E04/corrections", data=form).status_code == 403
    found = segments(chain.api("investment").get("/chain/segments").json)
    assert found["cathode"]["supply_wan"] == 1800.0
    page = staff.get("/chain/firms/E04").get_data(as_text=True)
    place = re.search(r'action="(/chain/corrections/\d+/confirm)"', page)[1]  # type: ignore[index]
    assert firm.post(place).status_code == 403
    assert staff.post(place).status_code == 303
    found = segments(chain.api("investment").get("/chain/segments").json)
    assert found["cathode"]["supply_wan"] == 2300.0


def test_scenarios_and_actions(chain: Park) -> None:
    client = chain.browse("investment")
    form = {
        "chain": "battery",
        "title": "两家正极",
        "name": "甲",
        "segment": "cathode",
        "output": "8000",
        "shared": "1",
    }
    assert client.post("/chain/scenarios", data=form).status_code == 303
    page = chain.browse("auditor").get("/chain/scenarios").get_data(as_text=True)
    assert "两家正极" in page
    # 13,240 − 8,000 of cathode + 0.8 · 8,000 of its inputs
    assert "11,640" in page
    bad = client.get("/chain/what-if?name=x&segment=cell&output=-3")
    assert bad.status_code == 422
    action = {"chain": "battery", "segment": "cathode", "kind": "fill", "title": "引进正极"}
    assert client.post("/chain/actions", data=action).status_code == 303
    assert client.post("/chain/actions", data=action | {"title": " "}).status_code == 422
    page = client.get("/chain/actions").get_data(as_text=True)
    place = re.search(r'action="(/chain/actions/\d+/move)"', page)[1]  # type: ignore[index]
    assert client.post(place, data={"state": "relieved"}).status_code == 409
    assert client.post(place, data={"state": "in_progress"}).status_code == 303


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_opens_with_and_without_data(chain: Park, lang: str) -> None:
    client = chain.browse("investment", lang)
    pages = "?view=sankey ?view=heat weak-links?by=halt&all=1 segments/cathode segments/cell/panel what-if?leave=E16"
    pages += " scenarios knock-out?firm=E04 risk prospects actions import my-matches firms/E01"
    pages += " firms/E01/matches?side=customers"
    for path in ("", *pages.split()):
        answer = client.get(f"/chain/{path}")
        assert answer.status_code == 200, path
        if lang == "en":
            text = re.sub(
                r"<script.*?</script>|<option.*?</option>", "", answer.get_data(as_text=True), flags=re.S
            )
            assert "万元" not in text, path


def test_an_empty_park(park: Park) -> None:
    park.staff()
    park.firm("E01")
    assert park.browse("investment").get("/chain/").status_code == 200
    assert park.browse("investment").get("/chain/import").status_code == 200
    assert park.browse("e01").get("/chain/my-matches").status_code == 303
    assert park.api("investment").get("/chain/segments").status_code == 404
    assert park.browse("investment").get("/chain/weak-links").status_code == 404
