"""Runs the methods on seeded parks; prints the tables as Markdown and writes them into the README.

`python -m benchmarks.optimiser.run [--sizes 50x6,500x50,…] [--varieties plain,giant,…] [--methods …] [--seconds 60]
[--workers 2] [--cpu-clock]`. Each run is a process of its own, so that its peak of memory is its own; one that fails or
does not end becomes a row that says so, and the others go on.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.sharing.planning.engine.amendment import replan
from app.sharing.planning.engine.checker import check
from app.sharing.planning.engine.model import Instance, Plan
from app.sharing.planning.engine.queue import first_come, in_order
from app.sharing.planning.engine.solver import solve

from .parks import park

HERE = Path(__file__).parent
SIZES = "50x6,500x50,5000x500,10000x1000"
VARIETIES: dict[str, dict[str, bool]] = {
    "plain": {},
    "giant": {"giant": True},
    "mixed": {"mixed": True},
    "capped": {"mixed": True, "capped": True},
    "broad": {"broad": True},
    "wide": {"wide": True},
}
METHODS = ("first come", "patient first come", "greedy", "intervals", "optimiser", "replan")
LARGEST_FOR_INTERVALS = 1000  # requests; above, building the model alone takes the minute
LATE_WISHES, BATCHES, MOVE_PENALTY = 5, 40, 200
GRACE = 600  # seconds a run may take beyond its limit before it is given up


def main() -> None:
    """Run everything asked for; results are kept per park, so that sizes can be run on different days."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default=SIZES)
    options.add_argument("--varieties", default=",".join(VARIETIES))
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--methods", default=",".join(METHODS))
    options.add_argument(
        "--cpu-clock", action="store_true", help="count processor seconds / workers instead of the clock"
    )
    options.add_argument(
        "--table", action="store_true", help="only print and write the tables of what was kept"
    )
    options.add_argument("--one", help="internal: one run as JSON on standard output")
    asked = options.parse_args()
    if asked.one:
        requests, instruments, variety, method = asked.one.split(",")
        sys.stdout.write(json.dumps(measure(int(requests), int(instruments), variety, method, asked)) + "\n")
        return
    store = HERE / "results.json"
    results = json.loads(store.read_text()) if store.exists() else {}
    wanted = [] if asked.table else asked.sizes.split(",")
    for size, variety, method in itertools.product(
        wanted, asked.varieties.split(","), asked.methods.split(",")
    ):
        requests, instruments = size.split("x")
        if method == "intervals" and int(requests) > LARGEST_FOR_INTERVALS:
            continue
        row = _apart(f"{requests},{instruments},{variety},{method}", asked.seconds)
        results[f"{size} {variety}|{method}"] = row
        sys.stderr.write(f"{size} {variety} {method}: {row}\n")
        store.write_text(json.dumps(results, indent=1) + "\n")
    write_readme(results)


