"""People lent out: the person is asked first, and until the person agrees no name leaves this module.

Only :func:`revealed_name` reads the name, and only after consent, for the two organisations concerned.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from app import clock
from app.db import db, transaction
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.identity import service as identity
from app.identity.service import Actor
from app.sharing import states
from app.sharing.models import Placement, Resource, Talent
from app.sharing.service import access, loading

CONSENTED = ("employee_consented", "agreed", "active")


@dataclass(frozen=True)
class Consent:
    """What the person sees behind the secret link."""

    placement: Placement
    resource: Resource
    asking: str


def request_placement(
    actor: Actor, resource_id: int, starts_on: dt.date, ends_on: dt.date, days: int, purpose: str
) -> Placement:
    """Ask for an expert; the owner passes the question on to the person."""
    access.require_writer(actor)
    if not purpose.strip() or ends_on < starts_on or not 1 <= days <= (ends_on - starts_on).days + 1:
        raise Invalid("placement_terms")
    with transaction():
        resource = loading.get_resource(resource_id, lock=True)
        if resource.kind != "talent":
            raise NotFound("resource_not_found")
        if resource.status != "listed":
            raise Conflict("resource_not_listed")
        if resource.owner_id == actor.organisation_id:
            raise Conflict("licence_own")
        row = Placement(
            resource_id=resource.id,
            organisation_id=actor.organisation_id,
            member_id=actor.member_id,
            purpose=purpose.strip()[:1000],
            starts_on=starts_on,
            ends_on=ends_on,
            days=days,
            state="requested",
            created_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        identity.notify_organisation(
            resource.owner_id, "placement_asked", f"/sharing/resources/{resource.id}", roles=access.RUNNERS,
            resource=resource.name,
        )  # fmt: skip
        return row


def consent_link(actor: Actor, placement_id: int) -> str:
    """A fresh secret for the person's own link; only its hash is kept, an older link stops working."""
    with transaction():
        row, resource = _locked(placement_id)
        access.require_runner(actor, resource.owner_id)
        if row.state != "requested":
            raise Conflict("sharing_transition", state=row.state, target="employee_consented")
        secret = secrets.token_urlsafe(24)
        row.consent_hash = _hash(secret)
        identity.audit(actor, "placement.asked_person", "placement", row.id)
        return secret


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def find_consent(secret: str) -> Consent:
    row = db.session.scalar(sa.select(Placement).where(Placement.consent_hash == _hash(secret)))
    if row is None or not secret:
        raise NotFound("placement_not_found")
    resource = loading.get_resource(row.resource_id)
    return Consent(row, resource, identity.get_organisation(row.organisation_id).name)


def answer(secret: str, consents: bool) -> Placement:
    """The person says yes or no, without signing in."""
    with transaction():
        found = find_consent(secret)
        row, resource = _locked(found.placement.id)
        if consents:
            row.state = states.step(states.PLACEMENT, row.state, "employee_consented")
            row.consented_at = clock.now()
        else:
            if row.state != "requested":
                raise Conflict("sharing_transition", state=row.state, target="ended")
            row.state = states.step(states.PLACEMENT, row.state, "ended")
            row.ended_at, row.end_reason = clock.now(), "declined"
        identity.audit(identity.SYSTEM, "placement.answered", "placement", row.id, consents=consents)
        code = "placement_consented" if consents else "placement_declined"
        url = f"/sharing/resources/{resource.id}"
        identity.notify_organisation(
            resource.owner_id, code, url, roles=access.RUNNERS, resource=resource.name
        )
        identity.notify_member(row.member_id, code, url, resource=resource.name)
        return row


def agree(actor: Actor, placement_id: int) -> Placement:
    """The owner lets the person go, after the person's consent."""
    return _advance(actor, placement_id, "agreed")


def begin(actor: Actor, placement_id: int) -> Placement:
    return _advance(actor, placement_id, "active")


def _advance(actor: Actor, placement_id: int, target: str) -> Placement:
    with transaction():
        row, resource = _locked(placement_id)
        access.require_runner(actor, resource.owner_id)
        row.state = states.step(states.PLACEMENT, row.state, target)
        identity.audit(actor, f"placement.{target}", "placement", row.id)
        identity.notify_member(
            row.member_id, "placement_advanced", f"/sharing/resources/{resource.id}", resource=resource.name
        )
        return row


def end(actor: Actor, placement_id: int, reason: str = "") -> Placement:
    """Either side ends it, at any stage."""
    access.require_writer(actor)
    with transaction():
        row, resource = _locked(placement_id)
        if actor.organisation_id == row.organisation_id:
            if not (actor.member_id == row.member_id or actor.has(*access.RUNNERS)):
                raise NotAllowed("booking_not_yours")
        else:
            access.require_runner_or_park(actor, resource.owner_id)
        row.state = states.step(states.PLACEMENT, row.state, "ended")
        row.ended_at, row.end_reason = clock.now(), reason[:500]
        identity.audit(actor, "placement.ended", "placement", row.id, reason)
        return row


def _locked(placement_id: int) -> tuple[Placement, Resource]:
    resource_id = db.session.scalar(sa.select(Placement.resource_id).where(Placement.id == placement_id))
    if resource_id is None:
        raise NotFound("placement_not_found")
    resource = loading.get_resource(resource_id, lock=True)
    row = db.session.get(Placement, placement_id)
    assert row is not None
    return row, resource


def placements_of(actor: Actor, resource: Resource) -> list[Placement]:
    """The owner and the park see all placements of an expert, others their own."""
    query = sa.select(Placement).where(Placement.resource_id == resource.id).order_by(Placement.id.desc())
    if actor.organisation_id != resource.owner_id and not actor.has("park_admin", "auditor"):
        query = query.where(Placement.organisation_id == actor.organisation_id)
    return list(db.session.scalars(query))


def my_placements(actor: Actor) -> list[Placement]:
    owned = sa.select(Resource.id).where(Resource.owner_id == actor.organisation_id)
    query = sa.select(Placement).where(
        sa.or_(Placement.organisation_id == actor.organisation_id, Placement.resource_id.in_(owned))
    )
    return list(db.session.scalars(query.order_by(Placement.id.desc()).limit(200)))


def revealed_name(actor: Actor, placement: Placement) -> str | None:
    """The person's name, for the two organisations of this placement, once the person has said yes."""
    if placement.state not in CONSENTED and not (placement.state == "ended" and placement.consented_at):
        return None
    resource = loading.get_resource(placement.resource_id)
    if actor.organisation_id not in (placement.organisation_id, resource.owner_id):
        return None
    name: str | None = db.session.scalar(
        sa.select(Talent.person_name).where(Talent.resource_id == placement.resource_id)
    )
    return name
