"""The API of the identity room: who I am, my messages, my tokens, the firms of the park."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from app.api import ApiModel, PageQuery, PartQuery, api_blueprint, listed, listed_part
from app.identity.models import ApiToken, Notification, Organisation
from app.identity.service import directory, notifications, people, tokens
from app.identity.views.park import STAFF
from app.language import message
from app.web import current_actor, roles, signed_in

api = api_blueprint("identity")


class NotificationQuery(PageQuery):
    unread: bool = False


class NotificationPath(ApiModel):
    notification_id: int = Field(ge=1, le=2**62)


class TokenPath(ApiModel):
    token_id: int = Field(ge=1, le=2**62)


class EnterpriseQuery(PageQuery):
    q: str = Field("", max_length=100)
    status: Literal["pending", "active", "rejected", "suspended"] = "active"


class EnterprisePath(ApiModel):
    code: str = Field(min_length=1, max_length=20)


@api.get("/me")
@signed_in
def me() -> Any:
    """The member behind the token."""
    actor = current_actor()
    organisation = directory.get_organisation(actor.organisation_id)
    return {
        "id": actor.member_id,
        "login": people.get_member(actor.member_id).login,
        "name": actor.name,
        "roles": sorted(actor.roles),
        "organisation": {
            "id": organisation.id,
            "code": organisation.code,
            "kind": organisation.kind,
            "name": organisation.name,
        },
    }


@api.get("/notifications")
@signed_in
def list_notifications(query: NotificationQuery) -> Any:
    """My messages, newest first."""
    rows, total = notifications.slice_notifications(current_actor(), query.limit, query.offset, query.unread)
    return listed([_notification(row) for row in rows], total)


@api.post("/notifications/<int:notification_id>/read")
@signed_in
def read_notification(path: NotificationPath) -> Any:
    """Mark one message as read."""
    notifications.mark_read(current_actor(), path.notification_id)
    return {"id": path.notification_id, "read": True}


@api.post("/notifications/read")
@signed_in
def read_all_notifications() -> Any:
    """Mark all messages as read."""
    notifications.mark_all_read(current_actor())
    return {"read": True}


@api.get("/tokens")
@signed_in
def list_tokens(query: PartQuery) -> Any:
    """My tokens; the secrets themselves are never shown again."""
    rows = tokens.list_tokens(current_actor())
    return listed_part([_token(row) for row in rows], query)


@api.post("/tokens/<int:token_id>/revoke")
@signed_in
def revoke_token(path: TokenPath) -> Any:
    """End a token now."""
    tokens.revoke_token(current_actor(), path.token_id)
    return {"id": path.token_id, "revoked": True}


@api.get("/enterprises")
@roles(*STAFF)
def list_enterprises(query: EnterpriseQuery) -> Any:
    """The firms of the park (park staff)."""
    rows, total = people.slice_organisations(query.q, "enterprise", query.status, query.limit, query.offset)
    return listed([_organisation(row) for row in rows], total)


@api.get("/enterprises/<code>")
@roles(*STAFF)
def get_enterprise(path: EnterprisePath) -> Any:
    """One firm by its code (park staff)."""
    return _organisation(directory.get_enterprise(path.code))


def _notification(row: Notification) -> dict[str, Any]:
    return {
        "id": row.id,
        "code": row.code,
        "text": message(row.code, row.params),
        "url": row.url,
        "created_at": row.created_at.isoformat(),
        "read_at": row.read_at.isoformat() if row.read_at else None,
    }


def _token(row: ApiToken) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "prefix": row.prefix,
        "scopes": row.scopes,
        "created_at": row.created_at.isoformat(),
        "expires_at": row.expires_at.isoformat() if row.expires_at else None,
        "revoked_at": row.revoked_at.isoformat() if row.revoked_at else None,
    }


def _organisation(row: Organisation | directory.OrganisationInfo) -> dict[str, Any]:
    return {
        "id": row.id,
        "code": row.code,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "industry": row.industry,
        "size": row.size,
        "building": row.building,
        "status": row.status,
    }
