"""Who is heard next: plans as data, silence in days, what is due by which method and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Invalid, NotAllowed, Reason
from app.identity import door as identity
from app.identity.door import Actor, Calendar, OrganisationInfo, roles
from app.voice import queries as firms
from app.voice.onboarding import service as onboarding
from app.voice.onboarding.models import OnboardingStep
from app.voice.visits import rules, states
from app.voice.visits.models import Contact, PlanStep, Visit

LAYERS = (rules.NEW, rules.LARGE, rules.MEDIUM, rules.SMALL_MICRO)


def contact_plan() -> Mapping[str, Sequence[rules.Step]]:
    """The park's own plan, by layer; the shipped one while it has none."""
    rows = list(db.session.scalars(sa.select(PlanStep).order_by(PlanStep.id)))
    if not rows:
        return rules.DEFAULT_PLAN
    found: dict[str, list[rules.Step]] = {}
    for row in rows:
        found.setdefault(row.layer, []).append(rules.Step(row.method, row.every_days, row.once_on_day))
    return found


def set_plan(actor: Actor, layer: str, steps: Sequence[rules.Step]) -> None:
    """Another plan for a layer; the others become rows as they stand."""
    if not actor.may(roles.SETS_CONTACT_PLANS):
        raise NotAllowed("voice_plan_not_yours")
    wrong = []
    if layer not in LAYERS:
        wrong.append(Reason("voice_layer_unknown", {"at": "layer"}))
    if len({one.method for one in steps}) != len(steps):
        wrong.append(Reason("voice_method_twice", {"at": "method"}))
    for one in steps:
        if one.method not in states.METHODS:
            wrong.append(Reason("feedback_channel_unknown", {"at": "method"}))
        if (one.every_days > 0) == (one.once_on_day > 0) or max(one.every_days, one.once_on_day) > 3650:
            wrong.append(Reason("voice_interval_wrong", {"at": "every_days"}))
    if wrong:
        raise Invalid("voice_plan_refused", wrong)
    with transaction() as session:
        known = dict(contact_plan())
        known[layer] = list(steps)
        session.execute(sa.delete(PlanStep))
        session.add_all(
            PlanStep(layer=name, method=one.method, every_days=one.every_days, once_on_day=one.once_on_day)
            for name, some in known.items()
            for one in some
        )
        identity.audit(actor, "contact_plan.set", "contact_plan", layer)


@dataclass(frozen=True)
class Row:
    """A firm on the list of who is heard next."""

    firm: OrganisationInfo
    layer: str
    silence_days: int | None
    last_heard_on: dt.date | None
    dues: Sequence[rules.Due]
    steps: Sequence[OnboardingStep]
    next_visit: Visit | None
    channels: Mapping[str, dt.date]

    @property
    def due(self) -> rules.Due | None:
        return self.dues[0] if self.dues else None

    @property
    def never(self) -> bool:
        """Never heard by the method that is due: its day is counted from the registration and says little."""
        return self.due is not None and self.due.reason == "interval" and self.due.method not in self.channels


def rows(day: dt.date | None = None, calendar: Calendar | None = None) -> list[Row]:
    """Every active firm with what is due next, the earliest due first, then the longest silence."""
    today = day or clock.today()
    plan = contact_plan()
    calendar = calendar or identity.park_calendar()
    last = firms.last_contacts(until=today)
    asked = _asked()
    newcomers = onboarding.of_all()
    planned = _planned()
    found = []
    for firm in firms.firms():
        if firm.status != "active":
            continue
        steps = newcomers.get(firm.id, ())
        since = firm.registered_on or (clock.day_of(steps[0].created_at) if steps else None)
        mine = last.get(firm.id, {})
        heard_on = firms.last_heard(mine)
        start = heard_on or since
        layer = firms.layer_of(firm, today, since)
        dues: tuple[rules.Due, ...] = ()
        if since is not None and layer:
            milestones = [
                rules.Milestone(one.code, one.due_on, one.touched_on is not None or one.state != "open")
                for one in steps
            ]
            heard = rules.Heard(since, firm.size or "small", mine, milestones, asked.get(firm.id))
            dues = rules.next_contacts(heard, today, calendar.works, plan)
        found.append(
            Row(
                firm,
                layer,
                (today - start).days if start else None,
                heard_on,
                dues,
                steps,
                planned.get(firm.id),
                mine,
            )
        )
    far = dt.date.max
    return sorted(
        found,
        key=lambda one: (one.due.suggested_on if one.due else far, -(one.silence_days or 0), one.firm.code),
    )


def _asked() -> dict[int, rules.Asked]:
    """The last time each firm was asked online, and what it scored."""
    query = (
        sa.select(Contact.organisation_id, Contact.held_on, Contact.score, Contact.accepted)
        .where(Contact.channel == "online")
        .order_by(Contact.held_on, Contact.id)
    )
    found = {}
    for organisation_id, day, score, accepted in db.session.execute(query):
        if not accepted or score is not None:
            found[organisation_id] = rules.Asked(day, float(score) if score is not None else None)
    return found


def _planned() -> dict[int, Visit]:
    query = sa.select(Visit).where(Visit.state.in_(states.BEFORE)).order_by(Visit.planned_on.desc())
    return {row.organisation_id: row for row in db.session.scalars(query)}
