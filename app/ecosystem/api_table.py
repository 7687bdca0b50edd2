"""The API of what happens around the market: university projects, service packs, signals, the scorecard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from app.api import ApiModel, Day, PageQuery, PartQuery, idempotent, listed, listed_part
from app.db import db
from app.ecosystem import pipeline
from app.ecosystem.api import IdPath, Tag, api
from app.ecosystem.messages import pack_reason, pack_title
from app.ecosystem.models import PackItem, ServicePack, Signal, TransferProject
from app.ecosystem.service import around, outcomes, packs, projects, scorecard, sight, signals
from app.errors import Invalid, NotFound, Reason
from app.identity import service as identity
from app.identity.service import Actor, OrganisationInfo
from app.web import current_actor, roles, signed_in

Code = Annotated[str, Field(min_length=1, max_length=20)]


class ProjectBody(ApiModel):
    title: str = Field(min_length=2, max_length=120)
    university: Code
    enterprise: Code
    started_on: Day
    segment: str | None = Field(None, max_length=60)
    need: int | None = Field(None, ge=1, le=2**62)
    base: int | None = Field(None, ge=1, le=2**62)


class AdvanceBody(ApiModel):
    stage: Literal["match", "research", "pilot", "production", "dropped"]
    on: Day
    note: str = Field("", max_length=500)


class BaseBody(ApiModel):
    name: str = Field(min_length=2, max_length=100)
    field: str = Field("", max_length=100)
    university: Code
    enterprises: list[Code] = Field(default_factory=list, max_length=200)
    resolution: int | None = Field(None, ge=1, le=2**62)
    founded_on: Day


class PackBody(ApiModel):
    name: str = Field(min_length=1, max_length=80)
    industry: str = Field("", max_length=40)
    segment: str | None = Field(None, max_length=60)
    greeting: str = Field("", max_length=1000)
    expires_on: Day | None = None


class ScorecardQuery(PartQuery):
    months: int = Field(6, ge=1, le=24)


class SignalBody(ApiModel):
    """Firms may complain in their own name; visits and surveys come from the park's staff."""

    kind: Literal["complaint", "visit", "survey"]
    text: str = Field(min_length=1, max_length=1000)
    enterprise: Code | None = None
    segment: str | None = Field(None, max_length=60)
    resource: int | None = Field(None, ge=1, le=2**62)
    need: int | None = Field(None, ge=1, le=2**62)
    tags: list[Tag] = Field(default_factory=list, max_length=8)
    occurred_on: Day | None = None


class SignalQuery(PageQuery):
    kind: Literal["", "complaint", "visit", "survey", "refused_booking"] = ""
    q: str = Field("", max_length=100)
    tag: str = Field("", max_length=30)


def _known(segment: str | None) -> str | None:
    if segment and segment not in around.segments():
        reason = Reason("post_unknown_segment", {"segment": segment})
        raise Invalid("post_unknown_segment", reasons=[reason], segment=segment)
    return segment or None


def _part(rows: Sequence[Any], query: PageQuery) -> Sequence[Any]:
    return rows[query.offset : query.offset + query.limit]


# --- university projects ---------------------------------------------------------------------------------


def _projects_out(actor: Actor, rows: Sequence[TransferProject]) -> list[dict[str, Any]]:
    who = sight.organisations({x for r in rows for x in (r.university_id, r.enterprise_id)})
    found = []
    for row in rows:
        named = projects.may_read(actor, row)
        found.append(
            {
                "id": row.id,
                "title": row.title if named else None,
                "university": who[row.university_id].code,
                "enterprise": who[row.enterprise_id].code if named else None,
                "stage": row.stage,
                "segment": row.segment if named else None,
                "started_on": row.started_on.isoformat(),
                **{f"{s}_on": _day(getattr(row, f"{s}_on")) for s in projects.STAGES[1:]},
                "days": pipeline.days_to_production(projects.as_pure([row])[0]),
                "in_time": pipeline.in_time(projects.as_pure([row])[0]),
            }
        )
    return found


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


@api.get("/projects")
@signed_in
def list_projects(query: PageQuery) -> Any:
    """University projects, newest first; title and firm are null where they are not the caller's to know."""
    rows = projects.all_projects()
    return listed(_projects_out(current_actor(), _part(rows, query)), len(rows))


