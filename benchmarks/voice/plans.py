"""How long a tea talk of 5,000 firms and a week of 200 visits take: `python -m benchmarks.voice.plans`."""

from __future__ import annotations

import datetime as dt
import os
import random
import time

from app.voice.gatherings.rules import Firm, choose
from app.voice.visits.week import plan_week
from app.voice.visits.week_situation import Specialist, Wish

DAY = dt.date(2026, 12, 10)


def firms(count: int, industries: int) -> list[Firm]:
    chance = random.Random(1)
    since = dt.date(2020, 1, 6)
    return [
        Firm(
            f"E{n:05d}",
            f"i{chance.randrange(industries)}",
            since,
            DAY - dt.timedelta(days=chance.randrange(1, 400)),
            DAY - dt.timedelta(days=chance.randrange(30, 300)) if chance.random() < 0.3 else None,
        )
        for n in range(count)
    ]


def week(visits: int, people: int, days: int) -> tuple[list[Wish], list[Specialist]]:
    chance = random.Random(2)
    wishes = []
    for n in range(visits):
        first = chance.randrange(1, days + 1)
        last = min(days, first + chance.randrange(0, 3))
        wishes.append(
            Wish(f"V{n:03d}", f"E{n:03d}", str(chance.randrange(1, 13)), chance.randrange(1, 4), first, last)
        )
    codes = [one.enterprise for one in wishes]
    staff = [
        Specialist(
            f"S{n:02d}",
            dict.fromkeys(range(1, days + 1), 3),
            frozenset(chance.sample(codes, 30)),
            frozenset(chance.sample(codes, 5)),
        )
        for n in range(people)
    ]
    return wishes, staff


def main() -> None:
    print(f"load {os.getloadavg()[0]:.1f}")
    some = firms(5000, 60)
    begun, cpu = time.perf_counter(), time.process_time()
    table = choose(some, DAY)
    print(
        f"tea talk: {len(table.selected)} of 5,000 firms in {time.perf_counter() - begun:.3f} s"
        f" ({time.process_time() - cpu:.3f} CPU s)"
    )
    wishes, staff = week(200, 12, 5)
    begun = time.perf_counter()
    found = plan_week(wishes, staff, 10)
    print(
        f"week: {len(found.assignments)} of 200 visits, {found.status}, ties {found.ties}, value {found.value},"
        f" bound {found.bound} in {time.perf_counter() - begun:.1f} s"
    )


if __name__ == "__main__":
    main()
