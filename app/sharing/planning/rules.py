"""A planning round in the optimiser's words: units become instruments, flexible wishes become requests.

Minutes are park minutes (see `calendar`); the round counts in slots of `grain` minutes from its first day.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.sharing.calendar.rules import Interval, clipped, merged, without
from app.sharing.planning.engine.model import Instance, Instrument, Quota, Request

COARSEST_GRAIN = 60


@dataclass(frozen=True, slots=True)
class Bench:
    """One unit as the round sees it: when it is open, when it stands still, what already holds it, on which terms.

    ``outages`` are cut out of the opening: a buffer may lie in one, as at the desk. ``busy`` is what other bookings
    hold, their buffers included, also just before and after the days of the round.
    """

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
    outages: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True)
class FlexibleWish:
    """So many minutes, in one of these windows, on any of these resources but those that are `barred` to its member."""

    id: int
    organisation: int
    minutes: int
    windows: tuple[Interval, ...]
    resources: tuple[int, ...]
    priority: int
    preferred: int | None
    barred: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Allowance:
    """The minutes an organisation may still book on a resource in a quota week."""

    organisation: int
    resource: int
    week: Interval
    minutes: int


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
    allowances: Sequence[Allowance] = (),
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
    allowances
        Become quotas over all units of the resource. The desk counts a booking to the week in which it starts, a quota
        the slots in each week: they differ where a booking runs over the midnight before a Monday.

    Notes
    -----
    The format knows only a buffer after a booking. A buffer of `b` minutes before and `a` minutes after means a
    gap of `a + b` between two bookings; what stands already carries its own buffers, so it is moved `b` later:
    a booking then ends at least `a` before it and starts at least `b` after it, exactly as the calendar demands.
    The round has a few slots more than its days: a buffer at the end must not meet what stands after them.
    """
    grain = grain_of(bench.step for bench in benches)
    taking_part = [b for b in sorted(benches, key=lambda b: b.unit) if grain % b.step == 0]
    length = -(-window.minutes // grain)
    beyond = max((-(-(b.before + b.after) // grain) for b in taking_part), default=0)
    instruments = tuple(_instrument(bench, window, grain, length, beyond) for bench in taking_part)
    requests, left_out = [], {}
    for wish in sorted(wishes, key=lambda w: w.id):
        possible = [b for b in taking_part if b.resource in wish.resources and _fits(b, wish.minutes)]
        fitting = [b for b in possible if b.resource not in wish.barred]
        windows = _slots(clipped(wish.windows, window), window, grain, length)
        if not fitting:
            left_out[wish.id] = "wish_barred" if possible else "no_fitting_instrument"
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
    made = Instance(grain, length + beyond, instruments, tuple(requests), cap)
    return Round(replace(made, quotas=_quotas(made, taking_part, allowances, window)), grain, left_out)


def _quotas(
    made: Instance, benches: Iterable[Bench], allowances: Iterable[Allowance], window: Interval
) -> tuple[Quota, ...]:
    """The allowances on what somebody asks for, for whoever does."""
    asking = {(request.enterprise, name) for request in made.requests for name in request.eligible}
    units: dict[int, list[str]] = {}
    for bench in benches:
        units.setdefault(bench.resource, []).append(str(bench.unit))
    found = []
    for one in sorted(allowances, key=lambda a: (a.organisation, a.resource, a.week.start)):
        first = max(0, (one.week.start - window.start) // made.slot_minutes)
        last = min(made.slots, -((window.start - one.week.end) // made.slot_minutes))
        names = tuple(units.get(one.resource, ()))
        if first < last and any((str(one.organisation), name) in asking for name in names):
            slots = max(0, one.minutes) // made.slot_minutes
            found.append(Quota(str(one.organisation), names, first, last, slots))
    return tuple(found)


def _fits(bench: Bench, minutes: int) -> bool:
    return bench.shortest <= minutes <= bench.longest and minutes % bench.step == 0


def _instrument(bench: Bench, window: Interval, grain: int, length: int, beyond: int) -> Instrument:
    later = [Interval(i.start + bench.before, i.end + bench.before) for i in bench.busy]
    held_window = Interval(window.start, window.start + (length + beyond) * grain)
    return Instrument(
        str(bench.unit),
        _slots(without(clipped(bench.open, window), bench.outages), window, grain, length),
        _slots(clipped(later, held_window), window, grain, length + beyond, outward=True),
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
