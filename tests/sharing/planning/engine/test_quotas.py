"""Quotas: what an enterprise may take at most of some instruments in some time – by hand, and against brute force."""

from __future__ import annotations

import copy
import random
from dataclasses import replace
from typing import Any

import pytest

from app.sharing.planning.engine import broad, cluster, prices, search, solver
from app.sharing.planning.engine.amendment import replan
from app.sharing.planning.engine.checker import check
from app.sharing.planning.engine.documents import BadInstance, document_of, instance_from
from app.sharing.planning.engine.explanation import value_of
from app.sharing.planning.engine.model import Assignment, Instance, Instrument, Plan, Quota, Request
from app.sharing.planning.engine.queue import first_come
from app.sharing.planning.engine.solver import solve

from .tiny import best_value, tiny_with_quotas

# Two instruments, ten slots. E wants 3 slots from 2 on, on A or B; then 3 more, on A only, from 5 on; F wants A at 5.
TWO = Instance(
    60,
    10,
    (Instrument("A", ((0, 10),)), Instrument("B", ((0, 10),), price_fen_per_slot=0)),
    (
        Request("R1", "E", 3, ((2, 5),), ("A",), 2),
        Request("R2", "E", 3, ((5, 10),), ("A",), 1),
        Request("R3", "F", 3, ((2, 5),), ("B",), 1),
    ),
)


def test_a_quota_by_hand() -> None:
    """R1 sits at 2–5 (600), R2 at 5–8 (300 at once, 12 less per slot later), R3 at 2–5 on B (300).

    E may have 4 slots in [0, 7): R1 takes 3, so R2 may have 1 slot before 7 and starts at 6: 12 less. With 3 slots it
    starts at 7: 24 less. With 2, R1 (3 slots before 7) is out, R2 has 2 slots before 7 at once.
    """
    free = solve(TWO, seconds=5)
    assert (free.value, free.status) == (1200, "optimal")
    for slots, starts, value in [
        (5, {"R1": 2, "R2": 5, "R3": 2}, 1200),
        (4, {"R1": 2, "R2": 6, "R3": 2}, 1188),
        (3, {"R1": 2, "R2": 7, "R3": 2}, 1176),
        (2, {"R2": 5, "R3": 2}, 600),
    ]:
        plan = solve(replace(TWO, quotas=(Quota("E", None, 0, 7, slots),)), seconds=5)
        assert {a.request: a.start_slot for a in plan.assignments} == starts
        assert (plan.value, plan.bound, plan.status) == (value, value, "optimal")


def test_a_refused_request_names_its_quota() -> None:
    quotas = (Quota("E", ("B",), 0, 10, 0), Quota("E", ("A", "B"), 0, 10, 4))
    plan = solve(replace(TWO, quotas=quotas), seconds=5)
    assert [r.request for r in plan.rejected] == ["R2"]
    assert plan.rejected[0].reasons[0] == {
        "code": "quota",
        "quota": 1,
        "cap": 4,
        "used": 3,
        "slots": 3,
        "from_slot": 0,
        "to_slot": 10,
        "instruments": ["A", "B"],
    }
    alone = solve(replace(TWO, quotas=(Quota("F", None, 0, 10, 2),)), seconds=5)
    assert [(r.request, r.reasons[0]["code"]) for r in alone.rejected] == [("R3", "quota")]


def test_the_checker_counts_only_the_slots_inside() -> None:
    """R1 at 2–5 has 2 slots in [3, 8), R2 at 5–8 has 3: 5 pass, 4 do not; F's slots and other instruments do not count."""
    rows = (Assignment("R1", "A", 2, 3), Assignment("R2", "A", 5, 3), Assignment("R3", "B", 2, 3))
    plan = Plan("feasible", value_of(TWO, rows), 1200, 0.0, rows, ())
    assert check(replace(TWO, quotas=(Quota("E", None, 3, 8, 5), Quota("E", ("B",), 0, 10, 0))), plan) == []
    assert check(replace(TWO, quotas=(Quota("E", ("A",), 3, 8, 4),)), plan) == [
        "E: 5 slots in [3, 8), quotas[0] allows 4"
    ]


@pytest.mark.parametrize("block", range(10))
def test_equals_brute_force(block: int) -> None:
    """500 random instances with quotas: same value, proven, checked; the queues keep the quotas as well."""
    for seed in range(50 * block, 50 * block + 50):
        instance = tiny_with_quotas(seed)
        plan, best = solve(instance, seconds=20, workers=1), best_value(instance)
        assert check(instance, plan) == [], seed
        assert (plan.value, plan.bound, plan.status) == (best, best, "optimal"), seed
        for choosing in ("best", "preferred"):
            queue = first_come(instance, choosing=choosing)
            assert check(instance, queue) == [] and queue.value <= best <= queue.bound, seed
        for refused in plan.rejected:
            assert refused.reasons[0]["code"] != "free_place", seed