def _apart(one: str, seconds: float) -> dict[str, Any]:
    """The row of a run in a process of its own."""
    call = [sys.executable, "-m", "benchmarks.optimiser.run", *sys.argv[1:], "--one", one]
    try:
        out = subprocess.run(call, check=True, capture_output=True, text=True, timeout=20 * seconds + GRACE)
        row: dict[str, Any] = json.loads(out.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        return {"failed": "did not end"}
    except subprocess.CalledProcessError as error:
        return {"failed": (error.stderr.strip().splitlines() or ["ended"])[-1][:120]}
    return row


def measure(
    requests: int, instruments: int, variety: str, method: str, asked: argparse.Namespace
) -> dict[str, Any]:
    """One method on one park."""
    instance = park(requests, instruments, **VARIETIES[variety])
    if asked.cpu_clock:
        _count_processor_seconds(asked.workers)
    if method == "replan":
        return late_wishes(instance, asked)
    load, clock, cpu = os.getloadavg()[0], time.perf_counter(), time.process_time()
    plan = {
        "first come": lambda: first_come(instance, choosing="preferred"),
        "patient first come": lambda: first_come(instance),
        "greedy": lambda: in_order(instance, sorted(instance.requests, key=lambda r: (-r.priority, r.id))),
        "intervals": lambda: intervals(instance, asked.seconds, asked.workers),
        "optimiser": lambda: solve(instance, seconds=asked.seconds, workers=asked.workers),
    }[method]()
    problems = check(instance, plan)
    assert not problems, problems[:5]
    return {
        "value": plan.value,
        "bound": plan.bound,
        "gap_ratio": round(plan.gap_ratio, 6),
        "status": plan.status,
        "clock_seconds": round(time.perf_counter() - clock, 2),
        "cpu_seconds": round(time.process_time() - cpu, 2),
        "counted_seconds": round(plan.seconds, 2),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "load_before": round(load, 1),
        "load_after": round(os.getloadavg()[0], 1),
    }


def late_wishes(instance: Instance, asked: argparse.Namespace) -> dict[str, Any]:
    """Batches of new wishes, each fitted into the same standing plan of all the others."""
    rng = random.Random(1)
    late = rng.sample(instance.requests, min(len(instance.requests) // 5, LATE_WISHES * BATCHES))
    names = {r.id for r in late}
    before = replace(instance, requests=tuple(r for r in instance.requests if r.id not in names))
    plan = solve(before, seconds=asked.seconds / 2, workers=asked.workers)
    load, took, cpu, moved, placed = os.getloadavg()[0], [], [], 0, 0
    for n in range(BATCHES):
        new = [late[(n * LATE_WISHES + k) % len(late)] for k in range(LATE_WISHES)]
        began, worked = time.perf_counter(), time.process_time()
        after, moves = replan(before, plan, new, MOVE_PENALTY)
        took.append(time.perf_counter() - began)
        cpu.append(time.process_time() - worked)
        problems = check(replace(before, requests=(*before.requests, *new)), after)
        assert not problems, problems[:5]
        moved += len(moves)
        placed += sum(a.request in {r.id for r in new} for a in after.assignments)
    return {
        "p50_seconds": round(statistics.median(took), 2),
        "p95_seconds": round(sorted(took)[int(0.95 * BATCHES)], 2),
        "p95_cpu_seconds": round(sorted(cpu)[int(0.95 * BATCHES)], 2),
        "placed": placed,
        "asked": BATCHES * LATE_WISHES,
        "moved": moved,
        "load_before": round(load, 1),
        "load_after": round(os.getloadavg()[0], 1),
    }


def _count_processor_seconds(workers: int) -> None:
    """On a busy machine: let the time limit count what the process got instead of what the clock says."""
    from types import SimpleNamespace

    from app.sharing.planning.engine import crew

    crew.Crew.limit = lambda self, ratio=1.0: 20 * ratio * self.left  # type: ignore[method-assign]
    crew.time = SimpleNamespace(perf_counter=lambda: time.process_time() / workers)  # type: ignore[assignment]


def intervals(instance: Instance, seconds: float, workers: int) -> Plan:
    """The textbook model: optional intervals, one NoOverlap per instrument, a start variable per request and instrument."""
    from ortools.sat.python import cp_model

    from app.sharing.planning.engine.model import Assignment, Rejection
    from app.sharing.planning.engine.places import placements
    from app.sharing.planning.engine.worth import delay_cost, reference_slot

    began = time.perf_counter()
    columns = placements(instance)
    model = cp_model.CpModel()
    lanes: dict[int, list[Any]] = {}
    served: dict[int, list[Any]] = {}
    slots: dict[str, list[Any]] = {}
    worth: list[Any] = []
    places = []
    cuts = [0, *(1 + n for n in range(len(columns) - 1) if _differs(columns, n)), len(columns)]
    for lo, hi in itertools.pairwise(cuts):
        if lo == hi:
            continue
        r, i = int(columns.request[lo]), int(columns.instrument[lo])
        starts = columns.start[lo:hi].tolist()
        start = model.new_int_var_from_domain(cp_model.Domain.from_values(starts), "")
        on = model.new_bool_var("")
        size = int(columns.end[lo] - columns.start[lo])
        lanes.setdefault(i, []).append(model.new_optional_fixed_size_interval_var(start, size, on, ""))
        served.setdefault(r, []).append(on)
        late, wanted = delay_cost(instance.requests[r]), reference_slot(instance.requests[r])
        undelayed = int(columns.value[lo]) + late * abs(starts[0] - wanted)
        delay = model.new_int_var(0, instance.slots, "")
        model.add_abs_equality(delay, start - wanted)
        charged = model.new_int_var(0, instance.slots, "")
        model.add(charged >= delay).only_enforce_if(on)
        worth.append(undelayed * on - late * charged)
        slots.setdefault(instance.requests[r].enterprise, []).append(int(columns.work[lo]) * on)
        places.append((r, i, start, on, int(columns.work[lo])))
    for lane in lanes.values():
        model.add_no_overlap(lane)
    for choice in served.values():
        model.add_at_most_one(choice)
    if instance.max_slots_per_enterprise is not None:
        for asked in slots.values():
            model.add(sum(asked) <= instance.max_slots_per_enterprise)
    model.maximize(sum(worth))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = workers
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        places = []
    found = [
        Assignment(instance.requests[r].id, instance.instruments[i].id, solver.value(s), work)
        for r, i, s, on, work in places
        if solver.boolean_value(on)
    ]
    from app.sharing.planning.engine.explanation import value_of

    total = value_of(instance, found)
    done = {a.request for a in found}
    rest = tuple(Rejection(r.id, ({"code": "displaced"},)) for r in instance.requests if r.id not in done)
    bound = max(total, int(solver.best_objective_bound))
    return Plan("feasible", total, bound, time.perf_counter() - began, tuple(found), rest)


def _differs(columns: Any, n: int) -> bool:
    return bool(
        columns.request[n] != columns.request[n + 1] or columns.instrument[n] != columns.instrument[n + 1]
    )


def write_readme(results: dict[str, Any]) -> None:
    """Put the tables between the marks of the README."""
    plans = [
        "| park | method | value | bound | gap | over first come | over patient | clock s | CPU s | memory MB | load |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    late = [
        "| park | p50 s | p95 s | CPU s (p95) | new wishes placed | others moved | load |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for key in sorted(results, key=_place):
        row = results[key]
        name, method = key.split("|")
        if "failed" in row:
            plans.append(f"| {name} | {method} | {row['failed']} |" + " – |" * 8)
        elif method == "replan":
            late.append(
                f"| {name} | {row['p50_seconds']} | {row['p95_seconds']} | {row['p95_cpu_seconds']} "
                f"| {row['placed']} of {row['asked']} | {row['moved']} | {row['load_before']}–{row['load_after']} |"
            )
        else:
            plans.append(_plan_line(name, method, row, results))
    page = HERE / "README.md"
    text = page.read_text(encoding="utf-8")
    for mark, lines in (("table", plans), ("late", late)):
        head, rest = text.split(f"<!-- {mark} -->", 1)
        tail = rest.split("<!-- end -->", 1)[1]
        sys.stdout.write("\n".join(lines) + "\n\n")
        text = f"{head}<!-- {mark} -->\n" + "\n".join(lines) + f"\n<!-- end -->{tail}"
    page.write_text(text, encoding="utf-8")


def _place(key: str) -> tuple[int, int, int]:
    """Rows by size, variety and method, whatever the day they were run on."""
    name, method = key.split("|")
    size, variety = name.split()
    return int(size.split("x")[0]), list(VARIETIES).index(variety), METHODS.index(method)


def _plan_line(name: str, method: str, row: dict[str, Any], results: dict[str, Any]) -> str:
    def over(other: str) -> str:
        base = results.get(f"{name}|{other}", {}).get("value")
        return f"{row['value'] / base - 1:+.1%}" if base else "–"

    bounded = method in ("intervals", "optimiser")
    gap = "0 (proven)" if row["status"] == "optimal" else f"{row['gap_ratio']:.3%}"
    return (
        f"| {name} | {method} | {row['value']:,} | {format(row['bound'], ',') if bounded else '–'} | {gap if bounded else '–'} "
        f"| {over('first come')} | {over('patient first come')} | {row['clock_seconds']} | {row['cpu_seconds']} "
        f"| {row['memory_mb']} | {row['load_before']}–{row['load_after']} |"
    )


if __name__ == "__main__":
    main()
