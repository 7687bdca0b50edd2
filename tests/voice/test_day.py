"""The day of a specialist: for who plans visits, in walking order, the same until it changes."""

from __future__ import annotations

import datetime as dt

import pytest

from app.hall import clock
from app.identity.door import SYSTEM
from app.voice.onboarding import service as onboarding
from app.voice.onboarding.rules import Item
from app.voice.visits import plans
from tests.voice.crew import Crew, at


@pytest.mark.parametrize("login", ["park", "auditor", "e04"])
def test_visits_are_for_who_plans_them(crew: Crew, login: str) -> None:
    with clock.frozen(at("2026-11-02T10:00")):
        visit = crew.visit("E04", "2026-11-02")
        assert crew.api(login).get(f"/voice/visits/{visit}").status_code == 403
        assert crew.api(login).get("/voice/today").status_code == 403


def test_today_is_the_same_until_it_changes(crew: Crew) -> None:
    with clock.frozen(at("2026-11-02T08:00")):
        crew.visit("E04", "2026-11-02")  # building 2
        crew.visit("E06", "2026-11-02")  # building 1
        api = crew.api("old")
        first = api.get("/voice/today")
        assert [one["enterprise"] for one in first.json["visits"]] == ["E06", "E04"]
        assert first.json["visits"][0]["dossier"]["layer"] == "small_micro"
        tag = first.headers["ETag"]
        same = api.client.get("/api/v1/voice/today", headers={**api.headers, "If-None-Match": tag})
        assert same.status_code == 304
        crew.visit("E05", "2026-11-02")
        other = api.client.get("/api/v1/voice/today", headers={**api.headers, "If-None-Match": tag})
        assert other.status_code == 200


def test_a_visit_touches_the_earliest_milestone_of_a_newcomer_once(crew: Crew) -> None:
    """One touch for every milestone: what was asked about on Monday is not due again on Tuesday."""

    def due() -> list[str]:
        found = {row.firm.code: row.dues for row in plans.rows()}
        return [one.milestone for one in found["E20"] if one.milestone]

    crew.park.firm("E20", size="small", registered_on=dt.date(2026, 10, 5))
    with clock.frozen(at("2026-11-02T10:00")):
        with crew.park.app.app_context():
            items = [Item("power", "水电报装", "Power", 3), Item("fit_out", "装修备案", "Fit-out", 40)]
            firm = crew.park.actor("e20").organisation_id
            onboarding.begin(SYSTEM, firm, items, clock.today())
            assert due() == ["power", "fit_out"]
        visit = crew.visit("E20", "2026-11-02")
        for _twice in range(2):
            crew.post("old", f"/voice/visits/{visit}/record", {"note": "水电已报"})
        with crew.park.app.app_context():
            assert due() == ["fit_out"]
