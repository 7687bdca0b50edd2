"""Other hours on single days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Invalid, NotFound
from app.identity import door as identity
from app.identity.door import Actor
from app.sharing import access
from app.sharing.bookings import waiting_list
from app.sharing.calendar.models import OpeningException
from app.sharing.calendar.rules import SLOT_MINUTES, OpeningHours
from app.sharing.catalogue import records as resource_records


def set_exception(
    actor: Actor, resource_id: int, day: dt.date, hours: Sequence[tuple[int, int]], reason: str = ""
) -> OpeningException:
    """Other hours on one day (none: closed); replaces what was said for that day before."""
    with transaction():
        row = resource_records.get_resource(resource_id, lock=True)
        access.require_runner_or_park(actor, row.owner_id)
        for opens, closes in hours:
            OpeningHours(1, opens, closes)
            if opens % SLOT_MINUTES or closes % SLOT_MINUTES:
                raise Invalid("resource_grain", minutes=SLOT_MINUTES)
        db.session.execute(
            sa.delete(OpeningException).where(
                OpeningException.resource_id == row.id, OpeningException.on_day == day
            )
        )
        said = OpeningException(
            resource_id=row.id, on_day=day, hours=[list(h) for h in hours], reason=reason[:200]
        )
        db.session.add(said)
        db.session.flush()
        identity.audit(actor, "resource.exception", "resource", row.id, reason, day=day.isoformat())
        waiting_list.call_up(row)
        return said


def list_exceptions(resource_id: int, since: dt.date) -> list[OpeningException]:
    """The special days of a resource from this day on."""
    query = sa.select(OpeningException).where(
        OpeningException.resource_id == resource_id, OpeningException.on_day >= since
    )
    return list(db.session.scalars(query.order_by(OpeningException.on_day).limit(400)))


def drop_exception(actor: Actor, exception_id: int) -> int:
    """Back to the usual hours; answers the resource."""
    with transaction():
        of = sa.select(OpeningException.resource_id).where(OpeningException.id == exception_id)
        found = db.session.scalar(of)
        if found is None:
            raise NotFound("exception_unknown")
        resource = resource_records.get_resource(found, lock=True)
        access.require_runner_or_park(actor, resource.owner_id)
        row = db.session.get(OpeningException, exception_id)
        if row is None:  # somebody was quicker
            raise NotFound("exception_unknown")
        day = row.on_day.isoformat()
        db.session.delete(row)
        db.session.flush()
        identity.audit(actor, "resource.exception_dropped", "resource", resource.id, day=day)
        waiting_list.call_up(resource)
        return resource.id
