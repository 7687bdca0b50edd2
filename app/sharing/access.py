"""Who may do what with a resource, and who may know who holds it."""

from __future__ import annotations

from app.hall.errors import NotAllowed
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.sharing.bookings.models import Booking

OF_THE_PARK = ("enterprise", "park")


def outside(actor: Actor) -> bool:
    """Universities, institutes, associations and banks come after the park's own firms."""
    if actor.is_system or actor.may(roles.SEES_ALL_BOOKINGS):
        return False
    return identity.organisation_of(actor).kind not in OF_THE_PARK


def runs(actor: Actor, owner_id: int) -> bool:
    """Admin or steward of the owner: lists, prices, approves, logs use."""
    if actor.organisation_id != owner_id:
        return False
    return actor.may(roles.OFFERS_RESOURCES)


def can_list(actor: Actor) -> bool:
    """May offer resources at all."""
    return actor.may(roles.OFFERS_RESOURCES)


def require_runner(actor: Actor, owner_id: int) -> None:
    if not (actor.is_system or runs(actor, owner_id)):
        raise NotAllowed("sharing_owner_only")


def require_runner_or_park(actor: Actor, owner_id: int) -> None:
    if not (actor.is_system or runs(actor, owner_id) or actor.may(roles.RUNS_ALL_RESOURCES)):
        raise NotAllowed("sharing_owner_only")


def require_writer(actor: Actor) -> None:
    """Every member but those who only read."""
    if actor.roles and actor.roles <= {roles.AUDITOR}:
        raise NotAllowed("sharing_reader_only")


def sees_holder(actor: Actor, booking: Booking, owner_id: int) -> bool:
    """The holder's name is for the owner, the holder, the park's administrator and the auditor."""
    return (
        actor.organisation_id in (booking.organisation_id, owner_id)
        or actor.may(roles.SEES_ALL_BOOKINGS)
        or actor.is_system
    )


def holds(actor: Actor, booking: Booking) -> bool:
    """The member who booked, or an administrator of the same organisation."""
    if actor.organisation_id != booking.organisation_id:
        return False
    return actor.member_id == booking.member_id or actor.may(roles.OFFERS_RESOURCES)
