"""People lent out: the person is asked first, and until the person agrees no name leaves this module.

Only :func:`revealed_name` reads the name, and only after consent, for the two organisations concerned.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotFound
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.sharing import access, states
from app.sharing.catalogue import records as resource_records
from app.sharing.catalogue.models import Resource, Talent
from app.sharing.lending import loans
from app.sharing.lending.models import Placement

CONSENT_DAYS = dt.timedelta(days=60)  # a link that nobody used for so long opens nothing
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
        resource = resource_records.get_resource(resource_id, lock=True)
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
            resource.owner_id,
            "placement_asked",
            f"/sharing/resources/{resource.id}",
            roles=roles.RUNS_RESOURCES,
            resource=resource.name,
        )
        return row


def consent_link(actor: Actor, placement_id: int) -> str:
    """Send the person their own link by mail; an older link stops working, only a hash is kept.

    Answers nothing then: who asks does not answer for the person. Only where no letter can reach the person is the
    secret answered, to be handed over, and the trail and the auditors say so.
    """
    with transaction():
        row, resource = loans.locked(Placement, placement_id)
        access.require_runner(actor, resource.owner_id)
        if row.state != "requested":
            raise Conflict("sharing_transition", state=row.state, target="employee_consented")
        salt = f"consent:{row.id}:{secrets.token_hex(16)}"
        secret = identity.code_of(salt)
        row.consent_hash = _hash(secret)
        person = db.session.get_one(Talent, row.resource_id)
        asking = identity.get_organisation(row.organisation_id).name_zh
        mailed = identity.mail_outsider(
            person.contact, "placement_consent_letter", "/sharing/consent/", salt, asking=asking
        )
        identity.audit(actor, "placement.asked_person", "placement", row.id, mailed=mailed)
        if mailed:
            return ""
        identity.notify_role(roles.AUDITOR, "placement_link_by_hand", by=actor.name, resource=resource.name)
        return secret


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def find_consent(secret: str) -> Consent:
    row = db.session.scalar(sa.select(Placement).where(Placement.consent_hash == _hash(secret)))
    if row is None or not secret or row.created_at < clock.now() - CONSENT_DAYS:
        raise NotFound("placement_not_found")
    resource = resource_records.get_resource(row.resource_id)
    return Consent(row, resource, identity.get_organisation(row.organisation_id).name)


def answer(secret: str, consents: bool) -> Placement:
    """The person says yes or no, without signing in."""
    with transaction():
        found = find_consent(secret)
        row, resource = loans.locked(Placement, found.placement.id)
        if consents:
            row.state = states.step(states.PLACEMENT, row.state, "employee_consented")
            row.consented_at = clock.now()
        else:
            if row.state != "requested":
                raise Conflict("sharing_transition", state=row.state, target="ended")
            row.state = states.step(states.PLACEMENT, row.state, "ended")
            row.ended_at, row.end_reason = clock.now(), "declined"
        # Who said yes has shown who they are, and the trail says who it was; a no stays without a name.
        who = db.session.get_one(Talent, row.resource_id).person_name if consents else identity.SYSTEM.name
        person = Actor(0, 0, who, frozenset())
        identity.audit(person, "placement.answered", "placement", row.id, consents=consents)
        code = "placement_consented" if consents else "placement_declined"
        url = f"/sharing/resources/{resource.id}"
        identity.notify_organisation(
            resource.owner_id, code, url, roles=roles.RUNS_RESOURCES, resource=resource.name
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
        row, resource = loans.locked(Placement, placement_id)
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
        row, resource = loans.locked(Placement, placement_id)
        loans.require_side(actor, row, resource, holder=actor.member_id == row.member_id)
        row.state = states.step(states.PLACEMENT, row.state, "ended")
        row.ended_at, row.end_reason = clock.now(), reason[:500]
        identity.audit(actor, "placement.ended", "placement", row.id, reason)
        return row


def placements_of(actor: Actor, resource: Resource) -> list[Placement]:
    return loans.of_resource(Placement, actor, resource)


def my_placements(actor: Actor) -> list[Placement]:
    return loans.mine(Placement, actor)


def revealed_name(actor: Actor, placement: Placement) -> str | None:
    """The person's name, for the two organisations of this placement, once the person has said yes."""
    if placement.state not in CONSENTED and not (placement.state == "ended" and placement.consented_at):
        return None
    resource = resource_records.get_resource(placement.resource_id)
    if actor.organisation_id not in (placement.organisation_id, resource.owner_id):
        return None
    name: str | None = db.session.scalar(
        sa.select(Talent.person_name).where(Talent.resource_id == placement.resource_id)
    )
    return name
