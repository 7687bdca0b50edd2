"""Runs first come, greedy, plain CP-SAT intervals and the optimiser on seeded parks; writes results.json and README.

`python -m benchmarks.optimiser.run [--sizes 50x6,500x50,…] [--seconds 60] [--workers 2] [--cpu-clock]`. Each run is a
process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from app.sharing.scheduling import Instance, Plan, check, first_come, solve
from app.sharing.scheduling.queueing import in_order

from .parks import park

HERE = Path(__file__).parent
SIZES = "50x6,500x50,5000x500,10000x1000"
METHODS = ("first come", "greedy", "intervals", "optimiser")


def main() -> None:
    """Run everything asked for; results are kept per park, so that sizes can be run on different days."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default=SIZES)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--methods", default=",".join(METHODS))
    options.add_argument(
        "--cpu-clock", action="store_true", help="count processor seconds / workers instead of the clock"
    )
    options.add_argument("--one", help="internal: one run as JSON on standard output")
    asked = options.parse_args()
    if asked.one:
        requests, instruments, giant, method = asked.one.split(",")
        answer = measure(int(requests), int(instruments), giant == "1", method, asked)
        sys.stdout.write(json.dumps(answer) + "\n")
        return
    store = HERE / "results.json"
    results = json.loads(store.read_text()) if store.exists() else {}
    for size in asked.sizes.split(","):
        requests, instruments = size.split("x")
        for giant in ("0", "1"):
            for method in asked.methods.split(","):
                call = [sys.executable, "-m", "benchmarks.optimiser.run", *sys.argv[1:]]
                call += ["--one", f"{requests},{instruments},{giant},{method}"]
                out = subprocess.run(call, check=True, capture_output=True, text=True)
                row = json.loads(out.stdout.splitlines()[-1])
                results[f"{size}{' giant' if giant == '1' else ''}|{method}"] = row
                sys.stderr.write(f"{size} giant={giant} {method}: {row}\n")
                store.write_text(json.dumps(results, indent=1) + "\n")
    write_readme(results)


def measure(
    requests: int, instruments: int, giant: bool, method: str, asked: argparse.Namespace
) -> dict[str, Any]:
    """One method on one park."""
    instance = park(requests, instruments, giant=giant)
    if asked.cpu_clock:
        _count_processor_seconds(asked.workers)
    load, clock, cpu = os.getloadavg()[0], time.perf_counter(), time.process_time()
    plan = {
        "first come": lambda: first_come(instance),
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


def _count_processor_seconds(workers: int) -> None:
    """On a busy machine: let the time limit count what the process got instead of what the clock says."""
    from types import SimpleNamespace

    from app.sharing.scheduling import crew

    crew.Crew.limit = lambda self, ratio=1.0: 20 * ratio * self.left  # type: ignore[method-assign]
    crew.time = SimpleNamespace(perf_counter=lambda: time.process_time() / workers)  # type: ignore[assignment]


def intervals(instance: Instance, seconds: float, workers: int) -> Plan:
    """The textbook model: optional intervals, one NoOverlap per instrument, a start variable per request and instrument."""
    from ortools.sat.python import cp_model

    from app.sharing.scheduling import Assignment, Rejection
    from app.sharing.scheduling.placing import placements

    began = time.perf_counter()
    columns = placements(instance)
    model = cp_model.CpModel()
    lanes: dict[int, list[Any]] = {}
    served: dict[int, list[Any]] = {}
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
        value = columns.value[lo:hi]
        late = int(abs(value[1] - value[0])) if hi - lo > 1 and starts[1] - starts[0] == 1 else 0
        wanted = starts[int(value.argmax())]
        delay = model.new_int_var(0, instance.slots, "")
        model.add_abs_equality(delay, start - wanted)
        charged = model.new_int_var(0, instance.slots, "")
        model.add(charged >= delay).only_enforce_if(on)
        worth.append(int(value.max()) * on - late * charged)
        places.append((r, i, start, on, int(columns.work[lo])))
    for lane in lanes.values():
        model.add_no_overlap(lane)
    for choice in served.values():
        model.add_at_most_one(choice)
    model.maximize(sum(worth))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = workers
    solver.solve(model)
    found = [
        Assignment(instance.requests[r].id, instance.instruments[i].id, solver.value(s), work)
        for r, i, s, on, work in places
        if solver.boolean_value(on)
    ]
    from app.sharing.scheduling import value_of

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
    """Put the table between the marks of the README."""
    lines = [
        "| park | method | value | bound | gap | over first come | clock s | CPU s | memory MB | load |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for key, row in results.items():
        name, method = key.split("|")
        base = results.get(f"{name}|first come", {}).get("value")
        over = "–" if base is None else f"{row['value'] / base - 1:+.1%}"
        bound = f"{row['bound']:,}" if method in ("intervals", "optimiser") else "–"
        gap = "0 (proven)" if row["status"] == "optimal" else f"{row['gap_ratio']:.2%}"
        gap = gap if method in ("intervals", "optimiser") else "–"
        lines.append(
            f"| {name} | {method} | {row['value']:,} | {bound} | {gap} | {over} "
            f"| {row['clock_seconds']} | {row['cpu_seconds']} | {row['memory_mb']} | {row['load_before']}–{row['load_after']} |"
        )
    page = HERE / "README.md"
    text = page.read_text(encoding="utf-8")
    head, rest = text.split("<!-- table -->", 1)
    tail = rest.split("<!-- end -->", 1)[1]
    page.write_text(f"{head}<!-- table -->\n" + "\n".join(lines) + f"\n<!-- end -->{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
