"""The day of a specialist: for who plans visits, in walking order, the same until it changes."""

from __future__ import annotations

import pytest

from app.hall import clock
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
