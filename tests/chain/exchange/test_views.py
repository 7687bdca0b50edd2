"""Reference data and graph files over the import page: what comes in, what goes out, what is refused."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from app.hall import clock
from tests.chain.folders import COEFFICIENTS, battery, write
from tests.chain.test_room import bring_in, segments, upload
from tests.factories import Park


@pytest.fixture
def chain(park: Park, tmp_path: Path) -> Park:
    park.staff()
    park.firm("E01")
    supply = [("E01", "E03", "cell", 10000), ("E04", "E01", "cathode", 1600)]
    essential = [("casing", "cell", "non_essential"), ("thermal", "pack", "negligible")]
    bring_in(park, battery(tmp_path / "park", supply=supply, essentiality=essential))
    return park


def send(client: FlaskClient, name: str, content: bytes) -> Any:
    data = {"files": [(io.BytesIO(content), name)], "chain": "battery"}
    return client.post("/chain/import", data=data, content_type="multipart/form-data")


def test_reference_data_give_location_quotients(chain: Park, tmp_path: Path) -> None:
    """The park makes 30,000 of cell and 1,800 of cathode; the province 100,000 and 50,000; the country nothing of it."""
    api, client = chain.api("investment"), chain.browse("investment")
    assert all(row["quotients"] == [] for row in api.get("/chain/strength").json["items"])
    text = (
        "segment,region,year,source,output_wan\n"
        "cell,江省,2025,统计年鉴,100000\ncathode,江省,2025,,50000\ncell,全国,,,0\n"
    )
    step = send(client, "reference.csv", text.encode()).headers["Location"].split("?")[0]
    assert client.post(f"{step}/apply", data={"chain": "battery"}).status_code == 303
    found = {row["segment"]: row for row in api.get("/chain/strength").json["items"]}
    country, province = found["cell"]["quotients"]
    assert (country["region"], country["location_quotient"]) == ("全国", None)
    # (30000 / 31800) / (100000 / 150000)
    assert province["location_quotient"] == pytest.approx(1.4150943396)
    assert (province["year"], province["source"]) == (2025, "统计年鉴")
    (cathode,) = found["cathode"]["quotients"]
    assert cathode["location_quotient"] == pytest.approx((1800 / 31800) / (50000 / 150000))
    assert cathode["source"] == "reference.csv"
    assert found["anode"]["quotients"] == []
    archive = client.get("/chain/export.zip")
    assert b"reference.csv" in archive.data
    assert chain.api("e01").get("/chain/strength").status_code == 403
    wrong = send(client, "reference.csv", b"region,segment,output_wan\nx,cel,1\nx,cell,-1\n")
    assert wrong.status_code == 422
    page = wrong.get_data(as_text=True)
    assert "reference.csv:2:segment:" in page
    assert "reference.csv:3:output_wan:" in page
    assert client.post(f"{step}/undo", data={"chain": "battery"}).status_code == 303
    assert all(row["quotients"] == [] for row in api.get("/chain/strength").json["items"])


def test_places_of_the_battery_chain(chain: Park) -> None:
    found = {row["segment"]: row for row in chain.api("investment").get("/chain/strength").json["items"]}
    # The end of the chain is final use; a cell goes into packs and those into storage and final use.
    assert found["storage"]["upstreamness"] == 1.0
    assert (
        found["cathode"]["upstreamness"] > found["cell"]["upstreamness"] > found["pack"]["upstreamness"] > 1
    )
    assert found["cell"]["effective_suppliers"] == 1.0
    assert found["cell"]["density"] is None
    # Nobody anywhere makes precursor: nothing to learn from, and it says so.
    assert (found["precursor"]["density"], found["precursor"]["by_popularity"]) == (0.0, True)


@pytest.mark.parametrize("kind", ["graphml", "json"])
def test_graph_files_come_back_as_they_went_out(chain: Park, kind: str) -> None:
    client, api = chain.browse("investment"), chain.api("investment")
    exported = client.get(f"/chain/export.{kind}").data
    answer = send(client, f"chain.{kind}", exported)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert client.get(answer.headers["Location"]).get_data(as_text=True).count("没有变化。") == 5
    before = api.get("/chain/segments").json["segments"]
    changed = exported.replace(b"1800.0", b"2800.0").replace("白鹭正极".encode(), "白鹭新材".encode())
    step = send(client, f"chain.{kind}", changed).headers["Location"].split("?")[0]
    assert client.post(f"{step}/apply", data={"chain": "battery"}).status_code == 303
    cathode = segments(api.get("/chain/segments").json)["cathode"]
    assert cathode["shortfall_wan"] == 9200.0
    assert "白鹭新材" in "".join(cathode["reasons"])
    assert client.post(f"{step}/undo", data={"chain": "battery"}).status_code == 303
    after = api.get("/chain/segments").json["segments"]
    assert [row["shortfall_wan"] for row in after] == [row["shortfall_wan"] for row in before]


def test_a_node_link_file_of_somebody_else(chain: Park) -> None:
    client = chain.browse("investment")
    nodes = [{"id": n, "kind": "segment", "code": n} for n in ("ore", "wire")]
    nodes.append({"id": "f", "kind": "firm", "code": "F1", "name": "丝厂"})
    links = [
        {"source": "ore", "target": "wire", "kind": "input", "coefficient": 0.5},
        {"source": "f", "target": "wire", "kind": "position", "output_wan": 100},
    ]
    data = {
        "files": [(io.BytesIO(json.dumps({"nodes": nodes, "links": links}).encode()), "metal.json")],
        "chain": "+",
        "new_code": "metal",
    }
    answer = client.post("/chain/import", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    client.post(f"{answer.headers['Location'].split('?')[0]}/apply", data={"chain": "metal"})
    found = segments(chain.api("investment").get("/chain/segments", chain="metal").json)
    assert (found["ore"]["shortfall_wan"], found["ore"]["labels"]) == (50.0, ["missing"])
    links[0]["coefficient"] = "half"
    wrong = send(client, "metal.json", json.dumps({"nodes": nodes, "links": links}).encode())
    assert wrong.status_code == 422
    assert "metal.json/inputs.csv:2:coefficient:" in wrong.get_data(as_text=True)


BOMB = b'<?xml version="1.0"?><!DOCTYPE g [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><graphml>&b;</graphml>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.graphml", b""),
        ("a.graphml", b"<graphml><graph><node"),
        ("a.graphml", BOMB),
        ("a.graphml", "<graphml/>".encode("utf-16")),
        ("a.json", b"[1, 2]"),
        ("a.json", b'{"nodes": [], "edges": []}'),
        ("a.json", b'{"nodes": [{"kind": "segment"}], "edges": []}'),
        ("a.json", b"[" * 100_000),
        ("a.json", b"\xff\xfe"),
    ],
)
def test_wrecks_are_refused(chain: Park, name: str, content: bytes) -> None:
    answer = send(chain.browse("investment"), name, content)
    assert answer.status_code == 422
    assert f"{name}:1:#1:" in answer.get_data(as_text=True)


def test_a_stray_reference_file_does_not_disturb_the_file_commands(tmp_path: Path) -> None:
    from app.chain.exchange.reading import read_chain

    folder = battery(tmp_path / "park")
    (folder / "reference.csv").write_text("see,also\n1,2\n", encoding="utf-8")
    reading = read_chain(folder, ("segments", "inputs", "positions"))
    assert reading.problems == ()
    assert len(reading.chain.inputs) == len(COEFFICIENTS)


def test_an_undo_brings_back_who_confirmed_what(chain: Park, tmp_path: Path) -> None:
    """An agreement, a corrected capacity and the age of a row outlive an import that is taken back."""
    staff, own = chain.browse("investment"), chain.browse("e01")
    form = {
        "side": "suppliers",
        "partner": "E05",
        "segment": "anode",
        "value_wan": "900",
        "decision": "agree",
    }
    assert staff.post("/chain/firms/E01/matches", data=form).status_code == 303
    page = own.get("/chain/firms/E01").get_data(as_text=True)
    position = re.search(r'name="position" value="(\d+)"', page)[1]  # type: ignore[index]
    own.post(
        "/chain/firms/E01/corrections",
        data={"position": position, "output_wan": "30000", "capacity_wan": "37123", "products": "刀片电芯"},
    )
    page = staff.get("/chain/firms/E01").get_data(as_text=True)
    staff.post(re.search(r'action="(/chain/corrections/\d+/confirm)"', page)[1])  # type: ignore[index]
    matches, dossier = (
        staff.get(f"/chain/firms/E01{end}").get_data(as_text=True) for end in ("/matches", "")
    )
    assert "investment 先生 确认于" in matches
    assert "37,123" in dossier or "37123" in dossier
    assert "刀片电芯" in dossier
    folder = write(tmp_path / "less", positions=[("E02", "潮汐储能", "storage", 1, "")], supply=[])
    step = upload(staff, folder, chain="battery").headers["Location"].split("?")[0]
    with clock.frozen(clock.now() + dt.timedelta(hours=3)):
        assert staff.post(f"{step}/apply", data={"chain": "battery"}).status_code == 303
        assert "刀片电芯" not in staff.get("/chain/firms/E01").get_data(as_text=True)
        assert staff.post(f"{step}/undo", data={"chain": "battery"}).status_code == 303
    assert orders(staff) == orders_in(matches)
    token = re.compile(r'<input[^>]*name="(?:csrf_token|position)"[^>]*>|/corrections/\d+|<time[^>]*>')
    after = staff.get("/chain/firms/E01").get_data(as_text=True)
    assert "刀片电芯" in after
    assert figures(token.sub("", after)) == figures(token.sub("", dossier))


def orders(client: FlaskClient) -> list[str]:
    return orders_in(client.get("/chain/firms/E01/matches").get_data(as_text=True))


def orders_in(page: str) -> list[str]:
    """The figures at the head of the page of partners."""
    head = re.search(r'<div class="pl-kpis">.*?pl-tabs', page, re.S)
    return re.findall(r"[\d,.]+", re.sub(r"<[^>]+>", " ", head[0])) if head else []


def figures(page: str) -> list[str]:
    """Every number and day of the page's own part, without the line that says when the chain last changed."""
    own = page.split("pl-main", 1)[1].split("pl-print-only")[0]
    return re.findall(r"\d[\d,.:/-]*", re.sub(r"<[^>]+>", " ", own))


def test_every_edge_of_a_graph_file_has_an_id_of_its_own(chain: Park) -> None:
    """11 inputs, 16 positions and one supply row are 28 edges; Gephi keeps one edge per id, so there are 28 ids."""
    exported = chain.browse("investment").get("/chain/export.graphml").data
    root = ElementTree.fromstring(exported)
    space = "{http://graphml.graphdrawing.org/xmlns}"
    edges = [edge.get("id") for edge in root.iter(f"{space}edge")]
    keys = [key.get("id") for key in root.iter(f"{space}key")]
    assert len(edges) == len(set(edges)) > 27
    assert len(keys) == len(set(keys)) > 5


def test_the_file_field_offers_every_kind_of_file_that_is_read(chain: Park) -> None:
    page = chain.browse("investment").get("/chain/import").get_data(as_text=True)
    offered = re.search(r'id="pl-files"[^>]*accept="([^"]*)"', page)
    assert offered is not None
    assert offered[1].split(",") == [".csv", ".xlsx", ".xls", ".graphml", ".gexf", ".json"]
