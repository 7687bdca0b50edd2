"""The API of problems: reported, worked on, ended; every answer as far as its reader may see."""

from __future__ import annotations

import datetime as dt

from flask import request

from app.hall import clock
from app.hall.api.blueprint import listed
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.db.paging import part
from app.hall.errors import Conflict, Invalid, Reason
from app.hall.web.guards import current_actor, only, signed_in
from app.identity import door as identity
from app.identity.door import roles
from app.problems import schemas, shapes, sight
from app.problems.board import queries as board
from app.problems.board.contributions import path_of
from app.problems.closing import service as closing
from app.problems.coordination import service as coordination
from app.problems.pages import api
from app.problems.places import service as places
from app.problems.reports import queries, service, store
from app.problems.reports.models import Problem
from app.problems.reports.sources import figures_of, solved_rows
from app.problems.subjects.queries import about_out
from app.problems.work import service as work


def problem_out(problem: Problem, known: board.Known | None = None) -> shapes.ProblemCard:
    """A problem as this reader may see it."""
    [card] = board.cards(sight.reader_of(current_actor()), [problem], known=known or board.Known())
    return card_out(card)


def _registered_out(made: service.Registered) -> shapes.ProblemCard:
    """One that was registered just now brings along what was written with it: nothing is read again."""
    if made.reading is None:
        return problem_out(made.problem)
    number = made.problem.id
    facts = board.Facts(
        {number: list(made.asked)} if made.asked else {},
        firms={number: [made.firm]} if made.firm is not None else {},
    )
    return problem_out(made.problem, board.Known({number: [made.reading]}, facts))


def card_out(card: board.Card) -> shapes.ProblemCard:
    shown = card.clock
    return {
        "id": card.problem.id,
        "number": card.problem.number,
        "state": card.state,
        "class": card.problem.problem_class,
        "category": card.problem.category,
        "text": card.problem.text,
        "place": card.place,
        "department": card.departments[0].code if card.departments else None,
        "departments": [one.code for one in card.departments],
        "responsible": card.responsible or None,
        "handler": card.handler or None,
        "firms": list(card.firms),
        "repeat": card.problem.repeat_number,
        "registered_at": _when(card.registered),
        "clock": {
            "kind": shown.clock,
            "due_at": _when(card.due_at),
            "state": shown.state,
            "extended": shown.extended,
            "provisional": shown.provisional,
        }
        if shown
        else None,
    }


def _when(value: dt.datetime | dt.date | None) -> str | None:
    if isinstance(value, dt.datetime):
        return clock.local(value).isoformat()
    return value.isoformat() if value else None


def _staff(*logins: str) -> list[int]:
    known = identity.staff_by_login(logins)
    unknown = [one for one in logins if one not in known]
    if unknown:
        raise Conflict("problem_refused", [Reason("problem_unknown_person")])
    return [known[one] for one in logins]


@api.post("/photos")
@signed_in
@idempotent
def upload_photo() -> tuple[shapes.ProblemPhoto, int]:
    """Send a photograph (multipart, field `photo`) before its report; it is written anew after the commit."""
    sent = request.files.get("photo")
    if sent is None:
        raise Invalid("file_empty")
    data = sent.read()
    sent.close()
    return {"id": store.take(current_actor(), data)}, 201


@api.post("")
@signed_in
@idempotent
def report_problem(body: schemas.ReportBody) -> tuple[shapes.ProblemCard, int]:
    """Report a problem: a number at once, the department told, the clock started."""
    place = places.find_by_code(body.place_code).id if body.place_code else body.place
    made = service.register(
        current_actor(),
        service.Report(
            category=body.category,
            text=body.text,
            place=place,
            problem_class=body.problem_class or "",
            visibility=body.visibility,
            photos=tuple(body.photos),
            firm=identity.get_enterprise(body.enterprise).id if body.enterprise else None,
            client_id=f"{current_actor().member_id}:{body.client_id}" if body.client_id else None,
            theme=body.theme,
            segment=body.segment,
            resource=body.resource,
        ),
    )
    return _registered_out(made), 201


@api.get("")
@signed_in
def list_problems(query: schemas.ProblemQuery) -> Listed[shapes.ProblemCard]:
    """Problems this reader may see, those that are due first."""
    wanted = queries.Wanted(query.state, query.problem_class, query.department, query.due_before, query.q)
    reader = sight.reader_of(current_actor())
    statement = queries.statement(reader, wanted).order_by(
        Problem.due_at.is_(None), Problem.due_at, Problem.id
    )
    rows, total = part(statement, query.limit, query.offset)
    return listed([card_out(card) for card in board.cards(reader, rows)], total)


