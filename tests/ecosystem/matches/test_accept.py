"""Accepting a match reads top to bottom: how often the journey goes from one file to another, and comes back."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType
from typing import Any

from app import hall
from app.ecosystem.introductions.models import Introduction
from app.ecosystem.matches import service
from app.ecosystem.matches.models import Match
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from tests.factories import Park

APP = Path(hall.__file__).parents[1]
MOST_STOPS, MOST_RETURNS = 12, 3


class Journey:
    """Every call from one file of a room to another, once per caller and callee; what another room does inside
    its own files is its own journey, and the hall is a library."""

    def __init__(self, room: str) -> None:
        self.room, self.stops, self.returns = room, [], 0
        self._seen: set[tuple[str, str]] = set()
        self._files: set[str] = set()

    def __enter__(self) -> Journey:
        sys.setprofile(self._note)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _note(self, frame: FrameType, event: str, _argument: object) -> None:
        if event != "call" or frame.f_back is None:
            return
        here, there = _file(frame), _file(frame.f_back)
        if not here or not there.startswith(f"{self.room}/") or here == there:
            return
        pair = f"{there}:{frame.f_back.f_code.co_name}", f"{here}:{frame.f_code.co_name}"
        if pair not in self._seen:
            self._seen.add(pair)
            self.stops.append(" → ".join(pair))
            self.returns += here in self._files or here == self.start
            self._files.add(here)

    start = "ecosystem/matches/service.py"


def _file(frame: FrameType) -> str:
    """The file of a call in one of the rooms; empty for the hall and for libraries."""
    path = Path(frame.f_code.co_filename)
    inside = path.relative_to(APP).as_posix() if path.is_relative_to(APP) else ""
    return inside if inside.count("/") and not inside.startswith("hall/") else ""


def test_the_second_yes_takes_few_stops(park: Park) -> None:
    park.staff()
    park.trust_posts()
    for code in ("E01", "E24"):
        park.firm(code)
    body = {"title": "激光粒度检测", "tags": ["检测"], "description": "正极粉体"}
    needing: Any = park.api("e01")
    needing.post("/ecosystem/needs", body)
    park.api("e24").post("/ecosystem/offers", body)
    with park.app.app_context():
        match_id = db.session.scalars(db.select(Match.id)).one()
    needing.post(f"/ecosystem/matches/{match_id}/accept")
    actor = park.actor("e24")
    with park.app.app_context(), transaction(), Journey("ecosystem") as journey:
        opened = service.accept(actor, match_id)
    assert isinstance(opened, Introduction) and opened.match_id == match_id
    assert len(journey.stops) <= MOST_STOPS, journey.stops
    assert journey.returns <= MOST_RETURNS, journey.stops
    assert any("decide" in stop for stop in journey.stops)  # the tracing saw something
