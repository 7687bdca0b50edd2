"""The park's own name, mark and footer: on pages, papers and letters, set by its administrators."""

from __future__ import annotations

import io
import re

from PIL import Image
from pypdf import PdfReader

from app.hall import park as identity
from app.hall.files.paper.document import Paper
from app.hall.files.paper.press import press
from tests.factories import Park

SET = {
    "name_zh": "东湖产业园（虚构）",
    "name_en": "East Lake Park (fictional)",
    "contact": "服务台 000-0000",
    "footer": "ICP备00000000号",
}


def picture(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (width, height), (200, 30, 60, 128)).save(out, "PNG")
    return out.getvalue()


def test_the_parks_name_and_mark_stand_on_pages_and_papers(park: Park) -> None:
    park.staff()
    park.firm("E01")
    office = park.browse("park")
    sent = {**SET, "mark": (io.BytesIO(picture(960, 160)), "mark.png")}
    assert office.post("/identity/park", data=sent).status_code == 303
    page = park.browse("e01").get("/").text
    assert "<title>" in page and "东湖产业园（虚构）</title>" in page
    assert "服务台 000-0000" in page and "ICP备00000000号" in page
    address = re.search(r'class="pl-brand-mark" src="([^"]+)"', page)
    assert address
    mark = park.app.test_client().get(address[1])
    assert "immutable" in mark.headers["Cache-Control"]
    assert Image.open(io.BytesIO(mark.data)).size == (480, 80)  # made smaller, in proportion
    assert "East Lake Park (fictional)" in park.browse("e01", lang="en").get("/").text
    with park.app.test_request_context("/"):
        text = PdfReader(io.BytesIO(press(Paper("证明", [])))).pages[0].extract_text()
    assert "东湖产业园" in text and "ICP备00000000号" in text
    fresh = {**SET, "without_mark": "y"}
    office.post("/identity/park", data=fresh)
    assert "pl-brand-mark" not in park.browse("e01").get("/").text


def test_only_pictures_and_only_the_parks_administrators(park: Park) -> None:
    park.staff()
    office = park.browse("park")
    script = {**SET, "mark": (io.BytesIO(b"<svg onload='alert(1)'/>"), "mark.svg")}
    assert office.post("/identity/park", data=script).status_code == 422
    assert office.post("/identity/park", data={**SET, "name_zh": ""}).status_code == 422
    for login in ("auditor", "secretary"):
        assert park.browse(login).post("/identity/park", data=SET).status_code == 403
    with park.app.app_context():
        assert identity.kept().name_zh == ""


def test_a_park_without_a_name_is_called_by_the_platform(park: Park) -> None:
    with park.app.test_request_context("/"):
        found = identity.identity()
    assert (found.name, found.mark_format, found.own) == ("园链 ParkLink", "svg", False)
