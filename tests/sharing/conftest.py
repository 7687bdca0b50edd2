"""A small park for the sharing room's tests: a week that lies ahead, and instruments made over the API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from app.hall import clock

WEEKDAYS = [{"weekday": d, "from": "09:00", "to": "17:00"} for d in range(1, 6)]
ALWAYS = [{"weekday": d, "from": "00:00", "to": "24:00"} for d in range(1, 8)]


@pytest.fixture
def monday() -> dt.date:
    """The Monday after next: nothing of that week is in the past."""
    today = clock.today()
    return today + dt.timedelta(days=7 - today.weekday() + 7)


@pytest.fixture
def at(monday: dt.date) -> Callable[..., str]:
    """`at(2, 9.5)` is half past nine on the Wednesday of the test's week, as ISO text."""

    def moment(day: int, hour: float) -> str:
        minutes = round(hour * 60)
        return (
            (clock.at(monday, 0) + dt.timedelta(days=day, minutes=minutes)).astimezone(clock.ZONE).isoformat()
        )

    return moment


@pytest.fixture
def instrument(park: Any) -> Callable[..., int]:
    """Lists an instrument as a firm's administrator; answers its id."""

    def make(owner: str = "e01", **fields: Any) -> int:
        body = {
            "kind": "equipment",
            "name": "光谱仪",
            "price_fen_per_hour": 50_000,
            "opening": WEEKDAYS,
            "approval": "automatic",
            "step_minutes": 30,
            "min_minutes": 30,
            "max_minutes": 480,
        } | fields
        answer = park.api(owner).post("/sharing/resources", body)
        assert answer.status_code == 201, answer.text
        return int(answer.json["id"])

    return make