@api.get("/report")
@only(roles.SEES_FIGURES_OF_GROUPS)
def report(query: schemas.ReportQuery) -> shapes.ProblemReport:
    """Shares, means, medians, worst and late by class of the problems registered in these days."""
    rows = solved_rows(query.from_on, query.to_on)
    return {"classes": figures_of(rows, query.from_on, query.to_on), "n": len(rows)}


@api.get("/<int:problem_id>")
@signed_in
def show_problem(path: schemas.ProblemPath) -> shapes.WholeProblem:
    """One problem with `path`: every row before and after, as far as the reader may see."""
    problem = queries.get_by_id(current_actor(), path.problem_id)
    actor = current_actor()
    return {
        **problem_out(problem),
        "about": about_out(actor, problem),
        "path": path_of(sight.reader_of(actor), problem),
    }


@api.post("/<int:problem_id>/classify")
@signed_in
@idempotent
def classify(path: schemas.ProblemPath, body: schemas.ClassifyBody) -> shapes.ProblemCard:
    """Confirm or change the class."""
    return problem_out(work.classify(current_actor(), path.problem_id, body.problem_class, body.reason))


@api.post("/<int:problem_id>/take")
@signed_in
@idempotent
def take(path: schemas.ProblemPath) -> shapes.ProblemCard:
    """Take a problem one's department was asked to."""
    return problem_out(work.take(current_actor(), path.problem_id))


@api.post("/<int:problem_id>/assign")
@signed_in
@idempotent
def assign(path: schemas.ProblemPath, body: schemas.AssignBody) -> shapes.ProblemCard:
    """Name the departments and the one first responsible."""
    actor = current_actor()
    queries.get_by_id(actor, path.problem_id)
    known = identity.staff_by_login([body.responsible, *([body.handler] if body.handler else [])])
    handler = known.get(body.handler, 0) if body.handler else None
    departments = work.find_department_ids(body.departments)
    return problem_out(
        work.assign(actor, path.problem_id, departments, known.get(body.responsible, 0), handler)
    )


@api.post("/<int:problem_id>/respond")
@signed_in
@idempotent
def respond(path: schemas.ProblemPath, body: schemas.TextBody) -> shapes.ProblemCard:
    """An answer in words to the firm."""
    return problem_out(work.respond(current_actor(), path.problem_id, body.text))


@api.post("/<int:problem_id>/ask")
@signed_in
@idempotent
def ask(path: schemas.ProblemPath, body: schemas.TextBody) -> shapes.ProblemCard:
    """A question to the firm; a day clock pauses until its answer, within the cap."""
    return problem_out(work.ask(current_actor(), path.problem_id, body.text))


@api.post("/<int:problem_id>/reply")
@signed_in
@idempotent
def reply(path: schemas.ProblemPath, body: schemas.TextBody) -> shapes.ProblemCard:
    """The firm answers what it was asked."""
    return problem_out(work.reply(current_actor(), path.problem_id, body.text))


@api.post("/<int:problem_id>/task-force")
@signed_in
@idempotent
def task_force(path: schemas.ProblemPath, body: schemas.TaskForceBody) -> shapes.ProblemCard:
    """The people of the task force, all of them anew."""
    queries.get_by_id(current_actor(), path.problem_id)
    return problem_out(work.form_task_force(current_actor(), path.problem_id, _staff(*body.members)))


@api.post("/<int:problem_id>/plan")
@signed_in
@idempotent
def plan(path: schemas.ProblemPath, body: schemas.PlanBody) -> shapes.ProblemCard:
    """What, who, until when, what is promised; approved at once where the first responsible makes it."""
    queries.get_by_id(current_actor(), path.problem_id)
    owners = _staff(body.owner, *(one.owner for one in body.milestones))
    promises = tuple(work.Promise(p.what, p.quantity, p.unit, p.promised_on) for p in body.deliverables)
    stages = tuple(
        work.Stage(one.what, owner, one.due_on)
        for one, owner in zip(body.milestones, owners[1:], strict=True)
    )
    wanted = work.Plan(body.what, owners[0], body.until_on, promises, stages)
    return problem_out(work.plan(current_actor(), path.problem_id, wanted))


@api.post("/<int:problem_id>/approve-plan")
@signed_in
@idempotent
def approve_plan(path: schemas.ProblemPath) -> shapes.ProblemCard:
    """The first responsible approves the newest plan."""
    return problem_out(work.approve_plan(current_actor(), path.problem_id))


