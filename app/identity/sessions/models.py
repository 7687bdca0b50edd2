"""Signed-in browsers and tokens of the API."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


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


class SignInFailure(Base):
    """Wrong passwords in a row for one login from one place: an address, or a browser that is known."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        sa.UniqueConstraint("login", "place"),
        sa.Index("ix_sign_in_failure_last_at", "last_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str]
    place: Mapped[str]
    failures: Mapped[int]
    last_at: Mapped[dt.datetime]


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
