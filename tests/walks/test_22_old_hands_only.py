"""Story 22: three years to the day, conflicts of interest, both reasons at once."""

from __future__ import annotations

import datetime as dt

import pytest

from app.hall import clock
from tests.voice.crew import Crew, at, reasons
from tests.walks.seeds import SEEDS, draw_for


def test_22_old_hands_only(crew: Crew) -> None:
    with clock.frozen(at("2026-11-02T09:00")):
        refused = crew.post("young", "/voice/visits", {"enterprise": "E05", "on": "2026-11-19"}, 409)
        assert reasons(refused) == ["tenure"]
        assert crew.post("young", "/voice/visits", {"enterprise": "E05", "on": "2026-11-20"}, 201)
        tie = {"enterprise": "E06", "employed": True, "left_on": "2025-11-30"}
        crew.post(
            "keeper",
            "/voice/specialists",
            {"login": "young", "employed_since": "2023-11-20", "ties": [tie]},
        )
        for day, expected in (
            ("2026-11-19", ["tenure", "conflict_of_interest"]),
            ("2026-11-20", ["conflict_of_interest"]),
        ):
            refused = crew.post("young", "/voice/visits", {"enterprise": "E06", "on": day}, 409)
            assert reasons(refused) == expected
            asked = crew.get("young", "/voice/may-visit", enterprise="E06", specialist="young", on=day)
            assert asked == {"may": False, "reasons": expected}


@pytest.mark.parametrize("seed", SEEDS)
def test_22_any_day_of_entry_and_any_day_of_leaving(crew: Crew, seed: int) -> None:
    """Other days, drawn: refused the day before three years (two years after leaving), accepted on the day."""
    draw = draw_for(22, seed)
    for _n in range(4):
        entry = dt.date(2019, 1, 1) + dt.timedelta(days=draw.randrange(1500))
        left = dt.date(2025, 2, 1) + dt.timedelta(days=draw.randrange(500))
        tie = {"enterprise": "E06", "employed": True, "left_on": left.isoformat()}
        body = {"login": "young", "employed_since": entry.isoformat(), "ties": [tie]}
        crew.post("keeper", "/voice/specialists", body)
        for years, start, firm, reason in (
            (3, entry, "E05", "tenure"),
            (2, left, "E06", "conflict_of_interest"),
        ):
            due = _anniversary(start, years)
            for day, expected in ((due - dt.timedelta(days=1), True), (due, False)):
                asked = {"enterprise": firm, "specialist": "young", "on": day.isoformat()}
                reasons_said = crew.get("young", "/voice/may-visit", **asked)["reasons"]
                assert (reason in reasons_said) is expected, (start, day, reasons_said)


def _anniversary(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return dt.date(day.year + years, 2, 28)
