"""A visit from the plan to the end: who may go, what was said, when it is really finished."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.ecosystem import door as ecosystem
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.problems import door as problems
from app.voice import limits
from app.voice.feedback import authors
from app.voice.feedback import queries as remarks
from app.voice.feedback import service as feedback
from app.voice.feedback.models import Feedback
from app.voice.onboarding import service as onboarding
from app.voice.people import service as people
from app.voice.visits import rules, states
from app.voice.visits.models import Promise, Visit
from app.voice.words import VISIT_STATES


@dataclass(frozen=True)
class NewVisit:
    """A visit to plan; `specialist` a login, empty: whoever plans it."""

    enterprise: str
    on: dt.date
    specialist: str = ""
    method: str = "visit"
    starts: str = ""
    why: str = ""
    priority: int = 2
    source: str | None = None


def visible(actor: Actor) -> bool:
    return actor.may(roles.PLANS_VISITS)


def get(actor: Actor, visit_id: int) -> Visit:
    """A visit for who plans and holds visits: an hour tells who was visited, so nobody else reads the list."""
    row = db.session.get(Visit, visit_id)
    if row is None or not actor.may(roles.PLANS_VISITS):
        raise NotFound("visit_not_found")
    return row


def knows_why(actor: Actor, row: Visit) -> bool:
    """Whether this reader may know that a visit follows a problem: of a hidden author only who goes there, and the keeper.

    Everybody else would read the author from the firm and the fortnight since the answer.
    """
    hidden = row.why == "revisit" and row.problem_id is None
    return not hidden or row.member_id == actor.member_id or actor.may(roles.SEES_ALL_REMARK_AUTHORS)


def _lock(actor: Actor, visit_id: int) -> Visit:
    if not actor.may(roles.PLANS_VISITS):
        raise NotFound("visit_not_found")
    row: Visit | None = db.session.scalar(locked(sa.select(Visit).where(Visit.id == visit_id)))
    if row is None:
        raise NotFound("visit_not_found")
    return row


def _must_hold(actor: Actor, row: Visit) -> None:
    """Only its specialist records and closes a visit; the keeper may end what a colleague left."""
    if row.member_id != actor.member_id and not actor.may(roles.ENDS_COLLEAGUES_VISITS):
        raise NotAllowed("visit_not_yours")


def must_be_fit(member_id: int, organisation_id: int, day: dt.date) -> None:
    """Refuse who may not visit this firm on that day, with all reasons."""
    reasons = people.why_not(member_id, organisation_id, day)
    if reasons:
        raise Conflict("visit_refused", [Reason(f"visit_{one}") for one in reasons])


def plan(actor: Actor, new: NewVisit) -> Visit:
    """Plan a visit on a day by a specialist who may go there on that day."""
    if not actor.may(roles.PLANS_VISITS):
        raise NotAllowed("visit_not_yours")
    firm = identity.get_enterprise(new.enterprise)
    member_id = specialist_id(actor, new.specialist)
    _check(new)
    try:
        with transaction() as session:
            known = _by_source(new.source)
            if known is not None:
                return known
            must_be_fit(member_id, firm.id, new.on)
            row = Visit(
                organisation_id=firm.id,
                member_id=member_id,
                method=new.method,
                state=states.PLANNED,
                planned_on=new.on,
                starts=new.starts,
                why=new.why,
                priority=new.priority,
                source=new.source,
                created_at=clock.now(),
            )
            session.add(row)
            session.flush()
            identity.audit(actor, "visit.planned", "visit", row.id, on=new.on.isoformat())
            return row
    except IntegrityError:
        known = _by_source(new.source)
        if known is None:
            raise
        return known


def _by_source(source: str | None) -> Visit | None:
    return db.session.scalar(sa.select(Visit).where(Visit.source == source)) if source else None


def specialist_id(actor: Actor, login: str = "") -> int:
    """The specialist of this login; without one whoever asks."""
    if not login:
        if not actor.may(roles.RECORDS_VISITS):
            raise Invalid("visit_refused", [Reason("visit_no_specialist", {"at": "specialist"})])
        return actor.member_id
    found = identity.staff_by_login([login]).get(login)
    if found is None or found not in {one.id for one in identity.members_with_role(roles.SERVICE_SPECIALIST)}:
        raise Invalid("visit_refused", [Reason("visit_no_specialist", {"at": "specialist"})])
    return found


def _check(new: NewVisit) -> None:
    wrong = []
    if new.method not in states.CHANNELS:
        wrong.append(Reason("feedback_channel_unknown", {"at": "method"}))
    if not 1 <= new.priority <= 3:
        wrong.append(Reason("visit_priority_wrong", {"at": "priority"}))
    if new.starts and not _is_time(new.starts):
        wrong.append(Reason("visit_time_wrong", {"at": "starts"}))
    if wrong:
        raise Invalid("visit_refused", wrong)


def _is_time(text: str) -> bool:
    try:
        dt.time.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 5


def step(actor: Actor, visit_id: int, target: str, because: str = "") -> Visit:
    """Confirmed, under way, missed or declined (with a reason)."""
    if target not in (states.CONFIRMED, states.IN_PROGRESS, states.MISSED, states.DECLINED):
        raise Invalid("visit_refused", [Reason("visit_step_unknown", {"at": "state"})])
    with transaction():
        row = _lock(actor, visit_id)
        _go(row, target)
        if target == states.DECLINED and not because.strip():
            raise Invalid("visit_refused", [Reason("visit_reason_missing", {"at": "because"})])
        row.because = because.strip()[: limits.TEXT]
        identity.audit(actor, f"visit.{target}", "visit", row.id)
        return row


def _not_in_this_state(row: Visit, target: str) -> Conflict:
    return Conflict(
        "visit_not_in_this_state", state=str(VISIT_STATES[row.state]), target=str(VISIT_STATES[target])
    )


def _go(row: Visit, target: str) -> None:
    if not states.may_go(row.state, target):
        raise _not_in_this_state(row, target)
    row.state = target


def move(actor: Actor, visit_id: int, on: dt.date, because: str = "") -> Visit:
    """Another day: a new visit that the old one names."""
    with transaction() as session:
        row = _lock(actor, visit_id)
        if row.member_id is not None:
            must_be_fit(row.member_id, row.organisation_id, on)
        _go(row, states.MOVED)
        later = Visit(
            organisation_id=row.organisation_id,
            member_id=row.member_id,
            method=row.method,
            state=states.PLANNED,
            planned_on=on,
            why=row.why,
            priority=row.priority,
            problem_id=row.problem_id,
            created_at=clock.now(),
        )
        session.add(later)
        session.flush()
        row.moved_to_id, row.because = later.id, because.strip()[: limits.TEXT]
        identity.audit(actor, "visit.moved", "visit", row.id, on=on.isoformat())
        return later


@dataclass(frozen=True)
class Protocol:
    """What came of a visit: remarks, promises beside them, what the firm thinks now (0–100) at a re-visit."""

    remarks: Sequence[feedback.Entry] = ()
    promises: Sequence[str] = ()
    note: str = ""
    score_before: int | None = None
    score: int | None = None


def record(actor: Actor, visit_id: int, protocol: Protocol) -> Visit:
    """Write a visit down, more than once if more was said; each remark is kept once."""
    with transaction() as session:
        row = _lock(actor, visit_id)
        _must_hold(actor, row)
        if row.state != states.RECORDED:
            if row.planned_on > clock.today():
                raise Conflict("visit_not_yet")
            must_be_fit(row.member_id or actor.member_id, row.organisation_id, row.planned_on)
            _go(row, states.RECORDED)
            row.recorded_at = clock.now()
            onboarding.touched(row.organisation_id, row.planned_on)
        firm = identity.get_organisation(row.organisation_id)
        for entry in protocol.remarks:
            feedback.record(
                actor,
                replace(
                    entry,
                    enterprise=firm.code,
                    channel=row.method,
                    heard_on=entry.heard_on or row.planned_on,
                    visit=row.id,
                ),
            )
        session.add_all(_promise(row, text) for text in protocol.promises if text.strip())
        row.note = protocol.note.strip()[: limits.TEXT] or row.note
        for name in ("score_before", "score"):
            value = getattr(protocol, name)
            setattr(row, name, getattr(row, name) if value is None else value)
        feedback.heard(row.organisation_id, row.method, row.planned_on, row.member_id)
        identity.audit(actor, "visit.recorded", "visit", row.id)
        session.flush()
        return row


def promises_of(actor: Actor, visit_id: int, said: Sequence[Feedback] | None = None) -> list[Promise]:
    """Promises of a visit and of its remarks, as far as this reader works on them."""
    mine = [one.id for one in (remarks.of_visit(actor, visit_id) if said is None else said)]
    where = Promise.visit_id == visit_id
    query = sa.select(Promise).where(sa.or_(where, Promise.feedback_id.in_(mine)) if mine else where)
    return list(db.session.scalars(query.order_by(Promise.id)))


def _promise(row: Visit, text: str) -> Promise:
    return Promise(
        visit_id=row.id,
        text=text.strip()[: limits.TEXT],
        made_on=row.planned_on,
        created_at=clock.now(),
    )


def missing(
    actor: Actor, visit_id: int, said: Sequence[Feedback] | None = None, made: Sequence[Promise] | None = None
) -> tuple[str, ...]:
    """What keeps the visit from being closed, all at once; who has read its remarks and promises hands them in."""
    heard = remarks.of_visit(actor, visit_id) if said is None else said
    promised = promises_of(actor, visit_id, heard) if made is None else made
    return rules.why_not_close(
        [
            rules.Remark(
                one.hesitation, one.probe, one.state in ("linked", "answered"), one.no_action_because
            )
            for one in heard
        ],
        [rules.Promise(one.became) for one in promised],
    )


def close(actor: Actor, visit_id: int) -> Visit:
    """Every remark classified or marked no action, every hesitation probed, every promise carried on."""
    with transaction():
        row = _lock(actor, visit_id)
        _must_hold(actor, row)
        if not states.may_go(row.state, states.CLOSED):
            raise _not_in_this_state(row, states.CLOSED)
        codes = missing(actor, visit_id)
        if codes:
            raise Conflict("visit_refused", [Reason(f"visit_{code}") for code in codes])
        _go(row, states.CLOSED)
        row.closed_at = clock.now()
        identity.audit(actor, "visit.closed", "visit", row.id)
        return row


def promise_becomes(
    actor: Actor, promise_id: int, kind: str, category: str = "", number: int | None = None, title: str = ""
) -> Promise:
    """A promise turns into a problem (registered for it, or one that is there) or into a need on the market."""
    if kind not in ("problem", "need"):
        raise Invalid("visit_refused", [Reason("feedback_kind_unknown", {"at": "kind"})])
    with transaction() as session:
        row = session.scalar(locked(sa.select(Promise).where(Promise.id == promise_id)))
        if row is None:
            raise NotFound("promise_not_found")
        said = _home_of(actor, row)
        if row.became:
            return row
        if kind == "need":
            row.became, row.became_id = "need", _need_of(row, said, title)
            row.became_number = f"#{row.became_id}"
        elif number is not None:
            known = problems.problems_by_id([number]).get(number)
            if known is None:
                raise NotFound("problem_not_found")
            row.became, row.became_id, row.became_number = "problem", known.id, known.number
        else:
            made = _problem_of(row, category, said)
            row.became, row.became_id, row.became_number = "problem", made.problem.id, made.problem.number
        return row


def _home_of(actor: Actor, row: Promise) -> Feedback | Visit:
    """The remark or visit of a promise, where the actor works on it."""
    if row.feedback_id is not None:
        return feedback.lock(actor, row.feedback_id)
    assert row.visit_id is not None
    return _lock(actor, row.visit_id)


def _need_of(row: Promise, home: Feedback | Visit, title: str) -> int:
    """A need has an owner on the market: only a firm that spoke by name has one."""
    if home.organisation_id is None:
        raise Conflict("feedback_refused", [Reason("feedback_need_needs_name")])
    draft = ecosystem.Draft(title=title.strip() or row.text[:60], description=row.text)
    return ecosystem.write_need(home.organisation_id, draft).id


def _problem_of(row: Promise, category: str, home: Feedback | Visit) -> problems.Registered:
    author: problems.Author | None
    if isinstance(home, Visit):
        author, visibility, text = problems.Author(home.organisation_id, None), "named", row.text
    else:
        hidden = home.visibility != "named"
        author = None if home.visibility == "anonymous" else authors.of_problem(home)
        visibility = "park_only" if hidden and author else "named"
        text = authors.masked_for(home, row.text)
    report = problems.Report(category=category, text=text, visibility=visibility, source=f"promise:{row.id}")
    return problems.register(identity.SYSTEM, report, author=author)


def open_promises(visits: Sequence[Visit]) -> dict[int, str]:
    """The oldest open promise to the firm of each visit, of those made by name."""
    firms = {row.organisation_id for row in visits}
    if not firms:
        return {}
    home = sa.func.coalesce(Visit.organisation_id, Feedback.organisation_id)
    query = (
        sa.select(home, Promise.text)
        .select_from(Promise)
        .outerjoin(Visit, Visit.id == Promise.visit_id)
        .outerjoin(Feedback, Feedback.id == Promise.feedback_id)
        .where(Promise.became == "", home.in_(sorted(firms)))
        .order_by(Promise.id.desc())
    )
    found: dict[int, str] = dict(db.session.execute(query).all())  # the oldest comes last and stays
    return {row.id: found[row.organisation_id] for row in visits if row.organisation_id in found}


def unfinished(member_id: int, day: dt.date) -> list[Visit]:
    """Visits before this day that are still open: to record, to close, or to move."""
    query = sa.select(Visit).where(
        Visit.member_id == member_id, Visit.planned_on < day, Visit.state.in_(states.OPEN)
    )
    return list(db.session.scalars(query.order_by(Visit.planned_on, Visit.id).limit(20)))


def give(actor: Actor, visit_id: int, login: str) -> Visit:
    """Another specialist goes, or the first one of a visit that had none."""
    member_id = specialist_id(actor, login)
    with transaction():
        row = _lock(actor, visit_id)
        if row.state not in states.BEFORE:
            raise _not_in_this_state(row, row.state)
        must_be_fit(member_id, row.organisation_id, row.planned_on)
        row.member_id = member_id
        identity.audit(actor, "visit.given", "visit", row.id)
        return row
