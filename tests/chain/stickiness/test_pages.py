"""The list of firms by confirmed local links, as an investment officer reads it."""

from __future__ import annotations

import datetime as dt
import io
import re

import openpyxl

from app.hall import clock
from tests.chain.register.test_states import FILES
from tests.factories import Park

LIST = "/chain/stickiness"


def _town(park: Park) -> None:
    """E01 makes packs and buys cells of E02; E03 sells to a firm outside; E04 stands on no chain."""
    park.staff()
    for code, name in (("E01", "一号电池"), ("E02", "二号电芯"), ("E03", "三号材料"), ("E04", "四号软件")):
        park.firm(code, name_zh=name)
    more = "E02,乙,cell,900\nE03,丙,cell,100\nX9,外,cell,5\n"
    tables = {**FILES, "positions.csv": FILES["positions.csv"] + more}
    tables["supply.csv"] = "supplier,customer,segment,value_wan\nE02,E01,cell,400\nE03,X9,cell,80\n"
    browser = park.browse("investment")
    files = [(io.BytesIO(text.format("锂", "E01", 1000).encode()), name) for name, text in tables.items()]
    data = {"files": files, "chain": "+", "new_code": "battery", "new_name": "battery"}
    looked = browser.post("/chain/import", data=data, content_type="multipart/form-data")
    step = looked.location.split("?")[0]
    assert browser.post(f"{step}/apply", data={"chain": "battery"}).status_code == 303


def _order(text: str) -> list[str]:
    return re.findall(r"<small class=\"pl-muted\">(E\d\d)</small>", text)


def test_firms_at_risk_come_first_and_a_confirmation_holds_for_a_year(park: Park) -> None:
    _town(park)
    start = clock.now()
    officer = park.browse("investment")
    page = officer.get(LIST).text
    assert _order(page) == ["E01", "E02", "E03", "E04"]
    assert "没有确认的联系 3" in page and "未上链，未知 1" in page
    assert park.browse("e02").post("/chain/firms/E02/still-so").status_code == 303
    page = officer.get(LIST).text
    assert _order(page) == ["E03", "E04", "E01", "E02"] and "联系稳定 2" in page
    assert _order(officer.get(f"{LIST}?state=holding&sort=name&desc=1").text) in (
        ["E02", "E01"],
        ["E01", "E02"],
    )
    assert _order(officer.get(f"{LIST}?q=材料").text) == ["E03"]
    with clock.frozen(start + dt.timedelta(days=367)):
        page = park.browse("investment").get(LIST).text
        assert "没有确认的联系 3" in page and _order(page)[:2] == ["E01", "E02"]  # lapsed before never


def test_the_list_leaves_as_a_workbook_and_is_the_parks_alone(park: Park) -> None:
    _town(park)
    data = park.browse("investment").get(f"{LIST}?export=xlsx&state=none").data
    rows = list(openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[3], row[5]) for row in rows] == [("E01", 0, 1), ("E02", 0, 1), ("E03", 0, 0)]
    assert park.browse("e01").get(LIST).status_code == 403
