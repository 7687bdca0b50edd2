"""Landing a prospect reads top to bottom: how often the way leads from one file of the rooms to another is counted."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
import sqlalchemy as sa

from app.chain.prospects.models import Prospect
from app.hall.db.base import db
from tests.chain.folders import FIRMS, battery
from tests.chain.test_room import bring_in
from tests.factories import Park

APP = Path(__file__).resolve().parents[3] / "app"
STOPS, RETURNS = 12, 3


@pytest.fixture
def chain(park: Park, tmp_path: Path) -> Park:
    """The battery chain, and a prospect that has signed."""
    park.staff()
    for code, name, _segment, _output in FIRMS[:6]:
        park.firm(code, name_zh=name)
    bring_in(park, battery(tmp_path / "park"))
    client = park.browse("investment")
    form = {"chain": "battery", "name": "皓沙正极", "segment": ["cathode"], "output": ["4000"]}
    assert client.post("/chain/prospects", data=form).status_code == 303
    for state in ("contacted", "visited", "negotiating", "signed"):
        assert (
            client.post("/chain/prospects/P01/move", data={"state": state, "note": "好"}).status_code == 303
        )
    return park


def _room_file(frame: FrameType | None) -> str:
    """The file below `app` that this frame, or the nearest caller in `app`, runs in."""
    while frame is not None and not frame.f_code.co_filename.startswith(str(APP)):
        frame = frame.f_back
    return str(Path(frame.f_code.co_filename).relative_to(APP)) if frame is not None else ""


def _after_commit(frame: FrameType | None) -> bool:
    """Whether it is a job that runs once the landing is stored."""
    while frame is not None and frame.f_code.co_filename != str(APP / "hall" / "jobs.py"):
        frame = frame.f_back
    return frame is not None


def test_a_prospect_lands_in_twelve_stops(chain: Park) -> None:
    client = chain.browse("investment")
    calls: list[tuple[str, str]] = []

    def watch(frame: FrameType, event: str, _value: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(str(APP)):
            here, caller = _room_file(frame), _room_file(frame.f_back)
            rooms = not here.startswith("hall/") and not caller.startswith("hall/")
            if here != caller and rooms and not _after_commit(frame):
                calls.append((caller, here))

    sys.setprofile(watch)
    try:
        answer = client.post("/chain/prospects/P01/move", data={"state": "landed", "note": "好"})
    finally:
        sys.setprofile(None)
    assert answer.status_code == 303
    way = calls[calls.index(("chain/prospects/views.py", "chain/prospects/service.py")) :]
    stops = set(way)
    returns = sum(here == "chain/prospects/service.py" for _caller, here in way[1:])
    assert ("chain/prospects/service.py", "chain/prospects/rules.py") in stops
    assert len(stops) <= STOPS, sorted(stops)
    assert returns <= RETURNS, way


def test_a_prospect_whose_segment_has_gone_is_refused_with_all_reasons(chain: Park) -> None:
    """What it brings names two segments that nobody knows: both are told, and nothing is written."""
    with chain.app.app_context():
        row = db.session.scalars(sa.select(Prospect).where(Prospect.code == "P01")).one()
        row.brings = {"adds": [["foil", 5.0]], "inputs": [["binder", "cathode", 0.1]]}
        db.session.commit()
    api = chain.api("investment")
    answer = api.post("/chain/prospects/P01/move", {"state": "landed"})
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert "foil" in text
    assert "binder" in text
    found = {row["prospect"]: row for row in api.get("/chain/prospects").json["items"]}
    assert found["P01"]["state"] == "signed"


def test_a_code_of_strange_digits_stops_nobody(chain: Park) -> None:
    """`P²` is a code somebody may have given: the next free number is found all the same."""
    with chain.app.app_context():
        row = db.session.scalars(sa.select(Prospect).where(Prospect.code == "P01")).one()
        row.code = "P²"
        db.session.commit()
    form = {"chain": "battery", "name": "银渚正极", "segment": ["cathode"], "output": ["10"]}
    answer = chain.browse("investment").post("/chain/prospects", data=form)
    assert answer.headers["Location"].startswith("/chain/prospects/P01")
