"""Acts on the page of a problem: each form posts to its act, refusals come back with all reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall import clock
from app.hall.errors import Invalid, NotFound
from app.hall.text.numbers import whole
from app.hall.web.answers import flash_ok, safe_next
from app.hall.web.guards import current_actor, only, signed_in
from app.identity.door import Actor, roles
from app.problems.closing import service as closing
from app.problems.coordination import service as coordination
from app.problems.pages import bp
from app.problems.reports import queries
from app.problems.reports.models import Problem
from app.problems.subjects import service as subjects
from app.problems.work import service as work
from app.problems.work.grounds import suggested_responsible


def _text(name: str = "text") -> str:
    return request.form.get(name, "")


def _whole(name: str) -> int:
    text = request.form.get(name, "").strip()
    if whole(text) is None:
        raise Invalid("problem_number_wrong")
    return int(text)


def _day(name: str) -> dt.date:
    found = clock.read_day(request.form.get(name))
    if found is None:
        raise Invalid("problem_day_wrong")
    return found


def _numbers(name: str) -> list[int]:
    return [found for one in request.form.getlist(name) if (found := whole(one)) is not None]


def _plan(actor: Actor, problem_id: int) -> Problem:
    promises = []
    if _text("promise").strip():
        promise = work.Promise(
            _text("promise")[:120], _whole("quantity"), _text("unit")[:20], _day("until_on")
        )
        promises.append(promise)
    stages = [
        work.Stage(_text(f"stage{n}")[:120], _whole("owner"), _day(f"stage{n}_on"))
        for n in ("1", "2", "3")
        if _text(f"stage{n}").strip()
    ]
    wanted = work.Plan(_text("what"), _whole("owner"), _day("until_on"), tuple(promises), tuple(stages))
    return work.plan(actor, problem_id, wanted)


def _resolve(actor: Actor, problem_id: int) -> Problem:
    rows = []
    for number, what in enumerate(request.form.getlist("what")):
        promised, delivered = (
            request.form.getlist(name)[number : number + 1] for name in ("promised", "delivered")
        )
        waived = request.form.getlist("waived")[number : number + 1]
        values = [*promised, *delivered]
        if len(values) != 2 or not all(whole(v) is not None and len(v) < 8 for v in values):
            raise Invalid("problem_number_wrong")
        rows.append(closing.Delivered(what, int(values[0]), int(values[1]), "", (waived or [""])[0][:500]))
    return closing.resolve(actor, problem_id, _text(), rows)


def _coordinate(actor: Actor, problem_id: int) -> Problem:
    if _text("minutes").strip():
        steps = []
        if _text("step").strip():
            steps.append(coordination.Step(_text("step")[:120], _whole("owner"), _day("step_on")))
        coordination.hold(actor, problem_id, None, _text("minutes")[:4000], steps)
    else:
        coordination.call(actor, problem_id, _day("on"))
    return queries.get_by_id(actor, problem_id)


def _confirm(actor: Actor, problem_id: int) -> Problem:
    minutes = _whole("minutes") if _text("minutes").strip() else None
    return closing.confirm(actor, problem_id, closing.Verdict(_text("solved"), minutes, _text()))


def _merge(actor: Actor, problem_id: int) -> Problem:
    return closing.merge(actor, problem_id, queries.get(actor, _text("into")).id)


def _review(actor: Actor, problem_id: int) -> Problem:
    if _text("repeatable") not in ("yes", "no"):
        raise Invalid("problem_review_incomplete")
    return closing.review(actor, problem_id, _text("effect"), _text("cause"), _text("repeatable") == "yes")


def _assign(actor: Actor, problem_id: int) -> Problem:
    handler = _whole("handler") if _text("handler").strip() else None
    return work.assign(actor, problem_id, _numbers("departments"), _whole("responsible"), handler)


def _name_subject(actor: Actor, problem_id: int) -> Problem:
    return subjects.name_subject(actor, problem_id, _text("segment")[:120] or None, whole(_text("resource")))


ACTS: dict[str, Callable[[Actor, int], Problem]] = {
    "classify": lambda actor, one: work.classify(actor, one, _text("class"), _text("reason")),
    "take": work.take,
    "assign": _assign,
    "respond": lambda actor, one: work.respond(actor, one, _text()),
    "ask": lambda actor, one: work.ask(actor, one, _text()),
    "reply": lambda actor, one: work.reply(actor, one, _text()),
    "form_task_force": lambda actor, one: work.form_task_force(actor, one, _numbers("members")),
    "plan": _plan,
    "approve_plan": work.approve_plan,
    "tick_milestone": lambda actor, one: work.tick_milestone(actor, one, _whole("milestone")),
    "progress": lambda actor, one: work.progress(actor, one, _text()),
    "coordinate": _coordinate,
    "resolve": _resolve,
    "confirm": _confirm,
    "reopen": lambda actor, one: closing.reopen(actor, one, _text()),
    "review": _review,
    "close": closing.close,
    "merge": _merge,
    "not_a_problem": lambda actor, one: closing.not_a_problem(actor, one, _text()),
    "appeal": lambda actor, one: closing.appeal(actor, one, _text()),
    "name_subject": _name_subject,
    "mend": lambda actor, one: subjects.mend(actor, one, bool(_text("stops"))),
    "seek": lambda actor, one: subjects.seek(actor, one, _text("title")),
    "hand_over": lambda actor, one: coordination.hand_over(actor, one, _whole("initiative")),
}


@bp.post("/problems/<number>/do/<act>")
@signed_in
def act_on(number: str, act: str) -> ResponseReturnValue:
    """One act on one problem."""
    if act not in ACTS:
        raise NotFound("problem_not_found")
    actor = current_actor()
    problem = queries.get(actor, number)
    done = ACTS[act](actor, problem.id)
    flash_ok(_("已处理 %(number)s。", number=done.number))
    back = safe_next(request.form.get("next", "")) or url_for("problems.problem_page", number=done.number)
    return redirect(back, 303)


@bp.post("/problems/<number>/triage")
@only(roles.CLASSIFIES_PROBLEMS)
def triage_one(number: str) -> ResponseReturnValue:
    """Class, departments and the one responsible in one go; whoever answers for these departments is named."""
    actor = current_actor()
    problem = queries.get(actor, number)
    departments = _numbers("departments")
    wanted = _text("class") or problem.problem_class
    work.triage(actor, problem.id, wanted, departments, suggested_responsible(departments))
    flash_ok(_("%(number)s 已派单。", number=problem.number))
    return redirect(url_for("problems.triage"), 303)
