"""What could be booked instead of a wish, and which of it is best; pure, beside the rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.sharing.bookings.rules import Terms
from app.sharing.calendar.rules import DAY, Calendar, Interval, UnitState, free_times, quota_week


@dataclass(frozen=True, slots=True)
class Offer:
    """What could be booked instead; ``fitness`` 0…1 says how well the other resource replaces this one."""

    resource: int
    span: Interval
    price_fen: int
    fitness: float = 1.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A resource to look for alternatives on: everything a decision needs, without the wish.

    ``begins_before`` is the park minute from which this member may not begin any more, because a qualification ends.
    """

    resource: int
    calendar: Calendar
    units: tuple[UnitState, ...]
    terms: Terms
    fitness: float = 1.0
    quota_left: dict[int, int] = field(default_factory=dict)
    begins_before: int | None = None


LONGER = 2
OTHERS_AT_LEAST = 2
"""Places of a list that other instruments get where they have something to offer."""


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
    In each free interval only the start nearest to the wish is worth telling. What must be booked for more than
    ``LONGER`` times the wish is no alternative to it.
    """
    terms = candidate.terms
    length = fitting_minutes(wished.minutes, terms)
    if length > LONGER * wished.minutes:
        return []
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
    """The wished instrument at other times first, then others; each by nearness, price and fitness together.

    They are taken together in *minutes of regret*.

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

    distinct: list[Offer] = []
    for offer in sorted(offers, key=regret):
        # Two offers on one resource that overlap are one offer to a reader.
        if not any(o.resource == offer.resource and o.span.overlaps(offer.span) for o in distinct):
            distinct.append(offer)
    own = [offer for offer in distinct if offer.resource == resource]
    others = [offer for offer in distinct if offer.resource != resource]
    first = own[: max(1, limit - min(OTHERS_AT_LEAST, len(others)))]
    return [*first, *others][:limit]


def fitness(mine: frozenset[str], theirs: frozenset[str], same_building: bool) -> float:
    """How well another instrument replaces this one: shared words (Jaccard) and the same building; 0…1.

    >>> fitness(frozenset({"xrd", "衍射"}), frozenset({"衍射"}), True)
    0.6
    """
    union = mine | theirs
    likeness = len(mine & theirs) / len(union) if union else 0.0
    return round(0.8 * likeness + 0.2 * same_building, 6)
