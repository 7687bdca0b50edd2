"""Files of somebody else: a plain NetworkX graph, a GEXF, a list of facilities; each column is asked about."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import networkx as nx

from app.chain.foreign.rules import (
    EDGE,
    FIRMS,
    NODE,
    SEGMENTS,
    Foreign,
    Said,
    faults,
    guess,
    tables,
    words_of,
)
from tests.chain.register.test_states import bring
from tests.factories import Park

#: Three silk mills; the first sells the second 3, the third 4, in an attribute called weight.
MILLS = nx.DiGraph()
MILLS.add_node("m1", label="甲丝厂", sector="生丝", revenue=100)
MILLS.add_node("m2", label="乙绸厂", sector="绸", revenue=200, depth=[1])
MILLS.add_node("m3", label="丙绸厂", sector="绸", revenue=300)
MILLS.add_edge("m1", "m2", weight=3)
MILLS.add_edge("m1", "m3", weight=4.5)


def send(browser: Any, name: str, content: bytes, **form: str) -> Any:
    data = {"files": [(io.BytesIO(content), name)], **form}
    return browser.post("/chain/import", data=data, content_type="multipart/form-data")


def guessed(page: str) -> dict[str, str]:
    """The field of each column and what is chosen in it."""
    found = re.findall(r'<select class="pl-input" name="((?:node|edge)\.\d+)".*?</select>', page, re.S)
    blocks = re.findall(r'<select class="pl-input" name="(?:node|edge)\.\d+".*?</select>', page, re.S)
    chosen = [re.search(r'value="(\w*)" selected', block) for block in blocks]
    return {name: one[1] if one else "" for name, one in zip(found, chosen, strict=True)}


def gexf() -> bytes:
    stream = io.BytesIO()
    plain = MILLS.copy()
    plain.nodes["m2"].pop("depth")
    nx.write_gexf(plain, stream)
    return stream.getvalue()


def test_a_plain_graph_of_networkx_is_asked_about(park: Park) -> None:
    park.staff()
    browser = park.browse("investment")
    content = json.dumps(nx.node_link_data(MILLS, edges="links")).encode()
    asked = send(browser, "mills.json", content, chain="+", new_code="silk", new_name="丝绸")
    assert asked.status_code == 303 and "/import/columns/" in asked.location
    page = browser.get(asked.location).text
    assert "3 个节点，2 条边" in page and "甲丝厂、乙绸厂、丙绸厂" in page
    form = guessed(page)
    assert sorted(form.values()) == ["code", "name", "output_wan", "segment", "value_wan"]
    refused = browser.post(asked.location, data={"nodes_are": "firms"})
    for sentence in ("哪一列是编号", "请填写一个环节", "请填写每家的年产值"):
        assert sentence in refused.text
    done = browser.post(asked.location, data={"nodes_are": "firms", "in_park": "1", **form})
    assert done.status_code == 303, done.text
    assert browser.post(f"{done.location.split('?')[0]}/apply", data={"chain": "silk"}).status_code == 303
    found = browser.get("/chain/export.json?chain=silk").json
    supply = {
        (e["source"], e["target"]): (e["segment"], e["value_wan"])
        for e in found["edges"]
        if e["kind"] == "supply"
    }
    assert supply == {("firm:m1", "firm:m2"): ("生丝", 3.0), ("firm:m1", "firm:m3"): ("生丝", 4.5)}
    made = {
        row["segment"]: row
        for row in park.api("investment").get("/chain/segments", chain="silk").json["segments"]
    }
    assert made["绸"]["supply_wan"] == 500 and made["生丝"]["enterprises"] == ["m1"]


def test_a_list_of_facilities_adds_to_what_is_there(park: Park) -> None:
    """Open Supply Hub tells no output: nothing is taken for zero, the person must say it; what is there stays."""
    park.staff(), park.firm("E01")
    browser = park.browse("investment")
    bring(browser, "battery", "锂", "E01", 1000)
    text = (
        "os_id,name,address,country,sector,product_type,number_of_workers\n"
        "CN2021,某电芯厂,某路1号,China,Battery,锂电芯,120\nCN2022,某包装厂,某路2号,China,Battery,纸箱,80\n"
    )
    asked = send(browser, "facilities.csv", text.encode(), chain="battery")
    assert asked.status_code == 303 and "/import/columns/" in asked.location
    form = guessed(browser.get(asked.location).text)
    assert [code for code in form.values() if code] == ["code", "name", "segment"]
    said = {"nodes_are": "firms", "output_wan": "500", **form}
    unknown = browser.post(asked.location, data=said)
    assert unknown.status_code == 422 and "没有这些环节：纸箱" in unknown.text
    wrong = browser.post(asked.location, data=said | {"output_wan": "许多", "make_segments": "1"})
    assert wrong.status_code == 422 and "facilities.csv/positions.csv:2:output_wan" in wrong.text
    done = browser.post(asked.location, data=said | {"make_segments": "1"})
    browser.post(f"{done.location.split('?')[0]}/apply", data={"chain": "battery"})
    edges = browser.get("/chain/export.json?chain=battery").json["edges"]
    places = {
        (e["source"], e["target"]): (e["output_wan"], e["in_park"]) for e in edges if e["kind"] == "position"
    }
    assert places == {
        ("firm:E01", "segment:pack"): (1000, True),
        ("firm:CN2021", "segment:cell"): (500, False),
        ("firm:CN2022", "segment:纸箱"): (500, False),
    }


def test_a_gexf_of_somebody_and_one_of_ours(park: Park) -> None:
    park.staff(), park.firm("E01")
    browser = park.browse("investment")
    bring(browser, "battery", "锂", "E01", 1000)
    own = browser.get("/chain/export.gexf?chain=battery").data
    back = send(browser, "chain.gexf", own, chain="battery")
    assert "/import/columns/" not in back.location
    assert browser.get(back.location).text.count("没有变化。") == 5
    asked = send(browser, "mills.gexf", gexf(), chain="battery")
    form = guessed(browser.get(asked.location).text)
    assert sorted(code for code in form.values() if code) == [
        "code",
        "name",
        "output_wan",
        "segment",
        "value_wan",
    ]
    assert browser.post(asked.location, data={"step": "discard"}).status_code == 303
    assert browser.get(asked.location).status_code == 404
    for content in (b"", b"<gexf", gexf().replace(b"<gexf", b"<!DOCTYPE x [<!ENTITY a 'b'>]><gexf", 1)):
        assert send(browser, "x.gexf", content, chain="battery").status_code == 422


def test_nodes_that_are_segments() -> None:
    steps = Foreign(
        ({"id": "1", "title": "矿", "tier": "1"}, {"id": "2", "title": "线", "tier": "2"}),
        (("1", "2", {"share": "0.4"}), ("2", "1", {})),
    )
    nodes_are, meaning = guess(Foreign(steps.nodes, (("1", "2", {"coefficient": "0.4"}),)))
    assert nodes_are == SEGMENTS and meaning[EDGE, "coefficient"] == "coefficient"
    said = Said(SEGMENTS, {(NODE, "title"): "code", (NODE, "tier"): "stage", (EDGE, "share"): "coefficient"})
    assert faults(said) == []
    assert tables(steps, said, {}) == {
        "segments": [["矿", "", "", "1"], ["线", "", "", "2"]],
        "inputs": [["矿", "线", "0.4"]],
    }
    twice = Said(
        FIRMS, {(NODE, "id"): "code", (NODE, "title"): "code", (EDGE, "share"): "coefficient"}, "线", "0"
    )
    assert [code for code, _params in faults(twice)] == ["foreign_not_of_these", "foreign_twice"]
    assert words_of(steps, Said(FIRMS, {(NODE, "title"): "segment"}, "线")) == ("线", "矿")
