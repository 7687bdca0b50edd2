"""Members with their roles, and the links by which they come in."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.hall.db.base import Base
from app.hall.errors import Invalid
from app.hall.rooms import declared_roles
from app.identity.organisations.models import Organisation


class Member(Base):
    """A person who signs in for one organisation."""

    __tablename__ = "member"
    __table_args__ = (
        sa.UniqueConstraint("login"),
        sa.CheckConstraint("status IN ('pending', 'active', 'deactivated')", name="status"),
        sa.CheckConstraint("language IN ('', 'zh', 'en')", name="language"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    login: Mapped[str]
    name: Mapped[str]
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    password_hash: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    employed_since: Mapped[dt.date | None]
    status: Mapped[str] = mapped_column(default="active")
    # Who let the member set this password, and when; empty where the member chose it alone.
    password_by_id: Mapped[int | None]
    password_at: Mapped[dt.datetime | None]
    browsers_from: Mapped[dt.datetime | None]  # a browser that came in before it is no known one
    created_at: Mapped[dt.datetime]
    last_sign_in_at: Mapped[dt.datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    roles: Mapped[list[MemberRole]] = relationship(lazy="raise", cascade="all, delete-orphan")


class MemberRole(Base):
    """One role of one member."""

    __tablename__ = "member_role"

    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    given_by_id: Mapped[int | None]
    given_at: Mapped[dt.datetime | None]

    @validates("role")
    def _declared(self, _name: str, role: str) -> str:
        """Only what a room declares: the database knows no list, or each new role were a migration."""
        if role not in declared_roles():
            raise Invalid("role_unknown", role=role)
        return role


class SecretLink(Base):
    """A link that invites a colleague or resets a password: used once, for a limited time."""

    __tablename__ = "secret_link"
    __table_args__ = (
        sa.UniqueConstraint("token_hash"),
        sa.CheckConstraint("kind IN ('invitation', 'reset')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    token_hash: Mapped[str]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    detail: Mapped[dict[str, Any]]
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]
    # A reset that needs a second administrator counts only once that one confirmed it.
    needs_second: Mapped[bool | None]
    confirmed_by_id: Mapped[int | None]
    confirmed_at: Mapped[dt.datetime | None]
    mailed: Mapped[bool | None]
