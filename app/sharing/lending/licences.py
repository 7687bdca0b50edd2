"""Patents lent out: asked for, granted for a time; a granted licence outlives the listing."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.credits import door as credits
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotFound
from app.hall.standstill import Batch
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.sharing import access, states
from app.sharing.catalogue import records as resource_records
from app.sharing.catalogue.models import Patent, Resource
from app.sharing.lending import loans
from app.sharing.lending.models import Licence
from app.sharing.use import rewards

LICENCES_UNASKED = 10  # a young park has few, whatever share of all they are


def request_licence(actor: Actor, resource_id: int, months: int, purpose: str) -> Licence:
    """Ask for a licence; refused when the listing was withdrawn, expired, or is exclusively given."""
    access.require_writer(actor)
    if not 1 <= months <= 240 or not purpose.strip():
        raise Invalid("licence_terms")
    with transaction():
        resource = resource_records.get_resource(resource_id, lock=True)
        patent = db.session.get(Patent, resource.id)
        if resource.kind != "patent" or patent is None:
            raise NotFound("resource_not_found")
        if resource.owner_id == actor.organisation_id:
            raise Conflict("licence_own")
        if resource.status != "listed":
            raise Conflict("licence_withdrawn")
        if patent.expires_on is not None and patent.expires_on <= clock.today():
            raise Conflict("licence_patent_expired")
        running = sa.select(Licence.id).where(
            Licence.resource_id == resource.id, Licence.state.in_(("requested", "granted"))
        )
        if db.session.scalar(running.where(Licence.organisation_id == actor.organisation_id).limit(1)):
            raise Conflict("licence_running")
        if patent.exclusive and db.session.scalar(running.where(Licence.state == "granted").limit(1)):
            raise Conflict("licence_exclusive")
        row = Licence(
            resource_id=resource.id,
            organisation_id=actor.organisation_id,
            member_id=actor.member_id,
            purpose=purpose.strip()[:1000],
            months=months,
            fee_fen=patent.fee_fen,
            fee_basis=patent.fee_basis,
            state="requested",
            created_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        identity.notify_organisation(
            resource.owner_id,
            "licence_asked",
            f"/sharing/resources/{resource.id}",
            roles=roles.RUNS_RESOURCES,
            resource=resource.name,
        )
        return row


def decide(actor: Actor, licence_id: int, grant: bool, reason: str = "") -> Licence:
    """The owner grants the licence from today, never beyond the patent's own term, or refuses it."""
    with transaction():
        row, resource = loans.locked(Licence, licence_id)
        access.require_runner_or_park(actor, resource.owner_id)
        row.state = states.step(states.LICENCE, row.state, "granted" if grant else "rejected")
        row.decided_at = clock.now()
        if grant:
            patent = db.session.get(Patent, resource.id)
            row.starts_on = clock.today()
            row.ends_on = clock.months_later(row.starts_on, row.months)
            if patent is not None and patent.expires_on is not None:
                row.ends_on = min(row.ends_on, patent.expires_on)
        else:
            row.end_reason = reason[:500]
        identity.audit(actor, "licence.granted" if grant else "licence.rejected", "licence", row.id, reason)
        identity.notify_member(
            row.member_id,
            "licence_granted" if grant else "licence_rejected",
            f"/sharing/resources/{resource.id}",
            resource=resource.name,
        )
        return row


def terminate(actor: Actor, licence_id: int, reason: str) -> Licence:
    """Either side ends a running licence, with a reason."""
    access.require_writer(actor)
    if not reason.strip():
        raise Invalid("dispute_reason")
    with transaction():
        row, resource = loans.locked(Licence, licence_id)
        loans.require_side(actor, row, resource, holder=False)
        row.state = states.step(states.LICENCE, row.state, "terminated")
        row.ends_on, row.end_reason = clock.today(), reason.strip()[:500]
        identity.audit(actor, "licence.terminated", "licence", row.id, reason)
        return row


def licences_of(actor: Actor, resource: Resource) -> list[Licence]:
    return loans.of_resource(Licence, actor, resource)


def licences_begun(first: dt.date, last: dt.date) -> list[Licence]:
    """Licences whose term began from the first to the last day, in that order; for the park's own count."""
    query = sa.select(Licence).where(Licence.starts_on.between(first, last))
    return list(db.session.scalars(query.order_by(Licence.starts_on, Licence.id)))


def my_licences(actor: Actor) -> list[Licence]:
    return loans.mine(Licence, actor)


def _over() -> sa.Select[Licence]:
    return sa.select(Licence).where(Licence.state == "granted", Licence.ends_on < clock.today())


def batch_over() -> Batch:
    """How many licences would expire now, of all that were granted."""
    count = sa.select(sa.func.count())
    part = db.session.scalar(count.select_from(_over().subquery()))
    granted = count.select_from(Licence).where(Licence.starts_on.is_not(None))
    return Batch("licences", part or 0, LICENCES_UNASKED, lambda: db.session.scalar(granted) or 0)


def expire_licences() -> int:
    """Granted licences whose term is over; a licence that has run earns its owner credits."""
    with transaction():
        rows = list(db.session.scalars(_over()))
        for row in rows:
            row.state = states.step(states.LICENCE, row.state, "expired")
        for row in rows + _running_a_year():
            _reward(row)
        return len(rows)


def _running_a_year() -> list[Licence]:
    """Longer licences earn after a year; looked for over a month, for a clockwork that was down."""
    today = clock.today()
    first, last = clock.months_later(today, -13), clock.months_later(today, -12)
    running = sa.select(Licence).where(Licence.state == "granted", Licence.starts_on.between(first, last))
    return list(db.session.scalars(running))


def _reward(row: Licence) -> None:
    """Once per pair and patent; between firms that look like one a reviewer decides."""
    resource = db.session.get_one(Resource, row.resource_id)
    if identity.get_organisation(resource.owner_id).kind != "enterprise":
        return
    first = db.session.scalar(
        sa.select(sa.func.min(Licence.id)).where(
            Licence.resource_id == resource.id,
            Licence.organisation_id == row.organisation_id,
            Licence.starts_on.is_not(None),
        )
    )
    key = f"licence:{first or row.id}"
    alike = identity.likenesses(resource.owner_id, [row.organisation_id]).get(row.organisation_id, ())
    credits.award(
        identity.SYSTEM,
        resource.owner_id,
        "licence_granted",
        clock.today(),
        [("platform", key)],
        key,
        rewards.told_doubts(row.organisation_id, alike),
    )
