"""Who acts: every use case of every room is told."""

from __future__ import annotations

from dataclasses import dataclass, field

from app import language

PARK_STAFF = frozenset({"park_admin", "investment_staff", "credit_reviewer", "committee_secretary"})


@dataclass(frozen=True)
class OrganisationInfo:
    """What other rooms may know of an organisation; whether a reader may is their decision."""

    id: int
    code: str
    kind: str
    name_zh: str
    name_en: str
    industry: str
    size: str
    building: str
    status: str

    @property
    def name(self) -> str:
        """In the reader's language."""
        return (self.name_en if language.lang() == "en" else "") or self.name_zh


@dataclass(frozen=True)
class Actor:
    """A member with their roles, or the system itself (`member_id` 0).

    `organisation` is what was read with the sign-in, if anything; ask `organisation_of`, which reads it otherwise.
    """

    member_id: int
    organisation_id: int
    name: str
    roles: frozenset[str]
    scopes: frozenset[str] = frozenset({"read", "write"})
    organisation: OrganisationInfo | None = field(default=None, compare=False, repr=False)

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
