"""What the calls of sessions answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.hall.api.shapes import MomentText


class Token(TypedDict):
    id: int
    name: str
    prefix: str
    scopes: list[str]
    created_at: MomentText
    expires_at: MomentText | None
    revoked_at: MomentText | None


class OwnOrganisation(TypedDict):
    id: int
    code: str
    kind: str
    name: str


class Me(TypedDict):
    id: int
    login: str
    name: str
    roles: list[str]
    organisation: OwnOrganisation


class TokenRevoked(TypedDict):
    id: int
    revoked: bool
