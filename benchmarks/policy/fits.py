"""How long all fits take, and one changed fact: `python -m benchmarks.policy.fits [firms] [policies]`."""

from __future__ import annotations

import datetime as dt
import os
import random
import sys
import time

from app.policy.rules.fits import bind, refit, wanted_facts
from app.policy.rules.policy import Policy
from app.policy.rules.reading import read_policy
from app.policy.rules.situation import FirmFacts, Given, situation

MONTH = 2026 * 12 + 8
DAY = dt.date(2026, 10, 5)
EXPRESSIONS = (
    "streak(rd_ratio > p.x) >= 3",
    "patents >= {k}",
    "months_since(registered_on) >= {k}",
    "industry in ['bio', 'chip']",
    "average(revenue, 3) / staff > 0.{k}5",
    "total(tax, 12) >= {k}000",
    "rd_ratio > 0.{k}",
    "not (staff < {k}) or latest(revenue) > 100",
)
HEAD = """\
format: parklink-policy/1
id: p{n}
valid: {{from: 2026-01-01}}
facts: [rd_ratio, patents, registered_on, industry, revenue, staff, tax]
parameters: {{x: {{2026-01-01: 0.15}}}}
conditions:
"""


def policies(count: int) -> list[Policy]:
    """Policies of eight conditions, using every function."""
    found = []
    for n in range(count):
        lines = [
            f'  - {{id: c{place}, weight: 3, expr: "{expr.format(k=n % 9 + 1)}"}}\n'
            for place, expr in enumerate(EXPRESSIONS)
        ]
        policy, faults = read_policy((HEAD.format(n=n) + "".join(lines)).encode())
        assert policy is not None, faults
        found.append(policy)
    return found


def firms(count: int) -> list[FirmFacts]:
    """Firms with two years of months, three in a hundred of them missing."""
    dice = random.Random(1)

    def months(low: int, high: int, after: str = "") -> dict[int, Given]:
        return {
            MONTH - back: Given(f"{dice.randint(low, high)}{after}")
            for back in range(24)
            if dice.random() < 0.97
        }

    return [
        FirmFacts(
            str(n),
            {
                "patents": Given(str(dice.randint(0, 9))),
                "registered_on": Given("2024-02-15"),
                "industry": Given(dice.choice(["bio", "food"])),
                "staff": Given(str(dice.randint(1, 99))),
            },
            {"rd_ratio": months(1, 3, "e-1"), "revenue": months(10, 900, ".5"), "tax": months(10, 900)},
        )
        for n in range(count)
    ]


def main(firm_count: int, policy_count: int) -> None:
    rules, known = policies(policy_count), firms(firm_count)
    start = time.process_time()
    bound = [bind(policy, DAY) for policy in rules]
    wanted = wanted_facts(rules)
    pushed = 0
    for facts in known:
        firm = situation(facts, MONTH, wanted)
        fits = [one.fit(firm) for one in bound]
        pushed += sum(fit.push for fit in fits)
    everything = time.process_time() - start
    start = time.process_time()
    refit(bound, fits, situation(known[-1], MONTH, wanted), ["rd_ratio"])
    one_fact = time.process_time() - start
    load = os.getloadavg()[0]
    print(f"{firm_count} firms x {policy_count} policies x {len(EXPRESSIONS)} conditions")
    print(
        f"all anew {everything:.1f} CPU s; one changed fact {one_fact * 1000:.1f} CPU ms; {pushed} pushes; load {load:.1f}"
    )


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:3] or ("5000", "200")))
