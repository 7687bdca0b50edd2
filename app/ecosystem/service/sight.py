"""Who may see whom: identities stay masked until both said yes, except for those who bring people together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.ecosystem import masking
from app.errors import NotAllowed
from app.identity import service as identity

if TYPE_CHECKING:
    from app.identity.service import Actor, MemberInfo, OrganisationInfo

#: They bring people together, so they know both sides before these know each other.
MATCHMAKERS = ("investment_staff", "committee_secretary", "park_admin")
#: They read what matchmakers read about things both sides already agreed to.
READERS = (*MATCHMAKERS, "auditor")
WRITERS = ("enterprise_admin", "enterprise_member", "steward", "university_office", *MATCHMAKERS)


def is_matchmaker(actor: Actor) -> bool:
    """Say whether the actor may see the counterpart's identity before both said yes."""
    return actor.has(*MATCHMAKERS) or actor.is_system


def may_read_all(actor: Actor) -> bool:
    return actor.has(*READERS) or actor.is_system


def must_write(actor: Actor) -> None:
    """Refuse readers (the auditor): they read everything and change nothing."""
    if not actor.is_system and not actor.has(*WRITERS):
        raise NotAllowed("ecosystem_readers")


def must_match(actor: Actor) -> None:
    if not is_matchmaker(actor):
        raise NotAllowed("only_matchmakers")


def staff() -> list[MemberInfo]:
    """Return the members who bring people together, by name."""
    from app.identity.service.directory import members_with_role

    found = {m.id: m for role in MATCHMAKERS for m in members_with_role(role)}
    return sorted(found.values(), key=lambda m: (m.name, m.id))


def known_names(organisation_id: int) -> list[str]:
    """Return everything an organisation is known by."""
    who = identity.get_organisation(organisation_id)
    names = [who.name_zh, who.name_en, who.code]
    names += [member.name for member in identity.members_of(organisation_id)]
    return [name for name in names if len(name.strip()) > 1]


def masked(text: str, organisation_id: int) -> str:
    return masking.mask(text, known_names(organisation_id))


@dataclass(frozen=True)
class Side:
    """An organisation as a reader may see it: `who` is None while it is masked."""

    who: OrganisationInfo | None

    @property
    def is_masked(self) -> bool:
        return self.who is None


def organisations(ids: Iterable[int | None]) -> dict[int, OrganisationInfo]:
    return identity.organisations_by_id({id_ for id_ in ids if id_ is not None})
