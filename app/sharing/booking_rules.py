"""Why a wish cannot be booked – every reason, never just the first – and what could be booked instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.errors import Reason
from app.sharing.calendar import (
    DAY,
    SLOT_MINUTES,
    Calendar,
    Interval,
    clipped,
    free_times,
    held,
    merged,
    open_times,
    without,
)

ORDER = (
    "withdrawn",
    "closed",
    "outage",
    "taken",
    "too_short",
    "too_long",
    "too_late",
    "too_early",
    "off_step",
    "not_qualified",
    "internal_first",
    "quota",
    "suspended",
)
"""Reasons in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the owner of a resource asks of a booking; all in minutes.

    ``step`` counts from midnight, park time: a booking begins at a multiple of it and lasts a multiple of it.
    ``lead`` is the shortest time between booking and start, ``horizon`` the longest (``None``: no limit).
    """

    step: int = 30
    shortest: int = 30
    longest: int = 480
    before: int = 0
    after: int = 0
    lead: int = 0
    horizon: int | None = None
    quota: int | None = None


@dataclass(frozen=True, slots=True)
class UnitState:
    """What already stands in the calendar of one unit: outages, and what bookings hold with their buffers."""

    unit: int
    outages: tuple[Interval, ...] = ()
    occupied: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How the wishing member stands towards the resource at the wished time.

    ``missing_qualification`` names what it lacks; ``used_quota`` are the minutes its organisation already holds
    in the week of the wish; ``suspended_until`` and ``outsiders_from`` are park minutes.
    """

    missing_qualification: str | None = None
    used_quota: int = 0
    suspended_until: int | None = None
    outsiders_from: int | None = None
    own_resource: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """A booking somebody wants: ``ragged`` tells that the moments had seconds."""

    span: Interval
    ragged: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer: the unit that would be booked, or every reason why not."""

    unit: int | None
    reasons: tuple[Reason, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(reason.code for reason in self.reasons)


def judge(
    wish: Wish,
    calendar: Calendar,
    units: Sequence[UnitState],
    terms: Terms,
    standing: Standing,
    now: int,
    listed: bool = True,
) -> Verdict:
    """Every reason against the wish, or the unit it gets: the lowest-numbered one that is free.

    Parameters
    ----------
    wish : Wish
        The wished time in park minutes.
    calendar : Calendar
        When the resource is open.
    units : sequence of UnitState
        Its units; with none free, the reasons of the unit with the fewest are told.
    terms, standing : Terms, Standing
        What the owner asks and how the member stands.
    now : int
        The present park minute.
    listed : bool
        False when the resource has been taken down.

    Returns
    -------
    Verdict
        Reasons carry ``spans`` – tuples (start, end) of park minutes – where a part of the time is the cause.

    Examples
    --------
    >>> from app.sharing.calendar import OpeningHours
    >>> open_thursday = Calendar((OpeningHours(4, 540, 1020),))
    >>> judge(Wish(Interval(960, 1080)), open_thursday, [UnitState(1)], Terms(), Standing(), now=0).codes
    ('closed',)
    """
    general = _general_reasons(wish, calendar, terms, standing, now, listed)
    best: list[Reason] | None = None
    chosen: int | None = None
    for unit in sorted(units, key=lambda u: u.unit):
        against = _unit_reasons(wish.span, unit, terms)
        if best is None or len(against) < len(best):
            best, chosen = against, unit.unit
        if not against:
            break
    if best is None:
        general.append(Reason("withdrawn"))
        best = []
    reasons = sorted({r.code: r for r in general + best}.values(), key=lambda r: ORDER.index(r.code))
    return Verdict(None if reasons else chosen, tuple(reasons))


def _general_reasons(
    wish: Wish, calendar: Calendar, terms: Terms, standing: Standing, now: int, listed: bool
) -> list[Reason]:
    span, found = wish.span, []
    if not listed:
        found.append(Reason("withdrawn"))
    # A wish of years is refused for its length; two months of its calendar are enough to say "closed" too.
    looked_at = Interval(span.start, min(span.end, span.start + 62 * DAY))
    closed = without([looked_at], open_times(calendar, looked_at))
    if closed:
        found.append(Reason("closed", {"spans": _pairs(closed)}))
    if span.minutes < terms.shortest:
        found.append(Reason("too_short", {"minutes": span.minutes, "shortest": terms.shortest}))
    if span.minutes > terms.longest:
        found.append(Reason("too_long", {"minutes": span.minutes, "longest": terms.longest}))
    if span.start < now + terms.lead:
        found.append(Reason("too_late", {"earliest": now + terms.lead}))
    if terms.horizon is not None and span.start > now + terms.horizon:
        found.append(Reason("too_early", {"latest": now + terms.horizon}))
    if wish.ragged or span.start % DAY % terms.step or span.minutes % terms.step:
        found.append(Reason("off_step", {"step": terms.step}))
    if standing.own_resource:
        return found  # qualification, quota and suspension are the owner's terms for others
    if standing.missing_qualification is not None:
        found.append(Reason("not_qualified", {"qualification": standing.missing_qualification}))
    if standing.outsiders_from is not None and span.start < standing.outsiders_from:
        found.append(Reason("internal_first", {"since": standing.outsiders_from}))
    if terms.quota is not None and standing.used_quota + span.minutes > terms.quota:
        left = max(0, terms.quota - standing.used_quota)
        found.append(Reason("quota", {"quota": terms.quota, "used": standing.used_quota, "left": left}))
    if standing.suspended_until is not None and now < standing.suspended_until:
        found.append(Reason("suspended", {"until": standing.suspended_until}))
    return found


def _unit_reasons(span: Interval, unit: UnitState, terms: Terms) -> list[Reason]:
    found = []
    standing_still = clipped(merged(unit.outages), span)
    if standing_still:
        found.append(Reason("outage", {"spans": _pairs(standing_still)}))
    taken = [o for o in unit.occupied if o.overlaps(held(span, terms.before, terms.after))]
    if taken:
        found.append(Reason("taken", {"spans": _pairs(merged(taken))}))
    return found


def _pairs(intervals: Iterable[Interval]) -> tuple[tuple[int, int], ...]:
    return tuple((i.start, i.end) for i in intervals)


def quota_week(minute: int) -> Interval:
    """The week, Monday to Monday, to which a booking that starts at ``minute`` counts.

    >>> quota_week(0)
    Interval(start=-4320, end=5760)
    """
    monday = (minute // DAY + 3) // 7 * 7 - 3
    return Interval(monday * DAY, (monday + 7) * DAY)


@dataclass(frozen=True, slots=True)
class Offer:
    """What could be booked instead; ``fitness`` 0…1 says how well the other resource replaces this one."""

    resource: int
    span: Interval
    price_fen: int
    fitness: float = 1.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A resource to look for alternatives on: everything :func:`judge` needs, without the wish.

    ``begins_before`` is the park minute from which this member may not begin any more, because a qualification ends.
    """

    resource: int
    calendar: Calendar
    units: tuple[UnitState, ...]
    terms: Terms
    fitness: float = 1.0
    quota_left: dict[int, int] = field(default_factory=dict)
    begins_before: int | None = None


