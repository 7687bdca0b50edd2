"""Seeded parks for the optimiser's benchmark: contention as a park knows it, in any size."""

from __future__ import annotations

import random
from dataclasses import replace

from app.sharing.planning.engine.model import Instance, Instrument, Interval, Request

DAY = 48  # half hours
SHIFTS = [(18, 34), (16, 36), (16, 40), (0, 48)]


def park(  # noqa: PLR0913 - the shapes of a park, by name
    requests: int,
    instruments: int,
    *,
    giant: bool = False,
    mixed: bool = False,
    capped: bool = False,
    broad: bool = False,
    wide: bool = False,
    seed: int = 1,
    days: int = 14,
) -> Instance:
    """Two weeks of half hours; instruments stand in laboratories of four to twelve of a kind.

    Owners keep about half of the opening hours for themselves; wishes ask for half an hour to a working day, most
    of them in the middle of the week and of the day; four in ten name the start they would like. With `giant`, one
    wish in six may also go to the next laboratory, which ties all of them into one component. `mixed` knows no
    laboratories: every wish names one to five instruments anywhere. `capped` allows an enterprise less than half of what
    enterprises ask for on average. `broad`: any of 20 to 50 instruments, within three to nine days. `wide`: any time of the
    two weeks on one to five instruments.
    """
    rng = random.Random(f"{seed}/{requests}/{instruments}/{giant}{'/mixed' if mixed else ''}")
    slots = days * DAY
    labs = _labs(rng, instruments)
    machines = [m for lab in range(len(labs)) for m in _lab(rng, labs[lab], slots)]
    enterprises = max(6, min(400, requests // 12))
    wishes = []
    for n in range(requests):
        home = rng.choices(range(len(labs)), weights=[len(lab) for lab in labs])[0]
        wish = _wish(rng, n, labs, home, machines, slots, enterprises, giant)
        if mixed:
            anywhere = rng.sample(machines, min(len(machines), rng.randint(1, 5)))
            wish = replace(wish, eligible=tuple(m.id for m in anywhere))
        elif broad:
            wish = _broad(rng, wish, machines, days)
        elif wide:
            anywhere = rng.sample(machines, min(len(machines), rng.randint(1, 5)))
            wish = replace(wish, eligible=tuple(m.id for m in anywhere), windows=((0, slots),))
        wishes.append(wish)
    cap = int(0.45 * sum(w.duration_slots for w in wishes) / enterprises) if capped else None
    return Instance(30, slots, tuple(machines), tuple(wishes), cap)


def _broad(rng: random.Random, wish: Request, machines: list[Instrument], days: int) -> Request:
    anywhere = rng.sample(machines, min(len(machines), rng.randint(20, 50)))
    length = min(days, rng.randint(3, 9))
    first = rng.randint(0, days - length) * DAY
    window = (first, first + length * DAY)
    preferred = wish.preferred_slot
    if preferred is not None:
        preferred = rng.randrange(*window)
    return replace(wish, eligible=tuple(m.id for m in anywhere), windows=(window,), preferred_slot=preferred)


def _labs(rng: random.Random, instruments: int) -> list[list[int]]:
    labs: list[list[int]] = []
    left = list(range(instruments))
    while left:
        size = min(len(left), rng.randint(6, 24))
        labs.append(left[:size])
        left = left[size:]
    return labs


def _lab(rng: random.Random, members: list[int], slots: int) -> list[Instrument]:
    price = rng.choice([8000, 15000, 25000, 40000])
    buffer = rng.choice([0, 0, 1, 1, 2])
    found = []
    for n in members:
        first, last = rng.choice(SHIFTS)
        weekend = rng.random() < 0.2
        opening = [
            (day * DAY + first, day * DAY + last) for day in range(slots // DAY) if weekend or day % 7 < 5
        ]
        if last - first == DAY:
            opening = _joined(opening)
        found.append(
            Instrument(
                id=f"I{n + 1:04d}",
                open=tuple(opening),
                busy=_busy(rng, slots, first, last),
                price_fen_per_slot=int(price * rng.choice([0.8, 1, 1, 1.2, 1.5])),
                efficiency=rng.choice([0.75, 0.9, 1.0, 1.0, 1.0, 1.1, 1.25]),
                buffer_slots=buffer,
            )
        )
    return found


def _busy(rng: random.Random, slots: int, first: int, last: int) -> tuple[Interval, ...]:
    """Own use and maintenance: about half of the opening hours, in blocks of one to eight hours."""
    taken: list[Interval] = []
    for day in range(slots // DAY):
        at = day * DAY + first
        while at < day * DAY + last:
            length = rng.randint(2, 16)
            if rng.random() < 0.5:
                taken.append((at, min(at + length, day * DAY + last)))
            at += length
    return tuple(_joined(taken))


def _joined(intervals: list[Interval]) -> list[Interval]:
    out: list[Interval] = []
    for lo, hi in intervals:
        if out and lo <= out[-1][1]:
            out[-1] = (out[-1][0], hi)
        else:
            out.append((lo, hi))
    return out


def _wish(
    rng: random.Random,
    n: int,
    labs: list[list[int]],
    home: int,
    machines: list[Instrument],
    slots: int,
    enterprises: int,
    giant: bool,
) -> Request:
    lab = labs[home]
    eligible = rng.sample(lab, min(len(lab), rng.choice([1, 2, 3, 4, 5, 6])))
    if giant and rng.random() < 1 / 6:
        neighbour = rng.choice(labs[(home + 1) % len(labs)])
        eligible = [*eligible, neighbour] if neighbour not in eligible else eligible
    duration = rng.choice([3, 4, 5, 6, 8, 8, 10, 12, 14, 16, 16, 20, 24])
    windows: list[Interval] = []
    days = slots // DAY
    for _ in range(rng.choice([1, 1, 1, 2, 2, 3])):
        day = min(
            days - 1, 7 * rng.randrange(max(1, days // 7)) + rng.choice([0, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5])
        )
        length = rng.choice([1, 2, 3, 5, 5, 7])
        lo = day * DAY + rng.choice([14, 16, 18, 18, 20, 24])
        hi = min(slots, (day + length - 1) * DAY + rng.choice([28, 32, 34, 36, 40]))
        if hi - lo >= duration and all(hi <= a or b <= lo for a, b in windows):
            windows.append((lo, hi))
    if not windows:
        windows = [(18, 18 + 16 + duration)]
    windows.sort()
    preferred = None
    if rng.random() < 0.5:
        lo, hi = rng.choice(windows)
        preferred = min(hi - 1, max(lo, lo - lo % DAY + rng.choice([18, 19, 20, 20, 21, 22, 26, 28])))
    return Request(
        id=f"R{n + 1:05d}",
        enterprise=f"E{rng.randint(1, enterprises):03d}",
        duration_slots=duration,
        windows=tuple(windows),
        eligible=tuple(machines[m].id for m in eligible),
        priority=rng.choice([1, 1, 1, 2, 2, 3, 3, 4, 5]),
        preferred_slot=preferred,
    )
