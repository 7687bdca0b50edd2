"""The API of what the park and the owners decide for all bookings: qualifications, holidays, terms, suspensions."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from app import clock
from app.api import ApiModel, Day, PageQuery, PartQuery, idempotent, listed, listed_part
from app.db import part
from app.errors import NotFound
from app.identity import service as identity
from app.identity.service.people import get_member
from app.sharing.api_blueprint import api
from app.sharing.api_bodies import Id, ReasonBody
from app.sharing.models import MemberQualification, Qualification, SharingTerms, Suspension
from app.sharing.park_time import iso
from app.sharing.service import loading, qualifications, terms
from app.web import current_actor, roles, signed_in

OWNERS = ("enterprise_admin", "steward", "university_office", "park_admin")


class QualificationBody(ApiModel):
    code: str = Field(min_length=2, max_length=30)
    name: str = Field(min_length=1, max_length=120)


class GrantBody(ApiModel):
    """Without a day it counts for good; a second grant to the same member renews the first."""

    enterprise: str = Field(min_length=1, max_length=40)
    login: str = Field(min_length=1, max_length=60)
    expires_on: Day | None = None


class HolidayBody(ApiModel):
    day: Day
    name: str = Field(min_length=1, max_length=60)


class HolidayDropBody(ApiModel):
    day: Day


class TermsBody(ApiModel):
    """Only what is named changes."""

    credit_share_ratio: float | None = Field(None, ge=0, le=1)
    credit_value_fen: int | None = Field(None, ge=1, le=1_000_000)
    no_show_limit: int | None = Field(None, ge=0, le=100)
    suspension_days: int | None = Field(None, ge=1, le=366)
    offer_minutes: int | None = Field(None, ge=5, le=10_080)
    no_show_grace_minutes: int | None = Field(None, ge=0, le=20_160)
    dispute_days: int | None = Field(None, ge=1, le=90)


class QualificationPath(ApiModel):
    qualification_id: Id


class GrantPath(ApiModel):
    grant_id: Id


class SuspensionPath(ApiModel):
    suspension_id: Id


def _qualification_out(row: Qualification) -> dict[str, Any]:
    owner = identity.get_organisation(row.owner_id).code if row.owner_id else None
    return {"id": row.id, "code": row.code, "name": row.name, "owner": owner}


def _grant_out(row: MemberQualification) -> dict[str, Any]:
    member = get_member(row.member_id)
    return {
        "id": row.id,
        "qualification": row.qualification_id,
        "enterprise": identity.get_organisation(member.organisation_id).code,
        "login": member.login,
        "expires_on": row.expires_on.isoformat() if row.expires_on else None,
    }


def _terms_out(row: SharingTerms) -> dict[str, Any]:
    return {name: getattr(row, name) for name in terms.BOUNDS}


@api.get("/qualifications")
@roles(*OWNERS, "auditor")
def list_qualifications(query: PartQuery) -> Any:
    """What one's instruments may ask for: the park's qualifications and one's own (the park and its auditor see all)."""
    rows = qualifications.visible(current_actor())
    return listed_part([_qualification_out(row) for row in rows], query)


@api.post("/qualifications")
@roles(*OWNERS)
@idempotent
def define_qualification(body: QualificationBody) -> Any:
    """The park's qualifications belong to nobody, an owner's to itself."""
    return _qualification_out(qualifications.define(current_actor(), body.code, body.name)), 201


@api.get("/qualifications/<int:qualification_id>/grants")
@roles(*OWNERS, "auditor")
def list_grants(path: QualificationPath, query: PageQuery) -> Any:
    """Who holds it: for whoever may grant it, and the auditor."""
    actor = current_actor()
    for row in qualifications.visible(actor):
        if row.id == path.qualification_id and (actor.has("auditor") or qualifications.may_grant(actor, row)):
            statement = qualifications.holders_statement([row]).order_by(MemberQualification.id)
            rows, total = part(statement, query.limit, query.offset)
            return listed([_grant_out(held) for held in rows], total)
    raise NotFound("qualification_unknown")


@api.post("/qualifications/<int:qualification_id>/grants")
@roles(*OWNERS)
@idempotent
def grant_qualification(path: QualificationPath, body: GrantBody) -> Any:
    """A member has been trained; the member is told."""
    held = qualifications.grant(
        current_actor(), path.qualification_id, body.enterprise, body.login, body.expires_on
    )
    return _grant_out(held), 201


@api.post("/qualification-grants/<int:grant_id>/revoke")
@roles(*OWNERS)
@idempotent
def revoke_qualification(path: GrantPath) -> Any:
    """No new bookings with it from now on; bookings that stand are for the owner to cancel."""
    qualifications.revoke(current_actor(), path.grant_id)
    return {"id": path.grant_id, "revoked": True}


@api.get("/holidays")
@signed_in
def list_holidays(query: PartQuery) -> Any:
    """Days ahead on which the park is closed, unless an instrument says otherwise."""
    rows = terms.holidays(clock.today())
    return listed_part([{"day": row.on_day.isoformat(), "name": row.name} for row in rows], query)


@api.post("/holidays")
@roles("park_admin")
@idempotent
def set_holiday(body: HolidayBody) -> Any:
    """Closed on that day for new bookings; those that stand are not touched."""
    terms.set_holiday(current_actor(), body.day, body.name)
    return {"day": body.day.isoformat(), "name": body.name}, 201


@api.post("/holidays/drop")
@roles("park_admin")
@idempotent
def drop_holiday(body: HolidayDropBody) -> Any:
    """The day is an ordinary day again."""
    terms.drop_holiday(current_actor(), body.day)
    return {"day": body.day.isoformat(), "dropped": True}


@api.get("/terms")
@signed_in
def show_terms() -> Any:
    """What the park decided for all that is shared."""
    return _terms_out(loading.park_terms())


@api.post("/terms")
@roles("park_admin")
@idempotent
def change_terms(body: TermsBody) -> Any:
    """Change some of the terms; those that are not named stay."""
    return _terms_out(terms.set_terms(current_actor(), **body.model_dump(exclude_none=True)))


@api.get("/suspensions")
@roles("park_admin", "auditor")
def list_suspensions(query: PageQuery) -> Any:
    """Members who may not book at the moment."""
    statement = terms.suspensions_statement().order_by(Suspension.until_at, Suspension.id)
    found, total = part(statement, query.limit, query.offset)
    rows = []
    for row in found:
        member = get_member(row.member_id)
        firm = identity.get_organisation(member.organisation_id).code
        rows.append({"id": row.id, "enterprise": firm, "login": member.login, "until": iso(row.until_at),
                     "reason": row.reason})  # fmt: skip
    return listed(rows, total)


@api.post("/suspensions/<int:suspension_id>/lift")
@roles("park_admin")
@idempotent
def lift_suspension(path: SuspensionPath, body: ReasonBody) -> Any:
    """The member may book again."""
    terms.lift_suspension(current_actor(), path.suspension_id, body.reason)
    return {"id": path.suspension_id, "lifted": True}
