"""The week of visits: the contract's plan, reasons of what is left over, and every plan of small weeks compared."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.voice.visits.week import Week, plan_week, situation, value_of
from app.voice.visits.week_situation import Option, Specialist, Wish


def wish(
    id: str, enterprise: str = "E1", building: str = "1", priority: int = 1, days: tuple[int, int] = (1, 2)
) -> Wish:
    return Wish(id, enterprise, building, priority, *days)


def who(id: str, capacity: dict[int, int], knows: str = "", barred: str = "") -> Specialist:
    return Specialist(id, capacity, frozenset(knows.split()), frozenset(barred.split()))


def places(week: Week) -> dict[str, tuple[str, int]]:
    return {one.visit: (one.specialist, one.day) for one in week.assignments}


def test_the_plan_of_the_contract() -> None:
    wishes = [
        wish("V1", "E06", "5", 3),
        wish("V2", "E13", "5", 2),
        wish("V3", "E29", "7", 2, (1, 1)),
        wish("V4", "E33", "9", 3, (2, 2)),
        wish("V5", "E21", "3", 1),
    ]
    week = plan_week(wishes, [who("A", {1: 1, 2: 1}, "E06", "E33"), who("B", {1: 1, 2: 1}, "E29 E33")])
    assert places(week) == {"V1": ("A", 1), "V2": ("A", 2), "V3": ("B", 1), "V4": ("B", 2)}
    assert (week.status, week.ties, week.value) == ("optimal", "exact", (10, 3, -4))
    assert week.bound == week.value


@pytest.mark.parametrize(
    ("people", "reason"),
    [
        ([who("A", {1: 9}, barred="E1"), who("B", {2: 9}, barred="E1")], "conflict"),
        ([who("A", {1: 9}, barred="E1"), who("B", {3: 9})], "window"),
        ([who("A", {1: 9}, barred="E1"), who("B", {1: 0, 2: 0})], "window"),
        ([who("A", {1: 9}, barred="E1"), who("B", {})], "window"),
        ([who("A", {0: 9, 3: 9})], "window"),
    ],
)
def test_why_a_visit_cannot_be_placed(people: list[Specialist], reason: str) -> None:
    week = plan_week([wish("V1")], people)
    assert (week.assignments, week.status, week.value) == ((), "optimal", (0, 0, 0))
    assert [(one.visit, one.reasons) for one in week.left_over] == [("V1", (reason,))]


def test_the_more_urgent_visit_takes_the_last_place() -> None:
    week = plan_week([wish("V1", priority=2), wish("V2", priority=3)], [who("A", {1: 1})])
    assert places(week) == {"V2": ("A", 1)}
    assert [(one.visit, one.reasons) for one in week.left_over] == [("V1", ("capacity",))]


def test_who_knows_the_firm_but_may_not_go_does_not_go() -> None:
    week = plan_week([wish("V1")], [who("A", {1: 1}, "E1", "E1"), who("B", {2: 1})])
    assert places(week) == {"V1": ("B", 2)}
    assert week.value == (1, 0, -1)


def test_one_building_a_day_comes_before_an_earlier_day() -> None:
    wishes = [wish("V1", building="1", days=(2, 2)), wish("V2", building="1", days=(1, 2))]
    week = plan_week(wishes, [who("A", {1: 2, 2: 2})])
    assert places(week) == {"V1": ("A", 2), "V2": ("A", 2)}


def test_ties_by_id_then_day_then_specialist() -> None:
    wishes = [wish("V2", building="2"), wish("V10", building="1"), wish("V1", building="3")]
    week = plan_week(wishes, [who("B", {1: 1, 2: 1}), who("A", {1: 1})])
    # ids as text: V1, V10, V2
    assert places(week) == {"V1": ("A", 1), "V10": ("B", 1), "V2": ("B", 2)}


def test_nothing_to_do() -> None:
    assert plan_week([], []).value == (0, 0, 0)
    week = plan_week([wish("V1")], [])
    assert [one.reasons for one in week.left_over] == [("conflict",)]


def brute(
    wishes: list[Wish], people: list[Specialist]
) -> tuple[tuple[int, int, int], dict[str, tuple[str, int]]]:
    """By definition: every plan, the best value, then the first through the visits by id."""
    facts = situation(wishes, people)
    ways: list[list[Option | None]] = [[] for _ in facts.wishes]
    for one in facts.options:
        ways[one.wish].append(one)
    best = None
    for plan in itertools.product(*[[*way, None] for way in ways]):
        chosen = [one for one in plan if one is not None]
        slots = [(one.specialist, one.day) for one in chosen]
        if any(slots.count(slot) > facts.capacity(slot) for slot in slots):
            continue
        value = value_of(facts, chosen)
        order = [(one.day, one.specialist) if one else (10**9, 0) for one in plan]
        found = ([-part for part in value], order, chosen)
        best = found if best is None or found[:2] < best[:2] else best
    assert best is not None
    return value_of(facts, best[2]), {
        facts.wishes[one.wish].id: (facts.specialists[one.specialist].id, one.day) for one in best[2]
    }


def small_week(seed: int) -> tuple[list[Wish], list[Specialist]]:
    draw = random.Random(seed)
    firms = [f"E{n}" for n in range(5)]
    wishes = []
    for n in draw.sample(range(20), draw.randint(1, 6)):
        first = draw.randint(1, 3)
        days = (first, draw.randint(first, 3))
        wishes.append(wish(f"V{n}", draw.choice(firms), draw.choice("123"), draw.randint(1, 3), days))
    people = [
        Specialist(
            f"S{n}",
            {day: draw.randint(0, 2) for day in (1, 2, 3) if draw.random() < 0.8},
            frozenset(firm for firm in firms if draw.random() < 0.3),
            frozenset(firm for firm in firms if draw.random() < 0.2),
        )
        for n in range(draw.randint(1, 3))
    ]
    return wishes, people


@pytest.mark.parametrize("block", range(8))
def test_no_plan_is_better(block: int) -> None:
    for seed in range(block * 25, block * 25 + 25):
        wishes, people = small_week(seed)
        week = plan_week(wishes, people)
        assert (week.value, places(week)) == brute(wishes, people), seed
        assert (week.status, week.ties) == ("optimal", "exact")


@given(st.integers(0, 5000), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_the_order_of_the_file_changes_nothing(seed: int, shuffle: random.Random) -> None:
    wishes, people = small_week(seed)
    mixed, others = list(wishes), list(people)
    shuffle.shuffle(mixed)
    shuffle.shuffle(others)
    assert plan_week(mixed, others) == plan_week(wishes, people)


def test_a_plan_keeps_every_limit_and_leaves_nobody_without_a_reason() -> None:
    draw = random.Random(3)
    wishes = [wish(f"V{n:02d}", f"E{n % 17}", str(n % 7), 1 + n % 3, (1 + n % 4, 4)) for n in range(40)]
    people = [
        who(f"S{n}", {day: draw.randint(0, 3) for day in range(1, 5)}, f"E{n} E{n + 5}", f"E{n + 9}")
        for n in range(4)
    ]
    week = plan_week(wishes, people, seconds=5)
    by_id = {one.id: one for one in wishes}
    team = {one.id: one for one in people}
    used: dict[tuple[str, int], int] = {}
    for one in week.assignments:
        asked = by_id[one.visit]
        assert asked.first <= one.day <= asked.last
        assert asked.enterprise not in team[one.specialist].barred
        used[one.specialist, one.day] = used.get((one.specialist, one.day), 0) + 1
    assert all(count <= team[name].capacity[day] for (name, day), count in used.items())
    assert sorted([one.visit for one in week.assignments] + [one.visit for one in week.left_over]) == sorted(
        by_id
    )
    assert week.value <= week.bound


def test_the_gap_is_what_a_better_plan_might_still_win() -> None:
    assert Week("feasible", (5, 2, -7), (5, 2, -4), "searched", (), ()).gap == 3
    assert Week("optimal", (5, 2, -4), (5, 2, -4), "exact", (), ()).gap == 0
