"""Story 31: the week of the park is a proven plan, written once."""

from __future__ import annotations

from app.hall import clock
from tests.voice.crew import Crew, at


def test_31_a_week_in_the_park(crew: Crew) -> None:
    with clock.frozen(at("2026-12-07T08:00")):
        found = crew.post("keeper", "/voice/week", {"from": "2026-12-07", "accept": True})
        assert (found["status"], found["from"]) == ("optimal", "2026-12-07")
        assert found["value"] == found["bound"] and found["gap"] == 0
        assert len(found["visits"]) == len(found["assignments"]) > 0
        again = crew.post("keeper", "/voice/week", {"from": "2026-12-07"})
        assert again["assignments"] == []
