"""Patents lent out: asked for, granted for a time; a granted licence outlives the listing."""

from __future__ import annotations

import sqlalchemy as sa

from app import clock
from app.credits import service as credits
from app.db import db, transaction
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.identity import service as identity
from app.identity.service import Actor
from app.sharing import states
from app.sharing.models import Licence, Patent, Resource
from app.sharing.service import access, loading


def request_licence(actor: Actor, resource_id: int, months: int, purpose: str) -> Licence:
    """Ask for a licence; refused when the listing was withdrawn, expired, or is exclusively given."""
    access.require_writer(actor)
    if not 1 <= months <= 240 or not purpose.strip():
        raise Invalid("licence_terms")
    with transaction():
        resource = loading.get_resource(resource_id, lock=True)
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
            resource.owner_id, "licence_asked", f"/sharing/resources/{resource.id}", roles=access.RUNNERS,
            resource=resource.name,
        )  # fmt: skip
        return row


def decide(actor: Actor, licence_id: int, grant: bool, reason: str = "") -> Licence:
    """The owner grants the licence from today, never beyond the patent's own term, or refuses it."""
    with transaction():
        row, resource = _locked(licence_id)
        access.require_runner_or_park(actor, resource.owner_id)
        row.state = states.step(states.LICENCE, row.state, "granted" if grant else "rejected")
        row.decided_at = clock.now()
        if grant:
            patent = db.session.get(Patent, resource.id)
            row.starts_on = clock.today()
            row.ends_on = clock.months_later(row.starts_on, row.months)
            if patent is not None and patent.expires_on is not None:
                row.ends_on = min(row.ends_on, patent.expires_on)
            if identity.get_organisation(resource.owner_id).kind == "enterprise":
                key = f"licence:{row.id}"
                credits.award(
                    identity.SYSTEM,
                    resource.owner_id,
                    "licence_granted",
                    row.starts_on,
                    [("platform", key)],
                    source_key=key,
                )
        else:
            row.end_reason = reason[:500]
        identity.audit(actor, "licence.granted" if grant else "licence.rejected", "licence", row.id, reason)
        identity.notify_member(
            row.member_id, "licence_granted" if grant else "licence_rejected",
            f"/sharing/resources/{resource.id}", resource=resource.name,
        )  # fmt: skip
        return row


def terminate(actor: Actor, licence_id: int, reason: str) -> Licence:
    """Either side ends a running licence, with a reason."""
    access.require_writer(actor)
    if not reason.strip():
        raise Invalid("dispute_reason")
    with transaction():
        row, resource = _locked(licence_id)
        if actor.organisation_id == row.organisation_id:
            if not actor.has(*access.RUNNERS):
                raise NotAllowed("booking_not_yours")
        else:
            access.require_runner_or_park(actor, resource.owner_id)
        row.state = states.step(states.LICENCE, row.state, "terminated")
        row.ends_on, row.end_reason = clock.today(), reason.strip()[:500]
        identity.audit(actor, "licence.terminated", "licence", row.id, reason)
        return row


def _locked(licence_id: int) -> tuple[Licence, Resource]:
    resource_id = db.session.scalar(sa.select(Licence.resource_id).where(Licence.id == licence_id))
    if resource_id is None:
        raise NotFound("licence_not_found")
    resource = loading.get_resource(resource_id, lock=True)
    row = db.session.get(Licence, licence_id)
    assert row is not None
    return row, resource


def licences_of(actor: Actor, resource: Resource) -> list[Licence]:
    """The owner and the park see all licences of a patent, others their own."""
    query = sa.select(Licence).where(Licence.resource_id == resource.id).order_by(Licence.id.desc())
    if actor.organisation_id != resource.owner_id and not actor.has("park_admin", "auditor"):
        query = query.where(Licence.organisation_id == actor.organisation_id)
    return list(db.session.scalars(query))


def my_licences(actor: Actor) -> list[Licence]:
    """Licences that the actor's organisation holds or gives."""
    owned = sa.select(Resource.id).where(Resource.owner_id == actor.organisation_id)
    query = sa.select(Licence).where(
        sa.or_(Licence.organisation_id == actor.organisation_id, Licence.resource_id.in_(owned))
    )
    return list(db.session.scalars(query.order_by(Licence.id.desc()).limit(200)))


def expire_licences() -> int:
    """Granted licences whose term is over."""
    with transaction():
        rows = list(
            db.session.scalars(
                sa.select(Licence).where(Licence.state == "granted", Licence.ends_on < clock.today())
            )
        )
        for row in rows:
            row.state = states.step(states.LICENCE, row.state, "expired")
        return len(rows)
