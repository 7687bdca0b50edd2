"""What a phone wrote without a network arrives once, is kept beside in a conflict, and stays there when it is wrong."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import re
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.hall import clock
from app.hall.errors import Conflict, Invalid, Reason
from app.hall.web.offline import service
from app.hall.web.offline.service import Entry, on_entry
from tests.factories import Park

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture
def done() -> Iterator[list[Entry]]:
    """What the use case behind the kind `test.note` was told to do."""
    entries: list[Entry] = []

    @on_entry("test.note")
    def note(entry: Entry) -> Mapping[str, object]:
        if entry.text("text") == "wrong":
            raise Invalid("", [Reason("offline_unreadable", {"at": "text"})])
        if entry.text("text") == "taken":
            raise Conflict("offline_no_receipt")
        entries.append(entry)
        return {"next": "/offline/", "n": len(entries)}

    yield entries
    del service._handlers["test.note"]


def send(page: FlaskClient, number: str, text: str, file: bytes = b"", **more: object) -> TestResponse:
    entry = {"key": number, "kind": "test.note", "made_at": clock.now().isoformat(), "body": {"text": text}}
    data: dict[str, object] = {"entry": json.dumps(entry | more)}
    if file:
        data["file"] = (io.BytesIO(file), "泵.png")
    return page.post("/offline/entries", data=data)


def test_the_same_entry_is_done_once_and_gets_its_first_receipt_again(park: Park, done: list[Entry]) -> None:
    park.firm("E1")
    page, key = park.browse("e1"), str(uuid.uuid4())
    first = send(page, key, "换了轴承", PICTURE)
    assert first.status_code == 201, first.text
    assert (first.json["key"], first.json["state"], first.json["late"]) == (key, "accepted", False)
    assert first.json["answer"] == {"next": "/offline/", "n": 1}
    again = send(page, key, "换了轴承", PICTURE, title="again", made_at="2026-01-01T00:00:00+08:00")
    assert again.status_code == 200 and again.json == first.json
    assert [(one.text("text"), one.file, one.file_name) for one in done] == [("换了轴承", PICTURE, "泵.png")]
    other = send(page, key, "换了轴")
    assert (other.status_code, other.json["code"]) == (409, "offline_key_reused")


def test_another_member_may_use_the_same_key(park: Park, done: list[Entry]) -> None:
    park.firm("E1"), park.firm("E2")
    key = str(uuid.uuid4())
    assert [send(park.browse(one), key, one).status_code for one in ("e1", "e2")] == [201, 201]


def test_what_is_wrong_stays_on_the_phone_with_its_reasons(park: Park, done: list[Entry]) -> None:
    park.firm("E1")
    page, key = park.browse("e1"), str(uuid.uuid4())
    refused = send(page, key, "wrong")
    assert refused.status_code == 422 and refused.json["state"] == "refused"
    assert refused.json["reasons"] == ["离线记录无法读取。"] == refused.json["fields"]["text"]
    assert send(page, key, "right").status_code == 201  # put right and sent again under its key


def test_a_conflict_keeps_both(park: Park, done: list[Entry]) -> None:
    park.firm("E1"), park.firm("E2")
    page, key = park.browse("e1"), str(uuid.uuid4())
    kept = send(page, key, "taken", PICTURE)
    assert kept.status_code == 201 and kept.json["state"] == "kept" and kept.json["reasons"]
    shown = page.get("/offline/").text
    assert "两份都保留" in shown and "taken" in shown and "泵.png" in shown
    (file,) = re.findall(r"/offline/receipts/\d+/file", shown)
    assert page.get(file).data == PICTURE
    stranger = park.browse("e2")
    assert stranger.get(file).status_code == 404
    assert stranger.post(file.replace("/file", "/settled")).status_code == 404
    assert page.post(file.replace("/file", "/settled")).status_code == 303
    assert "已处理" in page.get("/offline/").text


def test_a_months_old_entry_is_marked_and_the_servers_clock_decides(park: Park, done: list[Entry]) -> None:
    park.firm("E1")
    page = park.browse("e1")
    old = (clock.now() - dt.timedelta(days=30, seconds=5)).isoformat()
    with clock.frozen(clock.now()):
        late = send(page, str(uuid.uuid4()), "late", made_at=old)
        assert late.json["late"] and dt.datetime.fromisoformat(late.json["received_at"]) == clock.now()
    ahead = (clock.now() + dt.timedelta(days=400)).isoformat()  # a phone whose clock is wrong
    assert send(page, str(uuid.uuid4()), "ahead", made_at=ahead).json["late"] is False


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_nonsense_is_refused(park: Park, done: list[Entry]) -> None:
    park.firm("E1")
    page = park.browse("e1")
    wrong: tuple[dict[str, object], ...] = (
        {"key": "1"},
        {"made_at": "yesterday"},
        {"body": {"a": {"b": 1}}},
        {"more": 1},
    )
    for change in wrong:
        assert send(page, str(uuid.uuid4()), "x", **change).status_code == 422, change
    assert send(page, str(uuid.uuid4()), "x", kind="test.other").json["code"] == "offline_unknown_kind"
    assert send(page, str(uuid.uuid4()), "x" * 70_000).json["code"] == "offline_too_large"
    assert page.post("/offline/entries", data={"entry": "{"}).status_code == 422
    assert done == []


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_worker_forms_and_script_fit_sixty_kilobytes(park: Park) -> None:
    park.firm("E1")
    page = park.browse("e1")
    worker = page.get("/service-worker.js")
    assert worker.mimetype == "text/javascript" and worker.headers["Cache-Control"] == "no-cache"
    shell = json.loads(re.findall(r"const SHELL = (\[.*?\]);", worker.text)[0])
    assert shell[-1] == "/offline/" and "__VERSION__" not in worker.text
    size = len(gzip.compress(worker.data))
    for address in shell:
        answer = page.get(address)
        assert answer.status_code == 200, address
        size += len(gzip.compress(answer.data))
        answer.close()
    assert size <= 60 * 1024, size
    assert page.get("/offline/session").json["member"] == park.actor("e1").member_id


def test_the_script_says_only_words_that_the_page_gives(park: Park) -> None:
    static = Path(__file__).resolve().parents[2] / "app" / "static" / "app"
    wanted = set(re.findall(r"words\.(\w+)", (static / "offline.js").read_text("utf-8")))
    bar = (static.parents[1] / "templates" / "offline_macros.html").read_text("utf-8")
    given = {re.sub(r"-(\w)", lambda m: m[1].upper(), name) for name in re.findall(r"data-([a-z-]+)=\"", bar)}
    assert wanted <= given
