"""The firms of the park over the API."""

from __future__ import annotations

from app.hall.api.blueprint import listed
from app.hall.api.shapes import Listed
from app.hall.web.guards import only
from app.identity.actor import OrganisationInfo
from app.identity.organisations import directory, shapes
from app.identity.organisations import service as organisations
from app.identity.organisations.models import Organisation
from app.identity.organisations.schemas import EnterprisePath, EnterpriseQuery
from app.identity.pages import api
from app.identity.roles import SEES_ORGANISATIONS


@api.get("/enterprises")
@only(SEES_ORGANISATIONS)
def list_enterprises(query: EnterpriseQuery) -> Listed[shapes.Enterprise]:
    """The firms of the park (park staff)."""
    rows, total = organisations.slice_organisations(
        query.q, "enterprise", query.status, query.limit, query.offset
    )
    return listed([_organisation(row) for row in rows], total)


@api.get("/enterprises/<code>")
@only(SEES_ORGANISATIONS)
def get_enterprise(path: EnterprisePath) -> shapes.Enterprise:
    """One firm by its code (park staff)."""
    return _organisation(directory.get_enterprise(path.code))


def _organisation(row: Organisation | OrganisationInfo) -> shapes.Enterprise:
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
