"""Story 29: who said a `park_only` remark is met nowhere; an anonymous one has nobody to be met."""

from __future__ import annotations

import datetime as dt
import io
import logging
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from app.hall import clock, jobs
from app.hall.clock import ZONE
from app.hall.db.base import db
from app.voice.feedback.models import Author
from tests.voice.crew import Crew

NOON = dt.datetime(2026, 11, 3, 13, 37, tzinfo=ZONE)
NAMES = ("E06公司", "E06 Ltd", "e06 先生", '"E06"', ">E06<", "E06 ")
STAFF = ("property", "desk", "young", "analyst", "vp", "park", "auditor", "investment", "secretary")
CALLS = (
    "/voice/feedback",
    "/voice/feedback?q=食堂",
    "/voice/channels",
    "/problems",
    "/ecosystem/signals",
    "/identity/notifications",
)
PAGES = (
    "/",
    "/voice/feedback",
    "/voice/feedback?q=食堂",
    "/voice/channels",
    "/problems",
    "/problems/all",
    "/ecosystem/signals",
    "/identity/search?q=食堂",
    "/identity/search?q=E06",
    "/identity/notifications",
    "/identity/audit",
    "/identity/audit?q=feedback",
)


def hidden_remark(crew: Crew) -> tuple[int, int]:
    """E06 says something in confidence on a visit; it becomes a problem and a signal."""
    said = crew.say(
        "E06",
        "E06公司的人说食堂太咸，找e06 先生",
        heard_on="2026-11-03",
        visibility="park_only",
        promise="下周回话",
    )
    number = int(said["id"])
    crew.post("old", f"/voice/feedback/{number}/acknowledge", {"text": "收到"})
    link = {"kind": "problem", "category": "canteen"}
    linked = crew.post("old", f"/voice/feedback/{number}/link", link)
    crew.post("old", f"/voice/feedback/{number}/link", {"kind": "signal"})
    return number, int(linked["links"][0]["id"])


def test_29_a_hidden_author_is_found_nowhere(crew: Crew, caplog: pytest.LogCaptureFixture) -> None:
    team = crew.team
    with caplog.at_level(logging.DEBUG), clock.frozen(NOON):
        number, problem = hidden_remark(crew)
        team.do("desk", problem, "classify", {"class": "process"})
        team.do("desk", problem, "assign", {"departments": ["property"], "responsible": "property"})
        team.do("property", problem, "respond", {"text": "会改"})
        team.do("property", problem, "ask", {"text": "哪天？"})
        team.do("e06", problem, "reply", {"text": "上周"})
        team.do("e07", problem, "reply", {"text": "冒充"}, 404)
        with crew.park.app.app_context():
            jobs.deliver_outbox()
        seen: dict[str, str] = {}
        for login in STAFF:
            api, browser = crew.api(login), crew.park.browse(login)
            for path in (*CALLS, f"/voice/feedback/{number}", f"/problems/{problem}"):
                seen[f"{login} {path}"] = api.client.get(f"/api/v1{path}", headers=api.headers).text
            for path in (*PAGES, f"/voice/feedback/{number}"):
                seen[f"{login} page {path}"] = browser.get(path).text
            answer = browser.get("/voice/feedback?as=xlsx")
            if answer.status_code == 200:
                seen[f"{login} sheet"] = _cells(answer.data)
            looked = api.post(f"/voice/feedback/{number}/author", {"reason": "想知道"})
            assert looked.status_code in (403, 404), login
    seen["log"] = caplog.text
    for where, text in seen.items():
        if where.endswith("/identity/search?q=E06"):
            continue  # firms are found by their own name; remarks may not be among them
        for name in NAMES:
            assert name not in text, (where, name, text[max(0, text.find(name) - 200) :][:400])
        assert "13:37" not in text or "/voice" not in where, where
    assert "▇▇" in seen["property /problems/" + str(problem)]


def _cells(data: bytes) -> str:
    sheet: Any = load_workbook(io.BytesIO(data)).active
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row)


def test_29_the_database_knows_the_author_in_one_table_only(crew: Crew) -> None:
    """Every row of every table that was written with the remark: none but `author` holds both."""
    with clock.frozen(NOON):
        number, problem = hidden_remark(crew)
        with crew.park.app.app_context():
            row = (
                db.session.execute(sa.text("SELECT * FROM feedback WHERE id = :id"), {"id": number})
                .mappings()
                .one()
            )
            keys = ("organisation_id", "member_id", "heard_by_id", "visit_id", "gathering_id")
            assert [row[key] for key in keys] == [None] * 5
            trail = "SELECT count(*) FROM audit_event WHERE subject_kind = 'feedback' AND subject_id = :n"
            assert db.session.scalar(sa.text(trail), {"n": str(number)}) == 0
            steps = "SELECT count(*) FROM problem_step WHERE member_id IS NOT NULL AND problem_id = :p"
            assert db.session.scalar(sa.text(steps), {"p": problem}) == 0
            told = "SELECT count(*) FROM problem_reporter WHERE problem_id = :p"
            assert db.session.scalar(sa.text(told), {"p": problem}) == 0
            signal = "SELECT organisation_id, member_id FROM signal WHERE source = :s"
            assert db.session.execute(sa.text(signal), {"s": f"feedback:{number}"}).one() == (None, None)
            assert db.session.scalar(sa.select(sa.func.count()).select_from(Author)) == 2


