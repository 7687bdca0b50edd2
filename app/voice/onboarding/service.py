"""Milestones of newcomers: made when a prospect lands, ticked by who looks after them, overdue with days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from app.ecosystem import door as ecosystem
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotFound, Reason
from app.hall.text import language
from app.identity import door as identity
from app.identity.door import SYSTEM, Actor, OrganisationInfo, roles
from app.voice.onboarding.models import OnboardingStep
from app.voice.onboarding.rules import DONE, NOT_NEEDED, OPEN, Item, overdue_days, steps_of


def title(row: OnboardingStep) -> str:
    return (row.title_en if language.lang() == "en" else "") or row.title_zh


def begin(
    actor: Actor, organisation_id: int, items: Iterable[Item], landed_on: dt.date, source: str = ""
) -> Sequence[OnboardingStep]:
    """The milestones of a firm; told twice they are there once."""
    with transaction() as session:
        known = {row.code for row in of_firm(organisation_id)}
        for step in steps_of(items, landed_on):
            if step.code not in known:
                session.add(
                    OnboardingStep(
                        organisation_id=organisation_id,
                        code=step.code,
                        title_zh=step.title_zh,
                        title_en=step.title_en,
                        due_on=step.due_on,
                        source=source or None,
                        created_at=clock.now(),
                    )
                )
        session.flush()
        if not known:
            identity.audit(actor, "onboarding.begun", "organisation", organisation_id)
        return of_firm(organisation_id)


def landed(organisation_id: int, prospect_id: int) -> None:
    """A prospect became a firm of the park: the milestones of its pack, or of its industry's."""
    begin(SYSTEM, organisation_id, items_of(organisation_id), clock.today(), f"prospect:{prospect_id}")


def items_of(organisation_id: int) -> Sequence[Item]:
    """What its newest pack, or the pack of its industry, lists with a number of days."""
    found = ecosystem.milestones_of(organisation_id)
    return [Item(one.code, one.title_zh, one.title_en, one.due_days) for one in found]


def of_firm(organisation_id: int) -> list[OnboardingStep]:
    query = sa.select(OnboardingStep).where(OnboardingStep.organisation_id == organisation_id)
    return list(db.session.scalars(query.order_by(OnboardingStep.due_on, OnboardingStep.id)))


def of_all() -> dict[int, list[OnboardingStep]]:
    """Milestones of every firm that has some that are open, and when each firm began."""
    open_firms = sa.select(OnboardingStep.organisation_id).where(OnboardingStep.state == OPEN)
    query = sa.select(OnboardingStep).where(OnboardingStep.organisation_id.in_(open_firms))
    found: dict[int, list[OnboardingStep]] = {}
    for row in db.session.scalars(query.order_by(OnboardingStep.due_on, OnboardingStep.id)):
        found.setdefault(row.organisation_id, []).append(row)
    return found


def end(
    actor: Actor, step_id: int, state: str, on_day: dt.date | None = None, because: str = ""
) -> OnboardingStep:
    """Done on a day, or not needed for a reason."""
    if not actor.may(roles.PLANS_VISITS):
        raise NotFound("onboarding_not_found")
    if state not in (DONE, NOT_NEEDED):
        raise Invalid("onboarding_refused", [Reason("visit_step_unknown", {"at": "state"})])
    if state == NOT_NEEDED and not because.strip():
        raise Invalid("onboarding_refused", [Reason("visit_reason_missing", {"at": "because"})])
    day = on_day or clock.today()
    if day > clock.today():
        raise Invalid("onboarding_refused", [Reason("specialist_in_future", {"at": "on"})])
    with transaction() as session:
        row = session.get(OnboardingStep, step_id)
        if row is None:
            raise NotFound("onboarding_not_found")
        if row.state != OPEN:
            raise Conflict("onboarding_over")
        row.state = state
        row.done_on = day if state == DONE else None
        row.because = because.strip()[:500]
        identity.audit(actor, f"onboarding.{state}", "onboarding_step", row.id)
        return row


def touched(organisation_id: int, day: dt.date) -> None:
    """A visit on or after the suggested day touches the earliest milestone that nobody has asked about yet."""
    row = db.session.scalar(
        sa.select(OnboardingStep)
        .where(
            OnboardingStep.organisation_id == organisation_id,
            OnboardingStep.touched_on.is_(None),
            OnboardingStep.due_on <= day + dt.timedelta(days=14),
        )
        .order_by(OnboardingStep.due_on, OnboardingStep.id)
        .limit(1)
    )
    if row is not None:
        row.touched_on = day


def overdue(limit: int = 20) -> list[tuple[OnboardingStep, OrganisationInfo, int]]:
    """Open milestones past their day, the latest first, with their firm and days."""
    today = clock.today()
    query = sa.select(OnboardingStep).where(OnboardingStep.state == OPEN, OnboardingStep.due_on < today)
    rows = list(db.session.scalars(query.order_by(OnboardingStep.due_on, OnboardingStep.id).limit(limit)))
    firms = identity.organisations_by_id(row.organisation_id for row in rows)
    return [(row, firms[row.organisation_id], overdue_days(row.state, row.due_on, today)) for row in rows]
