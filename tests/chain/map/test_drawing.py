"""The map as SVG and PNG and in the report: everything on it once, marks only for who may see them."""

from __future__ import annotations

import io
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from app.chain.map import drawing
from app.chain.register import service as chains
from app.chain.report import pdf
from app.hall.files.paper.document import Picture
from tests.chain.folders import battery
from tests.chain.test_room import bring_in
from tests.factories import Park

SPACE = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def chain(park: Park, tmp_path: Path) -> Park:
    park.staff()
    park.firm("E01")
    bring_in(park, battery(tmp_path / "park"))
    return park


def parts(drawn: bytes | str) -> tuple[list[str], list[ElementTree.Element], int]:
    """Names on the cards, their frames, and how many links there are."""
    root = ElementTree.fromstring(drawn)
    cards = [one for one in root.iter(f"{SPACE}g") if one.get("class") == "segment"]
    names = [one.findtext(f"{SPACE}title") or "" for one in cards]
    links = [one for one in root.iter(f"{SPACE}path") if one.get("class") == "link"]
    return names, [one.find(f"{SPACE}rect") for one in cards], len(links)  # type: ignore[misc]


def test_the_map_is_saved_as_a_picture_with_all_that_is_on_it(chain: Park) -> None:
    staff, firm = chain.browse("investment"), chain.browse("e01")
    answer = staff.get("/chain/map.svg")
    assert answer.mimetype == "image/svg+xml" and "attachment" in answer.headers["Content-Disposition"]
    names, frames, links = parts(answer.data)
    with chain.app.app_context():
        found = chains.chain_facts(chains.get_chain("battery"))
    assert sorted(names) == sorted(one.name_zh or one.code for one in found.segments)
    assert links == len([one for one in found.inputs if one.source != one.target])
    assert {one.get("stroke-dasharray") for one in frames} - {None}  # weak ones are dashed, not only coloured
    plain = firm.get("/chain/map.svg")
    assert sorted(parts(plain.data)[0]) == sorted(names)
    assert not {one.get("stroke-dasharray") for one in parts(plain.data)[1]} - {None}
    assert "薄弱" in answer.text and "薄弱" not in plain.text
    with Image.open(io.BytesIO(staff.get("/chain/map.png").data)) as picture:
        assert picture.format == "PNG" and picture.width > 1000
    assert "PNG</a>" in staff.get("/chain/").text
    assert staff.get("/chain/map.gif").status_code == 404


def test_the_report_holds_the_map(chain: Park) -> None:
    with chain.app.test_request_context():
        blocks = pdf.paper(chains.get_chain("battery")).blocks
    (picture,) = [one for one in blocks if isinstance(one, Picture)]
    assert len(parts(picture.svg)[0]) > 3 and picture.says
    assert chain.browse("investment").get("/chain/report.pdf").data.startswith(b"%PDF")


def test_a_long_or_strange_name_stays_on_its_card() -> None:
    node = {
        "code": "a",
        "name": '<script>"&' + "长" * 60,
        "column": 0,
        "row": 0,
        "firms": 0,
        "mark": "missing",
    }
    words = drawing.Words("链", "", {"missing": "缺失"}, "{n} 家企业", "暂无企业")
    drawn = drawing.svg({"stages": [{"name": "一"}], "nodes": [node], "links": []}, words)
    (name,), _frames, _links = parts(drawn)
    assert name == node["name"]
    assert all(
        drawing.ems(text.text or "") <= 20 for text in ElementTree.fromstring(drawn).iter(f"{SPACE}text")
    )
