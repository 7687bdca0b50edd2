"""Who may do what with a resource, and who may know who holds it."""

from __future__ import annotations

from app.errors import NotAllowed
from app.identity.service import Actor
from app.sharing.models import Booking

RUNNERS = ("enterprise_admin", "steward", "university_office")
READERS = ("park_admin", "auditor", "investment_staff")


def runs(actor: Actor, owner_id: int) -> bool:
    """Admin or steward of the owner: lists, prices, approves, logs use."""
    if actor.organisation_id != owner_id:
        return False
    return actor.has(*RUNNERS) or actor.has("park_admin")


def can_list(actor: Actor) -> bool:
    """May offer resources at all."""
    return actor.has(*RUNNERS, "park_admin")


def require_runner(actor: Actor, owner_id: int) -> None:
    if not (actor.is_system or runs(actor, owner_id)):
        raise NotAllowed("sharing_owner_only")


def require_runner_or_park(actor: Actor, owner_id: int) -> None:
    if not (actor.is_system or runs(actor, owner_id) or actor.has("park_admin")):
        raise NotAllowed("sharing_owner_only")


def require_writer(actor: Actor) -> None:
    """Every member but those who only read."""
    if actor.roles and actor.roles <= {"auditor"}:
        raise NotAllowed("sharing_reader_only")


def sees_holder(actor: Actor, booking: Booking, owner_id: int) -> bool:
    """The holder's name is for the owner, the holder, the park's administrator and the auditor."""
    return (
        actor.organisation_id in (booking.organisation_id, owner_id)
        or actor.has("park_admin", "auditor")
        or actor.is_system
    )


def holds(actor: Actor, booking: Booking) -> bool:
    """The member who booked, or an administrator of the same organisation."""
    if actor.organisation_id != booking.organisation_id:
        return False
    return actor.member_id == booking.member_id or actor.has(*RUNNERS, "park_admin")
