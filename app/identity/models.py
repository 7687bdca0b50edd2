"""Tables of the identity room."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base

KINDS = ("enterprise", "university", "institute", "association", "bank", "park")
ROLES = (
    "enterprise_admin",
    "enterprise_member",
    "steward",
    "university_office",
    "investment_staff",
    "credit_reviewer",
    "committee_secretary",
    "park_admin",
    "auditor",
)


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Organisation(Base):
    """An enterprise of the park, or a university, institute, association, bank, the park itself."""

    __tablename__ = "organisation"
    __table_args__ = (
        sa.CheckConstraint(_one_of("kind", KINDS), name="kind"),
        sa.CheckConstraint("status IN ('pending', 'active', 'rejected', 'suspended')", name="status"),
        sa.UniqueConstraint("code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    kind: Mapped[str] = mapped_column()
    name_zh: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    industry: Mapped[str] = mapped_column(default="")
    size: Mapped[str] = mapped_column(default="")
    building: Mapped[str] = mapped_column(default="")
    credit_code: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default="active")
    created_at: Mapped[dt.datetime]

    __mapper_args__ = {
        "polymorphic_on": sa.case((kind == "enterprise", "enterprise"), else_="organisation"),
        "polymorphic_identity": "organisation",
    }


class Enterprise(Organisation):
    """A firm of the park."""

    __mapper_args__ = {"polymorphic_identity": "enterprise"}


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
    status: Mapped[str] = mapped_column(default="active")
    created_at: Mapped[dt.datetime]
    last_sign_in_at: Mapped[dt.datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    roles: Mapped[list[MemberRole]] = relationship(lazy="raise", cascade="all, delete-orphan")


class MemberRole(Base):
    """One role of one member."""

    __tablename__ = "member_role"
    __table_args__ = (sa.CheckConstraint(_one_of("role", ROLES), name="role"),)

    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)


class MemberSession(Base):
    """A signed-in browser; the cookie holds a key of which only the hash is kept."""

    __tablename__ = "member_session"
    __table_args__ = (sa.UniqueConstraint("key_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    key_hash: Mapped[str]
    created_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    user_agent: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")


class ApiToken(Base):
    """A bearer token for the API, kept as a hash."""

    __tablename__ = "api_token"
    __table_args__ = (sa.UniqueConstraint("token_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    name: Mapped[str]
    prefix: Mapped[str]
    token_hash: Mapped[str]
    scopes: Mapped[list[str]]
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime | None]
    used_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]


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


class AuditEvent(Base):
    """Who did what, when and why; rows are only ever added (a trigger sees to it)."""

    __tablename__ = "audit_event"
    __table_args__ = (
        sa.Index("ix_audit_event_at", "at"),
        sa.Index("ix_audit_event_subject", "subject_kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    actor_name: Mapped[str]
    action: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]]
    address: Mapped[str] = mapped_column(default="")


class Notification(Base):
    """A message in a member's inbox, kept as a code and its parameters: shown in the reader's language."""

    __tablename__ = "notification"
    __table_args__ = (sa.Index("ix_notification_inbox", "member_id", "read_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    code: Mapped[str]
    params: Mapped[dict[str, Any]]
    url: Mapped[str] = mapped_column(default="")
    created_at: Mapped[dt.datetime]
    read_at: Mapped[dt.datetime | None]
