"""The API of remarks: heard, acknowledged, linked, answered; every answer as far as its reader may see."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request

from app.hall import clock
from app.hall.api.blueprint import listed, part_of
from app.hall.api.fields import PartQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.db.paging import part
from app.hall.errors import Invalid
from app.hall.web.guards import current_actor, only, signed_in
from app.identity.door import roles
from app.voice import limits, schemas
from app.voice.feedback import authors, links, photos, queries, service, shapes
from app.voice.feedback.models import Feedback, FeedbackLink
from app.voice.pages import api


def entry_of(body: schemas.RemarkBody, **more: Any) -> service.Entry:
    """An entry of the body of a call; what the call does not carry comes from around it."""
    return service.Entry(
        client_id=str(body.client_id),
        text=body.text,
        heard_on=body.heard_on,
        visibility=body.visibility,
        hesitation=body.hesitation,
        probe=body.probe or "",
        promise=body.promise or "",
        entered_at=body.entered_at.isoformat() if body.entered_at else None,
        photos=tuple(body.photos),
        **more,
    )


def out(row: Feedback) -> shapes.Remark:
    [card] = queries.cards(current_actor(), [row])
    return card_out(card)


def card_out(card: queries.Card) -> shapes.Remark:
    return {
        "id": card.id,
        "state": card.state,
        "text": card.text,
        "channel": card.channel,
        "visibility": card.visibility,
        "heard_on": card.day,
        "enterprise": card.code or None,
        "layer": card.layer or None,
        "building": card.building or None,
        "hesitation": card.hesitation,
        "probe": card.probe,
        "late": card.late,
        "acknowledged": card.acknowledged_at is not None,
        "acknowledge_until": clock.local(card.acknowledge_until).isoformat()
        if card.acknowledge_until
        else None,
        "answer": card.answer,
        "no_action_because": card.no_action_because,
        "links": [link_out(card, one) for one in card.links],
        "promises": [
            {"id": one.id, "text": one.text, "became": one.became_number or None} for one in card.promises
        ],
        "photos": [f"/voice/photos/{key}" for key in card.photos],
    }


def link_out(card: queries.Card, one: FeedbackLink) -> shapes.RemarkLink:
    found: shapes.RemarkLink = {
        "kind": one.kind,
        "id": one.target_id,
        "number": one.number or None,
        "note": one.note,
        "segment": one.segment or None,
    }
    if one.kind == "problem" and card.problem is not None:
        found["state"] = card.problem.state
    return found


@api.post("/photos")
@only(roles.HEARS_FIRMS | roles.SPEAKS_FOR_THE_FIRM)
def upload_photo() -> tuple[shapes.RemarkPhoto, int]:
    """A picture (multipart, field `photo`) ahead of its remark, written anew at once.

    The same `Idempotency-Key` answers the same picture; the answer is kept nowhere: it would lead to the author.
    """
    sent = request.files.get("photo")
    if sent is None:
        raise Invalid("file_empty")
    data = sent.read(limits.PHOTO_BYTES + 1)
    sent.close()
    actor = current_actor()
    client_key = request.headers.get("Idempotency-Key", "").strip() or str(uuid.uuid4())
    return {"id": photos.take(actor, photos.written(actor, data), client_key)}, 201


@api.post("/feedback")
@signed_in
def record_feedback(body: schemas.FeedbackBody) -> tuple[shapes.RemarkReceipt, int]:
    """Keep a remark: the same `client_id` answers the first result, with another body 409.

    `client_id` is the key of this call; of an anonymous remark no other key may name its sender.
    """
    if body.visibility == "named":
        return _record_once(body)
    return _record(body)


def _record(body: schemas.FeedbackBody) -> tuple[shapes.RemarkReceipt, int]:
    entry = entry_of(body, channel=body.channel, enterprise=body.enterprise or "", visit=body.visit)
    kept = service.record(current_actor(), entry)
    return receipt(kept), 201 if kept.fresh else 200


_record_once = idempotent(_record)


def receipt(kept: service.Kept) -> shapes.RemarkReceipt:
    """What a phone needs to strike the entry off its list: nothing of the author."""
    row = kept.feedback
    return {
        "id": row.id,
        "state": row.state,
        "visibility": row.visibility,
        "channel": row.channel,
        "late": row.late,
        "fresh": kept.fresh,
        "visit": row.visit_id,
        "acknowledge_until": clock.local(row.acknowledge_until).isoformat(),
    }


@api.get("/feedback")
@only(roles.SEES_REMARKS | roles.SPEAKS_FOR_THE_FIRM)
def list_feedback(query: schemas.FeedbackQuery) -> Listed[shapes.Remark]:
    """Remarks this reader may read, the newest first; `q` looks in the shown words."""
    wanted = queries.Wanted(query.state, query.channel, query.visibility, query.q)
    actor = current_actor()
    rows, total = part(
        queries.newest_first(actor, queries.statement(actor, wanted)), query.limit, query.offset
    )
    return listed([card_out(card) for card in queries.cards(actor, rows)], total)


@api.get("/feedback/<int:number>")
@signed_in
def show_feedback(path: schemas.IdPath) -> shapes.Remark:
    """One remark with what became of it."""
    return out(queries.get(current_actor(), path.number))


@api.post("/feedback/<int:number>/acknowledge")
@only(roles.LINKS_REMARKS)
@idempotent
def acknowledge(path: schemas.IdPath, body: schemas.TextBody) -> shapes.Remark:
    """A word to the author within a working day."""
    return out(service.acknowledge(current_actor(), path.number, body.text))


@api.post("/feedback/<int:number>/probe")
@only(roles.LINKS_REMARKS)
@idempotent
def probe(path: schemas.IdPath, body: schemas.TextBody) -> shapes.Remark:
    """What the firm really meant."""
    return out(service.probe(current_actor(), path.number, body.text))


@api.post("/feedback/<int:number>/link")
@only(roles.LINKS_REMARKS)
@idempotent
def link(path: schemas.IdPath, body: schemas.LinkBody) -> shapes.Remark:
    """A problem, need, signal, correction on the chain, praise, register of machines: one of a kind, told twice kept once."""
    wanted = links.Wanted(
        body.kind,
        body.category,
        body.problem_class,
        body.place,
        body.theme,
        body.segment,
        body.resource,
        body.title,
        body.note,
        tuple(body.machines),
    )
    links.link(current_actor(), path.number, wanted)
    return out(queries.get(current_actor(), path.number))


@api.post("/feedback/<int:number>/no-action")
@only(roles.LINKS_REMARKS)
@idempotent
def no_action(path: schemas.IdPath, body: schemas.ReasonBody) -> shapes.Remark:
    """Nothing is to be done, for a reason that the author reads."""
    return out(service.no_action(current_actor(), path.number, body.reason))


@api.post("/feedback/<int:number>/answer")
@only(roles.LINKS_REMARKS)
@idempotent
def answer(path: schemas.IdPath, body: schemas.TextBody) -> shapes.Remark:
    """An answer in words to a remark that became no problem."""
    return out(links.answer(current_actor(), path.number, body.text))


@api.post("/feedback/<int:number>/author")
@only(roles.LINKS_REMARKS)
def look(path: schemas.IdPath, body: schemas.LookBody) -> shapes.LookTaken:
    """Who said it, for the specialist who heard it and the voice keeper; the firm reads who looked and why."""
    actor = current_actor()
    firm = authors.look(actor, queries.get(actor, path.number), body.reason)
    return {"enterprise": firm.code, "name": firm.name}


@api.get("/looks")
@only(roles.SPEAKS_FOR_THE_FIRM)
def looks(query: PartQuery) -> Listed[shapes.LookAtAuthor]:
    """Who looked up remarks of one's own firm."""
    rows = authors.looks_at(current_actor().organisation_id)
    items: list[shapes.LookAtAuthor] = [
        {"who": one.who, "at": clock.local(one.looked_at).isoformat(), "reason": one.reason, "text": one.text}
        for one in part_of(rows, query)
    ]
    return listed(items, len(rows))
