"""The API of university projects and joint bases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from app.ecosystem import sight
from app.ecosystem.pages import api
from app.ecosystem.projects import rules, service, shapes
from app.ecosystem.projects.models import TransferProject
from app.ecosystem.projects.rules import BasePlan, Plan
from app.ecosystem.projects.schemas import AdvanceBody, BaseBody, ProjectBody
from app.ecosystem.schemas import IdPath
from app.ecosystem.sources import known_segment
from app.hall.api.blueprint import listed, part_of
from app.hall.api.fields import PageQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.errors import NotFound
from app.hall.web.guards import current_actor, only, signed_in
from app.identity import door as identity
from app.identity.door import Actor, roles


def _projects_out(actor: Actor, rows: Sequence[TransferProject]) -> list[shapes.Project]:
    who = sight.organisations({x for r in rows for x in (r.university_id, r.enterprise_id)})
    found: list[shapes.Project] = []
    for row in rows:
        named = service.may_read(actor, row)
        found.append(
            {
                "id": row.id,
                "title": row.title if named else None,
                "university": who[row.university_id].code,
                "enterprise": who[row.enterprise_id].code if named else None,
                "stage": row.stage,
                "segment": row.segment if named else None,
                "started_on": row.started_on.isoformat(),
                "match_on": _day(row.match_on),
                "research_on": _day(row.research_on),
                "pilot_on": _day(row.pilot_on),
                "production_on": _day(row.production_on),
                "days": rules.days_to_production(service.as_pure([row])[0]),
                "in_time": rules.in_time(service.as_pure([row])[0]),
            }
        )
    return found


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


@api.get("/projects")
@signed_in
def list_projects(query: PageQuery) -> Listed[shapes.Project]:
    """University projects, newest first; title and firm are null where they are not the caller's to know."""
    rows = service.all_projects()
    return listed(_projects_out(current_actor(), part_of(rows, query)), len(rows))


@api.get("/projects/<int:id>")
@signed_in
def show_project(path: IdPath) -> shapes.Project:
    """One project: for its two sides, the staff and the auditor."""
    actor = current_actor()
    return _projects_out(actor, [service.get(actor, path.id)])[0]


@api.post("/projects")
@signed_in
@idempotent
def start_project(body: ProjectBody) -> tuple[shapes.Project, int]:
    """Start a project; one of its two sides or the park's staff may."""
    actor = current_actor()
    university = identity.find_organisation(body.university)
    if university is None:
        raise NotFound("organisation_not_found")
    row = service.start(
        actor,
        Plan(
            title=body.title,
            university_id=university.id,
            enterprise_id=identity.get_enterprise(body.enterprise).id,
            started_on=body.started_on,
            segment=known_segment(body.segment),
            need_id=body.need,
            base_id=body.base,
        ),
    )
    return _projects_out(actor, [row])[0], 201


@api.post("/projects/<int:id>/advance")
@signed_in
@idempotent
def advance_project(path: IdPath, body: AdvanceBody) -> shapes.Project:
    """Take a project to its next stage on a day, or drop it."""
    actor = current_actor()
    return _projects_out(actor, [service.advance(actor, path.id, body.stage, body.on, body.note)])[0]


@api.post("/bases")
@only(roles.MATCHES_PARTIES)
@idempotent
def found_base(body: BaseBody) -> tuple[shapes.JointBase, int]:
    """Found a joint base of a university and firms, usually because a resolution says so."""
    university = identity.find_organisation(body.university)
    if university is None:
        raise NotFound("organisation_not_found")
    row = service.found_base(
        current_actor(),
        BasePlan(
            name=body.name,
            field=body.field,
            university_id=university.id,
            firms=[identity.get_enterprise(code).id for code in body.enterprises],
            founded_on=body.founded_on,
            resolution_id=body.resolution,
        ),
    )
    return {
        "id": row.id,
        "name": row.name,
        "university": university.code,
        "resolution": row.resolution_id,
    }, 201