@api.post("/<int:problem_id>/milestone")
@signed_in
@idempotent
def milestone(path: schemas.ProblemPath, body: schemas.MilestoneBody) -> shapes.ProblemCard:
    """The lead ticks a stage of the roadmap."""
    return problem_out(work.tick_milestone(current_actor(), path.problem_id, body.milestone))


@api.post("/<int:problem_id>/progress")
@signed_in
@idempotent
def progress(path: schemas.ProblemPath, body: schemas.TextBody) -> shapes.ProblemCard:
    """Work began or went on."""
    return problem_out(work.progress(current_actor(), path.problem_id, body.text))


@api.post("/<int:problem_id>/resolve")
@signed_in
@idempotent
def resolve(path: schemas.ProblemPath, body: schemas.ResolveBody) -> shapes.ProblemCard:
    """Solved and answered; every promise delivered or waived with a reason."""
    rows = [
        closing.Delivered(one.what, one.promised, one.delivered, one.unit, one.waived_because)
        for one in body.deliverables
    ]
    return problem_out(closing.resolve(current_actor(), path.problem_id, body.text, rows))


@api.post("/<int:problem_id>/confirm")
@signed_in
@idempotent
def confirm(path: schemas.ProblemPath, body: schemas.ConfirmBody) -> shapes.ProblemConfirmed:
    """Only the firm says whether it is solved; a no reopens. Score 100, 50, 0."""
    verdict = closing.Verdict(body.solved, body.came_after_minutes, body.text)
    problem = closing.confirm(current_actor(), path.problem_id, verdict)
    return {**problem_out(problem), "score": problem.score}


@api.post("/<int:problem_id>/reopen")
@signed_in
@idempotent
def reopen(path: schemas.ProblemPath, body: schemas.TextBody) -> shapes.ProblemCard:
    """It is not solved after all: a further clock."""
    return problem_out(closing.reopen(current_actor(), path.problem_id, body.text))


@api.post("/<int:problem_id>/review")
@signed_in
@idempotent
def review(path: schemas.ProblemPath, body: schemas.ReviewBody) -> shapes.ProblemCard:
    """What worked, why it had happened, can it be repeated."""
    return problem_out(
        closing.review(current_actor(), path.problem_id, body.effect, body.cause, body.repeatable, body.also)
    )


@api.post("/<int:problem_id>/close")
@signed_in
@idempotent
def close(path: schemas.ProblemPath) -> shapes.ProblemCard:
    """Close with the five haves, or hear all that are missing."""
    return problem_out(closing.close(current_actor(), path.problem_id))


@api.post("/<int:problem_id>/merge")
@signed_in
@idempotent
def merge(path: schemas.ProblemPath, body: schemas.MergeBody) -> shapes.ProblemCard:
    """Into an older open one: all authors and the earliest registration stay."""
    return problem_out(closing.merge(current_actor(), path.problem_id, body.into))


@api.post("/<int:problem_id>/not-a-problem")
@signed_in
@idempotent
def not_a_problem(path: schemas.ProblemPath, body: schemas.TextBody) -> shapes.ProblemCard:
    """It is none, with a reason the author reads."""
    return problem_out(closing.not_a_problem(current_actor(), path.problem_id, body.text))


@api.post("/<int:problem_id>/appeal")
@signed_in
@idempotent
def appeal(path: schemas.ProblemPath, body: schemas.TextBody) -> shapes.ProblemCard:
    """Once, to the vice president."""
    return problem_out(closing.appeal(current_actor(), path.problem_id, body.text))


@api.post("/<int:problem_id>/hand-over")
@signed_in
@idempotent
def hand_over(path: schemas.ProblemPath, body: schemas.HandOverBody) -> shapes.ProblemCard:
    """To an initiative about a cause outside the park."""
    return problem_out(coordination.hand_over(current_actor(), path.problem_id, body.initiative))


@api.post("/<int:problem_id>/coordinations")
@signed_in
@idempotent
def coordinate(path: schemas.ProblemPath, body: schemas.CoordinationBody) -> tuple[shapes.Coordination, int]:
    """Call a meeting for a day, or write down one that was held with minutes and next steps."""
    queries.get_by_id(current_actor(), path.problem_id)
    if body.minutes.strip():
        owners = _staff(*(one.owner for one in body.next_steps))
        steps = [
            coordination.Step(one.what, owner, one.due_on)
            for one, owner in zip(body.next_steps, owners, strict=True)
        ]
        row = coordination.hold(current_actor(), path.problem_id, body.meeting, body.minutes, steps)
    else:
        row = coordination.call(current_actor(), path.problem_id, body.on or clock.today())
    held = row.held_on.isoformat() if row.held_on else None
    return {"id": row.id, "state": row.state, "on": row.called_for.isoformat(), "held_on": held}, 201
