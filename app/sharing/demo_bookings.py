"""A year and four weeks of bookings for the demo park, written in bulk as they would stand now."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.identity import door as identity
from app.identity.door import Actor
from app.sharing.bookings.models import Booking
from app.sharing.calendar import stock
from app.sharing.calendar.models import OccupiedSlot
from app.sharing.calendar.park_time import day_number, minute_of, moment_of
from app.sharing.calendar.rules import Interval, held, open_times, slots_of
from app.sharing.catalogue.models import Resource, ResourceUnit
from app.sharing.outages.models import Outage
from app.sharing.use import rules as use_rules
from app.sharing.use import tariffs
from app.sharing.use.models import Settlement, Usage

SEED = 20_261_123


def monday() -> dt.date:
    return clock.today() - dt.timedelta(days=clock.today().weekday())


class Writer:
    """Collects rows and writes them in bulk: a year of bookings in a second."""

    def __init__(self) -> None:
        self.next_id = (db.session.scalar(sa.select(sa.func.max(Booking.id))) or 0) + 1
        self.bookings: list[dict[str, Any]] = []
        self.slots: list[dict[str, Any]] = []
        self.usages: list[dict[str, Any]] = []
        self.settlements: list[dict[str, Any]] = []
        self.organisations: dict[int, Any] = {}
        self.tariffs: dict[int, use_rules.Tariff] = {}

    def add(
        self,
        resource: Resource,
        unit: int,
        actor: Actor,
        span: Interval,
        state: str,
        purpose: str,
        **more: Any,
    ) -> int:
        own = resource.owner_id == actor.organisation_id
        if resource.id not in self.tariffs:
            self.tariffs[resource.id] = tariffs.tariffs([resource])[resource.id]
        if actor.organisation_id not in self.organisations:
            self.organisations[actor.organisation_id] = identity.get_organisation(actor.organisation_id)
        tariff = tariffs.OWN_USE if own else self.tariffs[resource.id]
        group = tariffs.group_of(self.organisations[actor.organisation_id])
        hold = held(span, resource.buffer_before_minutes, resource.buffer_minutes)
        number, self.next_id = self.next_id, self.next_id + 1
        made = moment_of(span.start) - dt.timedelta(days=3)
        row: dict[str, Any] = {
            "id": number,
            "resource_id": resource.id,
            "unit_id": unit,
            "organisation_id": actor.organisation_id,
            "member_id": actor.member_id,
            "purpose": purpose,
            "state": state,
            "start_at": moment_of(span.start),
            "end_at": moment_of(span.end),
            "hold_start_at": moment_of(hold.start),
            "hold_end_at": moment_of(hold.end),
            "own_use": own,
            "price_fen": use_rules.price(tariff, group, [span]),
            "terms": tariffs.frozen_terms(resource, tariff, group),
            "use_credits": False,
            "held_credits": 0,
            "credit_hold": None,
            "answer_until": None,
            "created_at": min(made, clock.now()),
            "ended_at": None,
            "ended_by": "",
            "end_reason": "",
            "late": False,
            "replaces_id": None,
            "series_id": None,
            "source": "direct",
            "alternatives": [],
        } | more
        if state in ("completed", "settled", "cancelled", "no_show"):
            row["ended_at"] = min(moment_of(span.end), clock.now())
        self.bookings.append(row)
        if state in ("requested", "confirmed", "in_use"):
            self.slots += [{"unit_id": unit, "slot": s, "booking_id": number} for s in slots_of(hold)]
        return number

    def use(self, resource: Resource, number: int, actor: Actor, span: Interval, used: Interval) -> None:
        """Use of a booking and its charge."""
        own = resource.owner_id == actor.organisation_id
        self.usages.append(
            {
                "resource_id": resource.id,
                "booking_id": number,
                "organisation_id": actor.organisation_id,
                "own_use": own,
                "start_at": moment_of(used.start),
                "end_at": moment_of(used.end),
                "source": "manual",
                "note": "",
                "recorded_by": None,
                "recorded_at": moment_of(used.end),
                "voided_at": None,
            }
        )
        terms = self.bookings[-1]["terms"]
        owed = use_rules.charge(tariffs.tariff_from(terms), terms["group"], terms["billing"], span, [used])
        self.settle(number, owed, moment_of(used.end))

    def settle(self, number: int, owed: use_rules.Owed, at: dt.datetime) -> None:
        self.settlements.append(
            {
                "booking_id": number,
                "version": 1,
                "rule": owed.rule,
                "charged_minutes": owed.charged_minutes,
                "amount_fen": owed.amount_fen,
                "change_fen": owed.amount_fen,
                "ratio": owed.ratio,
                "lines": [[x.start, x.end, x.price_per_hour_fen] for x in owed.lines],
                "reason": "",
                "made_by": None,
                "made_at": at,
            }
        )

    def flush(self) -> None:
        for model, rows in (
            (Booking, self.bookings),
            (OccupiedSlot, self.slots),
            (Usage, self.usages),
            (Settlement, self.settlements),
        ):
            if rows:
                db.session.execute(sa.insert(model), rows)
        if db.engine.dialect.name == "postgresql":
            db.session.execute(
                sa.text(
                    "SELECT setval(pg_get_serial_sequence('booking', 'id'), (SELECT max(id) FROM booking))"
                )
            )


def _units(resource: Resource) -> list[int]:
    query = sa.select(ResourceUnit.id).where(ResourceUnit.resource_id == resource.id)
    return list(db.session.scalars(query.order_by(ResourceUnit.id)))


def story_of_the_spectrometer(resource: Resource, cast: dict[str, Actor], ends: dt.datetime) -> None:
    """A year of 2,000 open hours: 600 own, 400 shared at 500 yuan, so 30 % becomes 50 % and earns 200,000.

    52 weeks of 40 hours less two weeks of maintenance; each of the 50 weeks has three own mornings and two shared
    half days of four hours.
    """
    first = minute_of(ends) - 52 * 7 * 1440
    writer = Writer()
    unit = _units(resource)[0]
    owner = cast["E24"]
    users = [cast[c] for c in ("E04", "E05", "E09", "E30", "E01", "E31", "E10")]
    purposes = ("来料成分分析", "合金牌号鉴定", "痕量元素筛查", "工艺对比样", "失效件分析")
    for week in range(52):
        monday = first + week * 7 * 1440
        if week in (17, 43):
            db.session.add(
                Outage(
                    resource_id=resource.id,
                    kind="maintenance",
                    start_at=moment_of(monday),
                    end_at=moment_of(monday + 5 * 1440),
                    reason="年度维护与标定",
                    created_at=moment_of(monday),
                )
            )
            continue
        for day, hour, shared in ((0, 9, False), (1, 9, False), (3, 13, False), (0, 13, True), (2, 9, True)):
            span = Interval(monday + day * 1440 + hour * 60, monday + day * 1440 + hour * 60 + 240)
            actor = users[(week + day) % len(users)] if shared else owner
            number = writer.add(
                resource, unit, actor, span, "settled", purposes[(week + day) % 5] if shared else "内部检测"
            )
            writer.use(resource, number, actor, span, span)
    writer.flush()


def weeks_of_bookings(story: dict[str, Any], resources: dict[str, Resource], cast: dict[str, Actor]) -> None:
    """Two weeks back and two ahead, busier on working days, in every state."""
    dice = random.Random(SEED)
    first = monday() - dt.timedelta(weeks=2)
    window = Interval(day_number(first) * 1440, day_number(first + dt.timedelta(weeks=4)) * 1440)
    now = minute_of(clock.now())
    firms = [cast[c] for c in sorted(cast) if c.startswith(("E", "U", "I"))]
    writer = Writer()
    calendars = stock.calendars(list(resources.values()), window)
    for key, resource in resources.items():
        if key == "cytometer":
            continue
        favourites = dice.sample(firms, 5)
        for unit in _units(resource):
            # The spectrometer's past year is a story of its own: its weeks begin on Monday.
            weeks = window if key != "spectrometer" else Interval(window.start + 14 * 1440, window.end)
            for opening in open_times(calendars[resource.id], weeks):
                weekend = (opening.start // 1440 + 3) % 7 >= 5
                _one_day(writer, dice, story, resource, unit, opening, favourites, cast, now, weekend)
    writer.flush()


def _one_day(  # noqa: PLR0913 - one day of one unit in the story of the demo
    writer: Writer,
    dice: random.Random,
    story: dict[str, Any],
    resource: Resource,
    unit: int,
    opening: Interval,
    favourites: list[Actor],
    cast: dict[str, Actor],
    now: int,
    weekend: bool,
) -> None:
    day = opening.start // 1440
    if dice.random() < 0.035 and not weekend:
        still = Interval(opening.start, min(opening.end, opening.start + 240))
        db.session.add(
            Outage(
                resource_id=resource.id,
                unit_id=unit,
                kind=dice.choice(("maintenance", "calibration", "repair")),
                start_at=moment_of(still.start),
                end_at=moment_of(still.end),
                reason=dice.choice(story["outages"]),
                created_at=clock.now(),
            )
        )
        if still.end >= opening.end:
            return
        opening = Interval(still.end, opening.end)
    at = max(opening.start, day * 1440 + 8 * 60)
    last = min(opening.end, day * 1440 + 22 * 60)
    load = 0.22 if weekend else 0.55 if at < now else 0.45
    while at + resource.min_minutes <= last:
        if dice.random() > load:
            at += dice.choice((60, 60, 120))
            continue
        length = min(dice.choice((120, 120, 180, 240, 240)), resource.max_minutes, last - at)
        length -= length % 60
        if length < max(60, resource.min_minutes):
            break
        span = Interval(at, at + length)
        owner = next((a for a in cast.values() if a.organisation_id == resource.owner_id), None)
        actor = owner if owner is not None and dice.random() < 0.3 else dice.choice(favourites)
        _one_booking(writer, dice, resource, unit, actor, span, now, dice.choice(story["purposes"]))
        at = span.end + resource.buffer_minutes + resource.buffer_before_minutes
        at += -at % 60


def _one_booking(
    writer: Writer,
    dice: random.Random,
    resource: Resource,
    unit: int,
    actor: Actor,
    span: Interval,
    now: int,
    purpose: str,
) -> None:
    own = actor.organisation_id == resource.owner_id
    if span.start > now:
        state = "confirmed"
        if not own and span.start > now + 360 and resource.approval == "owner" and dice.random() < 0.45:
            state = "requested"
        more: dict[str, Any] = {}
        if state == "requested":
            more["answer_until"] = min(
                moment_of(span.start), clock.now() + dt.timedelta(hours=dice.choice((3, 8, 20, 23)))
            )
        writer.add(resource, unit, actor, span, state, purpose, **more)
    elif span.end > now:
        number = writer.add(resource, unit, actor, span, "in_use", purpose)
        writer.usages.append(
            {
                "resource_id": resource.id,
                "booking_id": number,
                "organisation_id": actor.organisation_id,
                "own_use": own,
                "start_at": moment_of(span.start),
                "end_at": None,
                "source": "qr",
                "note": "",
                "recorded_by": actor.member_id,
                "recorded_at": moment_of(span.start),
                "voided_at": None,
            }
        )
    else:
        fate = dice.random()
        if own or fate < 0.86:
            state = "settled" if span.end < now - 7 * 1440 else "completed"
            number = writer.add(resource, unit, actor, span, state, purpose)
            shift = dice.choice((0, 0, 0, 10, -10))
            used = Interval(span.start, span.end + shift)
            writer.use(resource, number, actor, span, used)
        elif fate < 0.93:
            late = dice.random() < 0.5 and resource.late_cancel_ratio > 0
            number = writer.add(
                resource, unit, actor, span, "cancelled", purpose, ended_by="holder", late=late
            )
            if late:
                terms = writer.bookings[-1]["terms"]
                owed = use_rules.forfeit(
                    tariffs.tariff_from(terms),
                    terms["group"],
                    span,
                    terms["late_cancel_ratio"],
                    "late_cancellation",
                )
                writer.settle(number, owed, moment_of(span.start) - dt.timedelta(hours=5))
        else:
            number = writer.add(resource, unit, actor, span, "no_show", purpose, ended_by="time")
            terms = writer.bookings[-1]["terms"]
            owed = use_rules.forfeit(tariffs.tariff_from(terms), terms["group"], span, 1.0, "no_show")
            writer.settle(number, owed, moment_of(span.end) + dt.timedelta(hours=2))
