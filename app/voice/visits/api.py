"""The API of visits: who is heard next, the day with its dossiers, the week, the visit itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import sqlalchemy as sa
from flask import Response, jsonify, request

from app.hall import clock
from app.hall.api.blueprint import listed, listed_part, part_of
from app.hall.api.fields import PartQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.db.paging import part
from app.hall.errors import Conflict
from app.hall.web.guards import current_actor, only
from app.identity import door as identity
from app.identity.door import OrganisationInfo, roles
from app.voice import schemas
from app.voice.feedback import queries as remarks
from app.voice.feedback.api import card_out, entry_of
from app.voice.onboarding import service as onboarding
from app.voice.onboarding.models import OnboardingStep
from app.voice.onboarding.rules import overdue_days
from app.voice.pages import api
from app.voice.people import service as people
from app.voice.visits import planning, plans, revisits, rules, service, shapes, states, today
from app.voice.visits.models import Promise, Visit


def out(row: Visit, full: bool = False, kept: bool = False) -> shapes.WholeVisit:
    """A visit with its firm; `full` adds remarks, promises and what keeps it from being closed.

    `kept`: an answer that is kept for a retry, beside who asked: without what was said in confidence.
    """
    actor = current_actor()
    [plain] = outs([row])
    found: shapes.WholeVisit = {**plain}
    if full:
        said = remarks.of_visit(actor, row.id)
        promises_made = service.promises_of(actor, row.id, said)
        cards = remarks.cards(actor, said)
        if kept:
            cards = [card for card in cards if card.visibility == "named"]
        told = {card.id for card in cards}
        found["note"] = row.note
        found["remarks"] = [card_out(card) for card in cards]
        found["promises"] = [
            promise_out(one) for one in promises_made if one.feedback_id is None or one.feedback_id in told
        ]
        found["missing"] = list(service.missing(actor, row.id, said, promises_made))
    return found


def outs(rows: Sequence[Visit]) -> list[shapes.Visit]:
    """Visits of a list with their firms and specialists, read once for all of them."""
    firms = identity.organisations_by_id(row.organisation_id for row in rows)
    logins = {one.id: one.login for one in people.specialists()}
    return [_out(row, firms[row.organisation_id], logins.get(row.member_id or 0)) for row in rows]


def _out(row: Visit, firm: OrganisationInfo, login: str | None) -> shapes.Visit:
    knows = service.knows_why(current_actor(), row)
    return {
        "id": row.id,
        "state": row.state,
        "enterprise": firm.code,
        "name": firm.name,
        "building": firm.building,
        "on": row.planned_on.isoformat(),
        "starts": row.starts,
        "method": row.method,
        "why": row.why if knows else "plan",
        "specialist": login,
        "moved_to": row.moved_to_id,
        "score_before": row.score_before if knows else None,
        "score": row.score if knows else None,
        "effect": _effect(row) if knows else None,
    }


def _effect(row: Visit) -> shapes.VisitEffect | None:
    """How the scores changed, over the firms visited again for the same problem; only once there is something to say."""
    found = revisits.effect_of(row)
    return (
        {
            "before": found.before,
            "after": found.after,
            "points": found.change.points,
            "relative_percent": found.change.relative_percent,
            "n": found.n,
        }
        if found
        else None
    )


def promise_out(one: Promise) -> shapes.VisitPromise:
    return {
        "id": one.id,
        "text": one.text,
        "made_on": one.made_on.isoformat(),
        "became": one.became or None,
        "number": one.became_number or None,
    }


def milestone_out(row: OnboardingStep) -> shapes.Milestone:
    return {
        "id": row.id,
        "code": row.code,
        "title": onboarding.title(row),
        "due_on": row.due_on.isoformat(),
        "state": row.state,
        "overdue_days": overdue_days(row.state, row.due_on, clock.today()),
    }


def due_out(one: rules.Due) -> shapes.VisitDue:
    return {
        "method": one.method,
        "due_on": one.due_on.isoformat(),
        "suggested_on": one.suggested_on.isoformat(),
        "reason": one.reason,
        "milestone": one.milestone or None,
    }


def dossier_out(found: today.Dossier) -> shapes.Dossier:
    firm = found.firm
    return {
        "enterprise": firm.code,
        "name": firm.name,
        "building": firm.building,
        "layer": found.layer or None,
        "silence_days": found.silence_days,
        "last_contacts": [
            {"channel": one.channel, "on": one.held_on.isoformat()} for one in found.last_contacts
        ],
        "positions": list(found.chain.positions) if found.chain else [],
        "gaps": [{"segment": name, "how": how} for name, how in found.chain.gaps] if found.chain else [],
        "questions": [{"code": code, "segment": name} for code, name in found.chain.questions]
        if found.chain
        else [],
        "refused_bookings": [
            {
                "resource": one.resource_id,
                "name": one.resource,
                "on": one.day.isoformat(),
                "codes": list(one.codes),
            }
            for one in found.refused
        ],
        "policies": [
            {"policy": one.policy, "title": one.title_zh, "missing": list(one.missing)}
            for one in found.policies
        ],
        "needs": [{"id": number, "title": title} for number, title in found.needs],
        "problems": [{"number": one.number, "state": one.state, "text": one.text} for one in found.problems],
        "promises": [promise_out(one) for one in found.promises],
        "milestones": [milestone_out(one) for one in found.milestones],
        "machines_due": found.machines_due,
    }


@api.get("/today")
@only(roles.PLANS_VISITS)
def show_today(query: schemas.DayQuery) -> Annotated[Response, shapes.VisitsOfToday]:
    """The day's visits in walking order with their dossiers; an `ETag` tells a phone that nothing changed."""
    day = query.on or clock.today()
    stops = today.stops(current_actor(), day)
    found: shapes.VisitsOfToday = {
        "on": day.isoformat(),
        "visits": [
            {**visit, "dossier": dossier_out(one.dossier)}
            for visit, one in zip(outs([one.visit for one in stops]), stops, strict=True)
        ],
    }
    answer = jsonify(found)
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@api.get("/next")
@only(roles.PLANS_VISITS)
def who_is_next(query: schemas.NextQuery) -> Listed[shapes.NextVisit]:
    """Who is heard next: layer, silence in days, what is due by which method and why."""
    rows = [one for one in plans.rows() if not query.layer or one.layer == query.layer]
    shown = part_of(rows, query)
    return listed([next_out(one) for one in shown], len(rows))


