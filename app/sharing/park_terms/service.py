"""What the park decides for all that is shared: terms, holidays, and the end of a suspension."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Invalid, NotAllowed, NotFound
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.sharing.calendar.models import Holiday
from app.sharing.park_terms import service as terms
from app.sharing.park_terms.models import SharingTerms, Suspension

BOUNDS: dict[str, tuple[float, float]] = {
    "credit_share_ratio": (0, 1),
    "credit_value_fen": (1, 1_000_000),
    "no_show_limit": (0, 100),
    "suspension_days": (1, 366),
    "offer_minutes": (5, 10_080),
    "no_show_grace_minutes": (0, 20_160),
    "dispute_days": (1, 90),
    "payment_days": (0, 180),
    "absent_minutes": (0, 480),
}


def park_only(actor: Actor) -> None:
    """Refused to everybody who does not set the park's terms."""
    if not (actor.is_system or actor.may(roles.SETS_SHARING_TERMS)):
        raise NotAllowed("sharing_park_only")


def _terms_row() -> SharingTerms:
    """The one row, locked; made on first use, also when two administrators are first at once."""
    query = locked(sa.select(SharingTerms).where(SharingTerms.id == 1))
    row: SharingTerms | None = db.session.scalar(query)
    if row is None:
        try:
            with db.session.begin_nested():
                db.session.add(terms.park_terms())
        except sa.exc.IntegrityError:
            pass
        row = db.session.scalars(query).one()
    return row


def set_terms(actor: Actor, **values: float) -> SharingTerms:
    """Change some of the terms; those that are not named stay."""
    park_only(actor)
    for field, value in values.items():
        low, high = BOUNDS.get(field, (1, 0))
        if not low <= value <= high:
            raise Invalid("terms_out_of_range", field=field)
    with transaction():
        row = _terms_row()
        before = {field: getattr(row, field) for field in values}
        for field, value in values.items():
            setattr(row, field, value)
        identity.audit(actor, "sharing_terms.changed", "sharing_terms", 1, before=before, after=values)
        return row


def holidays(since: dt.date) -> list[Holiday]:
    query = sa.select(Holiday).where(Holiday.on_day >= since).order_by(Holiday.on_day).limit(200)
    return list(db.session.scalars(query))


def closed_days() -> frozenset[dt.date]:
    """Every holiday from this year on, however far ahead."""
    first = clock.today().replace(month=1, day=1)
    return frozenset(db.session.scalars(sa.select(Holiday.on_day).where(Holiday.on_day >= first)))


def set_holiday(actor: Actor, day: dt.date, name: str) -> None:
    """Closed on that day, for new bookings; those that stand are not touched."""
    park_only(actor)
    name = name.strip()[:60]
    if not name:
        raise Invalid("holiday_name")
    with transaction():
        _terms_row()  # two administrators naming the same day queue here
        row = db.session.get(Holiday, day)
        if row is None:
            db.session.add(Holiday(on_day=day, name=name))
        else:
            row.name = name
        identity.audit(actor, "holiday.set", "sharing_terms", 1, day=day.isoformat(), name=name)


def drop_holiday(actor: Actor, day: dt.date) -> None:
    park_only(actor)
    with transaction():
        _terms_row()
        row = db.session.get(Holiday, day)
        if row is None:
            raise NotFound("holiday_unknown")
        name = row.name
        db.session.delete(row)
        identity.audit(actor, "holiday.dropped", "sharing_terms", 1, day=day.isoformat(), name=name)


def suspensions_statement() -> sa.Select[Suspension]:
    """Those that hold now."""
    return sa.select(Suspension).where(Suspension.lifted_at.is_(None), Suspension.until_at > clock.now())


def lift_suspension(actor: Actor, suspension_id: int, reason: str = "") -> None:
    park_only(actor)
    with transaction():
        query = sa.select(Suspension).where(Suspension.id == suspension_id)
        row: Suspension | None = db.session.scalar(locked(query))
        if row is None or row.lifted_at is not None:
            raise NotFound("suspension_unknown")
        row.lifted_at = clock.now()
        identity.audit(actor, "member.suspension_lifted", "member", row.member_id, reason[:200])
        identity.notify_member(row.member_id, "suspension_lifted", "/sharing/resources")


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
        payment_days=30,
        absent_minutes=0,
    )
