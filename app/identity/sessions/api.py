"""Who I am and my tokens, over the API."""

from __future__ import annotations

from app.hall.api.blueprint import listed_part
from app.hall.api.fields import PartQuery
from app.hall.api.shapes import Listed
from app.hall.web.guards import current_actor, signed_in
from app.identity.members import service as members
from app.identity.organisations import directory
from app.identity.pages import api
from app.identity.sessions import shapes, tokens
from app.identity.sessions.models import ApiToken
from app.identity.sessions.schemas import TokenPath


@api.get("/me")
@signed_in
def me() -> shapes.Me:
    """The member behind the token."""
    actor = current_actor()
    organisation = directory.organisation_of(actor)
    return {
        "id": actor.member_id,
        "login": members.get_member(actor.member_id).login,
        "name": actor.name,
        "roles": sorted(actor.roles),
        "organisation": {
            "id": organisation.id,
            "code": organisation.code,
            "kind": organisation.kind,
            "name": organisation.name,
        },
    }


@api.get("/tokens")
@signed_in
def list_tokens(query: PartQuery) -> Listed[shapes.Token]:
    """My tokens; the secrets themselves are never shown again."""
    rows = tokens.list_tokens(current_actor())
    return listed_part([_token(row) for row in rows], query)


@api.post("/tokens/<int:token_id>/revoke")
@signed_in
def revoke_token(path: TokenPath) -> shapes.TokenRevoked:
    """End a token now."""
    tokens.revoke_token(current_actor(), path.token_id)
    return {"id": path.token_id, "revoked": True}


def _token(row: ApiToken) -> shapes.Token:
    return {
        "id": row.id,
        "name": row.name,
        "prefix": row.prefix,
        "scopes": row.scopes,
        "created_at": row.created_at.isoformat(),
        "expires_at": row.expires_at.isoformat() if row.expires_at else None,
        "revoked_at": row.revoked_at.isoformat() if row.revoked_at else None,
    }
