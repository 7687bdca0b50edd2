"""Odd input over HTTP is answered politely."""

from __future__ import annotations

import pytest

from tests.factories import Park

HUGE = "9" * 30


@pytest.mark.parametrize("path", ["posts", "matches", "introductions", "projects", "committee/meetings"])
def test_numbers_no_database_holds(park: Park, path: str) -> None:
    park.staff()
    assert park.browse("secretary").get(f"/ecosystem/{path}/{HUGE}").status_code == 404


def test_numbers_no_database_holds_in_the_api(park: Park) -> None:
    park.firm("E01")
    api = park.api("e01")
    for path in (f"/ecosystem/matches/{HUGE}/accept", f"/ecosystem/introductions/{HUGE}/outcomes"):
        assert api.post(path, {}).status_code in (404, 405, 422)
    for body in ({"baseline": "NaN"}, {"baseline": 1e300}, {"actual": "Infinity"}):
        full = {"metric": "x", "baseline": 0, "actual": 1, "unit": "y", "period": "z"} | body
        assert api.post("/ecosystem/introductions/1/outcomes", full).status_code == 422


@pytest.mark.parametrize(
    "query",
    ["?q=%25_%5C&tag=%00", "?page=0", "?page=999999999999", "?sort=nope&desc=1", "?segment=%F0%9F%98%80"],
)
def test_odd_lists(park: Park, query: str) -> None:
    park.firm("E01")
    browser = park.browse("e01")
    for path in ("market", "posts", "matches", "introductions", "signals"):
        assert browser.get(f"/ecosystem/{path}{query}").status_code in (200, 400, 422)


def test_strangers_sign_in_first(park: Park) -> None:
    stranger = park.app.test_client()
    for path in ("market", "matches", "introductions", "committee", "packs", "scorecard"):
        assert stranger.get(f"/ecosystem/{path}").status_code == 302
    assert stranger.post("/api/v1/ecosystem/needs", json={}).status_code == 401
