"""The API of the round table: meetings with their agenda, votes, minutes and resolutions."""

from __future__ import annotations

from collections.abc import Mapping

from app.ecosystem import sight
from app.ecosystem.committee import service as committee
from app.ecosystem.pages import api
from app.ecosystem.round_table import queries, service, shapes
from app.ecosystem.round_table.models import AgendaItem, Meeting, Resolution
from app.ecosystem.round_table.schemas import (
    CloseBody,
    ItemBody,
    ItemPath,
    MeetingBody,
    MinutesBody,
    ResolutionQuery,
    ResolveBody,
    VoteBody,
)
from app.ecosystem.round_table.sight import Reader, reader_of
from app.ecosystem.schemas import IdPath
from app.ecosystem.sight import organisation_with
from app.hall.api.blueprint import listed, part_of
from app.hall.api.fields import PageQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.web.guards import current_actor, only, signed_in
from app.identity.door import Actor, OrganisationInfo, roles


def _meeting_out(actor: Actor, row: Meeting) -> shapes.Meeting:
    return _meeting(row, committee.reads_minutes(actor))


def _meeting(row: Meeting, with_minutes: bool) -> shapes.Meeting:
    return {
        "id": row.id,
        "number": row.number,
        "start": row.starts_at.isoformat(),
        "end": row.ends_at.isoformat(),
        "place": row.place,
        "state": row.state,
        "minutes": row.minutes if with_minutes else None,
    }


@api.get("/meetings")
@signed_in
def list_meetings(query: PageQuery) -> Listed[shapes.Meeting]:
    """Meetings of the round table, newest first; minutes are null for who has no seat."""
    rows = queries.meetings()
    actor = current_actor()
    part, with_minutes = part_of(rows, query), committee.reads_minutes(actor)
    return listed([_meeting(row, with_minutes) for row in part], len(rows))


@api.get("/meetings/<int:id>")
@signed_in
def show_meeting(path: IdPath) -> shapes.MeetingAgenda:
    """One meeting with its agenda, the count of every vote and what was resolved."""
    return _with_agenda(current_actor(), queries.get_meeting(path.id))


def _with_agenda(actor: Actor, row: Meeting) -> shapes.MeetingAgenda:
    items = queries.items(row.id)
    board = committee.get_committee()
    seats = len(committee.seats(board.id))
    votes = queries.votes_of(row.id)
    resolved = queries.resolutions_of([item.id for item in items])
    who = sight.organisations(r.owner_id for rows in resolved.values() for r in rows)
    reader = reader_of(actor)
    with_minutes = committee.reads_minutes(actor)
    agenda: list[shapes.AgendaItemVoted] = [
        {
            **_item(reader, item, with_minutes),
            "vote": queries.tally_of(board, item, votes.get(item.id, {}), seats),
            "resolutions": [_resolution_out(r, who, reader) for r in resolved.get(item.id, [])],
        }
        for item in items
    ]
    return {**_meeting(row, with_minutes), "agenda": agenda}


def _item_out(reader: Reader, item: AgendaItem) -> shapes.AgendaItem:
    return _item(reader, item, committee.reads_minutes(reader.actor))


def _item(reader: Reader, item: AgendaItem, with_minutes: bool) -> shapes.AgendaItem:
    return {
        "id": item.id,
        "position": item.position,
        "kind": item.kind,
        "title": reader.title(item, item.title),
        "note": reader.note(item),
        "minutes": item.minutes if with_minutes else None,
    }


@api.post("/meetings")
@only(roles.RUNS_COMMITTEE)
@idempotent
def call_meeting(body: MeetingBody) -> tuple[shapes.MeetingAgenda, int]:
    """Call the next meeting; its agenda is computed from today's data."""
    actor = current_actor()
    return _with_agenda(actor, service.call(actor, body.start, body.end, body.place)), 201


