"""Who may see whom: identities stay masked until both said yes, except for those who bring people together."""

from __future__ import annotations

from collections.abc import Iterable

from app.chain import door as chain
from app.hall.errors import NotAllowed, NotFound
from app.identity import door as identity
from app.identity.door import Actor, MemberInfo, OrganisationInfo, get_member, members_with_role


def is_matchmaker(actor: Actor) -> bool:
    """Say whether the actor may see the counterpart's identity before both said yes."""
    return actor.may(identity.roles.MATCHES_PARTIES) or actor.is_system


def may_read_all(actor: Actor) -> bool:
    return actor.may(identity.roles.SEES_WHOLE_MARKET) or actor.is_system


def reads_one_firms_strength(actor: Actor) -> bool:
    """Say whether the actor may know what one firm can and cannot do (`domain.md` §5); others read three and more."""
    return actor.is_system or actor.may(identity.roles.SEES_CHAINS)


def reads_strength_of(actor: Actor, firms: int | None) -> bool:
    """Say whether the actor may know what these firms can do together; how many they are may be unknown."""
    return reads_one_firms_strength(actor) or (firms is not None and firms >= chain.LEAST_FIRMS)


def may_write(actor: Actor) -> bool:
    """Say whether the actor may change anything here; the auditor reads everything and changes nothing."""
    return actor.is_system or actor.may(identity.roles.WRITES_POSTS)


def must_write(actor: Actor) -> None:
    """Refuse readers (the auditor): they read everything and change nothing."""
    if not may_write(actor):
        raise NotAllowed("ecosystem_readers")


def must_match(actor: Actor) -> None:
    if not is_matchmaker(actor):
        raise NotAllowed("only_matchmakers")


def staff() -> list[MemberInfo]:
    """Return the members who bring people together, by name."""

    found = {m.id: m for role in sorted(identity.roles.MATCHES_PARTIES) for m in members_with_role(role)}
    return sorted(found.values(), key=lambda m: (m.name, m.id))


def known_names(organisation_id: int) -> list[str]:
    """Return everything an organisation is known by."""
    who = identity.get_organisation(organisation_id)
    names = [who.name_zh, who.name_en, who.code]
    names += [member.name for member in identity.members_of(organisation_id)]
    return [name for name in names if len(name.strip()) > 1]


def organisations(ids: Iterable[int | None]) -> dict[int, OrganisationInfo]:
    return identity.organisations_by_id({id_ for id_ in ids if id_ is not None})


def names(ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of members by id."""
    return {id_: get_member(id_).name for id_ in sorted({id_ for id_ in ids if id_})}


def organisation_with(code: str) -> identity.OrganisationInfo:
    found = identity.find_organisation(code)
    if found is None:
        raise NotFound("organisation_not_found")
    return found
