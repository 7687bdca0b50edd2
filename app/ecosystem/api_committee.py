"""The API of the round table: seats, meetings with their agenda, votes, minutes and resolutions."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from pydantic import Field

from app import clock
from app.api import ApiModel, AwareMoment, Day, PageQuery, idempotent, listed
from app.ecosystem.api import IdPath, api
from app.ecosystem.messages import agenda_note, agenda_title
from app.ecosystem.models import AgendaItem, Meeting, Resolution
from app.ecosystem.service import committee, sight
from app.errors import NotFound
from app.identity import service as identity
from app.identity.service import Actor
from app.web import current_actor, roles, signed_in

Code = Annotated[str, Field(min_length=1, max_length=20)]
SECRETARIES = ("committee_secretary", "park_admin")


class ItemPath(IdPath):
    item: int = Field(ge=1, le=2**62)


class CommitteeBody(ApiModel):
    name: str = Field(min_length=2, max_length=80)
    founded_on: Day | None = None
    quorum_percent: int = Field(50, ge=1, le=99)


class LabelBody(ApiModel):
    label: str = Field(min_length=1, max_length=30)
    enterprises: list[Code] = Field(max_length=1000)


class SeatBody(ApiModel):
    organisation: Code
    person: str = Field("", max_length=60)


class MeetingBody(ApiModel):
    start: AwareMoment
    end: AwareMoment
    place: str = Field("", max_length=200)


class ItemBody(ApiModel):
    title: str = Field(min_length=1, max_length=200)


class VoteBody(ApiModel):
    """`organisation`: whose seat, where the secretary writes down what a seat said at the table."""

    choice: Literal["yes", "no", "abstain"]
    organisation: Code | None = None


class ResolveBody(ApiModel):
    text: str = Field(min_length=1, max_length=500)
    owner: Code
    due_on: Day


class MinutesBody(ApiModel):
    minutes: str = Field(min_length=1, max_length=8000)


class CloseBody(ApiModel):
    note: str = Field(min_length=1, max_length=1000)


class ResolutionQuery(PageQuery):
    open: bool = False


def _organisation(code: str) -> identity.OrganisationInfo:
    found = identity.find_organisation(code)
    if found is None:
        raise NotFound("organisation_not_found")
    return found


@api.get("/committee")
@signed_in
def show_committee() -> Any:
    """Who sits at the table, which kinds are missing, months without a meeting, what the data suggest today."""
    table = committee.table()
    who = sight.organisations(s.organisation_id for s in table.seats)
    amounts = sight.may_read_all(current_actor())
    return {
        "name": table.committee.name,
        "founded_on": table.committee.founded_on.isoformat(),
        "quorum_percent": table.committee.quorum_percent,
        "seats": [
            {"id": s.id, "organisation": who[s.organisation_id].code, "kind": s.kind} for s in table.seats
        ],
        "missing_kinds": list(table.missing),
        "overdue_months": [f"{month:%Y-%m}" for month in table.overdue_months],
        "proposed": [
            {
                "kind": item.kind,
                "title": agenda_title(item.kind, item.params),
                "note": agenda_note(item.kind, item.params, amounts),
            }
            for item in table.proposed
        ],
    }


@api.post("/committee")
@roles(*SECRETARIES)
@idempotent
def found_committee(body: CommitteeBody) -> Any:
    """Found the committee; a park has one."""
    founded_on = min(body.founded_on or clock.today(), clock.today())
    committee.found_committee(current_actor(), body.name, founded_on, body.quorum_percent)
    return show_committee(), 201


@api.post("/committee/labels")
@roles(*SECRETARIES)
@idempotent
def label_firms(body: LabelBody) -> Any:
    """Say which enterprises are of a kind, e.g. 专精特新, so that the agenda can say "six of eight"."""
    firms = [identity.get_enterprise(code) for code in body.enterprises]
    committee.set_label(current_actor(), body.label, [firm.id for firm in firms])
    return {"label": body.label, "enterprises": [firm.code for firm in firms]}


@api.post("/committee/seats")
@roles(*SECRETARIES)
@idempotent
def give_seat(body: SeatBody) -> Any:
    """Give an organisation a seat of its kind."""
    who = _organisation(body.organisation)
    row = committee.seat(current_actor(), who.id, body.person)
    return {"id": row.id, "organisation": who.code, "kind": row.kind}, 201


# --- meetings --------------------------------------------------------------------------------------------


def _meeting_out(actor: Actor, row: Meeting) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.number,
        "start": row.starts_at.isoformat(),
        "end": row.ends_at.isoformat(),
        "place": row.place,
        "state": row.state,
        "minutes": row.minutes if committee.reads_minutes(actor) else None,
    }


@api.get("/meetings")
@signed_in
def list_meetings(query: PageQuery) -> Any:
    """Meetings of the round table, newest first; minutes are null for who has no seat."""
    rows = committee.meetings()
    actor = current_actor()
    part = rows[query.offset : query.offset + query.limit]
    return listed([_meeting_out(actor, row) for row in part], len(rows))


@api.get("/meetings/<int:id>")
@signed_in
def show_meeting(path: IdPath) -> Any:
    """One meeting with its agenda, the count of every vote and what was resolved."""
    return _with_agenda(current_actor(), committee.get_meeting(path.id))


def _with_agenda(actor: Actor, row: Meeting) -> dict[str, Any]:
    items = committee.items(row.id)
    board = committee.get_committee()
    seats = len(committee.seats(board.id))
    votes = committee.votes_of(row.id)
    resolved = committee.resolutions_of([item.id for item in items])
    who = sight.organisations(r.owner_id for rows in resolved.values() for r in rows)
    agenda = [
        _item_out(actor, item)
        | {"vote": asdict(committee.tally_of(board, votes.get(item.id, {}), seats))}
        | {"resolutions": [_resolution_out(r, who) for r in resolved.get(item.id, [])]}
        for item in items
    ]
    return _meeting_out(actor, row) | {"agenda": agenda}


def _item_out(actor: Actor, item: AgendaItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "position": item.position,
        "kind": item.kind,
        "title": agenda_title(item.kind, item.params, item.title),
        "note": agenda_note(item.kind, item.params, sight.may_read_all(actor)),
        "minutes": item.minutes if committee.reads_minutes(actor) else None,
    }


@api.post("/meetings")
@roles(*SECRETARIES)
@idempotent
def call_meeting(body: MeetingBody) -> Any:
    """Call the next meeting; its agenda is computed from today's data."""
    actor = current_actor()
    return _with_agenda(actor, committee.call(actor, body.start, body.end, body.place)), 201


