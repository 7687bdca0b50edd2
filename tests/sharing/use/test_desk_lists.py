"""The owner's desk: several requests get one answer, and the bookings that are filtered leave as a workbook."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import openpyxl


def test_requests_are_answered_together_and_exported(park: Any, instrument: Any, at: Any) -> None:
    for code in ("E01", "E02"):
        park.firm(code)
    number = instrument("e01", approval="owner")
    asked = [
        park.api("e02").post(
            "/sharing/bookings", {"resource": number, "start": at(0, h), "end": at(0, h + 1.5)}
        )
        for h in (9, 11, 13)
    ]
    ids = [str(one.json["id"]) for one in asked]
    desk, firm = park.browse("e01"), park.browse("e02")
    page = desk.get("/sharing/desk").text
    assert sorted(re.findall(r'name="chosen" value="(\d+)"', page)) == sorted(ids)
    body = {"chosen": ids[:2], "decision": "approve", "next": "/sharing/desk?tab=requests&desc=1"}
    assert firm.post("/sharing/desk/requests", data=body).status_code == 303
    assert (
        park.api("e02").get(f"/sharing/bookings/{ids[0]}").json["state"] == "requested"
    )  # not theirs to decide
    assert desk.post("/sharing/desk/requests", data=body).location == body["next"]
    desk.post("/sharing/desk/requests", data={"chosen": ids[1:], "decision": "reject", "reason": "当天检修"})
    states = [park.api("e02").get(f"/sharing/bookings/{one}").json["state"] for one in ids]
    assert states == ["confirmed", "confirmed", "rejected"]
    told = desk.get("/sharing/desk").text
    assert "已处理 1 条。" in told and f"预约 {ids[1]}：" in told
    data = desk.get("/sharing/desk?tab=bookings&state=confirmed&export=xlsx&sort=start").data
    rows = list(openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(min_row=2, values_only=True))
    assert [row[4] for row in rows] == [1.5, 1.5] and [row[7] for row in rows] == [750, 750]
    assert [row[2].hour for row in rows] == [9, 11] and isinstance(rows[0][2], dt.datetime)
