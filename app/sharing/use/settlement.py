"""What is owed, row after row: a correction never touches the row it corrects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.identity.door import Actor
from app.sharing.bookings import records as booking_records
from app.sharing.bookings.models import Booking
from app.sharing.calendar.park_time import interval, minute_of, moment_of
from app.sharing.calendar.rules import Interval
from app.sharing.catalogue.models import ResourceUnit
from app.sharing.use import rules as use_rules
from app.sharing.use import tariffs
from app.sharing.use.models import Settlement, Usage
from app.sharing.use.rules import Owed

RELETS = ("confirmed", "in_use", "completed", "settled", "disputed", "adjusted", "no_show")


def latest(booking_id: int) -> Settlement | None:
    """The settlement row that holds now."""
    row: Settlement | None = db.session.scalar(
        sa.select(Settlement)
        .where(Settlement.booking_id == booking_id)
        .order_by(Settlement.version.desc())
        .limit(1)
    )
    return row


_FORFEITED = (
    Booking.state.in_(("cancelled", "no_show")),
    sa.or_(Booking.late, Booking.state == "no_show"),
)


def _held_within(start: str, end: str) -> tuple[Any, ...]:
    """Held time between these two parameters: what a booking held is what the index knows."""
    return Booking.hold_end_at > sa.bindparam(start), Booking.hold_start_at < sa.bindparam(end)


_GIVEN_UP = sa.select(Booking).where(
    Booking.unit_id == sa.bindparam("unit"),
    Booking.id != sa.bindparam("other"),
    *_FORFEITED,
    *_held_within("start", "end"),
    Booking.start_at < sa.bindparam("end"),
    Booking.end_at > sa.bindparam("start"),
)

GIVEN_UP_ON_RESOURCE = sa.select(Booking.id).where(
    Booking.unit_id.in_(
        sa.select(ResourceUnit.id).where(ResourceUnit.resource_id.in_(sa.bindparam("ids", expanding=True)))
    ),
    *_FORFEITED,
    *_held_within("wish_start", "wish_end"),
)
"""Asked with every wish: mostly nobody has given that time or its buffers up, and `revise_forfeits` has nothing to do."""


def latest_of(booking_ids: Sequence[int]) -> dict[int, Settlement]:
    """The settlement row that holds now, for many bookings."""
    if not booking_ids:
        return {}
    newest = (
        sa.select(Settlement.booking_id, sa.func.max(Settlement.version).label("version"))
        .where(Settlement.booking_id.in_(list(booking_ids)))
        .group_by(Settlement.booking_id)
        .subquery()
    )
    rows = db.session.scalars(
        sa.select(Settlement).join(
            newest,
            (Settlement.booking_id == newest.c.booking_id) & (Settlement.version == newest.c.version),
        )
    )
    return {row.booking_id: row for row in rows}


def write(booking: Booking, owed: Owed, reason: str = "", actor: Actor | None = None) -> Settlement:
    """Add a row when something changed; answers the row that holds now."""
    before = latest(booking.id)
    if (
        before is not None
        and (before.amount_fen, before.charged_minutes, before.rule)
        == (owed.amount_fen, owed.charged_minutes, owed.rule)
        and not reason
    ):
        return before
    row = Settlement(
        booking_id=booking.id,
        version=before.version + 1 if before else 1,
        rule=owed.rule,
        charged_minutes=owed.charged_minutes,
        amount_fen=owed.amount_fen,
        change_fen=owed.amount_fen - (before.amount_fen if before else 0),
        ratio=owed.ratio,
        lines=[[line.start, line.end, line.price_per_hour_fen] for line in owed.lines],
        reason=reason,
        made_by=actor.member_id if actor and actor.member_id else None,
        made_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def used_stretches(booking_id: int) -> list[Interval]:
    """Valid use of a booking, in whole minutes (a stretch of less than a minute counts as one)."""
    rows = db.session.scalars(
        sa.select(Usage).where(
            Usage.booking_id == booking_id, Usage.voided_at.is_(None), Usage.end_at.is_not(None)
        )
    )
    found = []
    for row in rows:
        assert row.end_at is not None
        start, end = minute_of(row.start_at), minute_of(row.end_at)
        found.append(Interval(start, max(end, start + 1)))
    return found


def settle_completed(booking: Booking, reason: str = "", actor: Actor | None = None) -> Settlement:
    terms = booking.terms
    owed = use_rules.charge(
        tariffs.tariff_from(terms),
        terms["group"],
        terms["billing"],
        booking_records.booked(booking),
        used_stretches(booking.id),
    )
    return write(booking, owed, reason, actor)


def settle_ended(booking: Booking) -> Settlement | None:
    """The forfeit of a late cancellation or a no-show; None when nothing was ever owed."""
    owed = _forfeit(booking)
    return None if owed is None else write(booking, owed)


def _forfeit(booking: Booking, also_taken: Sequence[Interval] = ()) -> Owed | None:
    terms = booking.terms
    if booking.state == "no_show":
        ratio, rule = float(terms["no_show_ratio"]), "no_show"
    elif booking.late:
        ratio, rule = float(terms["late_cancel_ratio"]), "late_cancellation"
    else:
        return None
    return use_rules.forfeit(
        tariffs.tariff_from(terms),
        terms["group"],
        booking_records.booked(booking),
        ratio,
        rule,
        [*_relet(booking), *also_taken],
    )


def relief(booking: Booking) -> int:
    """Fen its holder would owe less for hours given up before, were this booking of the same hours given up too."""
    where = {
        "unit": booking.unit_id,
        "other": booking.id,
        "start": booking.start_at,
        "end": booking.end_at,
    }
    less = 0
    for earlier in db.session.scalars(_GIVEN_UP, where):
        ended = earlier.ended_at
        if earlier.organisation_id == booking.organisation_id and ended and ended <= booking.created_at:
            now, then = _forfeit(earlier), _forfeit(earlier, [booking_records.booked(booking)])
            less += (now.amount_fen if now else 0) - (then.amount_fen if then else 0)
    return less


_GIVEN_UP_AGAIN = sa.and_(
    Booking.state.in_(("cancelled", "no_show", "disputed", "adjusted", "settled")),
    sa.or_(Booking.late, Booking.ended_by == "time"),
)


def _relet(booking: Booking) -> list[Interval]:
    """When somebody else has the unit after all, or its holder has it again because the booking was moved.

    Or because the holder booked it again and gave it up again: then the later booking pays for the hour, once.
    """
    others = sa.and_(
        Booking.state.in_(RELETS),
        sa.or_(Booking.organisation_id != booking.organisation_id, Booking.replaces_id == booking.id),
    )
    again = sa.and_(
        _GIVEN_UP_AGAIN,
        Booking.organisation_id == booking.organisation_id,
        Booking.created_at >= booking.ended_at,
        Booking.id > booking.id,
    )
    rows = db.session.execute(
        sa.select(Booking.start_at, Booking.end_at).where(
            Booking.unit_id == booking.unit_id,
            Booking.id != booking.id,
            Booking.hold_end_at > booking.start_at,
            Booking.hold_start_at < booking.end_at,
            Booking.start_at < booking.end_at,
            Booking.end_at > booking.start_at,
            sa.or_(others, again),
        )
    )
    return [interval(row.start_at, row.end_at) for row in rows]


def revise_forfeits(unit_id: int, span: Interval, other_than: int = 0) -> None:
    """Somebody has taken or given up this time: what others owe for having given it up changes with it."""
    where = {
        "unit": unit_id,
        "other": other_than,
        "start": moment_of(span.start),
        "end": moment_of(span.end),
    }
    rows = db.session.scalars(_GIVEN_UP, where).all()
    for booking in rows:
        settle_ended(booking)
