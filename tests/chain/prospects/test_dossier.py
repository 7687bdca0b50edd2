"""A prospect's papers, its dossier on paper, how far it came, and the pack made for it."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest

from app.chain.pages import staff_names
from app.chain.prospects import paper, queries
from app.chain.register import service as chains
from app.hall.files.paper.document import Entry, Paragraph
from tests.chain.folders import battery
from tests.chain.test_room import bring_in
from tests.factories import Park
from tests.pictures import png


@pytest.fixture
def town(park: Park, tmp_path: Path) -> Park:
    park.staff()
    park.firm("E01")
    bring_in(park, battery(tmp_path / "park"))
    park.browse("investment").post(
        "/chain/prospects",
        data={
            "chain": "battery",
            "name": "海图正极",
            "region": "江西",
            "segment": "cathode",
            "output": "900",
        },
    )
    return park


def send(client: Any, name: str, content: bytes) -> Any:
    data = {"file": (io.BytesIO(content), name)}
    return client.post("/chain/prospects/P01/files", data=data, content_type="multipart/form-data")


def test_papers_are_kept_shown_and_taken_away(town: Park) -> None:
    staff, auditor, firm = town.browse("investment"), town.browse("auditor"), town.browse("e01")
    assert send(staff, "..\\报价.exe", b"%PDF-1.7 offer").status_code == 303
    assert send(staff, "again.pdf", b"%PDF-1.7 offer").status_code == 303  # the same content is one file
    assert send(staff, "厂区.png", png()).status_code == 303
    for wrong in (b"<svg onload=alert(1)>", b""):
        assert send(staff, "x.png", wrong).status_code == 422
    assert (
        send(auditor, "x.pdf", b"%PDF-1.7 x").status_code == 403 == send(firm, "x.pdf", b"%PDF").status_code
    )
    page = auditor.get("/chain/prospects/P01").text
    links = sorted(set(re.findall(r"/chain/prospects/P01/files/\d+(?=\")", page)))
    assert len(links) == 2 and "报价.pdf" in page
    sent = auditor.get(links[0])
    assert sent.data == b"%PDF-1.7 offer" and firm.get(links[0]).status_code == 403
    assert "sandbox" in sent.headers["Content-Security-Policy"] or "attachment" in str(sent.headers)
    assert auditor.post(f"{links[0]}/remove").status_code == 403
    assert staff.post(f"{links[0]}/remove").status_code == 303
    assert staff.get(links[0]).status_code == 404 and staff.get(links[1]).status_code == 200


def test_the_dossier_says_where_it_stands_and_why_it_was_lost(town: Park) -> None:
    staff = town.browse("investment")
    for state, note in (("contacted", "电话里谈了用地"), ("lost", "选址外省")):
        url = "/chain/prospects/P01/move"
        assert staff.post(url, data={"state": state, "note": note}).status_code == 303
    send(staff, "纪要.pdf", b"%PDF-1.7 minutes")
    page = staff.get("/chain/prospects/P01").text
    (stepper,) = re.findall(r'<ol class="pl-stepper".*?</ol>', page, re.S)
    steps = re.findall(r'<li class="([^"]*)"[^>]*><b>([^<\n]+)', stepper)
    assert [(look.strip(), name.strip()) for look, name in steps if look.strip()] == [
        ("pl-done", "已识别"),
        ("pl-done", "已接触"),
        ("pl-now pl-lost", "已放弃"),
    ]
    with town.app.test_request_context():
        made = paper.paper(chains.get_chain("battery"), queries.get_prospect("P01"), staff_names())
    texts = [one.text for one in made.blocks if isinstance(one, Paragraph)]
    assert any("选址外省" in one for one in texts) and any("纪要.pdf" in one for one in texts)
    assert any("电话里谈了用地" in one.title for one in made.blocks if isinstance(one, Entry))
    assert made.number == "P01" and ("地区", "江西") in made.parties
    assert staff.get("/chain/prospects/P01/dossier.pdf").data.startswith(b"%PDF")
    assert town.browse("e01").get("/chain/prospects/P01/dossier.pdf").status_code == 403


def test_the_pack_made_for_it_stands_on_its_page(town: Park) -> None:
    staff = town.browse("investment")
    page = staff.get("/chain/prospects/P01").text
    assert "/ecosystem/packs/new?prospect=P01" in page
    form = staff.get("/ecosystem/packs/new?prospect=P01").text
    (chosen,) = re.findall(r'<option selected value="(\d+)">P01', form)
    data = {"name": "海图正极", "prospect_id": chosen, "expires_on": "2099-01-01", "segment": "cathode"}
    (industry,) = re.findall(r'<select[^>]*name="industry".*?</select>', form, re.S)
    data["industry"] = re.findall(r'value="([^"]+)"', industry)[0]
    made = staff.post("/ecosystem/packs/new", data=data)
    assert made.status_code == 303, re.findall(r"pl-error.*", made.text)
    assert f'href="{made.location}"' in staff.get("/chain/prospects/P01").text
