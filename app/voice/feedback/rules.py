"""What others may know of who said something: hidden by construction, never by a filter that somebody may forget."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

NAMED, PARK_ONLY, ANONYMOUS = "named", "park_only", "anonymous"
VISIBILITIES = (NAMED, PARK_ONLY, ANONYMOUS)
FEWEST_FIRMS = 5
PARTS_OF_DAY = (12, 18)


@dataclass(frozen=True, slots=True)
class Author:
    """Who said it: read by one function of the room, and given to this one only."""

    firm: str
    name: str
    layer: str = ""
    building: str = ""


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many firms of the park share the author's layer, and how many the building (the author's own included)."""

    same_layer: int
    same_building: int


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What a department sees of an author; None is "not said": nothing at all set reads 一家企业."""

    firm: str | None = None
    name: str | None = None
    layer: str | None = None
    building: str | None = None


def disclose(visibility: str, author: Author | None, crowd: Crowd) -> Disclosed:
    """What a department is shown of the author.

    `named`: everything. `park_only`: the layer and the building, each only while at least five firms share it.
    `anonymous`, or a visibility this rule does not know: nothing.

    >>> who = Author("E06", "林某", "medium", "5 号楼")
    >>> disclose("park_only", who, Crowd(same_layer=12, same_building=4))
    Disclosed(firm=None, name=None, layer='medium', building=None)
    """
    if author is None or visibility not in (NAMED, PARK_ONLY):
        return Disclosed()
    if visibility == NAMED:
        return Disclosed(author.firm, author.name, author.layer or None, author.building or None)
    return Disclosed(
        layer=author.layer or None if crowd.same_layer >= FEWEST_FIRMS else None,
        building=author.building or None if crowd.same_building >= FEWEST_FIRMS else None,
    )


@dataclass(frozen=True, slots=True)
class ShownMoment:
    """A moment as a department sees it; `time` None shows the day only."""

    day: dt.date
    time: dt.time | None = None


def shown_moment(visibility: str, local: dt.datetime) -> ShownMoment:
    """A moment (park time) to the minute, of a `park_only` or anonymous remark to the day: an hour tells who was visited.

    >>> shown_moment("park_only", dt.datetime(2026, 9, 30, 14, 5))
    ShownMoment(day=datetime.date(2026, 9, 30), time=None)
    """
    return ShownMoment(
        local.date(), local.time().replace(second=0, microsecond=0) if visibility == NAMED else None
    )


@dataclass(frozen=True, slots=True)
class ShownDue:
    """A due as a department sees it: the day, and by which hour of it (12, 18, 24) or minute."""

    day: dt.date
    by: str


def shown_due(visibility: str, local: dt.datetime) -> ShownDue:
    """A due (park time) as a day and the part of the day that ends no later than it, never later than the true one.

    A due before noon has no part of its day that ends in time: it is shown as the end of the day before. Midnight is
    the end of the day before as well.

    >>> shown_due("park_only", dt.datetime(2026, 9, 30, 16, 30)), shown_due("park_only", dt.datetime(2026, 10, 1, 9, 0))
    (ShownDue(day=datetime.date(2026, 9, 30), by='12:00'), ShownDue(day=datetime.date(2026, 9, 30), by='24:00'))
    """
    if visibility == NAMED:
        return ShownDue(local.date(), f"{local:%H:%M}")
    hour = max((part for part in PARTS_OF_DAY if part <= local.hour), default=None)
    if hour is None:
        return ShownDue(local.date() - dt.timedelta(days=1), "24:00")
    return ShownDue(local.date(), f"{hour:02d}:00")


def suppressed(
    counts: Mapping[str, int], total_shown: bool = True, fewest: int = FEWEST_FIRMS
) -> frozenset[str]:
    """Which cells of a row of counts are hidden, so that none of them can be worked out from the rest.

    Cells below `fewest` are hidden (an empty cell too: "nobody" is also told of somebody). Where the total is shown and
    what is hidden adds up to fewer than `fewest`, or is a single cell, the next smallest is hidden too, until neither
    holds; equal cells by name.

    Source: complementary cell suppression, e.g. L. Willenborg and T. de Waal, Elements of Statistical Disclosure
    Control (2001), chapter 4.

    >>> sorted(suppressed({"large": 3, "medium": 9, "small_micro": 20}))
    ['large', 'medium']
    >>> sorted(suppressed({"large": 3, "medium": 4, "small_micro": 20}))
    ['large', 'medium']
    """
    hidden = [name for name, count in counts.items() if count < fewest]
    if not hidden or not total_shown:
        return frozenset(hidden)
    rest = sorted((count, name) for name, count in counts.items() if count >= fewest)
    while rest and (len(hidden) < 2 or sum(counts[name] for name in hidden) < fewest):
        hidden.append(rest.pop(0)[1])
    return frozenset(hidden)


def total_may_be_shown(counts: Mapping[str, int], hidden: frozenset[str]) -> bool:
    """Whether the total may stand beside the row: not while it gives the only hidden cell away.

    >>> total_may_be_shown({"large": 3}, frozenset({"large"}))
    False
    """
    return not hidden or (len(hidden) > 1 and sum(counts[name] for name in hidden) >= FEWEST_FIRMS)
