"""Whatever people do in whatever order, no two blocking bookings of a unit ever overlap, and the slots say the same."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app import create_app
from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import Refusal
from app.sharing.bookings import deadlines, waiting_list
from app.sharing.bookings import series as bookings_series
from app.sharing.bookings import service as booking_service
from app.sharing.bookings.models import Booking, WaitlistEntry
from app.sharing.bookings.register import Order
from app.sharing.calendar.models import OccupiedSlot
from app.sharing.calendar.park_time import interval
from app.sharing.calendar.rules import slots_of
from app.sharing.catalogue import service as catalogue
from app.sharing.outages import service as outages_service
from app.sharing.use import service as use_log
from tests.conftest import settings_for
from tests.factories import Park

HOURS = st.integers(0, 9)
LENGTHS = st.integers(1, 4)
FIRMS = st.sampled_from(["e01", "e02", "e03"])


@pytest.mark.timeout(280)
def test_no_two_blocking_bookings_overlap(databases, tmp_path_factory):
    template = databases.template("sqlite", False).removeprefix("sqlite:///")
    folder: Path = tmp_path_factory.mktemp("interleavings")
    numbers = iter(range(10_000))

    class Sharing(RuleBasedStateMachine):
        @initialize(approval=st.sampled_from(["automatic", "owner"]), buffer=st.sampled_from([0, 15]))
        def open_park(self, approval, buffer):
            file = folder / f"{next(numbers)}.db"
            shutil.copy(template, file)
            self.app = create_app(settings_for(f"sqlite:///{file}", folder))
            park = Park(self.app)
            for code in ("E01", "E02", "E03"):
                park.firm(code)
            self.actors = {c: park.actor(c) for c in ("e01", "e02", "e03")}
            self.day = clock.today() + dt.timedelta(days=3)
            self.context = self.app.app_context()
            self.context.push()
            self.resource = catalogue.list_resource(
                self.actors["e01"],
                "equipment",
                "仪器",
                units=("1", "2"),
                approval=approval,
                opening=[service_hours(d) for d in range(1, 8)],
                step_minutes=30,
                min_minutes=30,
                buffer_minutes=buffer,
                late_cancel_ratio=0.5,
            ).id
            self.outage = None

        def span(self, hour, length):
            start = clock.at(self.day, 8) + dt.timedelta(minutes=60 * hour)
            return start, start + dt.timedelta(minutes=30 * length)

        def attempt(self, act):
            try:
                act()
            except Refusal:
                db.session.rollback()

        def some(self, states):
            rows = db.session.scalars(sa.select(Booking.id).where(Booking.state.in_(states))).all()
            db.session.rollback()
            return rows

        @rule(firm=FIRMS, hour=HOURS, length=LENGTHS)
        def book(self, firm, hour, length):
            self.attempt(
                lambda: booking_service.book(self.actors[firm], self.resource, *self.span(hour, length))
            )

        @rule(pick=st.randoms(use_true_random=False), action=st.sampled_from(["approve", "reject", "cancel"]))
        def decide(self, pick, action):
            rows = self.some(["requested", "confirmed", "cancelled", "rejected"])
            if rows:
                self.attempt(lambda: getattr(booking_service, action)(self.actors["e01"], pick.choice(rows)))

        @rule(pick=st.randoms(use_true_random=False), hour=HOURS, length=LENGTHS)
        def move(self, pick, hour, length):
            rows = self.some(["requested", "confirmed"])
            if rows:
                number = pick.choice(rows)
                row = db.session.get(Booking, number)
                holder = next(a for a in self.actors.values() if a.organisation_id == row.organisation_id)
                db.session.rollback()
                self.attempt(lambda: booking_service.move(holder, number, *self.span(hour, length)))

        @rule(firm=FIRMS, hour=HOURS, length=LENGTHS)
        def wait(self, firm, hour, length):
            start, end = self.span(hour, length)
            self.attempt(lambda: waiting_list.join(self.actors[firm], self.resource, start, end, None))

        @rule(pick=st.randoms(use_true_random=False), yes=st.booleans())
        def answer_offer(self, pick, yes):
            rows = db.session.execute(
                sa.select(WaitlistEntry.id, WaitlistEntry.organisation_id).where(
                    WaitlistEntry.state == "offered"
                )
            ).all()
            db.session.rollback()
            if rows:
                number, organisation = pick.choice(rows)
                actor = next(a for a in self.actors.values() if a.organisation_id == organisation)
                act = waiting_list.accept if yes else waiting_list.leave
                self.attempt(lambda: act(actor, number))

        @rule(hour=HOURS, length=LENGTHS)
        def outage(self, hour, length):
            start, end = self.span(hour, length)
            self.attempt(lambda: outages_service.declare(self.actors["e01"], self.resource, start, end, "坏"))

        @rule(firm=FIRMS, hour=HOURS, partly=st.booleans())
        def series(self, firm, hour, partly):
            self.attempt(
                lambda: bookings_series.book_series(
                    self.actors[firm],
                    self.resource,
                    *self.span(hour, 2),
                    bookings_series.Rhythm(2, partly=partly),
                    Order(),
                )
            )

        @rule(pick=st.randoms(use_true_random=False))
        def complete(self, pick):
            rows = self.some(["confirmed", "in_use"])
            if rows:
                number = pick.choice(rows)
                row = db.session.get(Booking, number)
                span = (row.start_at, row.end_at - dt.timedelta(minutes=10))
                db.session.rollback()
                self.attempt(lambda: use_log.log_use(self.actors["e01"], number, *span))

        @rule()
        def time_passes(self):
            with clock.frozen(clock.now() + dt.timedelta(hours=25)):
                self.attempt(lambda: deadlines.expire_requests())

        @invariant()
        def nobody_overlaps(self):
            if not hasattr(self, "resource"):
                return
            rows = db.session.scalars(
                sa.select(Booking).where(Booking.state.in_(["requested", "confirmed", "in_use"]))
            ).all()
            by_unit: dict[int, list] = {}
            expected = set()
            for row in rows:
                hold = interval(row.hold_start_at, row.hold_end_at)
                assert not any(hold.overlaps(other) for other in by_unit.get(row.unit_id, []))
                by_unit.setdefault(row.unit_id, []).append(hold)
                expected |= {(row.unit_id, slot, row.id) for slot in slots_of(hold)}
            found = db.session.execute(
                sa.select(OccupiedSlot.unit_id, OccupiedSlot.slot, OccupiedSlot.booking_id)
            ).all()
            assert {tuple(row) for row in found} == expected
            db.session.rollback()

        def teardown(self):
            if hasattr(self, "context"):
                db.session.remove()
                db.engine.dispose()
                self.context.pop()

    Sharing.TestCase.settings = settings(
        max_examples=12,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    Sharing.TestCase("runTest").runTest()


def service_hours(day):
    from app.sharing.calendar.rules import OpeningHours

    return OpeningHours(day, 8 * 60, 20 * 60)