def shorter(minutes: int, shortest: int) -> list[int]:
    """Lengths to try when the wished one fits nowhere: three quarters, a half, a quarter, then the shortest.

    >>> shorter(420, 30), shorter(60, 60)
    ([315, 210, 105, 30], [])
    """
    parts = [minutes * 3 // 4, minutes // 2, minutes // 4, shortest]
    return sorted({part for part in parts if shortest <= part < minutes}, reverse=True)


def fitting_minutes(minutes: int, terms: Terms) -> int:
    """The bookable length nearest to the wished one: on the step, within shortest and longest.

    >>> fitting_minutes(420, Terms(step=30, shortest=60, longest=240))
    240
    >>> fitting_minutes(50, Terms(step=30, shortest=45))
    60
    """
    step = terms.step
    lowest = -(-terms.shortest // step) * step
    highest = max(lowest, terms.longest // step * step)
    return min(max(-(-minutes // step) * step, lowest), highest)


def starts_for(candidate: Candidate, wished: Interval, now: int, reach: int, limit: int) -> list[Interval]:
    """Bookable spans of about the wished length, nearest to the wished start first, at most ``limit``.

    Looks from ``reach`` minutes before to ``reach`` minutes after the wished start; never before ``now`` plus
    the lead.
    In each free interval only the start nearest to the wish is worth telling.
    """
    terms = candidate.terms
    length = fitting_minutes(wished.minutes, terms)
    earliest = max(wished.start - reach, now + terms.lead)
    latest = wished.start + reach + length
    if terms.horizon is not None:
        latest = min(latest, now + terms.horizon + length)
    if candidate.begins_before is not None:
        latest = min(latest, candidate.begins_before - 1 + length)
    if latest - earliest < length:
        return []
    found: set[Interval] = set()
    for unit in candidate.units:
        for gap in free_times(
            candidate.calendar,
            Interval(earliest, latest),
            unit.outages,
            unit.occupied,
            terms.before,
            terms.after,
        ):
            first = _on_step(gap.start, terms.step)
            last = _step_below(gap.end - length, terms.step)
            if first <= last:
                near = _nearest_on_step(wished.start, terms.step, first, last)
                found.add(Interval(near, near + length))
    if candidate.quota_left:
        found = {s for s in found if length <= candidate.quota_left.get(quota_week(s.start).start, length)}
    return sorted(found, key=lambda s: (abs(s.start - wished.start), s.start))[:limit]


def _on_step(minute: int, step: int) -> int:
    day, rest = minute // DAY, minute % DAY
    up = -(-rest // step) * step
    return day * DAY + up if up < DAY else (day + 1) * DAY


def _step_below(minute: int, step: int) -> int:
    return minute // DAY * DAY + minute % DAY // step * step


def _nearest_on_step(minute: int, step: int, first: int, last: int) -> int:
    below = _step_below(minute, step)
    above = _on_step(minute, step)
    near = below if minute - below <= above - minute else above
    return min(max(near, first), last)


def rank(
    offers: Iterable[Offer], wished: Interval, resource: int, price_fen: int, limit: int = 5
) -> list[Offer]:
    """The best offers first: by nearness, price and fitness, taken together in *minutes of regret*.

    Regret = minutes between the starts + 240 · (dearer by, as a share of the price, at most 2)
    + 240 · (1 − fitness) + minutes that the offer is shorter than the wish.
    Ties: earlier start, lower price, the wished resource, lower id.

    >>> near = Offer(1, Interval(600, 660), 100)
    >>> far = Offer(1, Interval(1600, 1660), 100)
    >>> rank([far, near], Interval(540, 600), resource=1, price_fen=100) == [near, far]
    True
    """

    def regret(offer: Offer) -> tuple[float, int, int, bool, int]:
        apart = abs(offer.span.start - wished.start)
        dearer = min(2.0, max(0.0, offer.price_fen / price_fen - 1)) if price_fen > 0 else 0.0
        shorter = max(0, wished.minutes - offer.span.minutes)
        points = apart + 240 * dearer + 240 * (1 - offer.fitness) + shorter
        return (
            round(points, 6),
            offer.span.start,
            offer.price_fen,
            offer.resource != resource,
            offer.resource,
        )

    chosen: list[Offer] = []
    for offer in sorted(offers, key=regret):
        # Two offers on one resource that overlap are one offer to a reader.
        if not any(o.resource == offer.resource and o.span.overlaps(offer.span) for o in chosen):
            chosen.append(offer)
        if len(chosen) == limit:
            break
    return chosen


def fitness(mine: frozenset[str], theirs: frozenset[str], same_building: bool) -> float:
    """How well another instrument replaces this one: shared words (Jaccard) and the same building; 0…1.

    >>> fitness(frozenset({"xrd", "衍射"}), frozenset({"衍射"}), True)
    0.6
    """
    union = mine | theirs
    likeness = len(mine & theirs) / len(union) if union else 0.0
    return round(0.8 * likeness + 0.2 * same_building, 6)


def aligned(minutes: int) -> bool:
    """True for a number of minutes that the slots can represent."""
    return minutes % SLOT_MINUTES == 0
