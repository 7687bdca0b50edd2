"""May a wish be booked, and what does it cost: the unit it gets, or every reason why not, never just the first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.hall.errors import Reason
from app.sharing.calendar.rules import (
    DAY,
    Calendar,
    Interval,
    UnitState,
    clipped,
    held,
    merged,
    open_times,
    without,
)
from app.sharing.use.rules import Line, Tariff, lines, price

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


FREE = Tariff(0)


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a decision rests on, read at one moment.

    ``units`` are those that may be given; with none free, the reasons of the unit with the fewest are told.
    ``tariff`` and ``group`` are the price list and the rate group of this member, ``now`` is a park minute,
    ``asks_owner`` tells that the owner has to say yes, ``given_up`` that somebody may owe less once this time is taken.
    """

    calendar: Calendar
    units: tuple[UnitState, ...]
    terms: Terms
    standing: Standing
    now: int
    tariff: Tariff = FREE
    group: str = ""
    listed: bool = True
    asks_owner: bool = False
    given_up: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to a wish: the unit it gets, or every reason why not; and in both cases what it costs.

    ``hold`` is the time with its buffers that the unit is kept for.
    """

    unit: int | None
    reasons: tuple[Reason, ...]
    price_fen: int
    lines: tuple[Line, ...]
    hold: Interval

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(reason.code for reason in self.reasons)


PRICED = 62 * DAY
"""A wish of years is refused for its length; two months of it are enough to show what it would cost."""


def decide(wish: Wish, facts: Situation) -> Decision:
    """Every reason against the wish, or the unit it gets: the lowest-numbered one that is free.

    Parameters
    ----------
    wish : Wish
        The wished time in park minutes.
    facts : Situation
        Calendar, units, terms, prices and how the member stands.

    Returns
    -------
    Decision
        Reasons carry ``spans`` – tuples (start, end) of park minutes – where a part of the time is the cause.

    Examples
    --------
    >>> from app.sharing.calendar.rules import OpeningHours
    >>> thursday = Calendar((OpeningHours(4, 540, 1020),))
    >>> facts = Situation(thursday, (UnitState(1),), Terms(), Standing(), now=0, tariff=Tariff(50_000))
    >>> decide(Wish(Interval(960, 1080)), facts).codes
    ('closed',)
    >>> decide(Wish(Interval(600, 660)), facts).price_fen
    50000
    """
    unit, reasons = _unit_or_reasons(wish, facts)
    span = Interval(wish.span.start, min(wish.span.end, wish.span.start + PRICED))
    return Decision(
        unit,
        reasons,
        price(facts.tariff, facts.group, [span]),
        tuple(lines(facts.tariff, facts.group, [span])),
        held(wish.span, facts.terms.before, facts.terms.after),
    )


def _unit_or_reasons(wish: Wish, facts: Situation) -> tuple[int | None, tuple[Reason, ...]]:
    found = [*_reasons_of_time(wish, facts), *_reasons_of_member(wish.span, facts)]
    best: list[Reason] | None = None
    chosen: int | None = None
    for unit in sorted(facts.units, key=lambda u: u.unit):
        against = _unit_reasons(wish.span, unit, facts.terms)
        if best is None or len(against) < len(best):
            best, chosen = against, unit.unit
        if not against:
            break
    if best is None:
        best = [Reason("withdrawn")]
    reasons = sorted({r.code: r for r in found + best}.values(), key=lambda r: ORDER.index(r.code))
    return None if reasons else chosen, tuple(reasons)


def _reasons_of_time(wish: Wish, facts: Situation) -> list[Reason]:
    span, terms, now, found = wish.span, facts.terms, facts.now, []
    if not facts.listed:
        found.append(Reason("withdrawn"))
    # A wish of years is refused for its length; two months of its calendar are enough to say "closed" too.
    looked_at = Interval(span.start, min(span.end, span.start + PRICED))
    closed = without([looked_at], open_times(facts.calendar, looked_at))
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
    return found


def _reasons_of_member(span: Interval, facts: Situation) -> list[Reason]:
    """Qualification, quota and suspension are the owner's terms for others."""
    standing, terms = facts.standing, facts.terms
    if standing.own_resource:
        return []
    found = []
    if standing.missing_qualification is not None:
        found.append(Reason("not_qualified", {"qualification": standing.missing_qualification}))
    if standing.outsiders_from is not None and span.start < standing.outsiders_from:
        found.append(Reason("internal_first", {"since": standing.outsiders_from}))
    if terms.quota is not None and standing.used_quota + span.minutes > terms.quota:
        left = max(0, terms.quota - standing.used_quota)
        found.append(Reason("quota", {"quota": terms.quota, "used": standing.used_quota, "left": left}))
    if standing.suspended_until is not None and facts.now < standing.suspended_until:
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
