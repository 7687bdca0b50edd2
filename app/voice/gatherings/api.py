"""The API of gatherings: whom to invite, what they answered, who came, what they said."""

from __future__ import annotations

from typing import cast

import sqlalchemy as sa

from app.hall import clock
from app.hall.api.blueprint import listed
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.db.base import db
from app.hall.web.guards import current_actor, only, signed_in
from app.identity import door as identity
from app.identity.door import roles
from app.voice import schemas
from app.voice.feedback import shapes as feedback_shapes
from app.voice.feedback.api import entry_of, receipt
from app.voice.gatherings import ratings, rules, service, shapes
from app.voice.gatherings.models import Gathering, Invitation
from app.voice.pages import api


def out(row: Gathering) -> shapes.Gathering:
    return {
        "id": row.id,
        "kind": row.kind,
        "state": row.state,
        "on": row.held_on.isoformat(),
        "starts": row.starts,
        "place": row.place,
        "title": row.title,
        "question": row.question,
        "series": row.series,
        "seats": row.seats,
    }


def full(row: Gathering) -> shapes.WholeGathering:
    """With its invitations, who came, and the gathering of its series before it."""
    invited = service.invitations(row.id)
    known = identity.organisations_by_id(one.organisation_id for one in invited)
    earlier = service.before(row)
    both = [row, *([earlier] if earlier else [])]
    shares, said = service.shares(both), ratings.satisfaction(one.id for one in both)
    mine = shares[row.id]
    found: shapes.WholeGathering = {
        **out(row),
        "invitations": [invitation_out(one, known[one.organisation_id].code) for one in invited],
        "invited": mine.invited,
        "came": mine.came,
        "percent": mine.percent,
        "said": _said(said.get(row.id)),
        "before": None,
    }
    if earlier is not None:
        then = shares[earlier.id]
        change = rules.change((then.came, then.invited), (mine.came, mine.invited))
        found["before"] = {
            "id": earlier.id,
            "invited": then.invited,
            "came": then.came,
            "percent": then.percent,
            "points": change.points if change else None,
            "relative_percent": change.relative_percent if change else None,
            "said": _said(said.get(earlier.id)),
        }
    return found


def _said(one: rules.Satisfaction | None) -> shapes.GuestsSaid:
    return {"n": one.n, "score": one.score} if one else {"n": 0, "score": None}


def invitation_out(one: Invitation, code: str) -> shapes.GatheringInvitation:
    return {
        "enterprise": code,
        "state": one.state,
        "reason": one.reason,
        "silence_days": one.silence_days,
        "because": one.because,
    }


@api.get("/tea-talk")
@only(roles.SEES_GATHERINGS)
def propose_tea_talk(query: schemas.TeaTalkQuery) -> shapes.TeaTalk:
    """Whom to invite on this day, whom not and why."""
    day = query.on or clock.today()
    found = service.propose(current_actor(), day, query.seats, query.rest_months)
    return cast("shapes.TeaTalk", rules.answer(found))


@api.post("/gatherings")
@only(roles.INVITES_FIRMS)
@idempotent
def prepare_gathering(body: schemas.GatheringBody) -> tuple[shapes.WholeGathering, int]:
    """A gathering with its invitations sent."""
    new = service.NewGathering(
        kind=body.kind,
        on=body.on,
        question=body.question,
        title=body.title,
        starts=body.starts,
        place=body.place,
        series=body.series,
        changed=body.changed,
        seats=body.seats,
        rest_months=body.rest_months,
        enterprises=tuple(body.enterprises),
        invited=body.invited,
    )
    return full(service.prepare(current_actor(), new)), 201


@api.get("/gatherings")
@only(roles.SEES_GATHERINGS)
def list_gatherings(query: schemas.GatheringQuery) -> Listed[shapes.Gathering]:
    """Gatherings, the newest first."""
    statement = sa.select(Gathering).order_by(Gathering.held_on.desc(), Gathering.id.desc())
    if query.kind:
        statement = statement.where(Gathering.kind == query.kind)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(statement.order_by(None).subquery()))
    rows = db.session.scalars(statement.limit(query.limit or 200).offset(query.offset))
    return listed([out(row) for row in rows], total or 0)


@api.get("/gatherings/<int:number>")
@only(roles.SEES_GATHERINGS)
def show_gathering(path: schemas.IdPath) -> shapes.WholeGathering:
    """One gathering with its invitations and the share that came, before and after."""
    return full(service.get(current_actor(), path.number))


@api.post("/gatherings/<int:number>/answer")
@signed_in
@idempotent
def answer_invitation(path: schemas.IdPath, body: schemas.AnswerBody) -> shapes.InvitationAnswered:
    """A firm accepts or declines; the free seat goes to the next best, the other guests keep theirs."""
    actor = current_actor()
    code = body.enterprise or identity.organisation_of(actor).code
    rows = service.answer(actor, path.number, code, body.answer == "accepted", body.because)
    known = identity.organisations_by_id(one.organisation_id for one in rows)
    staff = actor.may(roles.SEES_GATHERINGS)
    shown = [one for one in rows if staff or one.organisation_id == actor.organisation_id]
    return {
        "id": path.number,
        "invitations": [invitation_out(one, known[one.organisation_id].code) for one in shown],
    }


@api.post("/gatherings/<int:number>/hold")
@only(roles.INVITES_FIRMS)
@idempotent
def hold_gathering(path: schemas.IdPath, body: schemas.HoldBody) -> shapes.WholeGathering:
    """It was held: who came."""
    return full(service.hold(current_actor(), path.number, body.attended, body.invited, body.came))


@api.post("/gatherings/<int:number>/rate")
@signed_in
@idempotent
def rate_activity(path: schemas.IdPath, body: schemas.UsefulBody) -> shapes.ActivityRated:
    """A guest says whether they took something home that they can use: yes 100, partly 50, no 0."""
    row = ratings.rate(current_actor(), path.number, body.useful)
    return {"id": row.id, "useful": body.useful, "score": ratings.SCORES[body.useful]}


@api.post("/gatherings/<int:number>/note")
@only(roles.HEARS_FIRMS)
def note_guest(
    path: schemas.IdPath, body: schemas.GuestNoteBody
) -> tuple[feedback_shapes.RemarkReceipt, int]:
    """What one guest said, by its own `client_id`: a remark like any other."""
    entry = entry_of(body, channel="tea_talk", enterprise=body.enterprise)
    kept = service.note(current_actor(), path.number, entry)
    return receipt(kept), 201 if kept.fresh else 200
