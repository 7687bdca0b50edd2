"""Colleagues as a list that comes in from a sheet: an invitation for each new one, other roles for who is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.hall.db.base import db
from app.hall.errors import Conflict
from app.hall.files.sheets.columns import Row
from app.hall.files.sheets.compare import Change, Key
from app.hall.files.sheets.kinds import SheetKind
from app.hall.files.sheets.reading import key_of
from app.identity.actor import Actor
from app.identity.mail.service import mail_outsider
from app.identity.members.columns_sheet import MEMBERS
from app.identity.members.links import make_invitation, salt_of
from app.identity.members.models import Member, MemberRole, SecretLink
from app.identity.members.service import change_roles
from app.identity.members.sheet_rows import (
    Place,
    colleagues,
    invited,
    ordered,
    places_of,
    resolve,
    waiting,
)
from app.identity.organisations.directory import organisation_of
from app.identity.roles import INVITES_COLLEAGUES, NEVER_WITHOUT_ONE


def current(actor: Actor) -> dict[Key, Row]:
    """Colleagues with their roles, and those who are invited."""
    own, found = organisation_of(actor).code, {}
    for member in colleagues(actor):
        held = {row.role for row in member.roles}
        row: Row = {"login": member.login, "name": member.name, "email": member.email or None}
        row |= {"roles": ordered(held), "organisation": own}
        found[key_of(MEMBERS, row)] = row
    for link, code in waiting(actor):
        said = link.detail
        row = {"login": invited(link), "name": str(said["name"]), "email": said.get("email") or None}
        row |= {"roles": ordered(said["roles"]), "organisation": code}
        found[key_of(MEMBERS, row)] = row
    return found


def prepare(actor: Actor, changes: Sequence[Change]) -> Mapping[str, Place]:
    return places_of(actor, {str(change.new["organisation"]) for change in changes})


def write(actor: Actor, changes: Sequence[Change], places: Mapping[str, Place]) -> None:
    """Invitations for new ones, by mail where mail is set up; other roles for who is there, gains before losses."""
    members = {one.login: one for one in colleagues(actor)}
    for change in changes:
        if change.old is None:
            _invite(actor, change.new, places[str(change.new["organisation"])])
    known = [one for one in changes if one.old is not None]
    for change in sorted(known, key=lambda one: -len(set(NEVER_WITHOUT_ONE) & set(_held(one.new)))):
        member = members.get(str(change.new["login"]))
        if member is not None:
            change_roles(actor, member.id, _held(change.new))
        else:
            _rewrite(actor, change)


def _held(row: Row) -> tuple[str, ...]:
    roles = row.get("roles")
    return roles if isinstance(roles, tuple) else ()


def _invite(actor: Actor, row: Row, place: Place) -> None:
    own = place.id == actor.organisation_id
    link = make_invitation(actor, place.id, str(row["name"]), str(row.get("email") or ""), _held(row))
    letter = "colleague_letter" if own else "first_person_letter"
    link.mailed = mail_outsider(
        str(row.get("email") or ""), letter, "/identity/invitation/", salt_of(link), name=place.name
    )


def _rewrite(actor: Actor, change: Change) -> None:
    """Another name or other roles for somebody who has not come yet: the link stays the same."""
    for link, code in waiting(actor):
        if (code, invited(link)) == (change.new["organisation"], change.new["login"]):
            link.detail = {**link.detail, "name": str(change.new["name"]), "roles": sorted(_held(change.new))}
            return
    raise Conflict("link_ended")


def remove(actor: Actor, keys: Sequence[Key], _found: object) -> None:
    """Invitations of an import go; who has accepted one is no longer what the import made, and stays."""
    wanted = set(keys)
    ids = [link.id for link, code in waiting(actor) if (code, invited(link)) in wanted]
    db.session.execute(sa.delete(SecretLink).where(SecretLink.id.in_(ids)))


def stamp(_actor: Actor) -> object:
    """Everything of members and invitations that a row is made of."""
    members = sa.select(Member.id, Member.login, Member.name, Member.email, Member.status).order_by(Member.id)
    roles = sa.select(MemberRole.member_id, MemberRole.role).order_by(MemberRole.member_id, MemberRole.role)
    links = sa.select(sa.func.count(), sa.func.max(SecretLink.id), sa.func.max(SecretLink.used_at))
    said = [tuple(row) for query in (members, roles) for row in db.session.execute(query)]
    return hash(tuple(said)), *db.session.execute(links).one()


SHEETS = (
    SheetKind(
        table=MEMBERS,
        title=_l("同事名单"),
        purpose=_l("新的同事各得一个邀请，现有的改角色；园区管理员也可为还没有成员的机构邀请首位管理员"),
        icon="users",
        may=lambda actor: bool(actor.may(INVITES_COLLEAGUES)),
        current=current,
        resolve=resolve,
        prepare=prepare,
        write=write,
        remove=remove,
        stamp=stamp,
        back="identity.members",
    ),
)
