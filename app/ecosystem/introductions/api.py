"""The API of introductions."""

from __future__ import annotations

from app.ecosystem.introductions import queries, service, shapes
from app.ecosystem.introductions.models import Introduction
from app.ecosystem.introductions.schemas import IntroductionQuery, MoveBody, NoteBody
from app.ecosystem.outcomes import service as outcomes
from app.ecosystem.outcomes.api import outcome_out
from app.ecosystem.pages import api
from app.ecosystem.schemas import IdPath, named
from app.hall.api.blueprint import listed
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.db.paging import part
from app.hall.web.guards import current_actor, signed_in


@api.get("/introductions")
@signed_in
def list_introductions(query: IntroductionQuery) -> Listed[shapes.Introduction]:
    """List the introductions the caller is a side of (the staff: all)."""
    actor = current_actor()
    rows, total = part(
        queries.query(actor, query.state).order_by(Introduction.id.desc()), query.limit, query.offset
    )
    return listed([_introduction(seen) for seen in queries.see(rows)], total)


@api.get("/introductions/<int:id>")
@signed_in
def get_introduction(path: IdPath) -> shapes.WholeIntroduction:
    """Return one introduction with its outcomes."""
    seen = queries.get(current_actor(), path.id)
    return {**_introduction(seen), "outcomes": [outcome_out(o) for o in outcomes.of(path.id)]}


@api.post("/introductions/<int:id>/notes")
@signed_in
@idempotent
def note_introduction(path: IdPath, body: NoteBody) -> tuple[shapes.Introduction, int]:
    """Write into the timeline."""
    actor = current_actor()
    service.note(actor, path.id, body.text)
    return _introduction(queries.get(actor, path.id)), 201


@api.post("/introductions/<int:id>/move")
@signed_in
@idempotent
def move_introduction(path: IdPath, body: MoveBody) -> shapes.Introduction:
    """Take the next step of the state machine."""
    actor = current_actor()
    service.move(actor, path.id, body.to, body.note)
    return _introduction(queries.get(actor, path.id))


def _introduction(seen: queries.Seen) -> shapes.Introduction:
    row = seen.row
    return {
        "id": row.id,
        "title": row.title,
        "origin": row.origin,
        "state": seen.state,
        "stage": row.state,
        "asking": named(seen.asking),
        "giving": named(seen.giving),
        "prospect": seen.prospect or None,
        "match": row.match_id,
        "next_step": row.next_step,
        "next_due_on": row.next_due_on.isoformat() if row.next_due_on else None,
        "opened_at": row.opened_at.isoformat(),
        "last_noted_at": row.last_noted_at.isoformat(),
        "confirmed_outcomes": seen.confirmed,
    }
