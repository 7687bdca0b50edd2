"""Lists: filters stay, views are saved per member, what is filtered is exported, several rows get one decision."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

from app.hall.web import undo
from app.hall.web.frame import pages_for
from tests.factories import Park

LIST = "/identity/organisations"


@pytest.fixture
def town(park: Park) -> Park:
    park.staff()
    park.firm("E01", name_zh="=一号电芯", industry="battery")
    park.firm("E02", name_zh="二号材料", industry="materials")
    park.firm("E03", name_zh="三号材料", industry="materials")
    return park


def goes(client: FlaskClient, path: str, page: str = "") -> Any:
    """A browser goes to an address, from a page of the park."""
    headers = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    return client.get(path, headers=headers | ({"Referer": f"http://localhost{page}"} if page else {}))


def test_filters_stay_until_they_are_cleared_on_the_list(town: Park) -> None:
    here, elsewhere = town.browse("park"), town.browse("park")
    chosen = f"{LIST}?q=%E6%9D%90%E6%96%99&industry=materials"
    assert goes(here, chosen + "&page=1", page=LIST).status_code == 200
    back = goes(here, LIST, page="/")
    assert (back.status_code, back.location) == (302, chosen)
    assert goes(elsewhere, LIST).location == chosen  # another device of the same member
    assert goes(town.browse("auditor"), LIST).status_code == 200  # somebody else's list is bare
    assert here.get(LIST).status_code == 200  # a program gets what it asks for
    assert (
        goes(here, f"{LIST}?industry=battery", page="/").status_code == 200
    )  # a link from elsewhere keeps nothing
    assert goes(here, LIST).location == chosen
    assert goes(here, LIST, page=LIST).status_code == 200  # cleared on the list itself
    assert goes(here, LIST, page="/").status_code == 200


def _saves(reader: FlaskClient, at: str, name: str) -> Any:
    return reader.post("/identity/views", query_string={"at": at}, data={"name": name})


def test_views_are_saved_under_names_and_belong_to_one_member(
    town: Park, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, other = town.browse("park"), town.browse("auditor")
    at = f"{LIST}?industry=materials"
    assert _saves(mine, at, "材料企业").location == at
    changed = f"{LIST}?q=%E4%B8%89"
    assert _saves(mine, changed, "材料企业").location == changed
    box = mine.get("/identity/views", query_string={"at": at}, headers={"HX-Request": "true"}).text
    assert re.findall(r'href="(/identity/organisations[^"]*)"', box) == [changed] and "<html" not in box
    assert "材料企业" not in other.get("/identity/views", query_string={"at": at}).text
    (drop,) = re.findall(r"/identity/views/\d+/drop", box)
    assert other.post(drop).status_code == 404
    for wrong, name in (("https://evil.example/x", "a"), (at, " ")):
        assert _saves(mine, wrong, name).status_code == 422
    for number in range(19):
        assert _saves(mine, at, f"视图{number}").status_code == 303
    too_many = _saves(mine, at, "太多")
    assert too_many.status_code == 409 and 'value="太多"' in too_many.text
    assert mine.post(drop).status_code == 303
    (sealed,) = re.findall(r'name="undo" value="([^"]+)"', mine.get(LIST).text)
    assert mine.post(drop).status_code == 404
    restore = "/identity/views/restore"
    assert other.post(restore, data={"undo": sealed}).status_code == 409  # offered to somebody else
    assert mine.post(restore, data={"undo": sealed + "x"}).status_code == 409
    assert mine.post("/identity/notifications/unread", data={"undo": sealed}).status_code == 409
    with monkeypatch.context() as later:
        later.setattr(undo, "SECONDS", -1)  # the minute is over
        assert mine.post(restore, data={"undo": sealed}).status_code == 409
    assert mine.post(restore, data={"undo": sealed}).status_code == 303
    box = mine.get("/identity/views", query_string={"at": at}, headers={"HX-Request": "true"}).text
    assert "材料企业" in box
    assert "视图" in mine.get(LIST).text  # the box stands beside the filters


def test_what_is_filtered_is_exported_with_names_as_they_are(town: Park) -> None:
    def rows(query: str) -> list[tuple[Any, ...]]:
        answer = town.browse("park").get(f"{LIST}?export=xlsx&{query}")
        assert answer.status_code == 200
        book = openpyxl.load_workbook(io.BytesIO(answer.data))
        return [tuple(row) for row in book.active.iter_rows(min_row=2, values_only=True)]

    found = rows("industry=materials&sort=name&desc=1")
    assert [row[0] for row in found] in (["E02", "E03"], ["E03", "E02"])
    assert all(isinstance(row[6], int) and hasattr(row[7], "year") for row in found)
    (battery,) = rows("industry=battery")
    assert battery[1] == "=一号电芯"
    assert town.browse("e01").get(f"{LIST}?export=xlsx").status_code == 403


def test_several_changes_get_one_decision_and_each_refusal_is_told(town: Park) -> None:
    for code in ("E01", "E02", "E03"):
        answer = town.api(code.lower()).post(
            f"/identity/organisations/{code}/facts", {"name_zh": f"{code} 新名"}
        )
        assert answer.json["waiting"] == ["name_zh"]
    park = town.browse("park")
    page = park.get("/identity/changes").text
    ids = re.findall(r'name="chosen" value="(\d+)"', page)
    assert len(ids) == 3 and 'aria-label="选择 二号材料' in page
    url = "/identity/changes"
    assert town.browse("auditor").post(url, data={"chosen": ids, "decision": "agree"}).status_code == 403
    park.post(url, data={"chosen": [ids[0], ids[0], "99999", "x"], "decision": "agree"})
    told = park.get(url).text
    assert "已处理 1 条。" in told and "变更 99999：" in told
    assert re.findall(r'name="chosen" value="(\d+)"', told) == ids[1:]
    park.post(url, data={"chosen": ids[1:], "decision": "refuse"})
    assert len(re.findall(r'name="chosen"', park.get(url).text)) == 2  # without a reason nobody is sent back
    park.post(url, data={"chosen": ids[1:], "decision": "refuse", "reason": "请附证照"})
    assert not re.findall(r'name="chosen"', park.get(url).text)


def test_pinned_pages_stand_first_in_the_menu_and_are_ones_own(park: Park) -> None:
    park.staff()
    page = park.browse("investment")

    def pinned(reader: FlaskClient, path: str = "/identity/profile") -> list[str]:
        menu = reader.get(path).text.partition('class="pl-nav-pins"')[2].partition("</ul>")[0]
        return re.findall(r'<a class="pl-nav-item" href="([^"]+)"', menu)

    def pin(endpoint: str, keep: str = "1") -> int:
        return page.post("/identity/pins", data={"page": endpoint, "keep": keep}).status_code

    assert pinned(page) == []
    assert "置顶到菜单" in page.get("/chain/prospects").text
    for endpoint in ("chain.prospect_list", "identity.todo", "chain.prospect_list"):  # twice is once
        assert pin(endpoint) == 303
    assert pinned(page) == ["/chain/prospects", "/identity/todo"]
    assert "取消置顶" in page.get("/chain/prospects").text
    assert pinned(park.browse("park")) == []
    # What is not in one's menu cannot be pinned; six at most.
    assert pin("identity.starter_page") == 404
    with park.app.test_request_context("/"):
        menu = [one.endpoint for one in pages_for(park.actor("investment"))]
    others = [one for one in menu if one not in ("chain.prospect_list", "identity.todo")]
    assert [pin(one) for one in others[:5]] == [303] * 4 + [409]
    assert pin("chain.prospect_list", "0") == 303
    assert pinned(page)[0] == "/identity/todo" and len(pinned(page)) == 5
