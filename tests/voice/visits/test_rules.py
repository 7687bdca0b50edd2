"""Who is heard next, who may go, when a visit is finished: every boundary to the day."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hall.errors import Invalid
from app.voice.visits.rules import (
    Asked,
    Heard,
    Milestone,
    Promise,
    Remark,
    Step,
    Tie,
    Visitor,
    last_working_day,
    layer,
    next_contacts,
    why_not_close,
    why_not_visit,
)

DATA = Path(__file__).parents[2] / "data" / "wider"
EXPECTED = json.loads((DATA / "expected.json").read_text("utf-8"))
D = dt.date.fromisoformat


def weekdays(day: dt.date) -> bool:
    return day.weekday() < 5


def park_days(day: dt.date) -> bool:
    """The calendar of 2026 as the contract ships it."""
    with (DATA / "calendar-2026.csv").open(encoding="utf-8-sig", newline="") as file:
        kinds = {row["day"]: row["kind"] for row in csv.DictReader(file)}
    kind = kinds.get(day.isoformat())
    return kind == "workday" if kind else weekdays(day)


@pytest.mark.parametrize(
    ("day", "size", "expected"),
    [
        ("2026-01-01", "large", "new"),
        ("2026-03-31", "large", "new"),  # 89 days
        ("2026-04-01", "large", "large"),  # 90 days
        ("2026-04-01", "medium", "medium"),
        ("2026-04-01", "small", "small_micro"),
        ("2026-04-01", "micro", "small_micro"),
    ],
)
def test_new_for_fewer_than_ninety_days(day: str, size: str, expected: str) -> None:
    assert layer(D("2026-01-01"), size, D(day)) == expected


def test_an_unknown_size_is_not_guessed() -> None:
    assert layer(D("2026-01-01"), "", D("2026-01-05")) == "new"
    with pytest.raises(Invalid):
        layer(D("2026-01-01"), "", D("2026-06-05"))


def test_the_thirtieth_day_and_the_working_day_before_it() -> None:
    due = next_contacts(Heard(D("2024-03-01"), "micro"), D("2024-03-02"), weekdays)
    assert [(one.method, str(one.due_on), str(one.suggested_on)) for one in due] == [
        ("visit", EXPECTED["visit 30 days"], "2024-03-29")
    ]


def test_a_holiday_is_crossed_and_a_make_up_day_is_worked() -> None:
    assert last_working_day(D("2026-10-05"), park_days) == D("2026-09-30")
    # Sunday 20 September 2026 is worked in exchange for the holiday
    assert park_days(D("2026-09-20")) and last_working_day(D("2026-09-20"), park_days) == D("2026-09-20")
    assert last_working_day(D("2026-11-25"), park_days) == D("2026-11-25")


def test_a_calendar_without_working_days_is_told() -> None:
    with pytest.raises(Invalid):
        last_working_day(D("2026-10-05"), lambda day: False)


def test_each_method_has_its_own_last_day() -> None:
    large = Heard(D("2020-01-06"), "large", {"interview": D("2026-06-01"), "visit": D("2026-09-01")})
    due = next_contacts(large, D("2026-09-10"), weekdays)
    assert [(one.method, str(one.due_on)) for one in due] == [
        ("study", "2021-01-05"),  # never: overdue since a year after registration
        ("interview", "2026-08-30"),
    ]
    medium = Heard(D("2020-01-06"), "medium", {"visit": D("2026-09-01"), "online": D("2026-09-01")})
    assert [(one.method, str(one.due_on)) for one in next_contacts(medium, D("2026-09-10"), weekdays)] == [
        ("visit", "2026-11-30"),
        ("online", "2027-02-28"),
    ]


def test_a_newcomer_is_touched_at_every_milestone() -> None:
    steps = (Milestone("gate", D("2026-09-12")), Milestone("power", D("2026-09-20"), touched=True))
    firm = Heard(D("2026-09-01"), "small", {}, steps)
    due = next_contacts(firm, D("2026-09-10"), weekdays)
    assert [(str(one.due_on), one.reason, one.milestone) for one in due] == [
        ("2026-09-12", "milestone", "gate"),
        ("2026-10-01", "first_visit", ""),
    ]
    visited = Heard(D("2026-09-01"), "small", {"visit": D("2026-09-09")}, steps[1:])
    assert next_contacts(visited, D("2026-09-10"), weekdays) == ()


@pytest.mark.parametrize(
    ("asked", "called", "reason"),
    [
        (Asked(D("2026-09-01"), None), None, "no_answer"),
        (Asked(D("2026-09-01"), 59.9), None, "low_score"),
        (Asked(D("2026-09-01"), 60.0), None, None),
        (Asked(D("2026-09-01"), None), "2026-08-31", "no_answer"),
        (Asked(D("2026-09-01"), None), "2026-09-01", None),
        (None, None, None),
    ],
)
def test_who_did_not_answer_or_scored_low_is_called_within_ten_days(
    asked: Asked | None, called: str | None, reason: str | None
) -> None:
    last = {"online": D("2026-09-01")} | ({"phone": D(called)} if called else {})
    due = next_contacts(Heard(D("2020-01-06"), "micro", last, (), asked), D("2026-09-05"), weekdays)
    calls = [(str(one.due_on), one.reason) for one in due if one.method == "phone"]
    assert calls == ([("2026-09-11", reason)] if reason else [])


def test_the_plan_is_data() -> None:
    plan = {"large": (Step("walk_in", every_days=7),)}
    due = next_contacts(
        Heard(D("2020-01-06"), "large", {"walk_in": D("2026-09-01")}), D("2026-09-05"), weekdays, plan
    )
    assert [(one.method, str(one.due_on)) for one in due] == [("walk_in", "2026-09-08")]


@given(st.dates(D("2020-01-01"), D("2030-12-31")))
def test_the_suggested_day_works_and_nothing_between_does(day: dt.date) -> None:
    found = last_working_day(day, weekdays)
    assert found <= day and weekdays(found)
    assert not any(weekdays(found + dt.timedelta(days=n)) for n in range(1, (day - found).days + 1))


def test_three_years_on_the_day_of_the_visit() -> None:
    since = Visitor(D("2023-11-20"))
    allowed = [why_not_visit(since, D(day)) == () for day in ("2026-11-19", "2026-11-20")]
    assert allowed == EXPECTED["three years"]
    leap = Visitor(D("2020-02-29"))
    assert why_not_visit(leap, D("2023-02-27")) == ("tenure",)
    assert why_not_visit(leap, D(EXPECTED["three years of a leap day"])) == ()


def test_unknown_service_is_not_three_years() -> None:
    assert why_not_visit(Visitor(None), D("2026-11-20")) == ("tenure",)


@pytest.mark.parametrize(
    ("tie", "conflict"),
    [
        (Tie(), False),
        (Tie(owns_part=True), True),
        (Tie(employed=True), True),
        (Tie(left_on=D("2024-11-21")), True),
        (Tie(left_on=D("2024-11-20")), False),  # two years ago to the day
        (Tie(owns_part=True, left_on=D("2001-01-01")), True),
    ],
)
def test_no_visit_to_a_firm_one_owns_or_worked_for(tie: Tie, conflict: bool) -> None:
    reasons = why_not_visit(Visitor(D("2010-01-01"), tie=tie), D("2026-11-20"))
    assert reasons == (("conflict_of_interest",) if conflict else ())


def test_every_reason_at_once() -> None:
    visitor = Visitor(D("2026-01-01"), suspended=True, tie=Tie(employed=True))
    assert why_not_visit(visitor, D("2026-11-20")) == ("tenure", "conflict_of_interest", "suspended")


@pytest.mark.parametrize(
    ("remarks", "promises", "reasons"),
    [
        ([], [], ()),
        ([Remark(linked=True)], [Promise("problem")], ()),
        ([Remark(no_action_reason="已答复")], [], ()),
        ([Remark(no_action_reason=" ")], [], ("remark_open",)),
        ([Remark(hesitation=True, linked=True)], [], ("probe_missing",)),
        ([Remark(hesitation=True, probe="　", linked=True)], [], ("probe_missing",)),
        ([Remark(hesitation=True, probe="电压不稳", linked=True)], [], ()),
        ([Remark(linked=True), Remark()], [Promise("need"), Promise()], ("remark_open", "promise_open")),
        ([Remark(hesitation=True)], [Promise()], ("probe_missing", "remark_open", "promise_open")),
    ],
)
def test_a_visit_is_closed_when_nothing_is_left(
    remarks: list[Remark], promises: list[Promise], reasons: tuple[str, ...]
) -> None:
    assert why_not_close(remarks, promises) == reasons
