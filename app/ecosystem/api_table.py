"""The API of what happens around the market: meetings and resolutions, university projects, packs, signals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from app.api import ApiModel, AwareMoment, Day, PageQuery, idempotent, listed
from app.db import db
from app.ecosystem.api import IdPath, Tag, api
from app.ecosystem.models import Meeting, Resolution, ServicePack, Signal, TransferProject
from app.ecosystem.service import around, committee, packs, projects, sight, signals
from app.errors import Invalid, NotFound, Reason
from app.identity import service as identity
from app.web import current_actor, roles, signed_in

Code = Annotated[str, Field(min_length=1, max_length=20)]
SECRETARIES = ("committee_secretary", "park_admin")


class MeetingBody(ApiModel):
    start: AwareMoment
    end: AwareMoment
    place: str = Field("", max_length=200)


class ResolutionQuery(PageQuery):
    open: bool = False


class ProjectBody(ApiModel):
    title: str = Field(min_length=2, max_length=120)
    university: Code
    enterprise: Code
    started_on: Day
    segment: str | None = Field(None, max_length=60)


class PackBody(ApiModel):
    name: str = Field(min_length=1, max_length=80)
    industry: str = Field("", max_length=40)
    segment: str | None = Field(None, max_length=60)
    greeting: str = Field("", max_length=1000)
    expires_on: Day | None = None


class SignalBody(ApiModel):
    """Firms may complain in their own name; visits and surveys come from the park's staff."""

    kind: Literal["complaint", "visit", "survey"]
    text: str = Field(min_length=1, max_length=1000)
    enterprise: Code | None = None
    segment: str | None = Field(None, max_length=60)
    tags: list[Tag] = Field(default_factory=list, max_length=8)
    occurred_on: Day | None = None


class SignalQuery(PageQuery):
    kind: Literal["", "complaint", "visit", "survey", "refused_booking"] = ""
    q: str = Field("", max_length=100)
    tag: str = Field("", max_length=30)


def _known(segment: str | None) -> str | None:
    if segment and segment not in around.segments():
        raise Invalid("post_unknown_segment", reasons=[Reason("post_unknown_segment", {"segment": segment})])
    return segment or None


def _part(rows: Sequence[Any], query: PageQuery) -> Sequence[Any]:
    return rows[query.offset : query.offset + query.limit]


# --- the round table -------------------------------------------------------------------------------------


def _meeting_out(row: Meeting) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.number,
        "start": row.starts_at.isoformat(),
        "end": row.ends_at.isoformat(),
        "place": row.place,
        "state": row.state,
        "minutes": row.minutes,
    }


@api.get("/meetings")
@signed_in
def list_meetings(query: PageQuery) -> Any:
    """Meetings of the round table, newest first."""
    rows = committee.meetings()
    return listed([_meeting_out(row) for row in _part(rows, query)], len(rows))


@api.get("/meetings/<int:id>")
@signed_in
def show_meeting(path: IdPath) -> Any:
    """One meeting with its agenda."""
    row = committee.get_meeting(path.id)
    agenda = [
        {"id": i.id, "position": i.position, "kind": i.kind, "title": i.title, "minutes": i.minutes}
        for i in committee.items(row.id)
    ]
    return _meeting_out(row) | {"agenda": agenda}


@api.post("/meetings")
@roles(*SECRETARIES)
@idempotent
def call_meeting(body: MeetingBody) -> Any:
    """Call the next meeting; its agenda is computed from today's data."""
    return _meeting_out(committee.call(current_actor(), body.start, body.end, body.place)), 201


@api.get("/resolutions")
@signed_in
def list_resolutions(query: ResolutionQuery) -> Any:
    """What the round table decided: open ones first, each with one owner and a day."""
    rows = committee.resolutions(open_only=query.open)
    who = sight.organisations(r.owner_id for r in rows)
    return listed([_resolution_out(row, who) for row in _part(rows, query)], len(rows))