def next_out(one: plans.Row) -> shapes.NextVisit:
    return {
        "enterprise": one.firm.code,
        "name": one.firm.name,
        "layer": one.layer or None,
        "silence_days": one.silence_days,
        "due": [due_out(due) for due in one.dues],
        "milestones": [milestone_out(step) for step in one.steps],
        "planned": one.next_visit.planned_on.isoformat() if one.next_visit else None,
    }


@api.get("/may-visit")
@only(roles.PLANS_VISITS)
def may_visit(query: schemas.MayQuery) -> shapes.MayVisit:
    """Whether a specialist may visit a firm on a day, with all reasons against it."""
    firm = identity.get_enterprise(query.enterprise)
    member_id = service.specialist_id(current_actor(), query.specialist)
    reasons = people.why_not(member_id, firm.id, query.on)
    return {"may": not reasons, "reasons": list(reasons)}


@api.get("/contact-plan")
@only(roles.SEES_REMARKS)
def show_plan(query: PartQuery) -> Listed[shapes.VisitPlan]:
    """The contact plan of each layer."""
    found: list[shapes.VisitPlan] = [
        {
            "layer": layer,
            "steps": [
                {"method": one.method, "every_days": one.every_days, "once_on_day": one.once_on_day}
                for one in steps
            ],
        }
        for layer, steps in plans.contact_plan().items()
    ]
    return listed_part(found, query)


@api.post("/contact-plan")
@only(roles.SETS_CONTACT_PLANS)
@idempotent
def set_plan(body: schemas.PlanBody) -> shapes.PlanSet:
    """Another plan for a layer."""
    steps = [rules.Step(one.method, one.every_days, one.once_on_day) for one in body.steps]
    plans.set_plan(current_actor(), body.layer, steps)
    return {"layer": body.layer, "steps": len(steps)}


@api.post("/week")
@only(roles.PLANS_VISITS)
@idempotent
def week(body: schemas.WeekBody) -> shapes.VisitWeek:
    """The week of visits as a proven plan; with `accept` its visits are written."""
    actor = current_actor()
    found = planning.propose(actor, body.from_on or clock.today(), body.seconds)
    visits = planning.accept(actor, found) if body.accept else []
    return {
        "from": found.first_on.isoformat(),
        "status": found.week.status,
        "value": list(found.week.value),
        "bound": list(found.week.bound),
        "gap": found.week.gap,
        "assignments": [
            {
                "visit": one.visit,
                "enterprise": found.firms[one.visit].code,
                "specialist": one.specialist,
                "day": found.days[one.day - 1].isoformat(),
            }
            for one in found.week.assignments
        ],
        "left_over": [
            {
                "visit": one.visit,
                "enterprise": found.firms[one.visit].code,
                "reasons": list(found.reasons[one.visit]),
            }
            for one in found.week.left_over
        ],
        "visits": [one.id for one in visits],
    }