@api.get("/projects/<int:id>")
@signed_in
def show_project(path: IdPath) -> Any:
    """One project: for its two sides, the staff and the auditor."""
    actor = current_actor()
    return _projects_out(actor, [projects.get(actor, path.id)])[0]


@api.post("/projects")
@signed_in
@idempotent
def start_project(body: ProjectBody) -> Any:
    """Start a project; one of its two sides or the park's staff may."""
    actor = current_actor()
    university = identity.find_organisation(body.university)
    if university is None:
        raise NotFound("organisation_not_found")
    row = projects.start(
        actor,
        title=body.title,
        university_id=university.id,
        enterprise_id=identity.get_enterprise(body.enterprise).id,
        started_on=body.started_on,
        segment=_known(body.segment),
        need_id=body.need,
        base_id=body.base,
    )
    return _projects_out(actor, [row])[0], 201


@api.post("/projects/<int:id>/advance")
@signed_in
@idempotent
def advance_project(path: IdPath, body: AdvanceBody) -> Any:
    """Take a project to its next stage on a day, or drop it."""
    actor = current_actor()
    return _projects_out(actor, [projects.advance(actor, path.id, body.stage, body.on, body.note)])[0]


@api.post("/bases")
@roles(*sight.MATCHMAKERS)
@idempotent
def found_base(body: BaseBody) -> Any:
    """Found a joint base of a university and firms, usually because a resolution says so."""
    university = identity.find_organisation(body.university)
    if university is None:
        raise NotFound("organisation_not_found")
    row = projects.found_base(
        current_actor(),
        name=body.name,
        field=body.field,
        university_id=university.id,
        firms=[identity.get_enterprise(code).id for code in body.enterprises],
        founded_on=body.founded_on,
        resolution_id=body.resolution,
    )
    return {
        "id": row.id,
        "name": row.name,
        "university": university.code,
        "resolution": row.resolution_id,
    }, 201


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


@api.get("/packs/<int:id>")
@roles(*sight.READERS)
def show_pack(path: IdPath) -> Any:
    """One pack with what is in it and what came of it."""
    actor = current_actor()
    row = packs.get(actor, path.id)
    contents = packs.items(row.id)
    shown = (i.organisation_id for i in contents) if sight.is_matchmaker(actor) else ()
    who = sight.organisations(shown)
    return _pack_out(row) | {
        "contents": [_item_out(item, who) for item in contents],
        "introductions": [i.id for i in packs.introductions_of([row.id]).get(row.id, [])],
        "confirmed": [
            {"metric": metric, "unit": unit, "change": value}
            for (metric, unit), value in outcomes.pack_totals([row.id])[row.id].items()
        ],
    }


def _item_out(item: PackItem, who: dict[int, OrganisationInfo]) -> dict[str, Any]:
    state = (
        "agreed" if item.agreed_at else "declined" if item.declined_at else "wanted" if item.wanted_at else ""
    )
    return {
        "id": item.id,
        "kind": item.kind,
        "title": pack_title(item),
        "reason": pack_reason(item),
        "organisation": who[item.organisation_id].code if item.organisation_id in who else None,
        "state": state or "offered",
    }


@api.post("/packs/<int:id>/share")
@roles(*sight.MATCHMAKERS)
@idempotent
def share_pack(path: IdPath) -> Any:
    """Open the secret link and answer its path; whoever has the link can read the pack."""
    row = packs.share(current_actor(), path.id)
    return _pack_out(row) | {"path": f"/ecosystem/welcome/{row.token}"}


@api.post("/packs/<int:id>/withdraw")
@roles(*sight.MATCHMAKERS)
@idempotent
def withdraw_pack(path: IdPath) -> Any:
    """Close the secret link; introductions go on."""
    return _pack_out(packs.withdraw(current_actor(), path.id))


# --- the scorecard ---------------------------------------------------------------------------------------


@api.get("/scorecard")
@roles(*sight.READERS)
def show_scorecard(query: ScorecardQuery) -> Any:
    """Figures per month, oldest first; confirmed changes are added up per unit, money in 万元."""
    months = scorecard.scorecard(query.months)
    return listed_part([{"month": m.key, **m.values, "confirmed": m.gains} for m in months], query)


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
        resource_id=body.resource,
        post_id=body.need,
        tags=body.tags,
        occurred_on=body.occurred_on,
    )
    return _signals_out([row])[0], 201
