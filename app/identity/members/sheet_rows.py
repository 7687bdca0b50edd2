"""Which rows of a list of colleagues mean somebody who is there, somebody who is invited, or somebody new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.hall.db.base import db
from app.hall.files.cells import shown
from app.hall.files.sheets.columns import Row, fold
from app.hall.files.sheets.compare import Key
from app.hall.files.sheets.kinds import Fault, Resolved
from app.hall.files.sheets.reading import Line, key_of
from app.identity.actor import Actor
from app.identity.members.columns_sheet import MEMBERS
from app.identity.members.links import is_open
from app.identity.members.models import Member, SecretLink
from app.identity.members.service import roles_to_give
from app.identity.members.words import role_names, role_words
from app.identity.organisations.directory import organisation_of
from app.identity.organisations.models import MAY_ACT, Organisation
from app.identity.roles import NEVER_WITHOUT_ONE, RUNS_THE_PARK, first_roles


@dataclass(frozen=True)
class Place:
    """An organisation somebody may be invited to."""

    id: int
    code: str
    name: str
    kind: str
    peopled: bool
    acts: bool


def invited_as(name: str, email: str) -> str:
    """What stands for the login of somebody who has none yet."""
    return f"@{email.lower() or name}"


def invited(link: SecretLink) -> str:
    """The same for an invitation that waits."""
    return invited_as(str(link.detail["name"]), str(link.detail.get("email") or ""))


def waiting(actor: Actor) -> list[tuple[SecretLink, str]]:
    """Invitations that wait: those of one's own organisation; the park's administrator sees every first one."""
    query = sa.select(SecretLink, Organisation.code).join(
        Organisation, Organisation.id == SecretLink.organisation_id
    )
    query = query.where(is_open())
    if actor.may(RUNS_THE_PARK):
        others = sa.select(Member.id).where(
            Member.organisation_id == SecretLink.organisation_id, Member.status == "active"
        )
        query = query.where(sa.or_(SecretLink.organisation_id == actor.organisation_id, ~others.exists()))
    else:
        query = query.where(SecretLink.organisation_id == actor.organisation_id)
    return [(link, code) for link, code in db.session.execute(query.order_by(SecretLink.id))]


def colleagues(actor: Actor) -> list[Member]:
    query = sa.select(Member).where(
        Member.organisation_id == actor.organisation_id, Member.status == "active"
    )
    return list(db.session.scalars(query.options(selectinload(Member.roles)).order_by(Member.id)))


def ordered(held: object) -> tuple[str, ...]:
    return tuple(role for role in role_names() if role in held)  # type: ignore[operator]


def places_of(actor: Actor, codes: set[str]) -> dict[str, Place]:
    query = sa.select(Organisation).where(Organisation.code.in_(codes))
    if not actor.may(RUNS_THE_PARK):
        query = query.where(Organisation.id == actor.organisation_id)
    rows = list(db.session.scalars(query))
    people = sa.select(Member.organisation_id).where(
        Member.organisation_id.in_([row.id for row in rows]), Member.status == "active"
    )
    peopled = set(db.session.scalars(people))
    return {
        row.code: Place(row.id, row.code, row.name_zh, row.kind, row.id in peopled, row.status in MAY_ACT)
        for row in rows
    }


class _Resolver:
    """One list of colleagues against who is there."""

    def __init__(self, actor: Actor, lines: Sequence[Line]) -> None:
        self.own = organisation_of(actor).code
        self.given = roles_to_give(actor)
        names = role_names()
        self.allowed = "、".join(str(names[role]) for role in self.given)
        self.words = role_words()
        codes = {str(line.values.get("organisation") or self.own).upper() for line in lines}
        self.places = places_of(actor, codes)
        self.members = {one.login: one for one in colleagues(actor)}
        self.by_email = {one.email.lower(): one for one in self.members.values() if one.email}
        self.waiting = {(code, invited(link)): link for link, code in waiting(actor)}
        self.faults: list[Fault] = []

    def say(self, line: Line, column: str, code: str, weight: str = "stop", **params: object) -> None:
        self.faults.append(Fault(line.row, column, code, params, weight))  # type: ignore[arg-type]

    def line(self, line: Line) -> Line | None:
        before = len(self.faults)
        values = dict(line.values)
        code = str(values.get("organisation") or self.own).upper()
        place = self.places.get(code)
        if place is None or not place.acts:
            self.say(line, "organisation", "organisation_not_found")
            return None
        values["organisation"] = code
        if code == self.own:
            self._colleague(line, values)
        else:
            self._first(line, values, place)
        stopped = any(one.weight in ("stop", "hold") for one in self.faults[before:])
        return None if stopped else Line(line.row, values)

    def _first(self, line: Line, values: Row, place: Place) -> None:
        """The first person of an organisation that has nobody: what may be asked for it is said by its kind."""
        if place.peopled or place.kind == "park":
            self.say(line, "organisation", "members_have_admin", "hold", name=place.name)
            return
        first = ordered(first_roles(place.kind))
        if self._roles(line, values) not in ((), first):
            self.say(line, "roles", "members_first_only", "note", name=place.name)
        values["roles"] = first
        values["login"] = invited_as(str(values["name"]), str(values.get("email") or ""))

    def _colleague(self, line: Line, values: Row) -> None:
        login, email = str(values.get("login") or ""), str(values.get("email") or "").lower()
        roles = self._roles(line, values)
        values["roles"] = roles
        member = self.members.get(login.lower()) or (
            self.by_email.get(email) if email and not login else None
        )
        named = invited_as(str(values["name"]), email)
        if member is not None:
            self._known(values, member, roles)
        elif login and login != named:
            self.say(line, "login", "members_login_unknown", login=login)
        else:
            values["login"] = named
            self._new(line, values, roles)

    def _known(self, values: Row, member: Member, roles: tuple[str, ...]) -> None:
        """Name and address are the member's own to change; without roles in the file the roles stay."""
        for name in ("name", "email"):
            values.pop(name, None)
        values |= {"login": member.login, "name": member.name}
        if not roles:
            values.pop("roles", None)

    def _new(self, line: Line, values: Row, roles: tuple[str, ...]) -> None:
        if (self.own, values["login"]) in self.waiting and not roles:
            values.pop("roles")
        elif not roles and not any(one.row == line.row for one in self.faults):
            self.say(line, "roles", "members_needs_role", allowed=self.allowed)
        same = [one for one in self.members.values() if fold(one.name) == fold(str(values["name"]))]
        if same:
            self.say(line, "name", "", "doubt", name=f"{same[0].name} {same[0].login}")

    def _roles(self, line: Line, values: Row) -> tuple[str, ...]:
        said = values.get("roles") or ()
        found = set()
        for word in said if isinstance(said, tuple) else ():
            role = self.words.get(fold(word))
            if role is None:
                self.say(line, "roles", "members_no_role", value=shown(word), allowed=self.allowed)
            elif role not in self.given and str(values["organisation"]) == self.own:
                self.say(line, "roles", "roles_not_yours_to_give")
            else:
                found.add(role)
        return ordered(found)


