"""A firm says when it leaves, the park agrees; on the day every room ends what hangs on it, and nothing is lost."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, Reason
from app.hall.standstill import Batch
from app.identity.actor import SYSTEM, Actor
from app.identity.audit.service import audit
from app.identity.facts import rules as fact_rules
from app.identity.facts import service as facts
from app.identity.joining.ties import OpenThing, all_ties
from app.identity.notifications.service import notify_organisation, notify_role
from app.identity.organisations.models import Organisation
from app.identity.roles import PARK_ADMIN

LONGEST_AHEAD = dt.timedelta(days=730)
LEAVE_UNASKED = 5  # a young park has few, whatever share of all they are


def open_things(organisation_id: int, day: dt.date) -> list[OpenThing]:
    """What is open at a firm that would leave on this day, and what would become of it."""
    return [one for ties in all_ties() for one in ties.open_things(organisation_id, day) if one.count]


def ask_to_leave(actor: Actor, organisation_id: int, day: dt.date, reason: str) -> bool:
    """The firm names its last day, or the park does; answers whether it is agreed."""
    wrong = []
    if not reason.strip():
        wrong.append(Reason("reason_required", {"at": "reason"}))
    if not clock.today() < day <= clock.today() + LONGEST_AHEAD:
        wrong.append(Reason("leaving_day", {"at": "day"}))
    if wrong:
        raise Invalid("leaving_refused", wrong)
    with transaction():
        row = _locked(actor, organisation_id)
        if row.status not in ("active", "leaving"):
            raise Conflict("leaving_not_here")
        agreed = facts.ask(actor, row, fact_rules.LEAVES_ON, day.isoformat(), reason)
        if not agreed:
            notify_role(
                PARK_ADMIN, "leaving_asked", "/identity/changes", name=row.name_zh, day=day.isoformat()
            )
        return agreed


def stay(actor: Actor, organisation_id: int, reason: str) -> None:
    """The firm does not leave after all; possible until the day itself."""
    with transaction():
        row = _locked(actor, organisation_id)
        if row.status != "leaving":
            raise Conflict("leaving_not_leaving")
        if not reason.strip():
            raise Invalid("reason_required")
        row.status, row.leaves_on = "active", None
        audit(actor, "organisation.stays", "organisation", row.id, reason)


def _begin(actor: Actor, row: Organisation, after: str) -> None:
    if row.status not in ("active", "leaving"):
        raise Conflict("leaving_not_here")
    row.status, row.leaves_on = "leaving", dt.date.fromisoformat(after)
    audit(actor, "organisation.leaving", "organisation", row.id, day=after)
    notify_organisation(row.id, "leaving_agreed", f"/identity/organisations/{row.id}/leaving", day=after)


facts.on_decided(fact_rules.LEAVES_ON, _begin)


def _locked(actor: Actor, organisation_id: int) -> Organisation:
    facts.get_for(actor, organisation_id)
    query = sa.select(Organisation).where(Organisation.id == organisation_id)
    return db.session.scalars(locked(query).execution_options(populate_existing=True)).one()


def _due() -> sa.Select[int, dt.date | None]:
    return sa.select(Organisation.id, Organisation.leaves_on).where(
        Organisation.status == "leaving", Organisation.leaves_on <= clock.today()
    )


def batch_leaving() -> Batch:
    """How many firms would have left now, of all that are here."""
    count = sa.select(sa.func.count())
    here = count.select_from(Organisation).where(Organisation.status.in_(("active", "leaving")))
    part = db.session.scalar(count.select_from(_due().subquery()))
    return Batch("firms", part or 0, LEAVE_UNASKED, lambda: db.session.scalar(here) or 0)


def let_go() -> None:
    """Firms whose day has come have left: one transaction each, late or not."""
    for organisation_id, day in db.session.execute(_due().order_by(Organisation.id)).all():
        if day is not None:
            _leave(organisation_id, day)


def _leave(organisation_id: int, day: dt.date) -> None:
    with transaction():
        row = db.session.scalars(
            locked(sa.select(Organisation).where(Organisation.id == organisation_id))
        ).one()
        if row.status != "leaving" or row.leaves_on != day:
            return
        for ties in all_ties():
            ties.left(organisation_id, day)
        row.status = "left"
        audit(SYSTEM, "organisation.left", "organisation", row.id, day=day.isoformat())
        notify_role(PARK_ADMIN, "leaving_done", f"/identity/organisations/{row.id}", name=row.name_zh)
