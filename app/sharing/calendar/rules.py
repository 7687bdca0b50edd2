"""When an instrument can be used at all: opening rules, exceptions, holidays, outages, buffers, free time.

Time is an integer here: *park minutes*, the minutes since 1970-01-01 00:00 on the park's own clock
(Asia/Shanghai, which has no daylight saving time, so one day is always 1440 park minutes). The service layer
converts. Intervals are half-open ``[start, end)``.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from app.hall.errors import Invalid

Key = TypeVar("Key", bound=Hashable)

DAY = 1440
SLOT_MINUTES = 5
"""The grain of occupation: every booking, buffer and opening time is a multiple of it."""
LONGEST_BOOKING = 31 * DAY
"""No owner may allow more in one booking: what stands in a window began at most so long before it."""


@dataclass(frozen=True, order=True, slots=True)
class Interval:
    """Half-open span ``[start, end)`` of park minutes; never empty.

    >>> Interval(540, 600).minutes
    60
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise Invalid("interval_empty")

    @property
    def minutes(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Interval) -> bool:
        return self.start < other.end and other.start < self.end

    def covers(self, other: Interval) -> bool:
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, order=True, slots=True)
class OpeningHours:
    """Open on ISO weekday 1…7 from ``opens`` (0…1439) to ``closes``, which may lie past midnight (at most 2879)."""

    weekday: int
    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 1 <= self.weekday <= 7:
            raise Invalid("opening_weekday", weekday=self.weekday)
        if not 0 <= self.opens < DAY or not self.opens < self.closes <= self.opens + DAY:
            raise Invalid("opening_hours")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Everything that decides when a resource is open.

    ``exceptions`` maps a day number (days since 1970-01-01) to its own hours, ``()`` for closed all day, and wins
    over the weekday and over ``holidays`` (days on which the weekday's hours do not apply).
    """

    rules: tuple[OpeningHours, ...]
    exceptions: dict[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    holidays: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class UnitState:
    """What already stands in the calendar of one unit: outages, and what bookings hold with their buffers."""

    unit: int
    outages: tuple[Interval, ...] = ()
    occupied: tuple[Interval, ...] = ()


def quota_week(minute: int) -> Interval:
    """The week, Monday to Monday, to which a booking that starts at ``minute`` counts.

    >>> quota_week(0)
    Interval(start=-4320, end=5760)
    """
    monday = (minute // DAY + 3) // 7 * 7 - 3
    return Interval(monday * DAY, (monday + 7) * DAY)


def clock_minutes(text: str) -> int:
    """Minutes after midnight of ``HH:MM``; ``24:00`` is the end of the day.

    >>> clock_minutes("09:05"), clock_minutes("24:00")
    (545, 1440)
    """
    match = re.fullmatch(r"([01]\d|2[0-4]):([0-5]\d)", text, re.ASCII)
    minutes = int(match[1]) * 60 + int(match[2]) if match else DAY + 1
    if minutes > DAY:
        raise Invalid("clock_time", text=text)
    return minutes


def clock_text(minutes: int) -> str:
    """``HH:MM`` of minutes after midnight; past midnight wraps except for 24:00 itself.

    >>> clock_text(1440), clock_text(1560)
    ('24:00', '02:00')
    """
    shown = minutes if minutes == DAY else minutes % DAY
    return f"{shown // 60:02d}:{shown % 60:02d}"


def opening_hours(weekday: int, opens: str, closes: str) -> OpeningHours:
    """An opening rule as people write it: a closing time before the opening time is on the next day.

    ``23:59`` as the closing time is how many write the end of the day.

    >>> opening_hours(5, "22:00", "02:00")
    OpeningHours(weekday=5, opens=1320, closes=1560)
    >>> opening_hours(7, "00:00", "23:59").closes
    1440
    """
    closes = "24:00" if closes == "23:59" else closes
    start, end = clock_minutes(opens), clock_minutes(closes)
    if start in (end, DAY):
        raise Invalid("opening_hours")
    for text, minutes in ((opens, start), (closes, end)):
        if minutes % SLOT_MINUTES:
            raise Invalid("opening_grain", text=text, minutes=SLOT_MINUTES)
    return OpeningHours(weekday, start, end if end > start else end + DAY)


def weekday_of(day: int) -> int:
    """ISO weekday of a day number (1970-01-01 was a Thursday).

    >>> weekday_of(0)
    4
    """
    return (day + 3) % 7 + 1


_EDGES = operator.attrgetter("start", "end")  # sorts faster than the dataclass compares itself


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """Sorted, disjoint, and joined where they touch. O(n log n).

    >>> merged([Interval(5, 9), Interval(0, 5), Interval(20, 30)])
    [Interval(start=0, end=9), Interval(start=20, end=30)]
    """
    result: list[Interval] = []
    for item in sorted(intervals, key=_EDGES):
        if result and item.start <= result[-1].end:
            if item.end > result[-1].end:
                result[-1] = Interval(result[-1].start, item.end)
        else:
            result.append(item)
    return result


def clipped(intervals: Iterable[Interval], window: Interval) -> list[Interval]:
    """The parts inside the window, in the order given."""
    return [
        Interval(max(i.start, window.start), min(i.end, window.end)) for i in intervals if i.overlaps(window)
    ]


def without(intervals: Iterable[Interval], taken: Iterable[Interval]) -> list[Interval]:
    """What is left of ``intervals`` when ``taken`` is cut out. Both are merged first; then one linear sweep.

    >>> without([Interval(0, 100)], [Interval(10, 20), Interval(90, 120)])
    [Interval(start=0, end=10), Interval(start=20, end=90)]
    """
    cuts = merged(taken)
    result: list[Interval] = []
    first = 0
    for item in merged(intervals):
        at = item.start
        while first < len(cuts) and cuts[first].end <= at:
            first += 1
        index = first
        while index < len(cuts) and cuts[index].start < item.end:
            if cuts[index].start > at:
                result.append(Interval(at, cuts[index].start))
            at = max(at, cuts[index].end)
            index += 1
        if at < item.end:
            result.append(Interval(at, item.end))
    return result


def open_times(calendar: Calendar, window: Interval) -> list[Interval]:
    """When the resource is open inside the window, merged. O(days · rules).

    >>> nine_to_five = Calendar((OpeningHours(4, 540, 1020),))
    >>> open_times(nine_to_five, Interval(0, 10080))
    [Interval(start=540, end=1020)]
    """
    by_weekday: dict[int, list[tuple[int, int]]] = {}
    for rule in calendar.rules:
        by_weekday.setdefault(rule.weekday, []).append((rule.opens, rule.closes))
    found: list[Interval] = []
    # One day earlier: hours that began yesterday may reach past midnight into the window.
    for day in range(window.start // DAY - 1, (window.end - 1) // DAY + 1):
        hours: Sequence[tuple[int, int]]
        if day in calendar.exceptions:
            hours = calendar.exceptions[day]
        elif day in calendar.holidays:
            hours = ()
        else:
            hours = by_weekday.get(weekday_of(day), ())
        found += [Interval(day * DAY + opens, day * DAY + closes) for opens, closes in hours]
    return merged(clipped(found, window))


def open_times_of(calendars: Mapping[Key, Calendar], window: Interval) -> dict[Key, list[Interval]]:
    """:func:`open_times` of many resources: calendars that say the same are worked out once, and share their answer.

    Parameters
    ----------
    calendars : mapping of key to Calendar
        Of a park's thousand instruments most are open at the same few hours.
    window : Interval
        Where to look.

    Returns
    -------
    dict of key to list of Interval
        Not to be changed by who reads them: equal calendars answer one list.

    >>> nine_to_five = (OpeningHours(4, 540, 1020),)
    >>> found = open_times_of({"a": Calendar(nine_to_five), "b": Calendar(nine_to_five)}, Interval(0, 10080))
    >>> found["a"], found["a"] is found["b"]
    ([Interval(start=540, end=1020)], True)
    """
    known: dict[Hashable, list[Interval]] = {}
    found = {}
    for key, calendar in calendars.items():
        says = (calendar.rules, tuple(sorted(calendar.exceptions.items())), calendar.holidays)
        if says not in known:
            known[says] = open_times(calendar, window)
        found[key] = known[says]
    return found


def held(interval: Interval, before: int, after: int) -> Interval:
    """What a booking occupies: its own time and its buffers.

    >>> held(Interval(540, 600), 0, 15)
    Interval(start=540, end=615)
    """
    return Interval(interval.start - before, interval.end + after)


def free_times(
    calendar: Calendar,
    window: Interval,
    outages: Iterable[Interval] = (),
    occupied: Iterable[Interval] = (),
    before: int = 0,
    after: int = 0,
) -> list[Interval]:
    """Maximal intervals in the window in which every sub-interval can be booked.

    Parameters
    ----------
    calendar : Calendar
        When the resource is open.
    window : Interval
        Where to look.
    outages : iterable of Interval
        When it stands still; a new booking's buffers may lie in an outage.
    occupied : iterable of Interval
        What other bookings hold, their buffers included (see :func:`held`).
    before, after : int
        Buffer minutes of the *new* booking: they must meet no other booking; the opening does not matter.

    Notes
    -----
    ``[a, b)`` can be booked if it is open, meets no outage and ``[a − before, b + after)`` meets nothing
    occupied. So each occupied interval is widened by ``after`` on its left and ``before`` on its right and cut
    out.

    >>> day = Calendar((OpeningHours(4, 540, 1020),))
    >>> free_times(day, Interval(0, 1440), occupied=[Interval(600, 675)], after=15)
    [Interval(start=540, end=585), Interval(start=675, end=1020)]
    """
    return free_of_opening(open_times(calendar, window), outages, occupied, before, after)


def free_of_opening(
    opening: Sequence[Interval],
    outages: Iterable[Interval],
    occupied: Iterable[Interval],
    before: int,
    after: int,
) -> list[Interval]:
    """As :func:`free_times`, for opening times that are known: many instruments are open at the same hours.

    >>> free_of_opening([Interval(0, 60)], [], [Interval(20, 30)], before=0, after=5)
    [Interval(start=0, end=15), Interval(start=30, end=60)]
    """
    if before or after:
        occupied = [Interval(o.start - after, o.end + before) for o in occupied]
    return without(opening, [*outages, *occupied])


def widest(gaps: Iterable[Interval]) -> list[Interval]:
    """The gaps that lie in no other gap, in order: one inside another unit's longer gap tells a reader nothing.

    >>> widest([Interval(0, 50), Interval(10, 20), Interval(30, 90), Interval(0, 50)])
    [Interval(start=0, end=50), Interval(start=30, end=90)]
    """
    kept: list[Interval] = []
    for gap in sorted(gaps, key=lambda g: (g.start, -g.end)):
        if not kept or gap.end > kept[-1].end:
            kept.append(gap)
    return kept


def slots_of(interval: Interval) -> range:
    """Numbers of the slots an interval touches: ``minute // SLOT_MINUTES``.

    >>> list(slots_of(Interval(540, 555)))
    [108, 109, 110]
    """
    return range(interval.start // SLOT_MINUTES, -(-interval.end // SLOT_MINUTES))


def total_minutes(intervals: Iterable[Interval]) -> int:
    """Minutes covered by at least one of the intervals.

    >>> total_minutes([Interval(0, 60), Interval(30, 90)])
    90
    """
    return sum(item.minutes for item in merged(intervals))


def counted_minutes(intervals: Iterable[Interval], most: int) -> int:
    """Minutes of the intervals, each moment as often as it is covered but at most ``most`` times. O(n log n).

    So many equal units of an instrument cannot be used more often than that at one moment, whatever was noted down.

    >>> three = [Interval(0, 60), Interval(30, 90), Interval(40, 50)]
    >>> counted_minutes(three, 1), counted_minutes(three, 2), counted_minutes(three, 3)
    (90, 120, 130)
    """
    edges = sorted(edge for i in intervals for edge in ((i.start, 1), (i.end, -1)))
    found = covering = last = 0
    for at, change in edges:
        found += (at - last) * min(covering, most)
        covering, last = covering + change, at
    return found
