"""Stories 32 and 33: three clocks that nobody can reset, with other days, hours and pauses."""

from __future__ import annotations

import datetime as dt

import pytest

from app.hall import clock
from app.problems.work.handlers import watch
from tests.voice.crew import Crew, at
from tests.walks.seeds import SEEDS, draw_for

CAP = 10  # days that a question may stop a clock
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def _midnight(day: dt.date) -> dt.datetime:
    return at(f"{day}T00:00")


def _clock(crew: Crew, problem: int) -> tuple[str, str | None]:
    found = crew.get("desk", f"/problems/{problem}")["clock"]
    return found["state"], found["due_at"]


def _plan(day: dt.date) -> dict[str, str]:
    return {"what": "每周两道新菜", "owner": "logistics", "until_on": str(day)}


@pytest.mark.parametrize("seed", SEEDS)
def test_32_immediate_to_the_second_and_process_to_the_end_of_its_day(crew: Crew, seed: int) -> None:
    team, draw = crew.team, draw_for(32, seed)
    start = (
        at("2026-03-02T00:00") + draw.randrange(90) * DAY + draw.randrange(24 * 60) * dt.timedelta(minutes=1)
    )
    due = start + 24 * HOUR
    with clock.frozen(start):
        lamps = [team.assigned() for _each in range(2)]
        assert [_clock(crew, one) for one in lamps] == [("running", due.isoformat())] * 2
    for late, state in enumerate(("met", "missed")):
        with clock.frozen(due + late * dt.timedelta(seconds=1)):
            team.do("it", lamps[late], "respond", {"text": "马上到"})
            assert _clock(crew, lamps[late])[0] == state
    with clock.frozen(start):
        meals = [team.assigned("canteen", "logistics") for _each in range(2)]
    end = _midnight(start.date() + 16 * DAY)  # the fifteenth day after that of the report has passed
    for late, state in ((-1, "met"), (0, "missed")):
        with clock.frozen(end + late * dt.timedelta(minutes=1)):
            team.do("logistics", meals[late], "respond", {"text": "收到"})
            team.do("logistics", meals[late], "plan", _plan(end.date() + 9 * DAY))
            assert _clock(crew, meals[late])[0] == state


@pytest.mark.parametrize("seed", SEEDS)
def test_32_a_question_moves_the_due_by_its_days_and_stops_no_clock_for_ever(crew: Crew, seed: int) -> None:
    team, draw = crew.team, draw_for(320, seed)
    start = at("2026-03-02T09:00") + draw.randrange(90) * DAY
    asked = start + draw.randrange(1, 12) * DAY
    waited = draw.randrange(1, 14)
    with clock.frozen(start):
        problem = team.assigned("canteen", "logistics")
    with clock.frozen(asked):
        team.do("logistics", problem, "ask", {"text": "哪个窗口？"})
        assert _clock(crew, problem) == ("paused", None)
    due = _midnight(start.date() + (16 + min(waited, CAP)) * DAY)
    with clock.frozen(asked + (CAP - 1) * DAY):
        assert _clock(crew, problem)[0] == "paused"
    with clock.frozen(asked + CAP * DAY):
        capped = _midnight(start.date() + (16 + CAP) * DAY)
        assert _clock(crew, problem) == ("running", capped.isoformat())
    with clock.frozen(asked + waited * DAY):
        team.do("e01", problem, "reply", {"text": "三号窗口"})
        assert _clock(crew, problem) == ("running", due.isoformat())
    with clock.frozen(due):
        assert _clock(crew, problem)[0] == "missed"


@pytest.mark.parametrize("seed", SEEDS)
def test_33_no_way_round(crew: Crew, seed: int) -> None:
    """A change of class gives 24 hours and no more; the job late, twice or never; the breach is told once."""
    team, draw = crew.team, draw_for(33, seed)
    start = at("2026-03-02T08:00") + draw.randrange(90) * DAY
    changed = start + draw.randrange(2, 20) * DAY + draw.randrange(1, 8) * HOUR
    with clock.frozen(start):
        problem = team.report(category="transport", text="班车少")["id"]
        team.do("desk", problem, "classify", {"class": "longterm"})
        team.do("desk", problem, "assign", {"departments": ["property"], "responsible": "property"})
        # until its roadmap is confirmed a long-term problem is due on the thirtieth day
        assert _clock(crew, problem) == ("running", _midnight(start.date() + 31 * DAY).isoformat())
    with clock.frozen(changed):
        body = {"class": "immediate", "reason": "今天就能修"}
        team.do("desk", problem, "classify", body)
        found = crew.get("desk", f"/problems/{problem}")["clock"]
        assert (found["due_at"], found["extended"]) == ((changed + 24 * HOUR).isoformat(), True)
    job = draw.choice((0, 1, 2))  # how often it runs after the breach
    with clock.frozen(changed + 24 * HOUR + dt.timedelta(seconds=1)):
        assert _clock(crew, problem)[0] == "missed"
    with clock.frozen(changed + 25 * HOUR), crew.park.app.app_context():
        assert [watch() for _run in range(job)] == [1, 0][:job]
    with clock.frozen(changed + 26 * HOUR):
        assert _clock(crew, problem)[0] == "missed"
        team.do("desk", problem, "classify", {"class": "longterm", "reason": "还是要长期办"})
        with crew.park.app.app_context():
            watch()
        told = crew.get("vp", "/identity/notifications")["items"]
        assert sum("超时" in one["text"] for one in told) <= 1
        text = (
            crew.park.browse("vp").get(f"/problems/{crew.get('desk', f'/problems/{problem}')['number']}").text
        )
        assert "超时" in text, "the missed clock stays on the page"
