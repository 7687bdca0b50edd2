"""Organisations of every kind over the API: who is there, who comes in, who is invited first."""

from __future__ import annotations

from app.hall.api.blueprint import listed, listed_part
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.web.guards import current_actor, only
from app.identity.arrivals import service as arrivals
from app.identity.arrivals import shapes
from app.identity.arrivals.answers import with_link
from app.identity.arrivals.finder import find_candidates
from app.identity.arrivals.rules import NewOrganisation
from app.identity.arrivals.schemas import (
    CandidateQuery,
    CodePath,
    FirstPersonBody,
    OrganisationBody,
    OrganisationQuery,
)
from app.identity.arrivals.shapes import CandidateRow
from app.identity.organisations import service as register_of_firms
from app.identity.organisations.models import Organisation
from app.identity.pages import api
from app.identity.roles import BRINGS_FIRMS_IN, SEES_ORGANISATIONS


@api.get("/organisations")
@only(SEES_ORGANISATIONS)
def list_organisations(query: OrganisationQuery) -> Listed[shapes.OrganisationRow]:
    """Organisations of every kind; former names and those of joined firms are found too (park staff)."""
    rows, total = register_of_firms.slice_organisations(
        query.q, query.kind, query.status, query.limit, query.offset
    )
    return listed([organisation_row(row) for row in rows], total)


@api.get("/organisations/candidates")
@only(SEES_ORGANISATIONS)
def list_candidates(query: CandidateQuery) -> Listed[CandidateRow]:
    """Who is there already under a name or a credit code: same, likely or similar (park staff)."""
    found = find_candidates([query.name], query.credit_code)
    return listed_part([one.as_row() for one in found], query)


@api.post("/organisations")
@only(BRINGS_FIRMS_IN)
@with_link
@idempotent
def add_organisation(body: OrganisationBody) -> tuple[shapes.OrganisationAdded, int]:
    """Bring an organisation in; with `administrator` its first person is invited (investment: firms only)."""
    values = body.model_dump(exclude={"administrator", "another"})
    named = body.administrator
    first = arrivals.FirstPerson(named.name, named.email) if named is not None else None
    arrived = arrivals.add_organisation(
        current_actor(), NewOrganisation(**values), first, another=body.another
    )
    row = arrived.organisation
    return {
        "id": row.id,
        "code": row.code,
        "kind": row.kind,
        "status": row.status,
        "similar": [one.as_row() for one in arrived.similar],
        "invitation": _invitation(arrived.invited),
    }, 201


@api.post("/organisations/<code>/administrator")
@only(BRINGS_FIRMS_IN)
@with_link
@idempotent
def invite_administrator(path: CodePath, body: FirstPersonBody) -> tuple[shapes.AdministratorInvited, int]:
    """Invite the first person of an organisation without members; an earlier link ends."""
    found = arrivals.get_by_code(path.code)
    first = arrivals.FirstPerson(body.name, body.email)
    invited = arrivals.invite_first(current_actor(), found.id, first)
    return {"code": found.code, "invitation": _invitation(invited)}, 201


def _invitation(invited: arrivals.Invited | None) -> shapes.Invitation | None:
    if invited is None:
        return None
    return {
        "id": invited.link_id,
        "name": invited.name,
        "mailed": invited.mailed,
        "expires_at": invited.expires_at.isoformat(),
    }


def organisation_row(row: Organisation) -> shapes.OrganisationRow:
    return {
        "id": row.id,
        "code": row.code,
        "kind": row.kind,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "short_name": row.short_name,
        "credit_code": row.credit_code,
        "industry": row.industry,
        "industry_code": row.industry_code,
        "size": row.size,
        "building": row.building,
        "room": row.room,
        "status": row.status,
        "registered_on": row.registered_on.isoformat() if row.registered_on else None,
    }
