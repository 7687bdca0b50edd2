"""Who stands behind a request: the member with organisation and roles, as Flask-Login and the pages see them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import g
from sqlalchemy.orm import joinedload, selectinload

from app.hall.db.base import db
from app.hall.text.language import lang
from app.identity.actor import Actor
from app.identity.list_views.pins import pins_of
from app.identity.members.models import Member
from app.identity.members.words import role_label
from app.identity.notifications.service import count_unread


def secret_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True)
class Person:
    """The signed-in member as Flask-Login and the templates see them."""

    actor: Actor
    login: str
    name: str
    organisation: str
    organisation_en: str
    language: str
    session_id: int = 0
    session_key: str = ""
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        return self.session_key

    def pins(self) -> tuple[str, ...]:
        """The pages they keep at the top of the menu, by endpoint."""
        return pins_of(self.actor.member_id)

    def unread(self) -> int:
        if "unread" not in g:
            g.unread = count_unread(self.actor.member_id)
        return int(g.unread)

    def card(self) -> dict[str, Any]:
        """What the frame shows of them."""
        organisation = (self.organisation_en if lang() == "en" else "") or self.organisation
        return {
            "name": self.name,
            "organisation": organisation,
            "initial": organisation[:1],
            "role_label": role_label(self.actor.roles),
            "login": self.login,
        }


def person_of(member: Member, **more: Any) -> Person:
    """`member` must have its organisation and roles loaded."""
    actor = Actor(
        member.id, member.organisation_id, member.name, frozenset(role.role for role in member.roles)
    )
    return Person(
        actor,
        member.login,
        member.name,
        member.organisation.name_zh,
        member.organisation.name_en,
        member.language,
        **more,
    )


def member_query() -> Any:
    """Members who may act: active, in an active organisation, with all a `Person` needs."""
    return (
        sa.select(Member)
        .join(Member.organisation)
        .options(joinedload(Member.organisation), selectinload(Member.roles))
        .where(Member.status == "active", sa.text("organisation.status IN ('active', 'leaving')"))
    )


def find_person(member_id: int) -> Person | None:
    """A member who may still act; None once the member or the organisation has been switched off."""
    member = db.session.scalar(member_query().where(Member.id == member_id))
    return person_of(member) if member is not None else None
