"""The API of signals."""

from __future__ import annotations

from collections.abc import Sequence

from app.ecosystem import sight
from app.ecosystem.pages import api
from app.ecosystem.signals import complaints, service, shapes
from app.ecosystem.signals.models import Signal
from app.ecosystem.signals.rules import Heard
from app.ecosystem.signals.schemas import SignalBody, SignalQuery
from app.ecosystem.sources import known_segment
from app.hall.api.blueprint import listed, part_of
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.db.base import db
from app.hall.web.guards import current_actor, signed_in
from app.identity import door as identity


def _signals_out(rows: Sequence[Signal]) -> list[shapes.Signal]:
    who = sight.organisations(r.organisation_id for r in rows)
    tags = service.tags_of(r.id for r in rows)
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "text": row.text,
            "topic": row.topic,
            "enterprise": who[row.organisation_id].code if row.organisation_id else None,
            "segment": row.segment,
            "resource": row.resource_id,
            "need": row.post_id,
            "minutes": row.minutes,
            "occurred_on": row.occurred_on.isoformat(),
            "tags": list(tags[row.id]),
        }
        for row in rows
    ]


@api.get("/signals")
@signed_in
def list_signals(query: SignalQuery) -> Listed[shapes.Signal]:
    """Signals this reader may see: the staff all, a firm its own; newest first."""
    found = service.query(current_actor(), kind=query.kind, q=query.q, tag=query.tag)
    found = found.order_by(Signal.occurred_on.desc(), Signal.id.desc())
    rows = db.session.scalars(found).all()
    return listed(_signals_out(part_of(rows, query)), len(rows))


@api.post("/signals")
@signed_in
@idempotent
def record_signal(body: SignalBody) -> tuple[shapes.Signal, int]:
    """Tell the park something; it counts as evidence on the next agenda."""
    row = complaints.record(
        current_actor(),
        Heard(
            kind=body.kind,
            text=body.text,
            organisation_id=identity.get_enterprise(body.enterprise).id if body.enterprise else None,
            segment=known_segment(body.segment),
            resource_id=body.resource,
            post_id=body.need,
            tags=body.tags,
            occurred_on=body.occurred_on,
        ),
    )
    return _signals_out([row])[0], 201
