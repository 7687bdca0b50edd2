"""The API of initiatives: agreed with one lead, promised by several owners, delivered, ended."""

from __future__ import annotations

from app.ecosystem.initiatives import queries, service, shapes
from app.ecosystem.initiatives.schemas import (
    AgreeBody,
    DeliverablePath,
    DeliverBody,
    InitiativePath,
    InitiativeQuery,
    PromiseBody,
    SaidBody,
)
from app.ecosystem.pages import api
from app.hall.api.blueprint import listed, part_of
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.errors import Invalid, Reason
from app.hall.rooms import doors
from app.hall.web.guards import current_actor, only, signed_in
from app.identity import door as identity
from app.identity.door import roles


def _out(one: queries.Overview) -> shapes.Initiative:
    return {
        "id": one.id,
        "title": one.title,
        "state": one.state,
        "factor": {"name": one.factor, "since_on": one.since_on.isoformat()},
        "before": {"complaints": one.complaints_before, "firm_months": one.firm_months_before},
        "after": {"complaints": one.complaints_after, "firm_months": one.firm_months_after},
        "p": one.chance,
        "deliverables": {"promised": one.promised, "delivered": one.delivered, "late": one.late},
    }


def _whole(initiative_id: int) -> shapes.WholeInitiative:
    one = queries.overview(initiative_id)
    rows = queries.deliverables_of(initiative_id)
    ids = [row.owner_id for row in rows] + ([one.lead_id] if one.lead_id else [])
    names = identity.member_names(ids)
    led_to: list[shapes.InitiativeProblem] = [
        {"text": door.text, "url": door.url} for door in doors(current_actor(), "initiative", initiative_id)
    ]
    return {
        **_out(one),
        "lead": names.get(one.lead_id or 0),
        "deliverables": [
            {
                "id": row.id,
                "what": row.what,
                "owner": names.get(row.owner_id),
                "quantity": row.quantity,
                "unit": row.unit,
                "promised_on": row.promised_on.isoformat(),
                "delivered": row.delivered,
                "delivered_on": row.delivered_on.isoformat() if row.delivered_on else None,
            }
            for row in rows
        ],
        "problems": led_to,
    }


def _member(login: str) -> int:
    found = identity.staff_by_login([login]).get(login)
    if found is None:
        raise Invalid("initiative_incomplete", [Reason("initiative_owner_unknown", {"login": login})])
    return found


@api.get("/initiatives")
@only(roles.READS_INITIATIVES)
def list_initiatives(query: InitiativeQuery) -> Listed[shapes.Initiative]:
    """Causes outside the park and what is done about them, the newest first."""
    found = queries.overviews([query.state] if query.state else ())
    return listed([_out(one) for one in part_of(found, query)], len(found))


@api.get("/initiatives/<int:initiative_id>")
@only(roles.READS_INITIATIVES)
def show_initiative(path: InitiativePath) -> shapes.WholeInitiative:
    """One of them with its owners, their promises and the problems it answers."""
    return _whole(path.initiative_id)


@api.post("/initiatives/<int:initiative_id>/agree")
@signed_in
@idempotent
def agree_initiative(path: InitiativePath, body: AgreeBody) -> shapes.WholeInitiative:
    """The round table agrees: one lead."""
    service.agree_initiative(current_actor(), path.initiative_id, _member(body.lead))
    return _whole(path.initiative_id)


@api.post("/initiatives/<int:initiative_id>/deliverables")
@signed_in
@idempotent
def promise_deliverable(path: InitiativePath, body: PromiseBody) -> tuple[shapes.DeliverablePromised, int]:
    """An owner promises so many of something by a day."""
    wanted = service.Promise(body.what, _member(body.owner), body.quantity, body.unit, body.promised_on)
    made = service.promise(current_actor(), path.initiative_id, wanted)
    return {**_whole(path.initiative_id), "made": made}, 201


@api.post("/initiatives/<int:initiative_id>/deliverables/<int:deliverable_id>")
@signed_in
@idempotent
def deliver_deliverable(path: DeliverablePath, body: DeliverBody) -> shapes.WholeInitiative:
    """How much of it is there by now."""
    service.deliver(current_actor(), path.initiative_id, path.deliverable_id, body.delivered)
    return _whole(path.initiative_id)


@api.post("/initiatives/<int:initiative_id>/end")
@signed_in
@idempotent
def end_initiative(path: InitiativePath, body: SaidBody) -> shapes.WholeInitiative:
    """All is delivered: the problems handed over to it are answered with this text."""
    service.end_initiative(current_actor(), path.initiative_id, body.text)
    return _whole(path.initiative_id)


@api.post("/initiatives/<int:initiative_id>/drop")
@signed_in
@idempotent
def drop_initiative(path: InitiativePath, body: SaidBody) -> shapes.WholeInitiative:
    """Given up with a reason: its problems go back to who answered for them."""
    service.drop_initiative(current_actor(), path.initiative_id, body.text)
    return _whole(path.initiative_id)
