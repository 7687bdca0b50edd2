"""The optimiser finds the optimum of small instances, keeps every rule and never claims too much."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.sharing.planning.engine.checker import check
from app.sharing.planning.engine.model import Instance, Instrument, Request
from app.sharing.planning.engine.queue import first_come
from app.sharing.planning.engine.solver import solve

from .tiny import best_value, tiny


@pytest.mark.parametrize("block", range(12))
def test_equals_brute_force(block: int) -> None:
    """600 random instances, every rule among them: same value, proven, and the plan passes the checker."""
    for seed in range(50 * block, 50 * block + 50):
        instance = tiny(seed)
        plan = solve(instance, seconds=20, workers=1)
        assert check(instance, plan) == [], seed
        assert (plan.value, plan.status) == (best_value(instance), "optimal"), seed


CYTOMETER = Instance(
    60,
    17,
    (Instrument("cytometer", ((9, 17),)),),
    tuple(
        Request(name, "E", hours, ((earliest, latest),), ("cytometer",), 1, preferred)
        for name, hours, earliest, latest, preferred in [
            ("R1", 3, 9, 17, 11),
            ("R2", 2, 10, 14, 12),
            ("R3", 2, 13, 17, 13),
            ("R4", 1, 9, 11, 9),
            ("R5", 4, 9, 17, 9),
        ]
    ),
)


def test_first_come_is_not_best() -> None:
    """One cytometer 9–17: asked at the preferred start only 4 of 8 hours are used, planned all 8."""
    strict = first_come(CYTOMETER, choosing="preferred")
    planned = solve(CYTOMETER, seconds=10)
    assert [a.request for a in strict.assignments] == ["R1", "R4"]
    assert sum(a.slots for a in strict.assignments) == 4
    assert sum(a.slots for a in planned.assignments) == 8
    assert planned.status == "optimal"
    assert check(CYTOMETER, strict) == check(CYTOMETER, planned) == []


def test_buffer_is_cut_at_the_horizon_and_ignores_the_opening() -> None:
    """Closed from 6 on: the buffer may lie in the closed time, and at 7–8 only half of it exists."""
    wish = Request("R", "E", 2, ((4, 8),), ("I",))
    late = Instance(30, 8, (Instrument("I", ((6, 8),), buffer_slots=5),), (wish,))
    assert [a.start_slot for a in solve(late, seconds=5).assignments] == [6]
    closed = Instance(30, 12, (Instrument("I", ((4, 6),), ((8, 9),), buffer_slots=2),), (wish,))
    assert len(solve(closed, seconds=5).assignments) == 1
    busy = Instance(30, 12, (Instrument("I", ((4, 6),), ((7, 9),), buffer_slots=2),), (wish,))
    assert solve(busy, seconds=5).rejected[0].reasons[0]["code"] == "no_free_start"


def test_a_booking_may_follow_busy_time_at_once() -> None:
    instance = Instance(
        30,
        8,
        (Instrument("I", ((0, 8),), ((0, 3),), buffer_slots=1),),
        (Request("R", "E", 2, ((3, 5),), ("I",)),),
    )
    assert [a.start_slot for a in solve(instance, seconds=5).assignments] == [3]


def test_nothing_to_do() -> None:
    plan = solve(Instance(30, 8, (), ()), seconds=5)
    assert (plan.status, plan.value, plan.bound, plan.gap_ratio) == ("optimal", 0, 0, 0.0)


def test_the_cap_counts_slots_on_the_instrument() -> None:
    """Efficiency 1.5 makes 2 slots 3: under a cap of 5 only one of two wishes of a firm fits."""
    slow = Instrument("I", ((0, 20),), efficiency=1.5)
    wishes = tuple(Request(f"R{n}", "E", 2, ((0, 20),), ("I",)) for n in range(2))
    assert len(solve(Instance(30, 20, (slow,), wishes, 5), seconds=5).assignments) == 1
    assert len(solve(Instance(30, 20, (slow,), wishes, 6), seconds=5).assignments) == 2


def test_row_order_changes_nothing_but_the_order_of_rows() -> None:
    for seed in range(40):
        instance = tiny(seed)
        turned = replace(instance, requests=instance.requests[::-1], instruments=instance.instruments[::-1])
        one, two = solve(instance, seconds=10), solve(turned, seconds=10)
        assert set(one.assignments) == set(two.assignments), seed
