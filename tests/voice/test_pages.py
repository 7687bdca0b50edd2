"""Pages of voice: forms that say what is wrong and keep what was typed, sheets out and in, statements that do not grow."""

from __future__ import annotations

import io
import re
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from openpyxl import load_workbook

from app.hall import clock
from app.hall.db.base import db
from tests.voice.crew import Crew, at

CSV = """enterprise,channel,heard_on,text,visibility,hesitation,probe
E04,phone,2026-11-01,空调太冷,named,no,
E06,tea_talk,2026-11-01,服务还行,park_only,yes,预约不上
"""


def post(page: FlaskClient, path: str, back: str = "", **fields: Any) -> Any:
    headers = {"Referer": f"http://localhost{back}"} if back else {}
    return page.post(path, data=fields, headers=headers, content_type="multipart/form-data")


def test_a_visit_from_the_form_to_the_end(crew: Crew) -> None:
    with clock.frozen(at("2026-11-02T09:00")):
        page = crew.park.browse("old")
        planned = post(page, "/voice/visits", enterprise="E04", on="2026-11-02", starts="10:00")
        assert planned.status_code == 303
        here = planned.headers["Location"]
        assert "E04公司" in page.get("/voice/today").text
        said = {"text": "服务还行", "hesitation": "1", "visibility": "named", "client_id": "x"}
        assert post(page, f"{here}/remark", **said).status_code == 303
        refused = post(page, f"{here}/act", here, act="close")
        assert refused.status_code == 409
        for words in ("企业有所犹豫，尚未追问。", "还有反馈未归类，也未写明不处理的理由。"):
            assert words in refused.text
        number = re.search(r"/voice/feedback/(\d+)/act", page.get(here).text)
        assert number is not None
        act = f"/voice/feedback/{number[1]}/act"
        assert post(page, act, act="probe", text="约不上", next=here).headers["Location"] == here
        assert post(page, act, act="problem", category="network", next=here).status_code == 303
        assert post(page, f"{here}/act", act="close").status_code == 303
        assert "已结束" in page.get(here).text
        assert page.get(f"{here}/paper").data[:5] == b"%PDF-"


def test_a_day_that_is_none_is_said_at_its_field(crew: Crew) -> None:
    page = crew.park.browse("old")
    page.get("/voice/today")
    refused = post(page, "/voice/visits", "/voice/today", enterprise="E04", on="2026-02-31")
    assert refused.status_code == 422 and "请选择日期。" in refused.text and 'value="E04"' in refused.text


def test_sheets_go_out_and_come_in_once(crew: Crew) -> None:
    with clock.frozen(at("2026-11-02T09:00")):
        page = crew.park.browse("keeper")
        for expected in (2, 2):
            sent = {"file": (io.BytesIO(CSV.encode()), "notes.csv")}
            assert post(page, "/voice/feedback/sheet", **sent).status_code == 303
            assert crew.get("keeper", "/voice/feedback")["total"] == expected
        bad = CSV + "E04,radio,2026-13-01,,named,no,\n"
        refused = post(page, "/voice/feedback/sheet", file=(io.BytesIO(bad.encode()), "notes.csv"))
        assert refused.status_code == 422 and "第 4 行“channel”" in refused.text
        assert crew.get("keeper", "/voice/feedback")["total"] == 2
        rows = _rows(page.get("/voice/feedback?as=xlsx").data)
        assert [(row[3], row[4], row[7]) for row in rows[1:]] == [
            ("named", "E04", "空调太冷"),
            ("park_only", None, "服务还行"),
        ]
        listed = _rows(page.get("/voice/next?as=xlsx").data)
        assert listed[1][:4] == ("enterprise", "name", "layer", "silence_days")


def _rows(data: bytes) -> list[Any]:
    sheet: Any = load_workbook(io.BytesIO(data)).active
    return list(sheet.iter_rows(values_only=True))


def test_the_list_of_remarks_asks_as_often_for_many_as_for_few(crew: Crew) -> None:
    with clock.frozen(at("2026-11-02T09:00")):
        page = crew.park.browse("keeper")
        counts = []
        for texts in (("一", "二"), tuple(f"第{n}句" for n in range(12))):
            for text in texts:
                said = crew.say("E04", text, channel="phone")
                link = {"kind": "problem", "category": "canteen"}
                crew.post("old", f"/voice/feedback/{said['id']}/link", link)
            page.get("/voice/feedback")
            counts.append(_statements(crew, page, "/voice/feedback"))
        assert counts[0] == counts[1]


def _statements(crew: Crew, page: FlaskClient, path: str) -> int:
    asked: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    with crew.park.app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        assert page.get(path).status_code == 200
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    return len(asked)


def test_a_firm_speaks_and_reads_what_came_of_it(crew: Crew) -> None:
    with clock.frozen(at("2026-11-02T09:00")):
        page = crew.park.browse("e04")
        assert post(page, "/voice/mine", text="班车太少", visibility="park_only").status_code == 303
        [one] = crew.get("keeper", "/voice/feedback")["items"]
        assert (one["enterprise"], one["channel"], one["state"]) == (None, "app", "heard")
        assert crew.get("old", "/voice/feedback")["items"][0]["text"] == "班车太少"
        crew.post("keeper", f"/voice/feedback/{one['id']}/acknowledge", {"text": "已转后勤"})
        crew.post("keeper", f"/voice/feedback/{one['id']}/link", {"kind": "problem", "category": "transport"})
        shown = page.get("/voice/mine").text
        assert "已转后勤" in shown and "WT-" in shown
        assert "班车太少" not in crew.park.browse("e05").get("/voice/mine").text
        assert crew.park.browse("e04").get("/voice/feedback").status_code == 403


def test_a_remark_that_nobody_answers_is_told_once(crew: Crew) -> None:
    from app.voice.feedback.service import remind_late

    with clock.frozen(at("2026-11-06T17:00")):  # a Friday
        crew.say("E04", "没人理", channel="phone")
    for moment, told in (("2026-11-09T23:00", 0), ("2026-11-10T00:30", 1), ("2026-11-11T00:30", 1)):
        with clock.frozen(at(moment)):
            with crew.park.app.app_context():
                remind_late()
            notes = crew.get("old", "/identity/notifications")["items"]
            assert sum("一个工作日" in one["text"] for one in notes) == told


def test_a_remark_as_a_phone_sends_it_to_its_visit(crew: Crew) -> None:
    with clock.frozen(at("2026-11-02T09:00")):
        visit = crew.visit("E04", "2026-11-02")
        body = {
            "client_id": "7c1f3a7e-3f64-4d39-8a57-0b4c1d6f9e10",
            "enterprise": "E04",
            "channel": "visit",
            "heard_on": "2026-11-02",
            "text": "服务还行",
            "visibility": "named",
            "hesitation": "嗯……还行",
            "probe": "",
            "promise": None,
        }
        for _again in range(2):
            shown = crew.post("old", f"/voice/visits/{visit}/record", body)
            assert [(one["text"], one["hesitation"]) for one in shown["remarks"]] == [("服务还行", True)]
        assert shown["missing"] == ["probe_missing", "remark_open"]
