"""University projects on their way to production, and the joint bases they grow in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from app.ecosystem import sight, states
from app.ecosystem.market import queries as market_queries
from app.ecosystem.projects import rules
from app.ecosystem.projects.models import JointBase, JointBaseFirm, TransferProject
from app.ecosystem.round_table.models import Resolution
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Invalid, NotAllowed, NotFound
from app.identity import door as identity
from app.identity.door import Actor

STAGES = ("need", "match", "research", "pilot", "production")


def start(actor: Actor, plan: rules.Plan) -> TransferProject:
    """Start a project between a university (or institute) and a firm."""
    _must_be_part(actor, plan.university_id, plan.enterprise_id)
    if plan.started_on > clock.today():
        raise Invalid("project_in_future")
    with transaction() as session:
        if identity.get_organisation(plan.university_id).kind not in ("university", "institute"):
            raise Invalid("project_needs_university")
        if identity.get_organisation(plan.enterprise_id).kind != "enterprise":
            raise Invalid("project_needs_firm")
        if plan.base_id is not None and session.get(JointBase, plan.base_id) is None:
            raise NotFound("base_not_found")
        if plan.need_id is not None and market_queries.get(actor, plan.need_id).kind != "need":
            raise Invalid("project_needs_need")
        row = TransferProject(
            title=plan.title.strip(),
            university_id=plan.university_id,
            enterprise_id=plan.enterprise_id,
            base_id=plan.base_id,
            segment=plan.segment or None,
            need_id=plan.need_id,
            started_on=plan.started_on,
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        identity.audit(actor, "project.started", "transfer_project", row.id)
        return row


def _must_be_part(actor: Actor, *sides: int) -> None:
    sight.must_write(actor)
    if actor.organisation_id not in sides and not sight.is_matchmaker(actor):
        raise NotAllowed("project_not_yours")


def advance(actor: Actor, project_id: int, stage: str, on: dt.date, note: str = "") -> TransferProject:
    """Take a project to its next stage on a day, never before the last one."""
    with transaction():
        row = db.session.scalar(locked(sa.select(TransferProject).where(TransferProject.id == project_id)))
        if row is None or not may_read(actor, row):
            raise NotFound("project_not_found")
        _must_be_part(actor, row.university_id, row.enterprise_id)
        days = [row.started_on, *(d for d in (row.match_on, row.research_on, row.pilot_on) if d)]
        if on < max(days) or on > clock.today():
            raise Invalid("project_day_order")
        row.stage = states.step(rules.TRANSFER, row.stage, stage)
        if stage != "dropped":
            setattr(row, f"{stage}_on", on)
        if note.strip():
            row.note = note.strip()
        identity.audit(actor, f"project.{stage}", "transfer_project", row.id, note)
        return row


def all_projects() -> list[TransferProject]:
    query = sa.select(TransferProject).order_by(TransferProject.started_on.desc(), TransferProject.id.desc())
    return list(db.session.scalars(query.limit(500)))


def may_read(actor: Actor, row: TransferProject) -> bool:
    """Say whether the actor may know which firm works on what: the two sides, the staff, the auditor.

    That there is a project, how far it is and whether it was in time is the park's to know.
    """
    return actor.organisation_id in (row.university_id, row.enterprise_id) or sight.may_read_all(actor)


def get(actor: Actor, project_id: int) -> TransferProject:
    row = db.session.get(TransferProject, project_id)
    if row is None or not may_read(actor, row):
        raise NotFound("project_not_found")
    return row


def as_pure(rows: Sequence[TransferProject]) -> list[rules.Project]:
    return [rules.Project(row.id, row.started_on, row.production_on) for row in rows]


def found_base(actor: Actor, plan: rules.BasePlan) -> JointBase:
    """Found a joint base, usually because a resolution says so."""
    sight.must_match(actor)
    with transaction() as session:
        if plan.resolution_id is not None and session.get(Resolution, plan.resolution_id) is None:
            raise NotFound("resolution_not_found")
        if identity.get_organisation(plan.university_id).kind not in ("university", "institute"):
            raise Invalid("project_needs_university")
        row = JointBase(
            name=plan.name.strip(),
            field=plan.field.strip(),
            university_id=plan.university_id,
            resolution_id=plan.resolution_id,
            founded_on=plan.founded_on,
        )
        session.add(row)
        session.flush()
        session.add_all(JointBaseFirm(base_id=row.id, organisation_id=id_) for id_ in sorted(set(plan.firms)))
        identity.audit(actor, "base.founded", "joint_base", row.id)
        session.flush()
        return row


def bases() -> list[JointBase]:
    return list(db.session.scalars(sa.select(JointBase).order_by(JointBase.founded_on.desc(), JointBase.id)))


def firms_of(base_ids: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    rows = db.session.execute(
        sa.select(JointBaseFirm.base_id, JointBaseFirm.organisation_id)
        .where(JointBaseFirm.base_id.in_(base_ids))
        .order_by(JointBaseFirm.organisation_id)
    )
    for base_id, organisation_id in rows:
        found.setdefault(base_id, []).append(organisation_id)
    return found
