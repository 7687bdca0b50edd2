"""How long the best set of firms takes to find and to prove, on seeded chains of a given size.

Run from the project's root: `.venv/bin/python -m benchmarks.chain.recruit [500x500 …] [--seconds 10] [--cpu-clock]`

"Best set alone" are the CPU seconds until the other points of the front were begun.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from app.chain.recruit.plan import recruit
from app.chain.recruit.rules import KEPT, SHORTFALL, Candidate, Question


def question(candidates: int, segments: int, seed: int) -> Question:
    """A chain of `segments` with two or three inputs each, and as many firms that could come.

    A firm makes one to three segments, outputs (万元) have two decimals, costs are whole numbers from 1 to 50.
    """
    dice = random.Random(seed)
    names = [f"s{n:04d}" for n in range(segments)]
    inputs = tuple(
        (source, target, Fraction(dice.randint(5, 60), 100))
        for target in names
        for source in dice.sample(names, min(segments, dice.randint(2, 3)))
    )
    firms = tuple(
        Candidate(
            f"C{n:05d}",
            tuple(
                (name, Fraction(dice.randint(100, 500_000), 100))
                for name in dice.sample(names, min(segments, dice.choice([1, 1, 2, 3])))
            ),
            Fraction(dice.randint(1, 50)),
        )
        for n in range(candidates)
    )
    park = {name: Fraction(dice.randint(0, 300_000), 100) for name in names if dice.random() < 0.8}
    return Question(park, inputs, firms)


def cases(park: Question) -> Iterator[tuple[str, Question]]:
    """Both objectives, with a number and a budget and without limits."""
    for objective in (KEPT, SHORTFALL):
        yield (
            f"{objective}, N 40, budget 500",
            replace(park, objective=objective, firms=40, budget=Fraction(500)),
        )
        yield f"{objective}, no limits", replace(park, objective=objective)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("sizes", nargs="*", default=["500x500"], help="candidates x segments")
    asked.add_argument("--seconds", type=float, default=10.0)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--cpu-clock", action="store_true", help="the limit counts processor seconds")
    given = asked.parse_args()
    clock = time.process_time if given.cpu_clock else time.monotonic
    print(f"{os.cpu_count()} cores, at most {given.seconds:g} s each, on the clock of {clock.__name__}")
    print("| case | status | gap | best set alone | wall s | CPU s | load |\n|---|---|---|---|---|---|---|")
    for size in given.sizes:
        candidates, segments = (int(part) for part in size.split("x"))
        for name, one in cases(question(candidates, segments, given.seed)):
            wall, cpu, end = time.monotonic(), time.process_time(), clock() + given.seconds
            first: list[float] = []

            def progress(_done: int, _of: int, first: list[float] = first, cpu: float = cpu) -> None:
                first.append(time.process_time() - cpu)

            plan = recruit(one, lambda end=end: end - clock(), progress)  # type: ignore[misc]
            gap = "–" if plan.gap is None else f"{float(plan.gap):.4%}"
            took = (
                f"{time.monotonic() - wall:.1f} | {time.process_time() - cpu:.1f} | {os.getloadavg()[0]:.1f}"
            )
            print(f"| {size}, {name} | {plan.status} | {gap} | {first[0]:.1f} | {took} |", flush=True)


if __name__ == "__main__":
    main()
