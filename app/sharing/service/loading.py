"""Reads rows and hands them to the pure core: calendars, what units hold, terms and tariffs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from app.db import db, locked
from app.errors import NotFound
from app.identity.service import OrganisationInfo
from app.sharing import states
from app.sharing.booking_rules import Terms, UnitState
from app.sharing.calendar import DAY, Calendar, Interval, OpeningHours
from app.sharing.models import (
    Booking,
    Holiday,
    OpeningException,
    OpeningRule,
    Outage,
    Rate,
    Resource,
    ResourceUnit,
    SharingTerms,
)
from app.sharing.park_time import ParkMinute, date_of, day_number, interval, moment_of, touched
from app.sharing.pricing import RateRule, Tariff
from app.together import Answers, Together

BLOCKING = sorted(states.BLOCKING)


# Statements of the hot path are made once: building them anew costs more than running them.
_RESOURCE = sa.select(Resource).where(Resource.id == sa.bindparam("id"))
_IDS: sa.BindParameter[list[int]] = sa.bindparam("ids", expanding=True)
_RULES = sa.select(
    OpeningRule.resource_id, OpeningRule.weekday, OpeningRule.opens_minute, OpeningRule.closes_minute
).where(OpeningRule.resource_id.in_(_IDS))
_EXCEPTIONS = sa.select(OpeningException.resource_id, OpeningException.on_day, OpeningException.hours).where(
    OpeningException.resource_id.in_(_IDS),
    OpeningException.on_day.between(sa.bindparam("first"), sa.bindparam("last")),
)
_HOLIDAYS = sa.select(Holiday.on_day).where(
    Holiday.on_day.between(sa.bindparam("first"), sa.bindparam("last"))
)
_UNITS = sa.select(ResourceUnit.resource_id, ResourceUnit.id).where(
    ResourceUnit.resource_id.in_(_IDS), ResourceUnit.active
)
_OUTAGES = sa.select(Outage.resource_id, Outage.unit_id, Outage.start_at, Outage.end_at).where(
    Outage.resource_id.in_(_IDS),
    Outage.withdrawn_at.is_(None),
    Outage.end_at > sa.bindparam("start"),
    Outage.start_at < sa.bindparam("end"),
)
# One row per unit with all its stretches as text, "start end start end …" in park minutes: a search over a thousand
# instruments meets forty thousand bookings.
_HELD = (
    sa.select(
        Booking.unit_id,
        sa.func.aggregate_strings(
            sa.cast(ParkMinute(Booking.hold_start_at), sa.Text)
            + " "
            + sa.cast(ParkMinute(Booking.hold_end_at), sa.Text),
            " ",
        ),
    )
    .where(
        # As a list of units, not as a join: so SQLite finds everything in one index.
        Booking.unit_id.in_(
            sa.select(ResourceUnit.id).where(ResourceUnit.resource_id.in_(_IDS), ResourceUnit.active)
        ),
        Booking.state.in_(BLOCKING),
        Booking.hold_end_at > sa.bindparam("start"),
        Booking.hold_start_at < sa.bindparam("end"),
        Booking.id != sa.bindparam("without"),
    )
    .group_by(Booking.unit_id)
)
_RATES = sa.select(
    Rate.resource_id,
    Rate.id,
    Rate.price_fen_per_hour,
    Rate.member_group,
    Rate.weekdays,
    Rate.opens_minute,
    Rate.closes_minute,
).where(Rate.resource_id.in_(_IDS))

QUESTIONS: dict[str, Any] = {
    "rules": _RULES, "exceptions": _EXCEPTIONS, "holidays": _HOLIDAYS,
    "units": _UNITS, "outages": _OUTAGES, "held": _HELD, "rates": _RATES,
}  # fmt: skip
"""What every judgement of a wish rests on; asked together, so that they answer for the same moment."""

_CALENDARS = Together(**{name: QUESTIONS[name] for name in ("rules", "exceptions", "holidays")})
_STATES = Together(**{name: QUESTIONS[name] for name in ("units", "outages", "held")})
_STOCK = Together(**{name: question for name, question in QUESTIONS.items() if name != "rates"})


def get_resource(resource_id: int, *, lock: bool = False) -> Resource:
    """The resource, locked for the rest of the transaction if asked; every path that occupies slots does."""
    row: Resource | None = db.session.scalar(locked(_RESOURCE) if lock else _RESOURCE, {"id": resource_id})
    if row is None:
        raise NotFound("resource_not_found")
    return row


def lock_resources(ids: Iterable[int]) -> dict[int, Resource]:
    """Several resources, locked in the order of their ids so that two such locks never deadlock."""
    query = sa.select(Resource).where(Resource.id.in_(sorted(set(ids)))).order_by(Resource.id)
    return {row.id: row for row in db.session.scalars(locked(query))}


def park_terms() -> SharingTerms:
    """What the park decided; the defaults until it decides anything."""
    row = db.session.get(SharingTerms, 1)
    return row or SharingTerms(
        id=1,
        credit_share_ratio=0.3,
        credit_value_fen=100,
        no_show_limit=0,
        suspension_days=14,
        offer_minutes=120,
        no_show_grace_minutes=2880,
        dispute_days=7,
    )


MOST_AT_ONCE = 1000
"""Resources asked for in one statement: a statement has a limited number of places for values."""


def ask(
    questions: Together,
    resource_ids: Sequence[int],
    window: Interval,
    without_booking: int | None = None,
    **more: Any,
) -> Answers:
    """Put `QUESTIONS` (and more of the same kind) to the database for these resources in this window."""
    told: Answers = {name: [] for name in questions.names}
    for at in range(0, len(resource_ids), MOST_AT_ONCE):
        values = {
            "ids": list(resource_ids[at : at + MOST_AT_ONCE]),
            # One day earlier: hours that began the day before may reach past midnight into the window.
            "first": date_of(window.start // DAY - 1),
            "last": date_of(window.end // DAY),
            "start": moment_of(window.start),
            "end": moment_of(window.end),
            "without": without_booking or 0,
        }
        for name, rows in questions.ask(values | more).items():
            told[name] += rows
    return told


def stock(
    resources: Sequence[Resource], window: Interval, without_booking: int | None = None
) -> tuple[dict[int, Calendar], dict[int, tuple[UnitState, ...]]]:
    """Calendars and what stands in the window on each unit, in one statement however many resources there are."""
    ids = [r.id for r in resources]
    told = ask(_STOCK, ids, window, without_booking)
    return calendars_from(resources, told), units_from(ids, told)


def calendars(resources: Sequence[Resource], window: Interval) -> dict[int, Calendar]:
    """The calendar of each resource, with the special days of the window."""
    return calendars_from(resources, ask(_CALENDARS, [r.id for r in resources], window))


def calendars_from(resources: Sequence[Resource], told: Answers) -> dict[int, Calendar]:
    rules: dict[int, list[OpeningHours]] = defaultdict(list)
    for resource_id, weekday, opens, closes in told["rules"]:
        rules[resource_id].append(OpeningHours(weekday, opens, closes))
    exceptions: dict[int, dict[int, tuple[tuple[int, int], ...]]] = defaultdict(dict)
    for resource_id, day, hours in told["exceptions"]:
        exceptions[resource_id][day_number(day)] = tuple((int(a), int(b)) for a, b in hours)
    holidays = frozenset(day_number(day) for (day,) in told["holidays"])
    return {
        r.id: Calendar(tuple(rules[r.id]), exceptions[r.id], frozenset() if r.open_on_holidays else holidays)
        for r in resources
    }


def units(resource_ids: Iterable[int]) -> dict[int, list[int]]:
    """Active units of each resource, in the order of their ids."""
    found: dict[int, list[int]] = defaultdict(list)
    for resource_id, unit_id in sorted(
        tuple(r) for r in db.session.execute(_UNITS, {"ids": list(resource_ids)})
    ):
        found[resource_id].append(unit_id)
    return found


def unit_states(
    resource_ids: Iterable[int], window: Interval, without_booking: int | None = None
) -> dict[int, tuple[UnitState, ...]]:
    """What stands in the window on each unit: outages, and what blocking bookings hold with their buffers."""
    ids = list(resource_ids)
    return units_from(ids, ask(_STATES, ids, window, without_booking))


def units_from(resource_ids: Iterable[int], told: Answers) -> dict[int, tuple[UnitState, ...]]:
    of_resource: dict[int, list[Interval]] = defaultdict(list)
    of_unit: dict[int, list[Interval]] = defaultdict(list)
    for resource_id, unit_id, start, end in told["outages"]:
        place = of_resource[resource_id] if unit_id is None else of_unit[unit_id]
        place.append(touched(start, end))
    occupied: dict[int, tuple[Interval, ...]] = {}
    for unit_id, stretches in told["held"]:
        edges = iter(map(int, stretches.split()))
        occupied[unit_id] = tuple(map(Interval, edges, edges))
    found: dict[int, list[UnitState]] = {resource_id: [] for resource_id in resource_ids}
    for resource_id, unit_id in sorted(told["units"]):
        outages = tuple(of_resource[resource_id] + of_unit[unit_id])
        found[resource_id].append(UnitState(unit_id, outages, occupied.get(unit_id, ())))
    return {resource_id: tuple(states_of) for resource_id, states_of in found.items()}


def terms_of(resource: Resource) -> Terms:
    return Terms(
        step=resource.step_minutes,
        shortest=resource.min_minutes,
        longest=resource.max_minutes,
        before=resource.buffer_before_minutes,
        after=resource.buffer_minutes,
        lead=resource.lead_minutes,
        horizon=None if resource.horizon_days is None else resource.horizon_days * 1440,
        quota=resource.quota_minutes_per_week,
    )


def group_of(organisation: OrganisationInfo) -> str:
    """The rate group of a member: its organisation's kind, small firms apart.

    The groups are `university` (universities and institutes), `small` (small and micro firms), `enterprise`.
    """
    if organisation.kind in ("university", "institute"):
        return "university"
    return "small" if organisation.size in ("small", "micro") else "enterprise"


def tariffs(resources: Sequence[Resource]) -> dict[int, Tariff]:
    return tariffs_from(resources, db.session.execute(_RATES, {"ids": [r.id for r in resources]}))


def tariffs_from(resources: Sequence[Resource], rows: Iterable[Any]) -> dict[int, Tariff]:
    rules: dict[int, list[RateRule]] = defaultdict(list)
    for resource_id, rate_id, price, group, weekdays, opens, closes in rows:
        days = frozenset(int(day) for day in weekdays)
        rules[resource_id].append(RateRule(rate_id, price, group, days, opens, closes))
    return {r.id: Tariff(r.price_fen_per_hour, tuple(rules[r.id])) for r in resources}


OWN_USE = Tariff(0)
"""An owner does not pay itself."""


def frozen_terms(resource: Resource, tariff: Tariff, group: str) -> dict[str, Any]:
    """The terms as they are now, kept with the booking: later changes of the price list do not touch it."""
    return {
        "base": tariff.base_per_hour_fen,
        "rates": [
            [r.id, r.price_per_hour_fen, r.group, sorted(r.weekdays), r.opens, r.closes] for r in tariff.rules
        ],
        "group": group,
        "billing": resource.billing,
        "late_cancel_hours": resource.late_cancel_hours,
        "late_cancel_ratio": resource.late_cancel_ratio,
        "no_show_ratio": resource.no_show_ratio,
    }


def tariff_from(terms: dict[str, Any]) -> Tariff:
    rates = (RateRule(i, p, g, frozenset(w), o, c) for i, p, g, w, o, c in terms["rates"])
    return Tariff(terms["base"], tuple(rates))


def booked(booking: Booking) -> Interval:
    return interval(booking.start_at, booking.end_at)
