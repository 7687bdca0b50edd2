"""Publishing a plan: every place is checked again by the calendar; what was taken meanwhile is told, not overwritten."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Refusal
from app.hall.text import language
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.sharing.bookings import notices, register
from app.sharing.bookings.models import Booking
from app.sharing.bookings.rules import Wish
from app.sharing.calendar.park_time import interval
from app.sharing.catalogue import records as resource_records
from app.sharing.planning.models import ScheduleAssignment, ScheduleRun, SlotRequest
from app.sharing.planning.service import get_round
from app.sharing.states import SCHEDULE_RUN, SLOT_REQUEST, step


@dataclass(frozen=True)
class Published:
    """What came of a publication: the bookings made, and the wishes that lost their place meanwhile."""

    run: ScheduleRun
    booked: tuple[Booking, ...]
    lost: tuple[int, ...]


def publish(actor: Actor, run_id: int) -> Published:
    """Book every place of the plan for the member who wished it; those that no longer fit stay open wishes."""
    with transaction():
        run = get_round(actor, run_id, lock=True)
        run.state = step(SCHEDULE_RUN, run.state, "published")
        rows = list(
            db.session.scalars(
                sa.select(ScheduleAssignment)
                .where(ScheduleAssignment.run_id == run.id, ScheduleAssignment.unit_id.is_not(None))
                .order_by(ScheduleAssignment.start_at, ScheduleAssignment.id)
            )
        )
        resources = resource_records.lock_resources(
            row.resource_id for row in rows if row.resource_id is not None
        )
        wishes = {
            wish.id: wish
            for wish in db.session.scalars(
                locked(
                    sa.select(SlotRequest)
                    .where(SlotRequest.id.in_([row.request_id for row in rows]))
                    .order_by(SlotRequest.id)
                )
            )
        }
        booked, lost = [], []
        for row in rows:
            wish = wishes[row.request_id]
            assert row.resource_id is not None and row.start_at is not None and row.end_at is not None
            if wish.state != "open":
                row.reasons = [{"code": "wish_" + wish.state}]
                lost.append(wish.id)
                continue
            holder = Actor(wish.member_id, wish.organisation_id, "", frozenset({roles.ENTERPRISE_MEMBER}))
            try:
                with db.session.begin_nested():
                    made = register.place(
                        holder,
                        resources[row.resource_id],
                        Wish(interval(row.start_at, row.end_at), False),
                        register.Order(wish.purpose, source="plan", unit_id=row.unit_id),
                    )
            except Refusal as refusal:
                row.reasons = [
                    {"code": reason.code, "text": language.message(reason.code, reason.params)}
                    for reason in refusal.reasons
                ] or [{"code": refusal.code}]
                lost.append(wish.id)
                continue
            wish.state = step(SLOT_REQUEST, wish.state, "placed")
            wish.booking_id = row.booking_id = made.id
            booked.append(made)
            identity.notify_member(
                wish.member_id,
                "slot_request_placed",
                notices.url_of(made),
                resource=resources[row.resource_id].name,
                span=notices.plain_span(made),
            )
        identity.audit(
            actor, "schedule.published", "schedule_run", run.id, booked=len(booked), lost=len(lost)
        )
        return Published(run, tuple(booked), tuple(lost))


def discard(actor: Actor, run_id: int) -> ScheduleRun:
    """Throw a plan away; the wishes stay open."""
    with transaction():
        run = get_round(actor, run_id, lock=True)
        run.state = step(SCHEDULE_RUN, run.state, "discarded")
        identity.audit(actor, "schedule.discarded", "schedule_run", run.id)
        return run
