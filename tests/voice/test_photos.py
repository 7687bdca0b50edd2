"""Photographs of remarks: without place, camera and hour; seen by few; their rows and receipts lead to nobody."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
import uuid
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image
from werkzeug.test import TestResponse

from app.hall import clock, jobs
from app.hall.clock import ZONE
from app.hall.db.base import Base, db
from app.identity.actor import Actor
from app.voice import limits
from app.voice.feedback import authors, keys, photos
from app.voice.feedback.models import Feedback, FeedbackPhoto
from tests.pictures import png
from tests.voice.crew import Crew

NOON = dt.datetime(2026, 11, 3, 13, 37, tzinfo=ZONE)
TELLING = (b"E06", b"SecretCamera", b"Exif", b"2026:11:03")


def picture(colour: str = "green") -> bytes:
    """A photograph that tells everything: camera, place, hour, firm."""
    exif = Image.Exif()
    exif[0x010F], exif[0x010E], exif[0x0132] = "SecretCamera", "E06公司 车间", "2026:11:03 13:37:00"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


def upload(crew: Crew, login: str, data: bytes, key: str = "") -> TestResponse:
    api = crew.api(login)
    headers = {**api.headers, **({"Idempotency-Key": key} if key else {})}
    form = {"photo": (io.BytesIO(data), "E06公司 13点37分.jpg")}
    return api.client.post("/api/v1/voice/photos", data=form, headers=headers)


def shows(crew: Crew, login: str, path: str) -> int:
    return crew.park.browse(login).get(path).status_code


def everything(crew: Crew) -> list[str]:
    """Every row of every table but those of accounts, as text that begins with the table's name."""
    skipped = {"member", "member_session", "person", "organisation", "enterprise"}
    with crew.park.app.app_context():
        return [
            f"{table.name}: {dict(row._mapping)}"
            for table in Base.metadata.sorted_tables
            if table.name not in skipped
            for row in db.session.execute(sa.select(table))
        ]


def test_a_picture_of_a_hidden_remark_tells_nothing_and_few_see_it(
    crew: Crew, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "PIL")  # it tells what the test's own picture tells
    with caplog.at_level(logging.DEBUG), clock.frozen(NOON):
        key = upload(crew, "old", picture(), "one-key").json["id"]
        assert upload(crew, "old", picture(), "one-key").json["id"] == key
        said = crew.say("E06", "食堂太咸", visibility="park_only", photos=[key])
        number, path = said["id"], f"/voice/photos/{key}"
        assert crew.get("old", f"/voice/feedback/{number}")["photos"] == [path]
        for login in ("old", "keeper", "e06"):
            assert shows(crew, login, path) == 200, login
        for login in ("young", "desk", "analyst", "vp", "park", "auditor", "property", "e07", "e01"):
            assert shows(crew, login, path) == 404, login
            assert path not in crew.park.browse(login).get(f"/voice/feedback/{number}").text
        assert path in crew.park.browse("e06").get("/voice/mine").text
        anew = crew.park.browse("old").get(path).data
        with Image.open(io.BytesIO(anew)) as image:
            assert image.size == (64, 48) and not image.getexif()
        # The problem it becomes gets the picture, held back until the desk has looked.
        linked = crew.post(
            "old", f"/voice/feedback/{number}/link", {"kind": "problem", "category": "canteen"}
        )
        problem = linked["links"][0]["id"]
        with crew.park.app.app_context():
            jobs.deliver_outbox()
            shown = db.session.scalar(sa.text("SELECT key FROM problem_photo"))
        assert shows(crew, "desk", f"/problems/photos/{shown}") == 200
        assert shows(crew, "property", f"/problems/photos/{shown}") == 404
        crew.team.do("desk", problem, "classify", {"class": "process"})
        crew.team.do("desk", problem, "assign", {"departments": ["property"], "responsible": "property"})
        seen = crew.park.browse("property").get(f"/problems/photos/{shown}")
        assert seen.status_code == 200
        for data in (anew, seen.data):
            assert not any(word in data for word in TELLING)
    for file in Path(crew.park.app.instance_path).rglob("*photos/**/*.jpg"):
        assert not any(word in file.read_bytes() + str(file).encode() for word in TELLING), file
    stored = Path(crew.park.app.instance_path, "feedback-photos", key[:2], f"{key}.jpg").stat()
    assert dt.datetime.fromtimestamp(stored.st_mtime, ZONE).time() == dt.time(0)
    with crew.park.app.app_context():
        row = db.session.scalars(sa.select(FeedbackPhoto)).one()
        assert (row.feedback_id, row.member_id) == (number, None)
    assert "E06公司" not in caplog.text and "13点37分" not in caplog.text
    kept_with = {row.split(":")[0] for row in everything(crew) if key in row}
    assert kept_with == {"feedback_photo"}


def send(crew: Crew, kind: str, key: str, file: bytes | None = None, **body: Any) -> TestResponse:
    entry = {
        "key": key,
        "kind": kind,
        "title": "E06公司",
        "made_at": "2026-11-03T13:00:00+08:00",
        "body": body,
    }
    form: dict[str, Any] = {"entry": json.dumps(entry)}
    if file is not None:
        form["file"] = (io.BytesIO(file), "E06公司 13点37分.jpg")
    return crew.park.browse("old").post("/offline/entries", data=form)


