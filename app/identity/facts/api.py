"""Facts, joining and leaving over the API."""

from __future__ import annotations

import datetime as dt

from app.hall.api.blueprint import listed
from app.hall.api.fields import PageQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.db.base import db
from app.hall.web.guards import current_actor, only, signed_in
from app.identity.arrivals import service as arrivals
from app.identity.arrivals.api import organisation_row
from app.identity.arrivals.schemas import CodePath
from app.identity.facts import service as facts
from app.identity.facts import shapes
from app.identity.facts.models import OrganisationChange
from app.identity.facts.portrait import portrait
from app.identity.facts.schemas import (
    ChangePath,
    DecisionBody,
    FactsBody,
    IntoPath,
    JoiningBody,
    JoinPath,
    LeavingBody,
    ReasonBody,
)
from app.identity.joining import service as joining
from app.identity.leaving import service as leaving
from app.identity.organisations.models import Organisation
from app.identity.pages import api
from app.identity.roles import MANAGES_OWN_ORGANISATION, RUNS_THE_PARK, SEES_FACT_CHANGES

KEEPS_FACTS = MANAGES_OWN_ORGANISATION | RUNS_THE_PARK


@api.get("/organisations/<code>")
@signed_in
def get_organisation(path: CodePath) -> shapes.OrganisationFacts:
    """One organisation with what the rooms know of it; a firm sees its own, the park's office all."""
    row = db.session.get(Organisation, arrivals.get_by_code(path.code).id)
    parts = portrait(current_actor(), row)
    assert row is not None
    told: list[shapes.PortraitPart] = [
        {"title": part.title, "lines": [{"text": one.text, "value": one.value} for one in part.lines]}
        for part in parts
    ]
    return {
        **organisation_row(row),
        "contact": facts.value_of(row, "contact"),
        "contact_phone": facts.value_of(row, "contact_phone"),
        "contact_email": facts.value_of(row, "contact_email"),
        "website": facts.value_of(row, "website"),
        "tax_title": facts.value_of(row, "tax_title"),
        "leaves_on": facts.value_of(row, "leaves_on"),
        "portrait": told,
    }


@api.post("/organisations/<code>/facts")
@only(KEEPS_FACTS)
@idempotent
def change_facts(path: CodePath, body: FactsBody) -> shapes.FactsChanged:
    """Change facts: a firm its own, the park any; name, industry, size and place of a firm wait for the park."""
    values = body.model_dump(exclude={"reason"}, exclude_none=True)
    texts = {key: value.isoformat() if isinstance(value, dt.date) else value for key, value in values.items()}
    found = arrivals.get_by_code(path.code)
    changed = facts.change_facts(current_actor(), found.id, texts, body.reason)
    return {"code": found.code, "in_force": list(changed.in_force), "waiting": list(changed.waiting)}


@api.get("/changes")
@only(SEES_FACT_CHANGES)
def list_changes(query: PageQuery) -> Listed[shapes.FactChange]:
    """Changes of facts and wishes to leave that wait for the park, the oldest first."""
    statement = facts.waiting_statement().order_by(OrganisationChange.id)
    rows = db.session.execute(statement.limit(query.limit).offset(query.offset)).all()
    items: list[shapes.FactChange] = [
        {
            "id": one.id,
            "organisation": row.code,
            "field": one.field,
            "before": one.before,
            "after": one.after,
            "reason": one.reason,
        }
        for one, row in rows
    ]
    return listed(items, facts.count_waiting())


@api.post("/changes/<int:change_id>/decide")
@only(RUNS_THE_PARK)
@idempotent
def decide_change(path: ChangePath, body: DecisionBody) -> shapes.ChangeDecided:
    """Agree to a change, or send it back with a reason."""
    change = facts.decide_change(current_actor(), path.change_id, body.agree, body.reason)
    return {"id": change.id, "state": change.state}


@api.post("/organisations/<code>/leave")
@only(KEEPS_FACTS)
@idempotent
def leave(path: CodePath, body: LeavingBody) -> shapes.Leaving:
    """Name the last day of an organisation; of a firm's own wish the park decides."""
    found = arrivals.get_by_code(path.code)
    agreed = leaving.ask_to_leave(current_actor(), found.id, body.day, body.reason)
    open_ones = leaving.open_things(found.id, body.day)
    told: list[shapes.LeavingOpen] = [
        {"text": one.text, "count": one.count, "happens": one.happens} for one in open_ones
    ]
    return {"code": found.code, "agreed": agreed, "open": told}


@api.post("/organisations/<code>/stay")
@only(KEEPS_FACTS)
@idempotent
def stay(path: CodePath, body: ReasonBody) -> shapes.Staying:
    """The organisation does not leave after all."""
    found = arrivals.get_by_code(path.code)
    leaving.stay(current_actor(), found.id, body.reason)
    return {"code": found.code, "status": "active"}


@api.get("/organisations/<code>/join-preview/<into>")
@only(RUNS_THE_PARK)
def preview_joining(path: IntoPath) -> Listed[shapes.JoiningPreview]:
    """What a joining would move and what would stay, before it is done."""
    one, into = arrivals.get_by_code(path.code), arrivals.get_by_code(path.into)
    rows = joining.preview(current_actor(), one.id, into.id)
    items: list[shapes.JoiningPreview] = [
        {"what": row.name, "follow": row.follow, "stay": row.stay, "why": row.why} for row in rows
    ]
    return listed(items, len(items))


@api.post("/organisations/<code>/join")
@only(RUNS_THE_PARK)
@idempotent
def join(path: CodePath, body: JoiningBody) -> tuple[shapes.Joined, int]:
    """Join an organisation into another one that is the same firm."""
    one, into = arrivals.get_by_code(path.code), arrivals.get_by_code(body.into)
    return {"id": joining.join(current_actor(), one.id, into.id, body.reason), "into": into.code}, 201


@api.post("/joins/<int:join_id>/undo")
@only(RUNS_THE_PARK)
@idempotent
def undo_join(path: JoinPath, body: ReasonBody) -> shapes.JoinUndone:
    """Take a joining back: what followed goes home."""
    joining.part(current_actor(), path.join_id, body.reason)
    return {"id": path.join_id, "undone": True}
