"""What the holder takes to the instrument: what was quoted and taken, what is to pay, where it is, whom to ask."""

from __future__ import annotations

from dataclasses import dataclass

from app.identity import door as identity
from app.identity.door import MemberInfo, roles
from app.sharing.bookings import records
from app.sharing.bookings.models import Booking
from app.sharing.catalogue.models import Resource
from app.sharing.use import payment as payments
from app.sharing.use import rules as use_rules
from app.sharing.use import tariffs
from app.sharing.use.models import Settlement


@dataclass(frozen=True)
class Ticket:
    """Standard price (without special prices), what is owed, and how it is paid; `closed` when nothing changes it."""

    standard_fen: int
    owed_fen: int
    voucher_fen: int
    credits: int
    credits_fen: int
    to_pay_fen: int
    closed: bool
    contacts: list[MemberInfo]

    @property
    def contact(self) -> str:
        """Names with their telephone, as far as they gave one."""
        return " · ".join(f"{person.name} {person.phone}".strip() for person in self.contacts)


MOST_CONTACTS = 2


def ticket(booking: Booking, resource: Resource, latest: Settlement | None) -> Ticket:
    """Once closed, what was really paid; before, what would be paid for what is owed now."""
    tariff = tariffs.tariff_from(booking.terms)
    span = records.booked(booking)
    standard = use_rules.price(use_rules.Tariff(tariff.base_per_hour_fen), "", [span])
    people = identity.members_of(resource.owner_id, roles.RUNS_RESOURCES)
    stewards = [person for person in people if roles.STEWARD in person.roles] or people
    contacts = stewards[:MOST_CONTACTS]
    paid = payments.payment_of(booking.id)
    if paid is not None:
        return Ticket(
            standard,
            paid.amount_fen,
            paid.voucher_fen,
            paid.credits,
            paid.credits_fen,
            paid.cash_fen,
            True,
            contacts,
        )
    owed = _owed(booking, latest)
    seen = payments.foreseen(booking, owed)
    return Ticket(
        standard, owed, seen.vouchers_fen, seen.credits, seen.credits_fen, seen.cash_fen, False, contacts
    )


def _owed(booking: Booking, latest: Settlement | None) -> int:
    """What the last row of the settlement says; before any, the price as long as it is to come."""
    if latest is not None:
        return latest.amount_fen
    ahead = booking.state in ("requested", "confirmed", "in_use")
    return booking.price_fen if ahead else 0