def _resolution_out(row: Resolution, who: dict[int, Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "text": row.text,
        "owner": who[row.owner_id].code,
        "due_on": row.due_on.isoformat(),
        "state": row.state,
        "closed_on": row.closed_on.isoformat() if row.closed_on else None,
    }


# --- university projects ---------------------------------------------------------------------------------


def _projects_out(rows: Sequence[TransferProject]) -> list[dict[str, Any]]:
    who = sight.organisations({x for r in rows for x in (r.university_id, r.enterprise_id)})
    return [
        {
            "id": row.id,
            "title": row.title,
            "university": who[row.university_id].code,
            "enterprise": who[row.enterprise_id].code,
            "stage": row.stage,
            "segment": row.segment,
            "started_on": row.started_on.isoformat(),
            "production_on": row.production_on.isoformat() if row.production_on else None,
        }
        for row in rows
    ]


@api.get("/projects")
@signed_in
def list_projects(query: PageQuery) -> Any:
    """University projects, newest first."""
    rows = projects.all_projects()
    return listed(_projects_out(_part(rows, query)), len(rows))


@api.post("/projects")
@signed_in
@idempotent
def start_project(body: ProjectBody) -> Any:
    """Start a project; one of its two sides or the park's staff may."""
    university = identity.find_organisation(body.university)
    if university is None:
        raise NotFound("organisation_not_found")
    row = projects.start(
        current_actor(),
        title=body.title,
        university_id=university.id,
        enterprise_id=identity.get_enterprise(body.enterprise).id,
        started_on=body.started_on,
        segment=_known(body.segment),
    )
    return _projects_out([row])[0], 201


# --- service packs ---------------------------------------------------------------------------------------


def _pack_out(row: ServicePack) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "industry": row.industry,
        "segment": row.segment,
        "state": row.state,
        "expires_on": row.expires_on.isoformat(),
        "opened_count": row.opened_count,
        "items": len(packs.items(row.id)),
    }


@api.get("/packs")
@roles(*sight.READERS)
def list_packs(query: PageQuery) -> Any:
    """Service packs for prospects, newest first; the secret links stay on the pages."""
    rows = packs.all_packs()
    return listed([_pack_out(row) for row in _part(rows, query)], len(rows))


@api.post("/packs")
@signed_in
@idempotent
def build_pack(body: PackBody) -> Any:
    """Prepare a pack from what the park has today; the staff only."""
    given = body.model_dump(exclude={"segment"})
    return _pack_out(packs.build(current_actor(), segment=_known(body.segment), **given)), 201


# --- signals ---------------------------------------------------------------------------------------------


def _signals_out(rows: Sequence[Signal]) -> list[dict[str, Any]]:
    who = sight.organisations(r.organisation_id for r in rows)
    tags = signals.tags_of(r.id for r in rows)
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "text": row.text,
            "topic": row.topic,
            "enterprise": who[row.organisation_id].code if row.organisation_id else None,
            "segment": row.segment,
            "minutes": row.minutes,
            "occurred_on": row.occurred_on.isoformat(),
            "tags": list(tags[row.id]),
        }
        for row in rows
    ]


@api.get("/signals")
@signed_in
def list_signals(query: SignalQuery) -> Any:
    """Signals this reader may see: the staff all, a firm its own; newest first."""
    found = signals.query(current_actor(), kind=query.kind, q=query.q, tag=query.tag)
    found = found.order_by(Signal.occurred_on.desc(), Signal.id.desc())
    rows = db.session.scalars(found).all()
    return listed(_signals_out(_part(rows, query)), len(rows))


@api.post("/signals")
@signed_in
@idempotent
def record_signal(body: SignalBody) -> Any:
    """Tell the park something; it counts as evidence on the next agenda."""
    row = signals.record_signal(
        current_actor(),
        kind=body.kind,
        text=body.text,
        organisation_id=identity.get_enterprise(body.enterprise).id if body.enterprise else None,
        segment=_known(body.segment),
        tags=body.tags,
        occurred_on=body.occurred_on,
    )
    return _signals_out([row])[0], 201
