"""A planning round in the optimiser's words: units become instruments, flexible wishes become requests.

Minutes are park minutes (see `calendar`); the round counts in slots of `grain` minutes from its first day.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.sharing.calendar import Interval, clipped, merged
from app.sharing.scheduling.model import Instance, Instrument, Request

COARSEST_GRAIN = 60


@dataclass(frozen=True, slots=True)
class Bench:
    """One unit as the round sees it: when it is open, what already holds it, and on which terms."""

    unit: int
    resource: int
    open: tuple[Interval, ...]
    busy: tuple[Interval, ...]
    price_fen_per_hour: int
    step: int
    shortest: int
    longest: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class FlexibleWish:
    """So many minutes, in one of these windows, on any of these resources."""

    id: int
    organisation: int
    minutes: int
    windows: tuple[Interval, ...]
    resources: tuple[int, ...]
    priority: int
    preferred: int | None


@dataclass(frozen=True, slots=True)
class Round:
    """What goes to the optimiser, and the wishes that cannot take part, each with the code of the reason."""

    instance: Instance
    grain: int
    left_out: Mapping[int, str]


def grain_of(steps: Iterable[int]) -> int:
    """Slot length at which every start lies on the step of every instrument that takes part.

    The least common multiple of the steps, at most an hour; steps that do not divide an hour are left to
    instruments of their own round.

    >>> grain_of([15, 30]), grain_of([30, 45]), grain_of([])
    (30, 60, 30)
    """
    return min(COARSEST_GRAIN, math.lcm(*steps)) if (steps := list(steps)) else 30


def build(
    benches: Sequence[Bench],
    wishes: Sequence[FlexibleWish],
    window: Interval,
    most_minutes_per_organisation: int | None = None,
) -> Round:
    """The instance of a round.

    Parameters
    ----------
    benches, wishes
        Order does not matter; both are sorted by id.
    window
        The days the round plans, in park minutes.
    most_minutes_per_organisation
        A hard cap on what one organisation may get in this round.

    Notes
    -----
    The format knows only a buffer after a booking. A buffer of `b` minutes before and `a` minutes after means a
    gap of `a + b` between two bookings; what stands already carries its own buffers, so it is moved `b` later:
    a booking then ends at least `a` before it and starts at least `b` after it, exactly as the calendar demands.
    """
    grain = grain_of(bench.step for bench in benches)
    taking_part = [b for b in sorted(benches, key=lambda b: b.unit) if grain % b.step == 0]
    length = -(-window.minutes // grain)
    instruments = tuple(_instrument(bench, window, grain, length) for bench in taking_part)
    requests, left_out = [], {}
    for wish in sorted(wishes, key=lambda w: w.id):
        fitting = [b for b in taking_part if b.resource in wish.resources and _fits(b, wish.minutes)]
        windows = _slots(clipped(wish.windows, window), window, grain, length)
        if not fitting:
            left_out[wish.id] = "no_fitting_instrument"
        elif not windows:
            left_out[wish.id] = "window_elsewhere"
        else:
            requests.append(
                Request(
                    str(wish.id),
                    str(wish.organisation),
                    -(-wish.minutes // grain),
                    windows,
                    tuple(str(b.unit) for b in fitting),
                    wish.priority,
                    _preferred(wish.preferred, window, grain, length),
                )
            )
    cap = None if most_minutes_per_organisation is None else most_minutes_per_organisation // grain
    return Round(Instance(grain, length, instruments, tuple(requests), cap), grain, left_out)


def _fits(bench: Bench, minutes: int) -> bool:
    return bench.shortest <= minutes <= bench.longest and minutes % bench.step == 0


def _instrument(bench: Bench, window: Interval, grain: int, length: int) -> Instrument:
    later = [Interval(i.start + bench.before, i.end + bench.before) for i in bench.busy]
    return Instrument(
        str(bench.unit),
        _slots(clipped(bench.open, window), window, grain, length),
        _slots(clipped(later, window), window, grain, length, outward=True),
        round(bench.price_fen_per_hour * grain / 60),
        1.0,
        -(-(bench.before + bench.after) // grain),
    )


def _slots(
    intervals: Iterable[Interval], window: Interval, grain: int, length: int, outward: bool = False
) -> tuple[tuple[int, int], ...]:
    """Intervals as slots: rounded inward (what is free) or outward (what is taken), joined where they touch."""
    found = []
    for one in intervals:
        first, last = one.start - window.start, one.end - window.start
        start, end = (first // grain, -(-last // grain)) if outward else (-(-first // grain), last // grain)
        if start < end:
            found.append(Interval(max(0, start), min(length, end)))
    return tuple((one.start, one.end) for one in merged(found))


def _preferred(minute: int | None, window: Interval, grain: int, length: int) -> int | None:
    if minute is None:
        return None
    return min(length - 1, max(0, (minute - window.start) // grain))


def minutes_of(slot: int, window_start: int, grain: int) -> int:
    """Park minute at which a slot begins.

    >>> minutes_of(3, 1440, 30)
    1530
    """
    return window_start + slot * grain