def test_29_a_row_of_a_hidden_remark_cannot_hold_a_name(crew: Crew) -> None:
    with clock.frozen(NOON):
        number, _problem = hidden_remark(crew)
    with crew.park.app.app_context(), db.engine.begin() as connection:
        firm = connection.scalar(sa.text("SELECT id FROM organisation WHERE code = 'E06'"))
        with pytest.raises(sa.exc.IntegrityError):
            connection.execute(
                sa.text("UPDATE feedback SET organisation_id = :o WHERE id = :id"), {"o": firm, "id": number}
            )


def test_29_who_may_look_is_written_down_and_the_firm_reads_it(crew: Crew) -> None:
    with clock.frozen(NOON):
        number, _problem = hidden_remark(crew)
        path = f"/voice/feedback/{number}/author"
        assert crew.post("old", path, {"reason": "回访前核对"}) == {"enterprise": "E06", "name": "E06公司"}
        assert crew.post("keeper", path, {"reason": "交接"})["enterprise"] == "E06"
        looks = crew.get("e06", "/voice/looks")["items"]
        assert [(one["who"], one["reason"]) for one in looks] == [
            ("keeper 先生", "交接"),
            ("old 先生", "回访前核对"),
        ]
        assert crew.get("e07", "/voice/looks")["items"] == []
        with crew.park.app.app_context():
            trail = sa.text("SELECT detail, subject_id FROM audit_event WHERE action = 'author.looked'")
            rows = db.session.execute(trail).all()
            assert [row.subject_id for row in rows] == [str(number)] * 2
            assert all("E06" not in str(row.detail) for row in rows)
        mine = crew.get("e06", "/voice/feedback")["items"]
        assert [one["id"] for one in mine] == [number]
        assert "E06公司的人说" in mine[0]["text"]
        assert crew.get("e07", "/voice/feedback")["items"] == []


def test_29_layer_and_building_only_of_five_firms(crew: Crew) -> None:
    """Five firms share the layer of E06, three its building."""
    crew.park.firm("E13", size="micro", building="9号楼", registered_on=dt.date(2020, 1, 6))
    with clock.frozen(NOON):
        number, _problem = hidden_remark(crew)
        seen = crew.get("analyst", f"/voice/feedback/{number}")
        assert (seen["layer"], seen["building"], seen["enterprise"]) == ("small_micro", None, None)
        assert seen["heard_on"] == "2026-11"


def test_29_the_place_in_a_list_does_not_tell_the_day(crew: Crew) -> None:
    """Between two named remarks it would stand on its day: who does not know the author finds it at the month's end."""
    for day, code, visibility in (
        (2, "E07", "named"),
        (3, "E06", "park_only"),
        (4, "E08", "named"),
        (5, "E09", "named"),
    ):
        with clock.frozen(NOON.replace(day=day)):
            crew.say(code, f"第 {day} 天", visibility=visibility)
    with clock.frozen(NOON.replace(day=6)):
        read = {
            login: crew.get(login, "/voice/feedback")["items"]
            for login in ("old", "keeper", "young", "auditor")
        }
        days = {login: [one["text"][2] for one in items] for login, items in read.items()}
        assert days == {
            "old": list("5432"),
            "keeper": list("5432"),
            "young": list("5423"),
            "auditor": list("5423"),
        }
        assert [one["acknowledge_until"] for one in read["auditor"] if one["visibility"] != "named"] == [None]
        page = crew.park.browse("auditor").get("/voice/feedback").text
        assert page.index("第 2 天") < page.index("第 3 天")
        hidden = next(one["id"] for one in read["auditor"] if one["visibility"] != "named")
        assert "2026-11-0" not in crew.park.browse("auditor").get(f"/voice/feedback/{hidden}").text


