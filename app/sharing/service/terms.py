"""What the park decides for all that is shared: terms, holidays, and the end of a suspension."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db, locked, transaction
from app.errors import Invalid, NotAllowed, NotFound
from app.identity import service as identity
from app.identity.service import Actor
from app.sharing.models import Holiday, SharingTerms, Suspension
from app.sharing.service import loading

BOUNDS: dict[str, tuple[float, float]] = {
    "credit_share_ratio": (0, 1),
    "credit_value_fen": (1, 1_000_000),
    "no_show_limit": (0, 100),
    "suspension_days": (1, 366),
    "offer_minutes": (5, 10_080),
    "no_show_grace_minutes": (0, 20_160),
    "dispute_days": (1, 90),
}


def _park_only(actor: Actor) -> None:
    if not (actor.is_system or actor.has("park_admin")):
        raise NotAllowed("sharing_park_only")


def _terms_row() -> SharingTerms:
    """The one row, locked; made on first use, also when two administrators are first at once."""
    query = locked(sa.select(SharingTerms).where(SharingTerms.id == 1))
    row: SharingTerms | None = db.session.scalar(query)
    if row is None:
        try:
            with db.session.begin_nested():
                db.session.add(loading.park_terms())
        except sa.exc.IntegrityError:
            pass
        row = db.session.scalars(query).one()
    return row


def set_terms(actor: Actor, **values: float) -> SharingTerms:
    """Change some of the terms; those that are not named stay."""
    _park_only(actor)
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


def set_holiday(actor: Actor, day: dt.date, name: str) -> None:
    """Closed on that day, for new bookings; those that stand are not touched."""
    _park_only(actor)
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
    _park_only(actor)
    with transaction():
        _terms_row()
        row = db.session.get(Holiday, day)
        if row is None:
            raise NotFound("holiday_unknown")
        name = row.name
        db.session.delete(row)
        identity.audit(actor, "holiday.dropped", "sharing_terms", 1, day=day.isoformat(), name=name)


def suspensions_statement() -> Any:
    """Those that hold now."""
    return sa.select(Suspension).where(Suspension.lifted_at.is_(None), Suspension.until_at > clock.now())


def lift_suspension(actor: Actor, suspension_id: int, reason: str = "") -> None:
    _park_only(actor)
    with transaction():
        query = sa.select(Suspension).where(Suspension.id == suspension_id)
        row: Suspension | None = db.session.scalar(locked(query))
        if row is None or row.lifted_at is not None:
            raise NotFound("suspension_unknown")
        row.lifted_at = clock.now()
        identity.audit(actor, "member.suspension_lifted", "member", row.member_id, reason[:200])
        identity.notify_member(row.member_id, "suspension_lifted", "/sharing/resources")