def force_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "PIECE_COLUMNS", 3)
    monkeypatch.setattr(cluster, "CELL", 8)
    monkeypatch.setattr(search, "REGION", 12)
    for name in ("WHOLE", "ALWAYS_WHOLE"):
        monkeypatch.setattr(prices, name, 0)
    for name in ("FEW", "ADDED"):
        monkeypatch.setattr(prices, name, 1)


def force_pools(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FEW_COLUMNS", "HELD_COLUMNS"):
        monkeypatch.setattr(solver, name, 3)
    monkeypatch.setattr(broad, "POOL", 4)
    monkeypatch.setattr(broad, "LEAST_EACH", 1)
    monkeypatch.setattr(search, "REGION", 12)
    for name in ("FEW", "ADDED"):
        monkeypatch.setattr(prices, name, 1)


@pytest.mark.parametrize("force", [force_cells, force_pools])
@pytest.mark.parametrize("block", range(3))
def test_large_parts_keep_them_too(block: int, force: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells, regions, sifting and pools forced onto tiny instances: rules kept, the optimum between value and bound."""
    force(monkeypatch)
    reached = 0
    for seed in range(50 * block, 50 * block + 50):
        instance = tiny_with_quotas(seed)
        plan, best = solve(instance, seconds=20, workers=1, rounds=2), best_value(instance)
        assert check(instance, plan) == [], seed
        assert plan.value <= best <= plan.bound, seed
        assert plan.status != "optimal" or plan.value == best, seed
        reached += plan.value == best
    assert reached >= 35


def test_new_requests_keep_the_quotas() -> None:
    """A plan for all but the last request, then that one: the amended plan passes the checker and its bound holds."""
    for seed in range(80):
        whole = tiny_with_quotas(seed)
        if len(whole.requests) < 2:
            continue
        before = replace(whole, requests=whole.requests[:-1])
        plan, _ = replan(
            before, solve(before, seconds=5), whole.requests[-1:], random.Random(seed).randint(0, 50)
        )
        assert check(whole, plan) == [], seed
        assert plan.value <= best_value(whole) <= plan.bound, seed


ONE: dict[str, Any] = {"enterprise": "E", "instruments": ["A"], "from_slot": 0, "to_slot": 7, "slots": 4}


def test_written_and_read_back_and_left_out_where_there_are_none() -> None:
    assert "quotas" not in document_of(TWO)
    assert instance_from({**document_of(TWO), "quotas": None}) == TWO
    some = replace(TWO, quotas=(Quota("E", None, 0, 7, 4), Quota("F", ("B",), 2, 10, 0)))
    assert instance_from(document_of(some)) == some
    assert instance_from({**document_of(TWO), "quotas": [{**ONE, "note": "x"}]}).quotas[0].slots == 4


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"enterprise": "X"}, ["quotas[0].enterprise unknown_enterprise"]),
        ({"enterprise": 3}, ["quotas[0].enterprise not_text"]),
        ({"instruments": ["A", "C"]}, ["quotas[0].instruments[1] unknown_instrument"]),
        ({"instruments": ["A", "A"]}, ["quotas[0].instruments[1] named_twice"]),
        ({"instruments": []}, ["quotas[0].instruments no_instrument"]),
        ({"instruments": "A"}, ["quotas[0].instruments not_list"]),
        ({"from_slot": 7}, ["quotas[0].to_slot reversed"]),
        ({"from_slot": -1}, ["quotas[0].from_slot not_whole"]),
        ({"to_slot": 11}, ["quotas[0].to_slot not_whole"]),
        ({"slots": -1, "to_slot": 2.5}, ["quotas[0].to_slot not_whole", "quotas[0].slots not_whole"]),
        ({"slots": True}, ["quotas[0].slots not_whole"]),
        ({"slots": "4"}, ["quotas[0].slots not_whole"]),
    ],
)
def test_every_problem_of_a_quota_has_its_place(change: dict[str, Any], expected: list[str]) -> None:
    document = copy.deepcopy(document_of(TWO))
    document["quotas"] = [{**ONE, **change}]
    with pytest.raises(BadInstance) as caught:
        instance_from(document)
    assert [f"{p.where} {p.code}" for p in caught.value.problems] == expected


def test_missing_parts_and_no_list() -> None:
    for quotas, expected in [({}, ["quotas not_list"]), ([3], ["quotas[0] not_object"])]:
        with pytest.raises(BadInstance) as caught:
            instance_from({**document_of(TWO), "quotas": quotas})
        assert [f"{p.where} {p.code}" for p in caught.value.problems] == expected
    for key in ("enterprise", "from_slot", "to_slot", "slots"):
        row = {k: v for k, v in ONE.items() if k != key}
        with pytest.raises(BadInstance) as caught:
            instance_from({**document_of(TWO), "quotas": [row]})
        assert (caught.value.problems[0].where, caught.value.problems[0].code) == (
            f"quotas[0].{key}",
            "missing",
        )