def test_pictures_and_remarks_of_a_phone_come_in_any_order_and_lead_to_nobody(crew: Crew) -> None:
    with clock.frozen(NOON):
        visit = crew.visit("E06", "2026-11-03")
        first, second, early, late = (str(uuid.uuid4()) for _n in range(4))
        at = {"visit": str(visit)}
        assert send(crew, "voice.photo", early, picture(), **at).json["answer"] == {}
        quiet = {**at, "text": "悄悄话", "visibility": "park_only", "files": [early, late]}
        assert send(crew, "voice.remark", first, **quiet).status_code == 201
        nobody = {**at, "text": "谁也别说", "visibility": "anonymous"}
        assert send(crew, "voice.remark", second, **nobody).json["answer"] == {"next": "/voice/today"}
        [said] = crew.get("old", f"/voice/visits/{visit}")["remarks"]
        assert len(said["photos"]) == 1
        for _again in range(2):
            assert send(crew, "voice.photo", late, picture("red"), **at).status_code in (200, 201)
        [said] = crew.get("old", f"/voice/visits/{visit}")["remarks"]
        assert len(said["photos"]) == 2
        assert all(shows(crew, "e06", path) == 200 for path in said["photos"])
        assert send(crew, "voice.photo", str(uuid.uuid4()), b"GIF89a", **at).status_code == 422
    rows = everything(crew)
    assert not any("13点37分" in row for row in rows)
    receipts = [row for row in rows if row.startswith("offline_receipt")]
    assert len(receipts) == 4 and not any("E06" in row for row in receipts)
    with crew.park.app.app_context():
        hidden = db.session.scalars(sa.select(Feedback).where(Feedback.visibility == "anonymous")).one()
        number = str(hidden.id)
    # Of the anonymous one no table but its own knows the number, nor any of its keys.
    for word in (number, hidden.client_key, hidden.client_hash):
        assert {row.split(":")[0] for row in rows if word in row} == {"feedback"}, word
    assert not any(key in row for row in rows if row.startswith("feedback") for key in (first, second))


def test_bad_pictures_are_refused_and_nothing_is_kept(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PHOTO_BYTES", 9000)
    with clock.frozen(NOON):
        bombs = (b"GIF89a" + b"0" * 99, png(10_000, 6_001), picture() + b"\0" * 9000, b"")
        assert [upload(crew, "old", data).status_code for data in bombs] == [422] * 4
        assert upload(crew, "analyst", picture()).status_code == 403
        mine = upload(crew, "old", picture()).json["id"]
        refused = crew.say("E06", "别人的照片", login="desk", photos=[mine], expect=422)
        assert [one["code"] for one in refused["reasons"]] == ["feedback_photo_unknown"]
        crew.say("E06", "没有的照片", photos=["0" * 64], expect=422)
        crew.say("E06", "太多", photos=[mine] * 7, expect=422)
        assert crew.say("E06", "有照片", photos=[mine])["fresh"]
        crew.say("E07", "同一张", photos=[mine], expect=422)
        page = crew.park.browse("old")
        assert page.post(f"/voice/photos/{mine}/remove").status_code == 303
        assert shows(crew, "old", f"/voice/photos/{mine}") == 404
        spare = upload(crew, "old", picture()).json["id"]
    with clock.frozen(NOON + dt.timedelta(days=41)), crew.park.app.app_context():
        photos.forget_unused()
        assert db.session.scalar(sa.select(FeedbackPhoto.id).where(FeedbackPhoto.key == spare)) is None


def test_only_who_heard_it_and_the_keeper_know_the_author_and_no_number_tells(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.frozen(NOON):
        quiet = crew.say("E06", "悄悄话", visibility="park_only")["id"]
        nobody = crew.say("E06", "谁也别说", visibility="anonymous")["id"]
        named = crew.say("E06", "大声说")["id"]
    ear, other = crew.park.actor("old"), crew.park.actor("young")

    def knows(who: Actor, number: int, *roles: str) -> bool:
        with crew.park.app.app_context():
            actor = Actor(who.member_id, who.organisation_id, who.name, frozenset(roles))
            return authors.may_see(actor, db.session.get_one(Feedback, number))

    assert knows(ear, quiet, "service_specialist")
    assert not knows(other, quiet, "service_specialist")
    assert knows(other, quiet, "park_admin", "voice_keeper")
    for role in (
        "park_admin",
        "auditor",
        "vice_president",
        "department_head",
        "analyst",
        "credit_reviewer",
        "enterprise_admin",
    ):
        assert not knows(other, quiet, role), role
        assert not knows(ear, quiet, role), f"{role}: the right to visit was given back"
        assert knows(ear, named, role)
    assert not knows(ear, nobody, "voice_keeper", "service_specialist")
    # Numbers are drawn: the next one would tell after whom somebody spoke.
    assert len({quiet, nobody, named}) == 3 and min(quiet, nobody, named) >= 100_000
    with crew.park.app.app_context():
        drawn = iter([quiet - 100_000] * keys.TRIES + [5])
        monkeypatch.setattr(keys.secrets, "randbelow", lambda _top: next(drawn))
        assert keys.free_number() == 100_000_005  # where the short ones are taken, a longer one