@api.post("/meetings/<int:id>/items")
@only(roles.RUNS_COMMITTEE)
@idempotent
def add_agenda_item(path: IdPath, body: ItemBody) -> tuple[shapes.AgendaItem, int]:
    """Put an own subject on the agenda."""
    actor = current_actor()
    return _item_out(reader_of(actor), service.add_item(actor, path.id, body.title)), 201


@api.post("/meetings/<int:id>/items/<int:item>/vote")
@signed_in
@idempotent
def cast_vote(path: ItemPath, body: VoteBody) -> shapes.MeetingAgenda:
    """Vote for the caller's seat; the secretary may enter the vote of any seat."""
    actor = current_actor()
    queries.must_belong(path.item, path.id)
    whose = organisation_with(body.organisation).id if body.organisation else None
    service.vote(actor, path.item, body.choice, committee.seat_of(whose))
    return _with_agenda(actor, queries.get_meeting(path.id))


@api.post("/meetings/<int:id>/items/<int:item>/resolutions")
@only(roles.RUNS_COMMITTEE)
@idempotent
def make_resolution(path: ItemPath, body: ResolveBody) -> tuple[shapes.Resolution, int]:
    """Resolve what the vote carried: one owner, one day."""
    queries.must_belong(path.item, path.id)
    owner = organisation_with(body.owner)
    row = service.resolve(current_actor(), path.item, body.text, owner.id, body.due_on)
    return _resolution_out(row, {owner.id: owner}, reader_of(current_actor())), 201


@api.post("/meetings/<int:id>/minutes")
@only(roles.RUNS_COMMITTEE)
@idempotent
def publish_minutes(path: IdPath, body: MinutesBody) -> shapes.Meeting:
    """Close a meeting with its minutes; its month has had its meeting from now on."""
    actor = current_actor()
    return _meeting_out(actor, service.hold(actor, path.id, body.minutes))


@api.post("/meetings/<int:id>/cancel")
@only(roles.RUNS_COMMITTEE)
@idempotent
def cancel_meeting(path: IdPath) -> shapes.Meeting:
    """Call a meeting off; its month stays without one."""
    actor = current_actor()
    return _meeting_out(actor, service.cancel(actor, path.id))


@api.get("/resolutions")
@signed_in
def list_resolutions(query: ResolutionQuery) -> Listed[shapes.Resolution]:
    """What the round table decided: open ones first, each with one owner; the day for who may know of delays."""
    reader = reader_of(current_actor())
    rows = queries.resolutions(open_only=query.open)
    who = sight.organisations(r.owner_id for r in rows)
    part = part_of(rows, query)
    return listed([_resolution_out(row, who, reader) for row in part], len(rows))


def _resolution_out(
    row: Resolution, who: Mapping[int, OrganisationInfo], reader: Reader
) -> shapes.Resolution:
    known = reader.knows_lateness(row.owner_id)
    return {
        "id": row.id,
        "text": row.text,
        "owner": who[row.owner_id].code,
        "due_on": row.due_on.isoformat() if known else None,
        "state": row.state,
        "closed_on": row.closed_on.isoformat() if known and row.closed_on else None,
    }


@api.post("/resolutions/<int:id>/done")
@signed_in
@idempotent
def finish_resolution(path: IdPath, body: CloseBody) -> shapes.Resolution:
    """Report a resolution done; its owner or the secretary."""
    return _closed(path.id, "done", body.note)


@api.post("/resolutions/<int:id>/drop")
@only(roles.RUNS_COMMITTEE)
@idempotent
def drop_resolution(path: IdPath, body: CloseBody) -> shapes.Resolution:
    """Drop a resolution, with the reason."""
    return _closed(path.id, "dropped", body.note)


def _closed(resolution_id: int, state: str, note: str) -> shapes.Resolution:
    actor = current_actor()
    row = service.close_resolution(actor, resolution_id, state, note)
    return _resolution_out(row, sight.organisations([row.owner_id]), reader_of(actor))
