"""Who acts: every use case of every room is told."""

from __future__ import annotations

from dataclasses import dataclass

PARK_STAFF = frozenset({"park_admin", "investment_staff", "credit_reviewer", "committee_secretary"})


@dataclass(frozen=True)
class Actor:
    """A member with their roles, or the system itself (`member_id` 0)."""

    member_id: int
    organisation_id: int
    name: str
    roles: frozenset[str]
    scopes: frozenset[str] = frozenset({"read", "write"})

    def has(self, *roles: str) -> bool:
        """Whether the actor holds at least one of these roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def is_park(self) -> bool:
        return not self.roles.isdisjoint(PARK_STAFF)

    @property
    def is_system(self) -> bool:
        return self.member_id == 0


SYSTEM = Actor(member_id=0, organisation_id=0, name="system", roles=frozenset())