@api.post("/visits")
@only(roles.PLANS_VISITS)
@idempotent
def plan_visit(body: schemas.VisitBody) -> tuple[shapes.WholeVisit, int]:
    """Plan a visit; refused with every reason why this specialist may not go there on that day."""
    row = service.plan(
        current_actor(),
        service.NewVisit(
            body.enterprise, body.on, body.specialist or "", body.method, body.starts, body.why, body.priority
        ),
    )
    return out(row), 201


@api.get("/visits")
@only(roles.PLANS_VISITS)
def list_visits(query: schemas.VisitQuery) -> Listed[shapes.Visit]:
    """Visits, the next ones first."""
    statement = sa.select(Visit)
    if query.state == "open":
        statement = statement.where(Visit.state.in_(states.OPEN))
    elif query.state:
        statement = statement.where(Visit.state == query.state)
    if query.enterprise:
        statement = statement.where(Visit.organisation_id == identity.get_enterprise(query.enterprise).id)
    if query.specialist:
        member_id = identity.staff_by_login([query.specialist]).get(query.specialist, 0)
        statement = statement.where(Visit.member_id == member_id)
    if query.from_on:
        statement = statement.where(Visit.planned_on >= query.from_on)
    if query.to_on:
        statement = statement.where(Visit.planned_on <= query.to_on)
    rows, total = part(statement.order_by(Visit.planned_on.desc(), Visit.id), query.limit, query.offset)
    return listed(outs(rows), total)


@api.get("/visits/<int:number>")
@only(roles.PLANS_VISITS)
def show_visit(path: schemas.IdPath) -> shapes.WholeVisit:
    """One visit with its remarks, promises, and what keeps it from being closed."""
    return out(service.get(current_actor(), path.number), full=True)


@api.get("/visits/<int:number>/dossier")
@only(roles.PLANS_VISITS)
def show_dossier(path: schemas.IdPath) -> shapes.Dossier:
    """Everything to know before this visit."""
    row = service.get(current_actor(), path.number)
    return dossier_out(today.dossier(current_actor(), row.organisation_id))


@api.post("/visits/<int:number>/step")
@only(roles.PLANS_VISITS)
@idempotent
def step_visit(path: schemas.IdPath, body: schemas.StepBody) -> shapes.WholeVisit:
    """Confirmed, under way, missed or declined."""
    return out(service.step(current_actor(), path.number, body.state, body.because))


@api.post("/visits/<int:number>/move")
@only(roles.PLANS_VISITS)
@idempotent
def move_visit(path: schemas.IdPath, body: schemas.MoveBody) -> tuple[shapes.WholeVisit, int]:
    """Another day: a new visit, which the old one names."""
    return out(service.move(current_actor(), path.number, body.on, body.because)), 201


@api.post("/visits/<int:number>/record")
@only(roles.PLANS_VISITS)
@idempotent
def record_visit(path: schemas.IdPath, body: schemas.RecordBody) -> shapes.WholeVisit:
    """Write a visit down, also remark by remark; each remark is kept once by its `client_id`."""
    entries = [entry_of(one, channel="visit") for one in body.all_remarks()]
    protocol = service.Protocol(entries, body.promises, body.note, body.score_before, body.score)
    return out(service.record(current_actor(), path.number, protocol), full=True, kept=True)


@api.post("/visits/<int:number>/close")
@only(roles.PLANS_VISITS)
@idempotent
def close_visit(path: schemas.IdPath) -> shapes.WholeVisit:
    """Finished, or refused with all of `probe_missing, remark_open, promise_open` that hold."""
    return out(service.close(current_actor(), path.number))


@api.post("/promises/<int:number>/become")
@only(roles.LINKS_REMARKS)
@idempotent
def promise_becomes(path: schemas.IdPath, body: schemas.PromiseBody) -> shapes.VisitPromise:
    """A promise turns into a problem with a clock, or a need on the market."""
    if body.kind == "problem" and not body.category and body.problem is None:
        raise Conflict("promise_needs_category")
    made = service.promise_becomes(
        current_actor(), path.number, body.kind, body.category, body.problem, body.title
    )
    return promise_out(made)


@api.post("/milestones/<int:number>/end")
@only(roles.PLANS_VISITS)
@idempotent
def end_milestone(path: schemas.IdPath, body: schemas.MilestoneBody) -> shapes.Milestone:
    """A newcomer's milestone is done, or not needed for a reason."""
    return milestone_out(onboarding.end(current_actor(), path.number, body.state, body.on, body.because))
