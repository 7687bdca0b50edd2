"""The API of the park's terms, holidays and suspensions."""

from __future__ import annotations

from app.hall import clock
from app.hall.api.blueprint import listed, listed_part
from app.hall.api.fields import PageQuery, PartQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.db.paging import part
from app.hall.web.guards import current_actor, only, signed_in
from app.identity import door as identity
from app.identity.door import get_member, roles
from app.sharing.calendar.park_time import iso
from app.sharing.fields import ReasonBody
from app.sharing.pages import api
from app.sharing.park_terms import days, shapes
from app.sharing.park_terms import service as terms
from app.sharing.park_terms.models import SharingTerms, Suspension
from app.sharing.park_terms.schemas import DaysBody, HolidayBody, HolidayDropBody, SuspensionPath, TermsBody


def _terms_out(row: SharingTerms) -> shapes.SharingTerms:
    return {
        "credit_share_ratio": row.credit_share_ratio,
        "credit_value_fen": row.credit_value_fen,
        "no_show_limit": row.no_show_limit,
        "suspension_days": row.suspension_days,
        "offer_minutes": row.offer_minutes,
        "no_show_grace_minutes": row.no_show_grace_minutes,
        "dispute_days": row.dispute_days,
        "payment_days": row.payment_days,
        "absent_minutes": row.absent_minutes,
    }


@api.get("/holidays")
@signed_in
def list_holidays(query: PartQuery) -> Listed[shapes.Holiday]:
    """Days ahead on which the park is closed, unless an instrument says otherwise."""
    rows = terms.holidays(clock.today())
    return listed_part([{"day": row.on_day.isoformat(), "name": row.name} for row in rows], query)


@api.post("/holidays")
@only(roles.SETS_SHARING_TERMS)
@idempotent
def set_holiday(body: HolidayBody) -> tuple[shapes.HolidaySet, int]:
    """Closed on that day for new bookings; those that stand are not touched."""
    if body.until is None:
        terms.set_holiday(current_actor(), body.day, body.name)
        return {"day": body.day.isoformat(), "name": body.name}, 201
    count = days.close_range(current_actor(), body.day, body.until, body.name)
    return {
        "day": body.day.isoformat(),
        "until": body.until.isoformat(),
        "days": count,
        "name": body.name,
    }, 201


@api.post("/holidays/notice")
@only(roles.SETS_SHARING_TERMS)
@idempotent
def take_over_notice(body: DaysBody) -> tuple[shapes.NoticeTakenOver, int]:
    """Days off and make-up working days of a published notice; the offices' calendar follows."""
    closed, opened = days.take_over(current_actor(), identity.read_notice(body.text, body.year))
    return {"closed": closed, "open": opened}, 201


@api.post("/holidays/drop")
@only(roles.SETS_SHARING_TERMS)
@idempotent
def drop_holiday(body: HolidayDropBody) -> shapes.HolidayDropped:
    """The day is an ordinary day again."""
    terms.drop_holiday(current_actor(), body.day)
    return {"day": body.day.isoformat(), "dropped": True}


@api.get("/terms")
@signed_in
def show_terms() -> shapes.SharingTerms:
    """What the park decided for all that is shared."""
    return _terms_out(terms.park_terms())


@api.post("/terms")
@only(roles.SETS_SHARING_TERMS)
@idempotent
def change_terms(body: TermsBody) -> shapes.SharingTerms:
    """Change some of the terms; those that are not named stay."""
    return _terms_out(terms.set_terms(current_actor(), **body.model_dump(exclude_none=True)))


@api.get("/suspensions")
@only(roles.SEES_SHARING_TERMS)
def list_suspensions(query: PageQuery) -> Listed[shapes.Suspension]:
    """Members who may not book at the moment."""
    statement = terms.suspensions_statement().order_by(Suspension.until_at, Suspension.id)
    found, total = part(statement, query.limit, query.offset)
    rows: list[shapes.Suspension] = []
    for row in found:
        member = get_member(row.member_id)
        firm = identity.get_organisation(member.organisation_id).code
        rows.append(
            {
                "id": row.id,
                "enterprise": firm,
                "login": member.login,
                "until": iso(row.until_at),
                "reason": row.reason,
            }
        )
    return listed(rows, total)


@api.post("/suspensions/<int:suspension_id>/lift")
@only(roles.SETS_SHARING_TERMS)
@idempotent
def lift_suspension(path: SuspensionPath, body: ReasonBody) -> shapes.SuspensionLifted:
    """The member may book again."""
    terms.lift_suspension(current_actor(), path.suspension_id, body.reason)
    return {"id": path.suspension_id, "lifted": True}
