"""Story 31: the week of the park is a proven plan, written once."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from app.hall import clock
from tests.voice.crew import Crew, at
from tests.walks.seeds import SEEDS, draw_for


def test_31_a_week_in_the_park(crew: Crew) -> None:
    with clock.frozen(at("2026-12-07T08:00")):
        found = crew.post("keeper", "/voice/week", {"from": "2026-12-07", "accept": True})
        assert (found["status"], found["from"]) == ("optimal", "2026-12-07")
        assert found["value"] == found["bound"] and found["gap"] == 0
        assert len(found["visits"]) == len(found["assignments"]) > 0
        again = crew.post("keeper", "/voice/week", {"from": "2026-12-07"})
        assert again["assignments"] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_31_nobody_has_more_than_a_days_visits_and_what_is_left_over_says_why(crew: Crew, seed: int) -> None:
    """A week of drawn silences and of few places: proven, kept to the limits, and no firm twice."""
    draw = draw_for(31, seed)
    monday = dt.date(2026, 12, 7)
    a_day = {"old": 1, "young": draw.randrange(0, 2), "desk": draw.randrange(0, 2)}
    employed = {"old": "2019-03-01", "young": "2023-11-20", "desk": "2019-03-01"}
    barred = draw.choice(("E04", "E05", "E08", "E09", "E12"))  # of those that are visited by plan
    with clock.frozen(at("2026-12-04T10:00")):
        for login, most in a_day.items():
            body = {"login": login, "employed_since": employed[login], "visits_a_day": most}
            body["ties"] = [{"enterprise": barred, "owns_part": True}]
            crew.post("keeper", "/voice/specialists", body)
        for n in range(4, 13):
            when = monday - dt.timedelta(days=draw.randrange(100, 400))
            crew.say(f"E{n:02d}", "听到", channel="visit", heard_on=str(when))
    with clock.frozen(at("2026-12-07T08:00")):
        found = crew.post("keeper", "/voice/week", {"from": str(monday), "accept": True})
        assert found["status"] == "optimal" and found["value"] == found["bound"]
        placed = found["assignments"]
        busy = Counter((one["specialist"], one["day"]) for one in placed)
        assert all(many <= a_day[who] for (who, _day), many in busy.items())
        firms = [one["enterprise"] for one in crew.get("keeper", "/voice/visits", state="open")["items"]]
        assert len(firms) == len(set(firms)) == len(placed) and barred not in firms
        reasons = [reason for one in found["left_over"] for reason in one["reasons"]]
        assert set(reasons) <= {"conflict", "tenure", "window", "capacity"}
        assert all(one["reasons"] for one in found["left_over"]) and "conflict" in reasons
        assert len(placed) <= 5 * sum(a_day.values())
