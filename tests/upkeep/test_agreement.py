"""Whatever happens in whatever order: a plan, a fault, an outage and a booking never disagree."""

from __future__ import annotations

import contextlib
import datetime as dt
import random
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import Refusal
from app.hall.jobs import deliver_outbox
from app.identity.door import Actor
from app.sharing.bookings.models import Booking
from app.sharing.outages.models import Outage
from app.upkeep.machines.models import Machine
from app.upkeep.orders import calendar, faults, handlers, service
from app.upkeep.orders.models import OPEN_STATES, Fault, WorkOrder
from app.upkeep.plans import service as plans
from app.upkeep.plans.models import UpkeepPlan
from app.upkeep.plans.service import PlanWish
from tests.factories import Park
from tests.walks.test_05_all_reasons import at, spectrometer

STEPS = 40
BEGIN = dt.date(2026, 11, 2)


class Walk:
    """Random acts at one shared machine with two plans that block."""

    def __init__(self, park: Park, seed: int) -> None:
        self.park, self.dice = park, random.Random(seed)
        park.firm("E51"), park.firm("E52")
        self.resource = spectrometer(park.api("e51"))
        self.user = park.api("e52")
        self.actor: Actor = park.actor("e51")
        with park.app.app_context():
            self.machine = db.session.scalars(sa.select(Machine.id)).one()
            for days in (2, 5):
                plans.add(self.actor, self.machine, PlanWish(f"每{days}天", days, blocking=True, warn_days=1))

    def step(self, now: dt.datetime) -> None:
        self.book(now)
        with self.park.app.app_context():
            act: Callable[[], object] = self.dice.choice(
                (self.fault, self.plan, self.done, self.done, self.skip, self.nothing)
            )
            with contextlib.suppress(Refusal):
                act()
            handlers.check()
            deliver_outbox()
            self.agree(now)

    def book(self, now: dt.datetime) -> None:
        day = clock.day_of(now) + dt.timedelta(days=self.dice.randint(0, 4))
        hour = self.dice.randint(9, 15)
        span = {"start": at(day, hour), "end": at(day, hour + 1)}
        self.user.post("/sharing/bookings", {"resource": self.resource, **span})

    def _open(self) -> int:
        rows = db.session.scalars(sa.select(WorkOrder.id).where(WorkOrder.state.in_(OPEN_STATES))).all()
        return self.dice.choice(rows) if rows else 0

    def fault(self) -> None:
        faults.report(self.actor, self.machine, faults.FaultReport("异响", stops=self.dice.random() < 0.6))

    def plan(self) -> None:
        day = clock.today() + dt.timedelta(days=self.dice.randint(0, 3))
        service.agree(self.actor, self._open(), service.Agreement(day))

    def done(self) -> None:
        service.done(self.actor, self._open(), service.Report())

    def skip(self) -> None:
        service.skip(self.actor, self._open(), "不做")

    def nothing(self) -> None:
        """Only the clock goes on."""

    def agree(self, now: dt.datetime) -> None:
        machine = db.session.get_one(Machine, self.machine)
        orders = db.session.scalars(sa.select(WorkOrder)).all()
        live = db.session.scalars(
            sa.select(Outage).where(Outage.withdrawn_at.is_(None), Outage.end_at > now)
        ).all()
        by_source = {one.source: one for one in live}
        assert len(by_source) == len(live), "one outage an order"
        waiting = {calendar.source_of(one): one for one in orders if one.ended_at is None and one.blocking}
        assert set(by_source) == set(waiting), "what is open closes the calendar, and nothing else does"
        for source, order in waiting.items():
            start, end = calendar.blocked_span(order, now)
            assert by_source[source].start_at <= start and by_source[source].end_at == end
        booked = db.session.scalars(
            sa.select(Booking).where(Booking.state.in_(("requested", "confirmed")))
        ).all()
        for booking in booked:
            hit = [one for one in live if one.start_at < booking.end_at and booking.start_at < one.end_at]
            assert hit == [] or booking.end_at <= now, "nobody holds what is closed"
        stopped = db.session.scalars(sa.select(Fault).where(Fault.stops, Fault.ended_at.is_(None))).all()
        assert (machine.state == "down") == bool(stopped)
        for plan in db.session.scalars(sa.select(UpkeepPlan)):
            of_plan = sorted(one.occurrence or 0 for one in orders if one.plan_id == plan.id)
            still_open = sum(one.ended_at is None for one in orders if one.plan_id == plan.id)
            assert of_plan == list(range(1, len(of_plan) + 1)), "one order an occurrence, none left out"
            assert plan.occurrence == len(of_plan) - still_open + 1 and still_open <= 1


@pytest.mark.parametrize("seed", [1, 2])
def test_plan_fault_outage_and_booking_never_disagree(park: Park, seed: int) -> None:
    now = clock.at(BEGIN, 8)
    with clock.frozen(now):
        walk = Walk(park, seed)
    for _step in range(STEPS):
        now += dt.timedelta(hours=walk.dice.choice((1, 3, 6, 14)))
        with clock.frozen(now):
            walk.step(now)
    with park.app.app_context():
        kinds = set(db.session.scalars(sa.select(WorkOrder.cause)))
        states = set(db.session.scalars(sa.select(WorkOrder.state)))
        cancelled = db.session.scalar(sa.select(sa.func.count()).where(Booking.state == "cancelled"))
    assert {"days", "fault"} <= kinds and {"done", "skipped"} <= states and cancelled


def test_a_plan_of_before_keeps_its_number_and_its_outage_ends_with_its_order(park: Park) -> None:
    """The addresses where a plan of a shared instrument was added and done still answer."""
    park.firm("E51"), park.firm("E52")
    resource = spectrometer(park.api("e51"))
    page = park.browse("e51")
    path = f"/sharing/resources/{resource}"
    assert page.post(f"{path}/plans", data={"name": "校准", "every_days": "30"}).status_code == 303
    shown = page.get(f"{path}/outages").text
    assert "校准" in shown and "维保日志" in shown
    with park.app.app_context():
        plan = db.session.scalars(sa.select(UpkeepPlan.id)).one()
    before = page.post(f"/sharing/plans/{plan}/done")
    assert before.status_code == 303 and before.location.endswith(f"{path}/outages")
    with park.app.app_context():
        [order] = db.session.scalars(sa.select(WorkOrder)).all()
        assert (order.state, order.occurrence, order.blocking) == ("done", 1, False)
    assert park.browse("e52").post(f"/sharing/plans/{plan}/done").status_code == 403