@api.post("/meetings/<int:id>/items")
@roles(*SECRETARIES)
@idempotent
def add_agenda_item(path: IdPath, body: ItemBody) -> Any:
    """Put an own subject on the agenda."""
    actor = current_actor()
    return _item_out(actor, committee.add_item(actor, path.id, body.title)), 201


@api.post("/meetings/<int:id>/items/<int:item>/vote")
@signed_in
@idempotent
def cast_vote(path: ItemPath, body: VoteBody) -> Any:
    """Vote for the caller's seat; the secretary may enter the vote of any seat."""
    actor = current_actor()
    committee.must_belong(path.item, path.id)
    whose = _organisation(body.organisation).id if body.organisation else None
    committee.vote(actor, path.item, body.choice, committee.seat_of(whose))
    return _with_agenda(actor, committee.get_meeting(path.id))


@api.post("/meetings/<int:id>/items/<int:item>/resolutions")
@roles(*SECRETARIES)
@idempotent
def make_resolution(path: ItemPath, body: ResolveBody) -> Any:
    """Resolve what the vote carried: one owner, one day."""
    committee.must_belong(path.item, path.id)
    owner = _organisation(body.owner)
    row = committee.resolve(current_actor(), path.item, body.text, owner.id, body.due_on)
    return _resolution_out(row, {owner.id: owner}), 201


@api.post("/meetings/<int:id>/minutes")
@roles(*SECRETARIES)
@idempotent
def publish_minutes(path: IdPath, body: MinutesBody) -> Any:
    """Close a meeting with its minutes; its month has had its meeting from now on."""
    actor = current_actor()
    return _meeting_out(actor, committee.hold(actor, path.id, body.minutes))


@api.post("/meetings/<int:id>/cancel")
@roles(*SECRETARIES)
@idempotent
def cancel_meeting(path: IdPath) -> Any:
    """Call a meeting off; its month stays without one."""
    actor = current_actor()
    return _meeting_out(actor, committee.cancel(actor, path.id))


# --- resolutions -----------------------------------------------------------------------------------------


@api.get("/resolutions")
@signed_in
def list_resolutions(query: ResolutionQuery) -> Any:
    """What the round table decided: open ones first, each with one owner and a day."""
    rows = committee.resolutions(open_only=query.open)
    who = sight.organisations(r.owner_id for r in rows)
    part = rows[query.offset : query.offset + query.limit]
    return listed([_resolution_out(row, who) for row in part], len(rows))


def _resolution_out(row: Resolution, who: dict[int, Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "text": row.text,
        "owner": who[row.owner_id].code,
        "due_on": row.due_on.isoformat(),
        "state": row.state,
        "closed_on": row.closed_on.isoformat() if row.closed_on else None,
    }


@api.post("/resolutions/<int:id>/done")
@signed_in
@idempotent
def finish_resolution(path: IdPath, body: CloseBody) -> Any:
    """Report a resolution done; its owner or the secretary."""
    return _closed(path.id, "done", body.note)


@api.post("/resolutions/<int:id>/drop")
@roles(*SECRETARIES)
@idempotent
def drop_resolution(path: IdPath, body: CloseBody) -> Any:
    """Drop a resolution, with the reason."""
    return _closed(path.id, "dropped", body.note)


def _closed(resolution_id: int, state: str, note: str) -> dict[str, Any]:
    row = committee.close_resolution(current_actor(), resolution_id, state, note)
    return _resolution_out(row, sight.organisations([row.owner_id]))