def test_an_anonymous_remark_has_no_author_and_no_moment(crew: Crew) -> None:
    with clock.frozen(NOON):
        said = crew.say("E08", "E08公司：物业态度差", visibility="anonymous", heard_on="2026-11-03")
        number = int(said["id"])
        assert (
            crew.api("keeper")
            .post(f"/voice/feedback/{number}/author", {"reason": "想知道"})
            .json["type"]
            .endswith("feedback_without_author")
        )
        shown = crew.get("keeper", f"/voice/feedback/{number}")
        assert (shown["text"], shown["enterprise"]) == ("▇▇：物业态度差", None)
        with crew.park.app.app_context():
            row = db.session.execute(
                sa.text("SELECT text, received_at, heard_on FROM feedback WHERE id = :id"), {"id": number}
            ).one()
            assert (
                "E08" not in row.text
                and "13:37" not in str(row.received_at)
                and "05:37" not in str(row.received_at)
            )
            assert str(row.heard_on) == "2026-11-02"  # the Monday
            for table in ("author", "contact", "idempotency_key"):
                assert db.session.scalar(sa.text(f"SELECT count(*) FROM {table}")) == 0, table
        linked = crew.post(
            "keeper", f"/voice/feedback/{number}/link", {"kind": "problem", "category": "other"}
        )
        assert linked["links"][0]["state"] == "registered"
        refused = crew.post("keeper", f"/voice/feedback/{number}/link", {"kind": "need"}, 409)
        assert [one["code"] for one in refused["reasons"]] == ["feedback_need_needs_name"]


def test_a_firm_reports_a_problem_in_confidence_and_is_told(crew: Crew) -> None:
    with clock.frozen(NOON):
        body = {"category": "canteen", "text": "太咸", "visibility": "park_only"}
        problem = crew.post("e06", "/problems", body, 201)["id"]
        crew.team.do("desk", problem, "classify", {"class": "process"})
        crew.team.do("desk", problem, "assign", {"departments": ["logistics"], "responsible": "logistics"})
        crew.team.do("logistics", problem, "respond", {"text": "换厨师"})
        with crew.park.app.app_context():
            jobs.deliver_outbox()
        told = crew.get("e06", "/identity/notifications")["items"]
        assert any("有答复" in one["text"] for one in told)
        plan = {"what": "换厨师", "owner": "logistics", "until_on": "2026-11-10"}
        crew.team.do("logistics", problem, "plan", plan)
        crew.team.do("logistics", problem, "progress", {"text": "换"})
        crew.team.do("logistics", problem, "resolve", {"text": "换好了"})
        with crew.park.app.app_context():
            jobs.deliver_outbox()
        again = crew.get("keeper", "/voice/visits", state="open")["items"]
        assert [(one["enterprise"], one["on"], one["why"]) for one in again] == [
            ("E06", "2026-11-17", "revisit")
        ]
        # A colleague sees a visit like any other: that it follows an answer would name the author.
        goes = again[0]["specialist"]
        other = next(one for one in ("young", "desk", "old") if one != goes)
        for login, why in ((goes, "revisit"), (other, "plan")):
            assert [one["why"] for one in crew.get(login, "/voice/visits", state="open")["items"]] == [why]
        with crew.park.app.app_context():
            assert db.session.scalar(sa.text("SELECT problem_id FROM visit")) is None


def test_bad_entries_are_refused_and_late_ones_kept(crew: Crew) -> None:
    with clock.frozen(NOON):
        refused = crew.say("E06", "明天", heard_on="2026-11-04", expect=422)
        assert [one["code"] for one in refused["reasons"]] == ["feedback_in_future"]
        late = crew.say("E06", "上月", heard_on="2026-10-03")
        assert late["late"] is True
        assert crew.say("E06", "正好三十天", heard_on="2026-10-04")["late"] is False
        skewed = crew.say("E06", "快两小时的手机", entered_at="2026-11-03T15:37:00+08:00")
        with crew.park.app.app_context():
            row = db.session.execute(
                sa.text("SELECT received_at, phone_at FROM feedback WHERE id = :id"), {"id": skewed["id"]}
            ).one()
            assert ("05:37" in str(row.received_at), "07:37" in str(row.phone_at)) == (True, True) or (
                "13:37" in str(row.received_at) and "15:37" in str(row.phone_at)
            )
        bad = {"client_id": "x", "enterprise": "E06", "channel": "radio", "text": ""}
        answer = crew.api("old").post("/voice/feedback", bad)
        assert answer.status_code == 422
        assert {one["field"] for one in answer.json["reasons"]} == {"client_id", "channel", "text"}
        missing = {"client_id": str(uuid.uuid4()), "enterprise": "E99", "channel": "visit", "text": "?"}
        assert crew.api("old").post("/voice/feedback", missing).status_code == 404
        assert crew.api("e07").post("/voice/feedback", {**missing, "enterprise": "E06"}).status_code == 403
        assert crew.api("e07").post("/voice/feedback", {**missing, "enterprise": "E07"}).status_code == 201
