"""A year's days off from a sheet, in ranges: the offices' calendar and the instruments follow, and come back as they were."""

from __future__ import annotations

import io
import re
from typing import Any

from tests.factories import Park


def send(browser: Any, *rows: str) -> Any:
    data = "\n".join(rows).encode("gb18030")
    return browser.post(
        "/sheets/holidays", data={"file": (io.BytesIO(data), "放假.csv")}, content_type="multipart/form-data"
    )


def test_a_year_of_days_off(park: Park) -> None:
    park.staff()
    browser = park.browse("park")
    browser.post("/sharing/terms/holidays", data={"day": "2027-10-01", "name": "园区检修"})
    before = browser.get("/sheets/holidays/export.xlsx").data
    looked = send(
        browser,
        "2027年放假安排,,,",
        "日期,至,类别,名称,仪器停用",
        "2027年10月1日,2027/10/3,放假,国庆节,",
        "2027-10-09,,补班,国庆节,",
        "2027-12-30,,照常,年终盘点,是",
        "注：以通知为准,,,,",
    )
    page = browser.get(looked.location).text
    assert "新增 4 · 变更 1 · 不变 0" in page
    assert "园区检修" in page
    assert browser.post(f"{looked.location}/apply").status_code == 303
    text = browser.get("/sharing/terms").text
    assert (text.count("国庆节"), text.count("年终盘点")) == (3, 1), "make-up days close nothing"
    for lang in ("zh", "en"):
        out = park.browse("park", lang).get("/sheets/holidays/export.xlsx").data
        again = browser.post(
            "/sheets/holidays", data={"file": (io.BytesIO(out), "a.xlsx")}, content_type="multipart/form-data"
        )
        assert "不变 5" in browser.get(again.location).text
    assert browser.post(f"{looked.location}/undo").status_code == 303
    text = browser.get("/sharing/terms").text
    assert ("国庆节" in text, "园区检修" in text) == (False, True)
    again = browser.post(
        "/sheets/holidays", data={"file": (io.BytesIO(before), "a.xlsx")}, content_type="multipart/form-data"
    )
    assert "新增 0 · 变更 0 · 不变 1" in browser.get(again.location).text


def test_what_is_wrong_is_told_at_once(park: Park) -> None:
    park.staff()
    browser = park.browse("park")
    answer = send(
        browser,
        "日期,至,类别,名称,仪器停用",
        "2027-10-07,2027-10-01,放假,,",
        "2027-10-01,2027-10-07,放假,,",
        "2027-10-05,,补班,,",
        "2027-10-20,,照常,,",
    )
    assert answer.status_code == 422
    for row, words in ((2, "不能早于"), (4, "2027-10-05"), (5, "照常")):
        assert re.search(rf":{row}:[^<]*{words}", answer.text), (row, words)
    answer = send(browser, "日期,类别", "2027-13-01,放假", "2027-10-01,放价")
    assert len(re.findall(r"放假.csv:\d", answer.text)) == 2
    park.firm("E01")
    assert park.browse("e01").get("/sheets/holidays").status_code == 404
