"""Who answers, where a problem goes, what it repeats: the contract's cases and others by hand."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.problems.work.rules import (
    ZONE,
    Deliverable,
    Department,
    DispatchRule,
    Duty,
    Repeat,
    Staff,
    Told,
    asked_now,
    coordination_overdue,
    dispatch,
    refusals,
    repeats,
    similar,
    undelivered,
)

EXPECTED = json.loads(
    (Path(__file__).resolve().parents[2] / "data" / "wider" / "expected.json").read_text("utf-8")
)
DAY = dt.date(2026, 9, 30)
STAFF = Staff(
    frozenset({"clerk", "ithead", "prophead", "finhead", "deputy", "VP1", "VP2", "VP3"}),
    {
        "it": Department("it", "ithead", "VP1"),
        "property": Department("property", "prophead", "VP1"),
        "finance": Department("finance", "finhead", "VP2"),
        "tax": Department("tax", None, "VP2"),
    },
    "VP1",
    (Duty("deputy", "it", dt.date(2026, 9, 1), DAY),),
    (Duty("VP3", "VP1", DAY, dt.date(2026, 10, 5)),),
)


def why(departments: str, person: str, by: str = "desk", on: dt.date = DAY) -> list[str]:
    return list(refusals(STAFF, departments.split("+") if departments else [], person, by, on))


def test_the_contracts_seven_cases() -> None:
    cases = [
        ("it", "clerk"),
        ("it", "ithead"),
        ("it+property", "ithead"),
        ("it+property", "VP1"),
        ("it+property", "VP2"),
        ("it+finance", "VP2"),
        ("it+finance", "VP1"),
    ]
    assert [why(*case) for case in cases] == EXPECTED["responsible"]


@pytest.mark.parametrize(
    ("departments", "person", "by", "reasons"),
    [
        ("", "nobody", "nobody", ["no_department"]),
        ("it", "nobody", "nobody", ["unknown_person"]),
        ("it", "VP1", "desk", ["not_head_of_department"]),  # one department: not its vice president
        ("it", "clerk", "clerk", ["not_head_of_department", "self_assigned"]),
        ("it", "ithead", "ithead", ["self_assigned"]),
        ("it+it", "ithead", "desk", []),  # named twice is one
        ("it+property", "clerk", "clerk", ["cross_department_needs_vice_president", "self_assigned"]),
        ("it+finance", "VP2", "VP2", ["other_vice_president", "self_assigned"]),
        ("finance+tax", "VP2", "desk", []),
        ("finance+tax", "VP1", "desk", ["other_vice_president"]),
        ("it+property+finance", "VP1", "desk", []),
        ("tax", "VP2", "desk", ["not_head_of_department"]),
    ],
)
def test_all_reasons_in_their_order(departments: str, person: str, by: str, reasons: list[str]) -> None:
    assert why(departments, person, by) == reasons


def test_acting_people_count_inside_the_dates_of_the_duty() -> None:
    assert why("it", "deputy") == []
    assert why("it", "deputy", on=dt.date(2026, 10, 1)) == ["not_head_of_department"]
    assert why("it", "ithead", on=DAY) == []
    assert why("property", "deputy") == ["not_head_of_department"]
    assert why("it+property", "VP3") == []
    assert why("finance+tax", "VP3") == ["other_vice_president"]
    assert why("it+property", "VP3", on=dt.date(2026, 10, 6)) == ["cross_department_needs_vice_president"]


def at(hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 9, 30, hour, minute, tzinfo=ZONE)


RULES = [
    DispatchRule(1, "lamp", "*", "desk-a"),
    DispatchRule(2, "lamp", "A", "property"),
    DispatchRule(3, "lamp", "A/3", "it"),
    DispatchRule(4, "lamp", "A", "night", 22, 6),
    DispatchRule(5, "lamp", "A", "second"),
    DispatchRule(6, "water", "A", "plumber", 8, 18),
]


@pytest.mark.parametrize(
    ("category", "place", "hour", "order"),
    [
        ("lamp", "A/3/301", 9, ["it", "property", "second", "desk-a"]),
        ("lamp", "A", 23, ["night", "property", "second", "desk-a"]),
        ("lamp", "A", 5, ["night", "property", "second", "desk-a"]),
        ("lamp", "A", 6, ["property", "second", "desk-a"]),
        ("lamp", "A/30", 9, ["property", "second", "desk-a"]),  # floor 30 is not floor 3
        ("lamp", "AB", 9, ["desk-a"]),
        ("water", "A", 18, []),
        ("water", "A", 8, ["plumber"]),
        ("smell", "A", 9, []),
    ],
)
def test_the_most_exact_place_then_the_narrower_hours_then_the_lower_id(
    category: str, place: str, hour: int, order: list[str]
) -> None:
    assert dispatch(RULES, category, place, at(hour)) == order
    assert dispatch(RULES[::-1], category, place, at(hour)) == order


def test_not_taken_within_two_hours_goes_on_and_ends_at_the_desk() -> None:
    order = ["it", "property"]
    assert asked_now(order, at(9), at(10, 59)) == "it"
    assert asked_now(order, at(9), at(11)) == "property"
    assert asked_now(order, at(9), at(13)) is None
    assert asked_now([], at(9), at(9)) is None


def told(id: str, day: int, **more: str) -> Told:
    return Told(id, dt.date(2026, 1, 1) + dt.timedelta(days=day), **more)


def test_repeats_name_the_one_before_and_the_third_is_a_process() -> None:
    found = repeats(
        [
            told("A", 0, category="lamp", place="A/3"),
            told("B", 90, category="lamp", place="A/3"),
            told("C", 100, category="lamp", place="A/4"),
            told("D", 180, category="lamp", place="A/3", theme="light", firm="E1"),
            told("E", 181, category="water", place="A/3", theme="light", firm="E1"),
            told("F", 272, category="lamp", place="A/3"),  # 92 days after D
        ]
    )
    assert found == {"B": Repeat("A", 2), "D": Repeat("B", 3), "E": Repeat("D", 4)}
    assert [found[one].proposes_process for one in "BDE"] == [False, True, True]


def test_what_is_not_known_repeats_nothing() -> None:
    assert (
        repeats([told("A", 0, category="lamp"), told("B", 1, category="lamp"), told("C", 1, firm="E1")]) == {}
    )


@given(st.permutations(range(8)))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    problems = [told(str(n), n * 40, category="lamp", place="A") for n in range(8)]
    assert repeats([problems[n] for n in order]) == repeats(problems)


def test_similar_open_problems() -> None:
    mine = Told("A", DAY, "lamp", "A/3", words=frozenset("abc"))
    others = [
        Told("C", DAY, "lamp", "B", words=frozenset("bcd")),  # 2 of 4
        Told("B", DAY, "lamp", "A/3", words=frozenset("xyz")),
        Told("D", DAY, "lamp", "B", words=frozenset("cde")),  # 1 of 5
        Told("E", DAY, "water", "A/3", words=frozenset("abc")),
        mine,
    ]
    assert similar(mine, others) == ["B", "C"]


def test_two_departments_meet_every_week() -> None:
    first = dt.date(2026, 9, 1)

    def overdue(
        day: int, held: tuple[int, ...] = (), resolved: bool = False, who: str = "it finance"
    ) -> bool:
        meetings = [first.replace(day=one) for one in held]
        return coordination_overdue(who.split(), first, meetings, resolved, first.replace(day=day))

    assert not overdue(8)
    assert overdue(9)
    assert not overdue(12, held=(5, 3))
    assert overdue(13, held=(5, 3))
    assert not overdue(30, resolved=True)
    assert not overdue(30, who="it it")


def test_resolved_needs_each_delivered_or_waived_with_a_reason() -> None:
    rows = [
        Deliverable("a", 5, 5),
        Deliverable("b", 5, 4),
        Deliverable("c", 1, 0, "not needed"),
        Deliverable("d", 1, 0, "  "),
    ]
    assert undelivered(rows) == ["b", "d"]
