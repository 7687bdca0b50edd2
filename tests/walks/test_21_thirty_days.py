"""Story 21: a newcomer is due on its thirtieth day; what its pack lists are milestones, overdue with days."""

from __future__ import annotations

import datetime as dt

import pytest

from app.hall import clock
from app.voice.onboarding import service as onboarding
from tests.voice.crew import Crew, at
from tests.walks.seeds import SEEDS, draw_for

# Registered, due thirty days later, suggested on the last working day not after it – by the published calendars.
NEWCOMERS = (
    ("2024-03-01", "2024-03-31", "2024-03-29"),  # a Sunday
    ("2025-09-03", "2025-10-03", "2025-09-30"),  # National Day, off from 1 October
    ("2025-01-05", "2025-02-04", "2025-01-27"),  # Spring Festival, off from 28 January
    ("2024-06-10", "2024-07-10", "2024-07-10"),  # a Wednesday
    ("2024-08-15", "2024-09-14", "2024-09-14"),  # a Saturday that is worked before Mid-Autumn
)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_newcomer_is_due_on_its_thirtieth_day_and_suggested_on_a_working_day(crew: Crew, seed: int) -> None:
    registered, due, suggested = NEWCOMERS[(seed - 1) % len(NEWCOMERS)]
    days = draw_for(21, seed).randrange(1, 20)
    joined = dt.date.fromisoformat(registered)
    crew.park.firm("E40", registered_on=joined, size="large", building="2号楼")
    with clock.frozen(at(f"{joined + dt.timedelta(days=days)}T09:00")):
        rows = {one["enterprise"]: one for one in crew.get("old", "/voice/next", limit=200)["items"]}
        first = rows["E40"]["due"][0]
        assert (first["method"], first["due_on"], first["suggested_on"], first["reason"]) == (
            "visit",
            due,
            suggested,
            "first_visit",
        )
        assert (rows["E40"]["layer"], rows["E40"]["silence_days"]) == ("new", days)


@pytest.mark.parametrize("seed", SEEDS)
def test_milestones_of_a_landed_firm_are_ticked_and_overdue_with_days(crew: Crew, seed: int) -> None:
    draw = draw_for(21, seed)
    firm = crew.park.firm("E41")
    landed = dt.date(2026, 3, 1) + dt.timedelta(days=draw.randrange(40))
    late, later = draw.randrange(1, 40), draw.randrange(1, 25)
    dues = [landed + dt.timedelta(days=after) for after in (15, 60, 90)]  # what the pack lists
    with clock.frozen(at(f"{landed}T09:00")), crew.park.app.app_context():
        onboarding.landed(firm, 7)
        onboarding.landed(firm, 7)  # told twice, there once
    with clock.frozen(at(f"{dues[0] + dt.timedelta(days=late)}T09:00")):
        rows = {one["enterprise"]: one for one in crew.get("old", "/voice/next", limit=200)["items"]}
        steps = rows["E41"]["milestones"]
        assert [(one["code"], one["due_on"], one["overdue_days"]) for one in steps] == [
            ("any:1", str(dues[0]), late),
            ("any:2", str(dues[1]), 0),
            ("any:3", str(dues[2]), 0),
        ]
        path = f"/voice/milestones/{steps[0]['id']}/end"
        assert crew.post("old", path, {"state": "done"})["overdue_days"] == 0
        assert crew.post("old", path, {"state": "done"}, 409)["type"].endswith("onboarding_over")
        refused = crew.post("old", f"/voice/milestones/{steps[1]['id']}/end", {"state": "not_needed"}, 422)
        assert [one["code"] for one in refused["reasons"]] == ["visit_reason_missing"]
        assert "逾期" not in crew.park.browse("old").get("/voice/today").text
    with clock.frozen(at(f"{dues[1] + dt.timedelta(days=later)}T09:00")):
        assert f"逾期 {later} 天" in crew.park.browse("old").get("/voice/today").text
