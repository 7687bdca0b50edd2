"""A meeting moves under its own number, its subjects stand as the secretary puts them, its minutes can be signed."""

from __future__ import annotations

import datetime as dt
import io
import re

from docx import Document
from icalendar import Calendar

from app.hall import clock


def _event(browser, number):
    ics = browser.get(f"/ecosystem/committee/meetings/{number}.ics")
    return Calendar.from_ical(ics.data).walk("VEVENT")[0]


def _call(park, days: int) -> int:
    start = clock.start_of_day(clock.today() + dt.timedelta(days=days)) + dt.timedelta(hours=10)
    body = {"start": start.isoformat(), "end": (start + dt.timedelta(hours=1)).isoformat(), "place": "二楼"}
    return int(park.api("secretary").post("/ecosystem/meetings", body).json["id"])


def _titles(browser, number: int) -> list[str]:
    page = browser.get(f"/ecosystem/committee/meetings/{number}").text
    return re.findall(r"<h2>\d+\. ([^<]+)</h2>", page)


def test_a_moved_meeting_replaces_its_entry_in_calendars(demo_park):
    number, desk = _call(demo_park, 12), demo_park.browse("secretary")
    before = _event(desk, number)
    day = clock.today() + dt.timedelta(days=16)
    form = {"starts_at": f"{day}T15:30", "ends_at": f"{day}T17:00", "place": "报告厅"}
    path = f"/ecosystem/committee/meetings/{number}/move"
    assert demo_park.browse("e01").post(path, data=form).status_code == 403
    assert desk.post(path, data=form | {"ends_at": f"{day}T15:00"}).status_code == 422
    assert desk.post(path, data=form).status_code == 303
    after = _event(desk, number)
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], before["SEQUENCE"] + 1)
    assert clock.local(after.decoded("DTSTART")).strftime("%H:%M") == "15:30"
    assert desk.post(path, data=form).status_code == 303  # nothing changed: no new sequence
    assert _event(desk, number)["SEQUENCE"] == after["SEQUENCE"]


def test_subjects_keep_the_secretarys_order_and_stay_off(demo_park):
    number, desk = _call(demo_park, 13), demo_park.browse("secretary")
    base = f"/ecosystem/committee/meetings/{number}"
    desk.post(f"{base}/items", data={"title": "食堂二期"})
    first = _titles(desk, number)
    assert len(first) >= 3 and first[-1] == "食堂二期"
    ids = re.findall(r'id="item-(\d+)"', desk.get(base).text)
    assert desk.post(f"{base}/items/{ids[-1]}/up").status_code == 303
    assert desk.post(f"{base}/items/{ids[0]}/drop").status_code == 303
    wanted = [*first[1:-2], first[-1], first[-2]]
    assert _titles(desk, number) == wanted
    desk.post(f"{base}/agenda")
    assert _titles(desk, number) == wanted
    assert demo_park.browse("e01").post(f"{base}/items/{ids[1]}/up").status_code == 403


def test_minutes_are_a_word_document_and_a_pdf_to_sign(demo_park):
    number, desk = _call(demo_park, 14), demo_park.browse("secretary")
    base = f"/ecosystem/committee/meetings/{number}"
    seat = re.findall(r'name="came_(\d+)"', desk.get(base).text)[0]
    with clock.frozen(clock.now() + dt.timedelta(days=15)):
        desk = demo_park.browse("secretary")
        desk.post(f"{base}/attendance", data={f"came_{seat}": "apologies"})
        assert desk.get(f"{base}/minutes.docx").status_code == 404
        assert desk.post(f"{base}/minutes", data={"minutes": "十点开始\n议定三事"}).status_code == 303
        paper = Document(io.BytesIO(desk.get(f"{base}/minutes.docx").data))
        text = "\n".join(p.text for p in paper.paragraphs)
        assert "议定三事" in text and "请假" in text and "二楼" in text
        assert "签字" in paper.tables[0].rows[0].cells[0].text
        assert desk.get(f"{base}/minutes.pdf").data.startswith(b"%PDF-")
        assert demo_park.browse("e09").get(f"{base}/minutes.docx").status_code == 404


def test_the_second_half_brings_what_answers_a_subject(demo_park):
    """A subject finds what is shared by its words while it is idle; a subject that nothing answers is left out."""
    number, desk = _call(demo_park, 15), demo_park.browse("secretary")
    base = f"/ecosystem/committee/meetings/{number}"
    body = {"kind": "equipment", "name": "白光干涉轮廓仪", "price_fen_per_hour": 30_000}
    made = demo_park.api("e20").post("/sharing/resources", body).json["id"]
    for title in ("白光干涉", "无人说过的词"):
        desk.post(f"{base}/items", data={"title": title})
    page = demo_park.browse("park").get(f"{base}/together").text
    (mine,) = re.findall(r"<h2>白光干涉</h2>(.*?)</section>", page, re.S)
    assert re.findall(r'href="/sharing/resources/(\d+)"', mine) == [str(made)] and "利用率 0.0 %" in mine
    assert "无人说过的词" not in page
    other = demo_park.browse("e05").get(f"{base}/together").text
    assert "白光干涉轮廓仪" in other and "近 30 天利用率" not in other  # whose instrument is used how much
    assert all(float(one) < 50 for one in re.findall(r"利用率 ([\d.]+) %", page))
    assert f'href="{base}/together"' in desk.get(base).text


def test_two_subjects_become_one_and_say_who_spoke(demo_park):
    number, desk = _call(demo_park, 15), demo_park.browse("secretary")
    base = f"/ecosystem/committee/meetings/{number}"
    for title in ("食堂二期", "班车加开"):
        desk.post(f"{base}/items", data={"title": title})
    first = _titles(desk, number)
    ids = re.findall(r'id="item-(\d+)"', desk.get(base).text)
    for item, said in ((ids[-2], "先看选址"), (ids[-1], "早高峰加两班")):
        desk.post(f"{base}/items/{item}/note", data={"minutes": said, "speaker": "陆一鸣"})
    assert demo_park.browse("e01").post(f"{base}/items/{ids[-1]}/merge").status_code == 403
    assert desk.post(f"{base}/items/{ids[0]}/merge").status_code == 404  # nothing stands above it
    assert desk.post(f"{base}/items/{ids[-1]}/merge").status_code == 303
    desk.post(f"{base}/agenda")  # worked out anew: it stays one subject
    page = desk.get(base).text
    assert _titles(desk, number) == first[:-1]
    assert "并入：班车加开" in page and "先看选址\n早高峰加两班" in page and "发言人：陆一鸣" in page


def test_a_meetings_place_is_chosen_from_the_parks_buildings_and_rooms(demo_park):
    page = (
        demo_park.browse("secretary").get(f"/ecosystem/committee/meetings/{_call(demo_park, 18)}/move").text
    )
    assert 'list="pl-places"' in page
    names = re.findall(r'<option value="([^"]+)"></option>', page)
    assert {"1号楼", "2号楼", "6号楼"} <= set(names)
