"""Who acts: every use case of every room is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

from app.hall.text import language


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
    registered_on: dt.date | None = None

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

    def may(self, allowed: Collection[str]) -> bool:
        """Whether the actor holds a role of this set, one of `app/identity/roles.py`."""
        return not self.roles.isdisjoint(allowed)

    @property
    def is_system(self) -> bool:
        return self.member_id == 0


SYSTEM = Actor(member_id=0, organisation_id=0, name="system", roles=frozenset())
