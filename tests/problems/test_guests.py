"""A label, a photograph, a tap: no account, a number at once, followed by the secret link only."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from app.hall.db.base import db
from app.hall.jobs import deliver_outbox
from app.problems import limits
from app.problems.places import service as places
from app.problems.reports import store
from app.problems.reports.models import Place, ProblemPhoto
from tests.problems.team import Team


def picture(size: tuple[int, int] = (64, 48), kind: str = "JPEG") -> bytes:
    """A photograph that tells where it was taken, and by which camera."""
    image = Image.new("RGB", size, "navy")
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


def code_of(team: Team) -> str:
    with team.park.app.app_context():
        return places.code_of(db.session.get_one(Place, team.place))


def send(team: Team, data: bytes | None = None, **more: Any) -> Any:
    fields = {"category": "lamp", "text": "不亮", **more}
    if data is not None:
        fields["photo"] = (io.BytesIO(data), "lamp.jpg")
    client = team.park.app.test_client()
    return client, client.post(
        f"/problems/at/{code_of(team)}", data=fields, content_type="multipart/form-data"
    )


def test_a_stranger_reports_and_follows_to_the_end(team: Team) -> None:
    client, answer = send(team, picture())
    assert answer.status_code == 303 and "/problems/follow/" in answer.location
    page = client.get(answer.location).text
    number = re.search(r"WT-\w{6}", page)
    assert number is not None
    problem = team.api("desk").get("/problems").json["items"][0]
    assert (problem["number"], problem["department"], problem["clock"]["state"]) == (
        number[0],
        "property",
        "running",
    )
    team.do("worker", problem["id"], "take")
    team.do("worker", problem["id"], "respond", {"text": "十分钟到"})
    team.do("worker", problem["id"], "progress", {"text": "在换"})
    team.do("worker", problem["id"], "resolve", {"text": "换好了"})
    assert "换好了" in client.get(answer.location).text
    done = client.post(answer.location, data={"act": "confirm", "solved": "yes", "minutes": "40"})
    assert done.status_code == 303
    found = team.api("desk").get(f"/problems/{problem['id']}").json
    assert found["state"] == "confirmed"
    assert client.post(answer.location, data={"act": "confirm", "solved": "yes"}).status_code == 409
    assert client.get("/problems/follow/somebody-else").status_code == 404


def test_the_photograph_is_held_back_and_has_no_place_and_no_camera(team: Team, tmp_path: Path) -> None:
    raw = picture()
    assert b"SecretCamera" in raw
    send(team, raw)
    problem = team.api("desk").get("/problems").json["items"][0]
    kept = list((Path(team.park.app.instance_path) / "problem-photos").rglob("*.jpg"))
    assert len(kept) == 1
    with Image.open(kept[0]) as image:
        assert image.size == (64, 48) and not image.getexif()
    assert b"SecretCamera" not in kept[0].read_bytes()
    assert not [
        one for one in (Path(team.park.app.instance_path) / "problem-photos/raw").rglob("*") if one.is_file()
    ]
    address = f"/problems/photos/{kept[0].stem}"
    worker, desk = team.park.browse("worker"), team.park.browse("desk")
    assert worker.get(address).status_code == 404 and desk.get(address).status_code == 200
    team.do("desk", problem["id"], "classify", {"class": "immediate"})
    assert worker.get(address).status_code == 200
    assert team.park.browse("e02").get(address).status_code == 404


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("bomb", None),
        ("svg", b"<svg onload=alert(1)>"),
        ("cut", picture()[:200]),
        ("liar", b"\xff\xd8\xff" + b"\0" * 500),
        ("heavy", picture((300, 300))),
    ],
)
def test_what_is_no_photograph_is_refused_and_nothing_is_lost(
    team: Team, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes | None
) -> None:
    if name == "heavy":
        monkeypatch.setattr(limits, "PHOTO_BYTES", 500)
    if name == "bomb":
        out = io.BytesIO()
        Image.new("1", (10_000, 6_000)).save(out, "PNG")
        data = out.getvalue()
    _client, answer = send(team, data, text="从昨晚开始")
    if name == "cut":  # its header is a picture's: what cannot be read is refused when it is written anew
        assert answer.status_code in (303, 422)
        return
    assert answer.status_code == 422, name
    assert "从昨晚开始" in answer.text and re.search(r'value="lamp" required checked', answer.text)
    assert team.api("desk").get("/problems").json["total"] == 0


def test_the_same_form_twice_is_one_problem(team: Team) -> None:
    key = "0b0e2f3c-2f43-4f0e-9a53-0c9c2f0f7a11"
    for _time in range(2):
        assert send(team, client_id=key)[1].status_code in (200, 303)
    assert team.api("desk").get("/problems").json["total"] == 1


def test_a_label_of_another_park_or_an_old_one_opens_nothing(team: Team) -> None:
    old = code_of(team)
    client = team.park.app.test_client()
    assert client.get(f"/problems/at/{old}").status_code == 200
    assert client.get("/problems/at/aaaaaaaaaaaaaaaaaaaaaa").status_code == 404
    with team.park.app.app_context():
        places.renew(team.park.actor("park"), team.place)
    assert client.get(f"/problems/at/{old}").status_code == 404
    assert client.get(f"/problems/at/{code_of(team)}").status_code == 200


def test_labels_of_a_building_are_one_pdf(team: Team) -> None:
    answer = team.park.browse("desk").get("/problems/places/labels.pdf?building=1")
    assert answer.data.startswith(b"%PDF") and answer.mimetype == "application/pdf"
    assert team.park.browse("worker").get("/problems/places/labels.pdf").status_code == 403


def test_a_photograph_by_call_is_taken_up_once(team: Team) -> None:
    headers = team.api("e01").headers

    def upload(data: bytes) -> Any:
        fields = {"photo": (io.BytesIO(data), "a.jpg")}
        return team.park.app.test_client(use_cookies=False).post(
            "/api/v1/problems/photos", data=fields, headers=headers, content_type="multipart/form-data"
        )

    key = upload(picture()).json["id"]
    assert upload(b"no picture").status_code == 422
    team.report("e01", photos=[key])
    again = team.api("e01").post("/problems", {"category": "lamp", "text": "x", "photos": [key]})
    assert again.status_code == 422
    other = team.api("e02").post("/problems", {"category": "lamp", "text": "x", "photos": ["0" * 32]})
    assert other.status_code == 422


def test_a_photograph_written_anew_twice_is_the_same(team: Team) -> None:
    send(team, picture())
    with team.park.app.app_context():
        key = db.session.scalars(sa.select(ProblemPhoto.key)).one()
        before = store.ready_path(key).read_bytes()
        store.write_anew({"key": key})
        deliver_outbox()
        assert store.ready_path(key).read_bytes() == before
