"""Maintenance that falls due by date or by hours used: warned ahead, and blocking where the plan says so."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app import clock
from app.db import db, transaction
from app.errors import Invalid, NotFound
from app.identity import service as identity
from app.identity.service import Actor
from app.sharing.models import MaintenancePlan, Outage, Resource
from app.sharing.service import access, loading
from app.sharing.service.reports import utilisation


@dataclass(frozen=True)
class Due:
    """How a plan stands: the day it falls due, and hours used since the last time."""

    plan: MaintenancePlan
    due_on: dt.date | None
    used_hours: float
    overdue: bool
    soon: bool


def add_plan(
    actor: Actor,
    resource_id: int,
    name: str,
    every_days: int | None,
    every_used_hours: int | None,
    *,
    warn_days: int = 7,
    blocking: bool = False,
    last_done_on: dt.date | None = None,
) -> MaintenancePlan:
    if not name.strip() or not (every_days or every_used_hours):
        raise Invalid("plan_rhythm")
    with transaction():
        resource = loading.get_resource(resource_id, lock=True)
        access.require_runner_or_park(actor, resource.owner_id)
        row = MaintenancePlan(
            resource_id=resource.id,
            name=name.strip()[:120],
            every_days=every_days or None,
            every_used_hours=every_used_hours or None,
            warn_days=warn_days,
            blocking=blocking,
            last_done_on=last_done_on or clock.today(),
            active=True,
        )
        db.session.add(row)
        db.session.flush()
        identity.audit(actor, "maintenance.planned", "resource", resource.id, name)
        return row


def plans_of(resource: Resource) -> list[Due]:
    rows = db.session.scalars(
        sa.select(MaintenancePlan)
        .where(MaintenancePlan.resource_id == resource.id, MaintenancePlan.active)
        .order_by(MaintenancePlan.id)
    )
    return [standing(resource, row) for row in rows]


def standing(resource: Resource, plan: MaintenancePlan) -> Due:
    today = clock.today()
    since = clock.start_of_day(plan.last_done_on + dt.timedelta(days=1))
    use = utilisation([resource], since, clock.now())[resource.id] if since < clock.now() else None
    used = (use.own + use.shared) / 60 if use else 0.0
    due_on = plan.last_done_on + dt.timedelta(days=plan.every_days) if plan.every_days else None
    overdue = (due_on is not None and due_on <= today) or (
        plan.every_used_hours is not None and used >= plan.every_used_hours
    )
    soon = (due_on is not None and due_on <= today + dt.timedelta(days=plan.warn_days)) or (
        plan.every_used_hours is not None and used >= 0.9 * plan.every_used_hours
    )
    return Due(plan, due_on, used, overdue, soon)


def done(actor: Actor, plan_id: int, day: dt.date | None = None) -> MaintenancePlan:
    """It has been done; a blocking outage of the plan ends now."""
    with transaction():
        plan = db.session.get(MaintenancePlan, plan_id)
        if plan is None:
            raise NotFound("plan_not_found")
        resource = loading.get_resource(plan.resource_id, lock=True)
        access.require_runner_or_park(actor, resource.owner_id)
        plan.last_done_on, plan.warned_on = day or clock.today(), None
        for outage in db.session.scalars(
            sa.select(Outage).where(
                Outage.plan_id == plan.id, Outage.withdrawn_at.is_(None), Outage.end_at > clock.now()
            )
        ):
            if outage.start_at < clock.now():
                outage.end_at = clock.now()
            else:
                outage.withdrawn_at = clock.now()
        identity.audit(actor, "maintenance.done", "resource", resource.id, plan=plan.id)
        return plan


def check_plans() -> int:
    """Warn owners once per round; block overdue instruments whose plan says so. Answers how many plans acted."""
    from app.sharing.service.outages import declare

    acted = 0
    plans = db.session.scalars(sa.select(MaintenancePlan.id).where(MaintenancePlan.active)).all()
    for plan_id in plans:
        with transaction():
            plan = db.session.get(MaintenancePlan, plan_id)
            if plan is None:
                continue
            resource = loading.get_resource(plan.resource_id, lock=True)
            state = standing(resource, plan)
            if state.soon and plan.warned_on is None:
                plan.warned_on = clock.today()
                identity.notify_organisation(
                    resource.owner_id, "maintenance_due", f"/sharing/resources/{resource.id}",
                    roles=access.RUNNERS, resource=resource.name, plan=plan.name,
                )  # fmt: skip
                acted += 1
            if state.overdue and plan.blocking and not _blocked(plan):
                start = clock.now()
                declare(
                    identity.SYSTEM, resource.id, start, start + dt.timedelta(days=30), plan.name,
                    kind="maintenance", plan_id=plan.id,
                )  # fmt: skip
                acted += 1
    return acted


def _blocked(plan: MaintenancePlan) -> bool:
    query = sa.select(Outage.id).where(
        Outage.plan_id == plan.id, Outage.withdrawn_at.is_(None), Outage.end_at > clock.now()
    )
    return db.session.scalar(query.limit(1)) is not None
