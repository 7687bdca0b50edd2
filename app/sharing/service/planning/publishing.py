"""Publishing a plan: every place is checked again by the calendar; what was taken meanwhile is told, not overwritten."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app import language
from app.db import db, locked, transaction
from app.errors import Refusal
from app.identity import service as identity
from app.identity.service import Actor
from app.sharing.booking_rules import Wish
from app.sharing.models import Booking, ScheduleAssignment, ScheduleRun, SlotRequest
from app.sharing.park_time import interval
from app.sharing.service import booking, loading
from app.sharing.service.planning.rounds import get_round
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
        resources = loading.lock_resources(row.resource_id for row in rows if row.resource_id is not None)
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
            holder = Actor(wish.member_id, wish.organisation_id, "", frozenset({"enterprise_member"}))
            try:
                with db.session.begin_nested():
                    made = booking.place(
                        holder,
                        resources[row.resource_id],
                        Wish(interval(row.start_at, row.end_at), False),
                        wish.purpose,
                        source="plan",
                        unit_id=row.unit_id,
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
                wish.member_id, "slot_request_placed", booking.url_of(made),
                resource=resources[row.resource_id].name, span=booking.plain_span(made),
            )  # fmt: skip
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
