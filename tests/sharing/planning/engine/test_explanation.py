"""Refused requests learn the binding reason and a change that was tried."""

from __future__ import annotations

from dataclasses import replace

from app.sharing.planning.engine.amendment import replan
from app.sharing.planning.engine.checker import check
from app.sharing.planning.engine.explanation import explain, value_of
from app.sharing.planning.engine.model import Assignment, Instance, Instrument, Plan, Request
from app.sharing.planning.engine.solver import solve

from .tiny import best_value, tiny

LAB = Instrument("A", ((0, 8),))
SPARE = Instrument("B", ((0, 8),))


def plan_of(instance: Instance, *rows: tuple[str, str, int, int]) -> Plan:
    places = tuple(Assignment(*row) for row in rows)
    plan = Plan("feasible", value_of(instance, places), 10**6, 0.0, places, ())
    return replace(plan, rejected=explain(instance, plan))


def test_displaced_by_whom_and_a_change_of_each_kind() -> None:
    """A is full from 0 to 6; a wish of 4 in 2–8 is short of 2 slots; B, which somebody else may also use, is free."""
    instance = Instance(
        60,
        12,
        (replace(LAB, open=((0, 12),)), SPARE),
        (
            Request("long", "E", 6, ((0, 8),), ("A", "B"), 5),
            Request("late", "F", 4, ((2, 8),), ("A",), 1),
        ),
    )
    reason = plan_of(instance, ("long", "A", 0, 6)).rejected[0].reasons[0]
    assert (reason["code"], reason["by"], reason["against"]) == ("displaced", ["long"], 3000)
    assert reason["changes"] == [
        {"kind": "instrument", "instrument": "B", "start_slot": 2},
        {"kind": "window", "shift_slots": 2, "instrument": "A", "start_slot": 6},
        {"kind": "shorter", "slots": 2, "instrument": "A", "start_slot": 6},
    ]
    assert reason["change"]["kind"] == "instrument"


def test_cap_no_start_and_not_worthwhile() -> None:
    instance = Instance(
        60,
        8,
        (LAB, replace(SPARE, open=((0, 2), (4, 6)))),
        (
            Request("first", "E", 3, ((0, 8),), ("A",)),
            Request("second", "E", 3, ((0, 8),), ("A",)),
            Request("wide", "F", 3, ((0, 8),), ("B",)),
            Request("far", "G", 1, ((6, 7),), ("A",), 1, 0),
        ),
        5,
    )
    reasons = {r.request: r.reasons[0] for r in plan_of(instance, ("first", "A", 0, 3)).rejected}
    assert {k: reasons["second"][k] for k in ("code", "cap", "used", "slots")} == {
        "code": "cap",
        "cap": 5,
        "used": 3,
        "slots": 3,
    }
    assert reasons["second"]["change"] == {"kind": "shorter", "slots": 1, "instrument": "A", "start_slot": 3}
    assert reasons["wide"]["code"] == "no_free_start"
    assert reasons["wide"]["change"] == {"kind": "shorter", "slots": 1, "instrument": "B", "start_slot": 0}
    assert reasons["far"]["code"] == "not_worthwhile"


def test_changes_fit_when_they_are_made() -> None:
    """On random instances: apply each change to the plan, and the checker has nothing to say."""
    tried = 0
    for seed in range(150):
        instance = tiny(seed)
        plan = solve(instance, seconds=10, workers=1)
        for refusal in explain(instance, plan):
            for change in refusal.reasons[0].get("changes", ()):
                changed, place = _changed(instance, refusal.request, change)
                after = (*plan.assignments, place)
                rest = tuple(r for r in plan.rejected if r.request != refusal.request)
                whole = Plan("feasible", value_of(changed, after), 10**9, 0.0, after, rest)
                assert check(changed, whole) == [], (seed, change)
                tried += 1
    assert tried > 60


def _changed(instance: Instance, name: str, change: dict) -> tuple[Instance, Assignment]:
    from .tiny import _choices

    old = next(r for r in instance.requests if r.id == name)
    new = old
    if change["kind"] == "shorter":
        new = replace(old, duration_slots=old.duration_slots - change["slots"])
    elif change["kind"] == "instrument":
        new = replace(old, eligible=(change["instrument"],))
    else:
        new = replace(old, windows=((0, instance.slots),), preferred_slot=None)
    changed = replace(instance, requests=tuple(new if r.id == name else r for r in instance.requests))
    slots = next(
        slots
        for cells, slots, _ in _choices(changed, new)
        if (change["instrument"], change["start_slot"]) in cells
        and min(t for _, t in cells) == change["start_slot"]
        and next(iter(cells))[0] == change["instrument"]
    )
    return changed, Assignment(name, change["instrument"], change["start_slot"], slots)


def test_replan_moves_only_what_pays() -> None:
    """A 2-slot wish sits in the middle of 5 slots; a newcomer of 3 fits if it moves, which costs a penalty of 50."""
    old = Request("old", "E", 2, ((0, 5),), ("A",), 1, 1)
    instance = Instance(60, 8, (replace(LAB, open=((0, 5),)),), (old,))
    plan = solve(instance, seconds=5)
    assert plan.assignments[0].start_slot == 1
    new = Request("new", "F", 3, ((0, 5),), ("A",), 1)
    after, moves = replan(instance, plan, [new], 50)
    assert [(m.request, m.before.start_slot, m.after and m.after.start_slot) for m in moves] == [
        ("old", 1, 3)
    ]
    assert check(replace(instance, requests=(old, new)), after) == []
    stays, none = replan(instance, plan, [new], 5000)
    assert none == [] and stays.assignments == plan.assignments
    assert stays.rejected[0].reasons[0]["code"] == "displaced"


def test_replan_is_as_good_as_planning_anew_when_moving_is_free() -> None:
    for seed in range(120):
        instance = tiny(seed)
        before = replace(instance, requests=instance.requests[:-1])
        plan = solve(before, seconds=10, workers=1)
        after, moves = replan(before, plan, instance.requests[-1:], 10**6)
        assert check(instance, after) == [], seed
        assert moves == [], seed
        loose, _ = replan(before, plan, instance.requests[-1:], 0)
        assert check(instance, loose) == [], seed
        assert after.value <= loose.value <= best_value(instance) <= loose.bound, seed
