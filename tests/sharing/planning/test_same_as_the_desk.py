"""What a plan may place the desk accepts, minute for minute: outages, bookings, buffers, and the edges of the round."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import example, given, settings

from app.sharing.bookings import rules as desk
from app.sharing.calendar.rules import Calendar, Interval, OpeningHours, UnitState, held, open_times
from app.sharing.planning.engine import checker
from app.sharing.planning.engine.model import Assignment, Plan, Rejection
from app.sharing.planning.rules import Bench, FlexibleWish, build

DAY = 1440
ROUND = Interval(DAY, 2 * DAY)  # a Friday, 1970-01-02
ABOUT = {"not_eligible", "length", "window", "closed", "busy", "taken"}


def spans(step: int) -> st.SearchStrategy[tuple[Interval, ...]]:
    """Stretches around the day of the round, some of them reaching over its edges."""
    first = st.integers(DAY // 2 // step, (2 * DAY + DAY // 2) // step)
    one = st.tuples(first, st.integers(1, 300 // step)).map(
        lambda pair: Interval(pair[0] * step, (pair[0] + pair[1]) * step)
    )
    return st.lists(one, max_size=3).map(tuple)


@st.composite
def days(draw: st.DrawFn, step: int) -> dict[str, Any]:
    """One unit with its opening, outages, bookings and buffers; everything a multiple of `step` minutes."""
    opens = draw(st.integers(0, DAY // step - 1)) * step
    closes = draw(st.integers(opens // step + 1, DAY // step)) * step
    buffers = st.integers(0, 90 // step).map(lambda n: n * step)
    return {
        "opening": (opens, closes),
        "outages": draw(spans(step)),
        "occupied": draw(spans(step)),
        "before": draw(buffers),
        "after": draw(buffers),
        "minutes": draw(st.integers(1, 6)) * 30,
    }


def round_of(facts: dict[str, Any]) -> Any:
    calendar = Calendar(tuple(OpeningHours(day, *facts["opening"]) for day in range(1, 8)))
    opened = tuple(open_times(calendar, ROUND))
    bench = Bench(
        7, 1, opened, facts["occupied"], 6000, 30, 30, 480, facts["before"], facts["after"], facts["outages"]
    )
    wishes = [FlexibleWish(number, number, facts["minutes"], (ROUND,), (1,), 3, None) for number in (1, 2)]
    return calendar, build([bench], wishes, ROUND)


def plan_allows(made: Any, facts: dict[str, Any], *minutes: int) -> bool:
    """Both wishes, or the first one alone, at these park minutes: has the checker anything to say?"""
    length = facts["minutes"] // 30
    placed = tuple(
        Assignment(str(n), "7", (minute - ROUND.start) // 30, length) for n, minute in enumerate(minutes, 1)
    )
    left = tuple(Rejection(str(n), ({"code": "x"},)) for n in range(len(minutes) + 1, 3))
    found = checker.faults(made.instance, Plan("feasible", 0, 0, 0.0, placed, left))
    return not any(fault.kind in ABOUT for fault in found)


def desk_allows(calendar: Calendar, facts: dict[str, Any], *minutes: int) -> bool:
    """The same bookings made one after the other at the desk."""
    terms = desk.Terms(before=facts["before"], after=facts["after"])
    occupied = facts["occupied"]
    for minute in minutes:
        span = Interval(minute, minute + facts["minutes"])
        unit = UnitState(7, facts["outages"], occupied)
        situation = desk.Situation(calendar, (unit,), terms, desk.Standing(), 0)
        if desk.decide(desk.Wish(span), situation).unit is None:
            return False
        occupied = (*occupied, held(span, facts["before"], facts["after"]))
    return True


def starts(facts: dict[str, Any]) -> range:
    return range(ROUND.start, ROUND.end - facts["minutes"] + 1, 30)


BUFFER_IN_OUTAGE = {
    "opening": (540, 1020),
    "outages": (Interval(DAY + 660, DAY + 720),),
    "occupied": (),
    "before": 0,
    "after": 60,
    "minutes": 120,
}
NEXT_MORNING = {
    "opening": (0, DAY),
    "outages": (),
    "occupied": (Interval(2 * DAY, 2 * DAY + 60),),
    "before": 30,
    "after": 30,
    "minutes": 60,
}


@settings(max_examples=150, deadline=None)
@given(days(30))
@example(BUFFER_IN_OUTAGE)
@example(NEXT_MORNING)
def test_on_the_grain_both_accept_the_same_places(facts: dict[str, Any]) -> None:
    calendar, made = round_of(facts)
    if made.instance.requests:
        for minute in starts(facts):
            assert plan_allows(made, facts, minute) == desk_allows(calendar, facts, minute), minute


@settings(max_examples=150, deadline=None)
@given(days(5), st.data())
def test_beside_the_grain_the_desk_accepts_whatever_a_plan_places(
    facts: dict[str, Any], data: st.DataObject
) -> None:
    calendar, made = round_of(facts)
    allowed = [minute for minute in starts(facts) if plan_allows(made, facts, minute)]
    for minute in allowed:
        assert desk_allows(calendar, facts, minute), minute
    if allowed:
        first, second = (data.draw(st.sampled_from(allowed)) for _ in range(2))
        if plan_allows(made, facts, first, second):
            assert desk_allows(calendar, facts, first, second)


def test_a_buffer_may_lie_in_an_outage() -> None:
    """Open 9–17, standing still 11–12, an hour of cleaning after each booking: 9–11 can be had, 10–12 cannot."""
    calendar, made = round_of(BUFFER_IN_OUTAGE)
    for hour, fits in ((9, True), (10, False), (12, True)):
        assert plan_allows(made, BUFFER_IN_OUTAGE, DAY + hour * 60) is fits
        assert desk_allows(calendar, BUFFER_IN_OUTAGE, DAY + hour * 60) is fits


@pytest.fixture
def solved(park, instrument, at):
    """A round of one day with the wishes of two firms for the same instrument, both placed."""
    from app.sharing.planning import service

    park.firm("E01"), park.firm("E02"), park.firm("E03")
    resource = instrument("e01", buffer_minutes=60)
    window = [{"start": at(0, 9), "end": at(0, 17)}]
    body = {"resources": [resource], "windows": window, "duration_minutes": 120}
    wishes = []
    for login, purpose in (("e02", "粒度复测"), ("e03", "含水率")):
        answer = park.api(login).post("/sharing/slot-requests", body | {"purpose": purpose})
        assert answer.status_code == 201, answer.text
        wishes.append(answer.json["id"])
    made = park.api("e01").post("/sharing/schedule-runs", {"from": at(0, 0), "to": at(1, 0), "seconds": 2})
    assert made.status_code in (201, 202), made.text
    with park.app.app_context():
        service.work_on(made.json["id"])
    return resource, made.json["id"], wishes


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_refused_change_names_wish_instrument_and_hour(park, solved, monday, lang):
    _, number, (first, second) = solved
    lines = park.api("e01").get(f"/sharing/schedule-runs/{number}").json["assignments"]
    there = next(line for line in lines if line["request"] == first)
    browser = park.browse("e01", lang)
    refused = browser.post(
        f"/sharing/rounds/{number}/wishes/{second}/place",
        data={"unit": there["unit"], "start": there["start"][:16]},
    )
    assert refused.status_code == 409
    assert "粒度复测" in refused.text and "含水率" in refused.text and "光谱仪" in refused.text
    assert ("已排给申请" if lang == "zh" else "is planned for") in refused.text
    assert "at slot" not in refused.text
    body = {"request": second, "unit": there["unit"], "start": there["start"]}
    told = park.api("e01").post(f"/sharing/schedule-runs/{number}/place", body).json["reasons"]
    assert "schedule_taken" in [reason["code"] for reason in told]