def resolve(actor: Actor, lines: Sequence[Line]) -> Resolved:
    """Each row is somebody who is there, somebody who is invited, or somebody to invite."""
    judge = _Resolver(actor, lines)
    found: list[Line] = []
    seen: dict[Key, int] = {}
    for line in lines:
        settled = judge.line(line)
        if settled is None:
            continue
        key = key_of(MEMBERS, settled.values)
        if key in seen:
            name = str(settled.values["name"])
            judge.say(line, "name", "table_duplicate", key=name, first=seen[key])
        seen.setdefault(key, line.row)
        found.append(settled)
    _keeps_administrators(judge, found)
    return found, judge.faults


def _keeps_administrators(judge: _Resolver, lines: Sequence[Line]) -> None:
    """Said before anything is written: nobody takes the last administrator's role away."""
    after = {login: {row.role for row in one.roles} for login, one in judge.members.items()}
    changed = {}
    for line in lines:
        login, roles = str(line.values["login"]), line.values.get("roles")
        if login in after and isinstance(roles, tuple):
            changed[login], after[login] = (line, after[login]), set(roles)
    lost = [role for role in NEVER_WITHOUT_ONE if not any(role in held for held in after.values())]
    for line, before in changed.values():
        for _role in before.intersection(lost):
            judge.say(line, "roles", "last_administrator")
