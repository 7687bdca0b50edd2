"""How a problem ends: resolved, confirmed by the firm, reviewed, closed – or merged, refused, handed over, reopened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, Reason
from app.hall.jobs import emit
from app.identity.door import Actor
from app.problems import messages
from app.problems.clocks import service as clocks
from app.problems.closing.models import ProblemReview
from app.problems.reports import authors
from app.problems.reports.measured import RATED, rated
from app.problems.reports.models import Problem, ProblemReporter
from app.problems.work import rules, states
from app.problems.work.contributions import carry, decide, done, said
from app.problems.work.grounds import Situation, concerned_departments, situation, staff_of
from app.problems.work.models import Deliverable, ProblemMessage
from app.problems.work.service import MOST

SCORES = {"yes": 100, "partly": 50, "no": 0}
LONGEST_MINUTES = 60 * 24 * 365


@dataclass(frozen=True)
class Delivered:
    """What became of a promise; one not promised before is written down with it."""

    what: str
    promised: int
    delivered: int
    unit: str = ""
    waived_because: str = ""


def resolve(actor: Actor, problem_id: int, text: str, delivered: Sequence[Delivered] = ()) -> Problem:
    """Solved and answered: every promise is delivered, or waived with a reason that the firm reads."""
    text = said(text, "problem_answer_empty")
    with transaction():
        found = situation(actor, problem_id)
        problem = found.problem
        today = clock.day_of(found.now)
        left = _deliver(problem.id, delivered, today)
        codes = [one for one in states.refusals("resolve", found.standing) if one != "undelivered"]
        more = ["undelivered"] if left else []
        if not states.may("resolve", found.standing) or codes or more:
            decide_with(found, "resolve", codes + more)
        db.session.add(
            ProblemMessage(
                problem_id=problem.id, kind="answer", text=text, member_id=actor.member_id, at=found.now
            )
        )
        problem.resolved_at = problem.delivered_at = found.now
        problem.acknowledged_at = problem.acknowledged_at or found.now
        problem.responded_at = problem.responded_at or found.now
        problem.confirmed_by, problem.confirmed_at = "", None
        clocks.meet(problem, "first_response", found.now)
        done(found, actor, "resolve")
        messages.tell(problem, "problem_resolved", [messages.AUTHORS])
        return problem


def decide_with(found: Situation, act: str, codes: Sequence[str]) -> None:
    """Refuse for exactly these reasons."""
    if not states.may(act, found.standing):
        decide(found, act)
    reasons = [Reason(f"problem_{code}", {"state": found.problem.state, "act": act}) for code in codes]
    raise Conflict("problem_refused", reasons, extra={"state": found.problem.state})


def _deliver(problem_id: int, delivered: Sequence[Delivered], today: dt.date) -> list[str]:
    """Write down what was delivered; answers what is still missing."""
    session = db.session()
    known = {
        one.what: one
        for one in session.scalars(sa.select(Deliverable).where(Deliverable.problem_id == problem_id))
    }
    for one in delivered:
        if not 0 < one.promised <= MOST or not 0 <= one.delivered <= MOST:
            raise Invalid("problem_refused", [Reason("problem_promise_without_quantity")])
        row = known.get(one.what.strip())
        if row is None:
            row = Deliverable(
                problem_id=problem_id,
                what=said(one.what, "problem_plan_empty"),
                quantity=one.promised,
                unit=one.unit.strip(),
                promised_on=today,
            )
            session.add(row)
            known[row.what] = row
        row.delivered = one.delivered
        row.delivered_on = today
        row.waived_because = one.waived_because.strip()
    session.flush()
    facts = [rules.Deliverable(str(r.id), r.quantity, r.delivered, r.waived_because) for r in known.values()]
    return rules.undelivered(facts)


@dataclass(frozen=True)
class Verdict:
    """What the firm says: solved `yes`, `partly` or `no`, and after how many minutes somebody came."""

    solved: str
    came_after_minutes: int | None = None
    text: str = ""


def confirm(actor: Actor, problem_id: int, verdict: Verdict, guest: bool = False) -> Problem:
    """Only the firm says whether it is solved; a no reopens."""
    if verdict.solved not in SCORES:
        raise Invalid("problem_verdict_unknown")
    minutes = verdict.came_after_minutes
    if minutes is not None and not 0 <= minutes <= LONGEST_MINUTES:
        raise Invalid("problem_minutes_wrong")
    with transaction():
        found = situation(actor, problem_id, guest)
        decide(found, "confirm")
        problem = found.problem
        problem.score = SCORES[verdict.solved]
        problem.came_after_minutes = minutes
        emit(RATED, rated(problem, found.now))
        if verdict.solved == "no":
            return _reopen(found, actor, verdict.text)
        problem.confirmed_by, problem.confirmed_at = "firm", found.now
        if verdict.text.strip():
            text = said(verdict.text, "problem_answer_empty")
            db.session.add(ProblemMessage(problem_id=problem.id, kind="reply", text=text, at=found.now))
        done(found, actor, "confirm", solved=verdict.solved)
        messages.tell(problem, "problem_confirmed", [messages.CARRIERS])
        return problem


def reopen(actor: Actor, problem_id: int, text: str, guest: bool = False) -> Problem:
    """It is not solved after all: a further clock of its class; the third time the vice president carries it."""
    with transaction():
        found = situation(actor, problem_id, guest)
        decide(found, "reopen")
        return _reopen(found, actor, said(text, "problem_answer_empty"))


def _reopen(found: Situation, actor: Actor, text: str) -> Problem:
    problem = found.problem
    problem.reopened += 1
    problem.resolved_at = problem.delivered_at = problem.confirmed_at = problem.closed_at = None
    problem.confirmed_by, problem.review_id = "", None
    clocks.start(problem, "reopened", problem.problem_class, found.now)
    if text.strip():
        db.session.add(
            ProblemMessage(problem_id=problem.id, kind="reply", text=text.strip()[:2000], at=found.now)
        )
    if problem.reopened >= states.THIRD:
        today = clock.day_of(found.now)
        concerned = [str(one) for one in concerned_departments(problem.id)]
        chosen = sorted(rules.vice_presidents(staff_of(today), concerned, today), key=int)
        if chosen:
            carry(found, int(chosen[0]), None, "third_reopening")
    done(found, actor, "reopen", number=problem.reopened)
    to = [messages.CARRIERS] + ([messages.VICE_PRESIDENT] if problem.reopened >= states.THIRD else [])
    messages.tell(problem, "problem_reopened", to)
    return problem


def review(
    actor: Actor, problem_id: int, effect: str, cause: str, repeatable: bool, also: Sequence[int] = ()
) -> Problem:
    """What worked, why it had happened, can it be repeated; of class immediate one review may cover several."""
    effect, cause = said(effect, "problem_review_incomplete"), said(cause, "problem_review_incomplete")
    with transaction() as session:
        found = situation(actor, problem_id)
        decide(found, "review")
        others = [situation(actor, one) for one in sorted(set(also) - {problem_id})]
        for other in others:
            decide(other, "review")
        if others and any(one.problem.problem_class != "immediate" for one in (found, *others)):
            decide_with(found, "review", ["shared_review_only_immediate"])
        row = ProblemReview(
            effect=effect, cause=cause, repeatable=repeatable, member_id=actor.member_id, at=found.now
        )
        session.add(row)
        session.flush()
        for one in (found, *others):
            one.problem.review_id = row.id
            done(one, actor, "review")
        return found.problem


def close(actor: Actor, problem_id: int) -> Problem:
    """Closed with the five haves, or refused with every one that is missing."""
    with transaction():
        found = situation(actor, problem_id)
        decide(found, "close")
        found.problem.closed_at = found.now
        done(found, actor, "close")
        messages.tell(found.problem, "problem_closed", [messages.AUTHORS])
        return found.problem


def merge(actor: Actor, problem_id: int, into_id: int) -> Problem:
    """Into an older open one: all authors and the earliest registration stay."""
    with transaction() as session:
        first, second = sorted((problem_id, into_id))
        situations = {one: situation(actor, one) for one in dict.fromkeys((first, second))}
        found, older = situations[problem_id], situations[into_id]
        more = []
        if problem_id == into_id:
            more.append("merge_into_itself")
        if older.problem.state not in states.OPEN:
            more.append("merge_into_ended")
        if older.problem.registered_at > found.problem.registered_at:
            more.append("merge_into_younger")
        if older.problem.visibility != found.problem.visibility:
            more.append("merge_other_visibility")
        decide(found, "merge", more)
        problem, target = found.problem, older.problem
        session.execute(
            sa.update(ProblemReporter)
            .where(ProblemReporter.problem_id == problem.id)
            .values(problem_id=target.id)
        )
        authors.merged(problem.id, target.id)
        target.firms += problem.firms
        target.hidden_authors += problem.hidden_authors
        problem.firms = problem.hidden_authors = 0
        problem.merged_into_id = target.id
        done(found, actor, "merge", into=target.number)
        messages.tell(target, "problem_merged", [messages.AUTHORS])
        return target


def not_a_problem(actor: Actor, problem_id: int, reason: str) -> Problem:
    """It is none, with a reason the author reads; they may appeal once."""
    reason = said(reason, "problem_reason_missing")
    with transaction():
        found = situation(actor, problem_id)
        decide(found, "not_a_problem")
        db.session.add(
            ProblemMessage(
                problem_id=problem_id, kind="answer", text=reason, member_id=actor.member_id, at=found.now
            )
        )
        done(found, actor, "not_a_problem", reason)
        messages.tell(found.problem, "problem_refused_as_none", [messages.AUTHORS])
        return found.problem


def appeal(actor: Actor, problem_id: int, text: str, guest: bool = False) -> Problem:
    """Once, to the vice president: the problem is open again with all its clocks."""
    text = said(text, "problem_answer_empty")
    with transaction():
        found = situation(actor, problem_id, guest)
        decide(found, "appeal")
        found.problem.appealed_at = found.now
        db.session.add(ProblemMessage(problem_id=problem_id, kind="reply", text=text, at=found.now))
        done(found, actor, "appeal")
        messages.tell(found.problem, "problem_appealed", [messages.VICE_PRESIDENT, messages.DESK])
        return found.problem
