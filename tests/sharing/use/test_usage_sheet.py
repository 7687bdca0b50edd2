"""The log beside an instrument against its bookings: found by number or hours, charged by the page's rules."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

from app.hall import clock


def send(browser: Any, *rows: str) -> Any:
    data = "\n".join(rows).encode("gb18030")
    return browser.post(
        "/sheets/usage", data={"file": (io.BytesIO(data), "记录.csv")}, content_type="multipart/form-data"
    )


def test_a_log_is_noted_against_its_bookings(park, instrument, at, monday):
    park.firm("E01"), park.firm("E02"), park.firm("E03")
    resource = instrument("e01")
    ids = []
    for firm, day in (("e02", 0), ("e03", 1)):
        wish = {"resource": resource, "start": at(day, 9), "end": at(day, 11), "purpose": "试样"}
        ids.append(park.api(firm).post("/sharing/bookings", wish).json["id"])
    tuesday = monday + dt.timedelta(days=1)

    with clock.frozen(clock.at(monday + dt.timedelta(days=3), 9)):
        browser = park.browse("e01")
        wrong = send(
            browser,
            "仪器,使用单位,开始时间,结束时间",
            f"光谱仪,,{monday} 11:00,{monday} 09:00",
            f"质谱仪,,{monday} 09:00,{monday} 11:00",
            f"光谱仪,E03公司,{monday} 09:00,{monday} 11:00",
            f"光谱仪,,{monday} 09:00,",
            f"光谱仪,,{monday} 9:00,{monday + dt.timedelta(days=9)} 11:00",
        )
        assert wrong.status_code == 422
        for row in (2, 3, 4, 5, 6):
            assert re.search(rf":{row}:", wrong.text), row
        looked = send(
            browser,
            "十一月仪器使用记录,,,,",
            "仪器,使用单位,开始时间,结束时间,备注",
            f"光谱仪,,{monday} 9：00,{monday} 10:00,早走",
            f"光谱仪,E03公司,{tuesday} 09:00,{tuesday} 11:00,",
            "合计,,,3小时,",
        )
        assert "新增 0 · 变更 2 · 不变 0" in browser.get(looked.location).text
        assert browser.post(f"{looked.location}/apply").status_code == 303
        states = [park.api("e01").get(f"/sharing/bookings/{number}").json["state"] for number in ids]
        assert states == ["completed", "completed"]
        for lang in ("zh", "en"):
            out = park.browse("e01", lang).get("/sheets/usage/export.xlsx").data
            again = browser.post(
                "/sheets/usage",
                data={"file": (io.BytesIO(out), "a.xlsx")},
                content_type="multipart/form-data",
            )
            assert "新增 0 · 变更 0 · 不变 2" in browser.get(again.location).text
        assert browser.post(f"{looked.location}/undo").status_code == 409, "what was charged is no draft"
        fixed = send(
            browser, "预约编号,实际开始,实际结束", f"{ids[0]},{monday} 09:00,{monday} 10:30"
        ).location
        browser.post(f"{fixed}/apply")
        assert "10:30" in browser.get(f"/sharing/bookings/{ids[0]}").text
        assert browser.post(f"{fixed}/undo").status_code == 303
        again = browser.post(
            "/sheets/usage", data={"file": (io.BytesIO(out), "a.xlsx")}, content_type="multipart/form-data"
        )
        assert "不变 2" in browser.get(again.location).text
