"""Story 21: a newcomer is due on its thirtieth day; what its pack lists are milestones, overdue with days."""

from __future__ import annotations

import datetime as dt

from app.hall import clock
from app.voice.onboarding import service as onboarding
from tests.voice.crew import Crew, at


def test_a_newcomer_is_due_on_a_sunday_and_suggested_on_the_friday_before(crew: Crew) -> None:
    crew.park.firm("E40", registered_on=dt.date(2024, 3, 1), size="large", building="2号楼")
    with clock.frozen(at("2024-03-10T09:00")):
        rows = {one["enterprise"]: one for one in crew.get("old", "/voice/next", limit=200)["items"]}
        first = rows["E40"]["due"][0]
        assert (first["method"], first["due_on"], first["suggested_on"], first["reason"]) == (
            "visit",
            "2024-03-31",
            "2024-03-29",
            "first_visit",
        )
        assert (rows["E40"]["layer"], rows["E40"]["silence_days"]) == ("new", 9)


def test_milestones_of_a_landed_firm_are_ticked_and_overdue_with_days(crew: Crew) -> None:
    firm = crew.park.firm("E41")
    with clock.frozen(at("2026-03-01T09:00")), crew.park.app.app_context():
        onboarding.landed(firm, 7)
        onboarding.landed(firm, 7)  # told twice, there once
    with clock.frozen(at("2026-03-20T09:00")):
        rows = {one["enterprise"]: one for one in crew.get("old", "/voice/next", limit=200)["items"]}
        steps = rows["E41"]["milestones"]
        assert [(one["code"], one["due_on"], one["overdue_days"]) for one in steps] == [
            ("any:1", "2026-03-16", 4),
            ("any:2", "2026-04-30", 0),
            ("any:3", "2026-05-30", 0),
        ]
        path = f"/voice/milestones/{steps[0]['id']}/end"
        assert crew.post("old", path, {"state": "done"})["overdue_days"] == 0
        assert crew.post("old", path, {"state": "done"}, 409)["type"].endswith("onboarding_over")
        refused = crew.post("old", f"/voice/milestones/{steps[1]['id']}/end", {"state": "not_needed"}, 422)
        assert [one["code"] for one in refused["reasons"]] == ["visit_reason_missing"]
        assert "逾期" not in crew.park.browse("old").get("/voice/today").text
    with clock.frozen(at("2026-05-02T09:00")):
        assert "逾期 2 天" in crew.park.browse("old").get("/voice/today").text
