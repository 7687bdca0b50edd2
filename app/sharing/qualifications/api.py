"""The API of qualifications."""

from __future__ import annotations

from app.hall.api.blueprint import listed, listed_part
from app.hall.api.fields import PageQuery, PartQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.db.paging import part
from app.hall.errors import NotFound
from app.hall.web.guards import current_actor, only
from app.identity import door as identity
from app.identity.door import get_member, roles
from app.sharing.pages import api
from app.sharing.qualifications import service as qualifications
from app.sharing.qualifications import shapes
from app.sharing.qualifications.models import MemberQualification, Qualification
from app.sharing.qualifications.schemas import GrantBody, GrantPath, QualificationBody, QualificationPath


def _qualification_out(row: Qualification) -> shapes.Qualification:
    return _qualification(row, identity.get_organisation(row.owner_id).code if row.owner_id else None)


def _qualification(row: Qualification, owner: str | None) -> shapes.Qualification:
    return {"id": row.id, "code": row.code, "name": row.name, "owner": owner}


def _grant_out(row: MemberQualification) -> shapes.Grant:
    member = get_member(row.member_id)
    return _grant(row, identity.get_organisation(member.organisation_id).code, member.login)


def _grant(row: MemberQualification, enterprise: str, login: str) -> shapes.Grant:
    return {
        "id": row.id,
        "qualification": row.qualification_id,
        "enterprise": enterprise,
        "login": login,
        "expires_on": row.expires_on.isoformat() if row.expires_on else None,
    }


@api.get("/qualifications")
@only(roles.SEES_QUALIFICATIONS)
def list_qualifications(query: PartQuery) -> Listed[shapes.Qualification]:
    """What one's instruments may ask for: the park's qualifications and one's own (the park and its auditor see all)."""
    rows = qualifications.visible(current_actor())
    owners = identity.organisations_by_id(row.owner_id for row in rows if row.owner_id)
    found = [_qualification(row, owners[row.owner_id].code if row.owner_id else None) for row in rows]
    return listed_part(found, query)


@api.post("/qualifications")
@only(roles.OFFERS_RESOURCES)
@idempotent
def define_qualification(body: QualificationBody) -> tuple[shapes.Qualification, int]:
    """The park's qualifications belong to nobody, an owner's to itself."""
    return _qualification_out(qualifications.define(current_actor(), body.code, body.name)), 201


@api.get("/qualifications/<int:qualification_id>/grants")
@only(roles.SEES_QUALIFICATIONS)
def list_grants(path: QualificationPath, query: PageQuery) -> Listed[shapes.Grant]:
    """Who holds it: for whoever may grant it, and the auditor."""
    actor = current_actor()
    for row in qualifications.visible(actor):
        if row.id == path.qualification_id and (
            actor.has(roles.AUDITOR) or qualifications.may_grant(actor, row)
        ):
            statement = qualifications.holders_statement([row]).order_by(MemberQualification.id)
            rows, total = part(statement, query.limit, query.offset)
            members = identity.members_by_id(held.member_id for held in rows)
            firms = identity.organisations_by_id(one.organisation_id for one in members.values())
            found = [(held, members[held.member_id]) for held in rows]
            return listed([_grant(h, firms[m.organisation_id].code, m.login) for h, m in found], total)
    raise NotFound("qualification_unknown")


@api.post("/qualifications/<int:qualification_id>/grants")
@only(roles.OFFERS_RESOURCES)
@idempotent
def grant_qualification(path: QualificationPath, body: GrantBody) -> tuple[shapes.Grant, int]:
    """A member has been trained; the member is told."""
    held = qualifications.grant(
        current_actor(), path.qualification_id, body.enterprise, body.login, body.expires_on
    )
    return _grant_out(held), 201


@api.post("/qualification-grants/<int:grant_id>/revoke")
@only(roles.OFFERS_RESOURCES)
@idempotent
def revoke_qualification(path: GrantPath) -> shapes.GrantRevoked:
    """No new bookings with it from now on; bookings that stand are for the owner to cancel."""
    qualifications.revoke(current_actor(), path.grant_id)
    return {"id": path.grant_id, "revoked": True}
