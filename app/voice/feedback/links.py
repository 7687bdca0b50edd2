"""What becomes of a remark: a problem, a need, a signal, a correction on the chain, praise – one row each, ever."""

from __future__ import annotations

from dataclasses import dataclass, replace

import sqlalchemy as sa

from app.ecosystem import door as ecosystem
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.identity import door as identity
from app.identity.door import SYSTEM, Actor, roles
from app.problems import door as problems
from app.sharing import door as sharing
from app.upkeep import door as upkeep
from app.voice import limits
from app.voice.feedback import authors, photos, rules, service
from app.voice.feedback.models import KINDS, Feedback, FeedbackLink
from app.voice.visits.models import Promise

SIGNAL_KINDS = {"tea_talk": "tea_talk", "shadowing": "shadowing", "online": "survey", "paper": "survey"}
ANSWERS = ("problem_answered", "problem_resolved", "problem_refused_as_none", "problem_closed")


@dataclass(frozen=True)
class Wanted:
    """What a remark is to become, and what that needs."""

    kind: str
    category: str = ""
    problem_class: str = ""
    place: int | None = None
    theme: str = ""
    segment: str = ""
    resource: int | None = None
    title: str = ""
    note: str = ""
    machines: tuple[str, ...] = ()


def link(actor: Actor, feedback_id: int, wanted: Wanted) -> FeedbackLink:
    """Turn a remark into something; told twice it is kept once."""
    if wanted.kind not in KINDS:
        raise Invalid("feedback_refused", [Reason("feedback_kind_unknown", {"at": "kind"})])
    if wanted.resource is not None and not sharing.resources_by_id([wanted.resource]):
        raise Invalid("feedback_refused", [Reason("feedback_resource_unknown", {"at": "resource"})])
    with transaction() as session:
        row = service.lock(actor, feedback_id)
        known = _link_of(row.id, wanted.kind)
        if known is not None:
            return known
        if row.state == "no_action":
            raise Conflict("feedback_classified_before")
        made = _make(row, wanted)
        session.add(made)
        service.acknowledged(row)
        row.state = "linked" if row.state != "answered" else row.state
        _answer_at_once(row, wanted.kind)
        session.flush()
        _promises_become(row, made)
        service.note(actor, row, f"feedback.linked_{wanted.kind}")
        if wanted.kind == "problem" and (wanted.segment or wanted.resource):
            link(actor, feedback_id, replace(wanted, kind="signal"))
        authors.tell_author(row, "feedback_linked_you", "/voice/mine")
        return made


def _link_of(feedback_id: int, kind: str) -> FeedbackLink | None:
    return db.session.scalar(
        sa.select(FeedbackLink).where(FeedbackLink.feedback_id == feedback_id, FeedbackLink.kind == kind)
    )


def _make(row: Feedback, wanted: Wanted) -> FeedbackLink:
    target, number = None, ""
    if wanted.kind == "problem":
        target, number = _problem(row, wanted)
    elif wanted.kind == "need":
        target, number = _need(row, wanted)
    elif wanted.kind == "signal":
        target, number = _signal(row, wanted)
    elif wanted.kind == "register":
        number = _register(row, wanted)
    elif wanted.kind == "correction" and not wanted.note.strip():
        raise Invalid("feedback_refused", [Reason("feedback_words_missing", {"at": "note"})])
    return FeedbackLink(
        feedback_id=row.id,
        kind=wanted.kind,
        target_id=target,
        number=number,
        note="" if wanted.kind == "register" else wanted.note.strip()[: limits.TEXT],
        segment=wanted.segment,
        resource_id=wanted.resource,
        linked_on=clock.today(),
    )


def _problem(row: Feedback, wanted: Wanted) -> tuple[int, str]:
    anonymous = row.visibility == rules.ANONYMOUS
    pictures = [problems.take_photo(SYSTEM, data) for data in photos.pictures_of(row.id)]
    report = problems.Report(
        category=wanted.category,
        text=row.shown_text,
        place=wanted.place,
        problem_class=wanted.problem_class,
        visibility="park_only" if row.visibility == rules.PARK_ONLY else "named",
        source=f"feedback:{row.id}",
        theme=wanted.theme or None,
        segment=wanted.segment or None,
        resource=wanted.resource,
        shown_layer=row.shown_layer,
        shown_building=row.shown_building,
        photos=tuple(pictures),
    )
    made = problems.register(SYSTEM, report, author=None if anonymous else authors.of_problem(row))
    return made.problem.id, made.problem.number


def _need(row: Feedback, wanted: Wanted) -> tuple[int, str]:
    """A need has an owner on the market: only a firm that spoke by name has one."""
    if row.organisation_id is None:
        raise Conflict("feedback_refused", [Reason("feedback_need_needs_name")])
    title = wanted.title.strip() or row.shown_text[:60]
    draft = ecosystem.Draft(title=title, description=row.shown_text, segment=wanted.segment or None)
    post = ecosystem.write_need(row.organisation_id, draft)
    return post.id, f"#{post.id}"


def _signal(row: Feedback, wanted: Wanted) -> tuple[int, str]:
    heard = ecosystem.Heard(
        kind=SIGNAL_KINDS.get(row.channel, "visit"),
        text=row.shown_text,
        topic=wanted.theme,
        organisation_id=row.organisation_id,
        segment=wanted.segment or None,
        resource_id=wanted.resource,
        occurred_on=row.heard_on,
        source=f"feedback:{row.id}",
    )
    made = ecosystem.record_signal(SYSTEM, heard)
    return made.id, f"#{made.id}"


def _register(row: Feedback, wanted: Wanted) -> str:
    """Machines of a workshop, proposed for the register of the firm that spoke by name; the firm decides."""
    if row.organisation_id is None:
        raise Conflict("feedback_refused", [Reason("feedback_register_needs_name")])
    count = upkeep.propose_machines(row.organisation_id, wanted.machines, f"feedback:{row.id}")
    return str(count)


def when_registered(source: str, found: upkeep.Register) -> None:
    """The firm has decided on every machine that a remark named: the remark is answered with how many there are."""
    kind, _colon, number = source.partition(":")
    if kind != "feedback":
        return
    row = db.session.get(Feedback, int(number))
    made = _link_of(int(number), "register")
    if row is not None and made is not None:
        made.note, made.done_at = f"{found.taken} / {found.proposed}", clock.now()
        answered(row, "")


def _answer_at_once(row: Feedback, kind: str) -> None:
    """Praise is answered by having been passed on."""
    if kind == "praise":
        answered(row, "")


def answered(row: Feedback, text: str) -> None:
    if row.answered_at is None:
        now = clock.now()
        row.answered_at = now if row.visibility == rules.NAMED else clock.start_of_day(clock.day_of(now))
    row.answer = text.strip()[: limits.TEXT] or row.answer
    row.state = "answered"


def answer(actor: Actor, feedback_id: int, text: str) -> Feedback:
    """An answer in words to a remark that became no problem: what came of it."""
    if not text.strip():
        raise Invalid("feedback_refused", [Reason("feedback_words_missing", {"at": "text"})])
    with transaction():
        row = service.lock(actor, feedback_id)
        if row.state not in ("linked", "answered"):
            raise Conflict("feedback_not_linked")
        answered(row, text)
        service.note(actor, row, "feedback.answered")
        authors.tell_author(row, "feedback_answered_you", "/voice/mine")
        return row


def _promises_become(row: Feedback, made: FeedbackLink) -> None:
    """What was promised for a remark is carried by the problem or need that it became."""
    if made.kind not in ("problem", "need") or made.target_id is None:
        return
    db.session.execute(
        sa.update(Promise)
        .where(Promise.feedback_id == row.id, Promise.became == "")
        .values(became=made.kind, became_id=made.target_id, became_number=made.number)
    )


def when_problem_told(problem_id: int, code: str) -> None:
    """A remark is answered when the problem it became is answered."""
    if code not in ANSWERS:
        return
    rows = db.session.scalars(
        sa.select(Feedback)
        .join(FeedbackLink, FeedbackLink.feedback_id == Feedback.id)
        .where(FeedbackLink.kind == "problem", FeedbackLink.target_id == problem_id)
    )
    for row in rows:
        answered(row, "")


def corrections_open(limit: int = 200) -> list[FeedbackLink]:
    """Corrections on the chain that somebody who keeps it has not made yet."""
    query = sa.select(FeedbackLink).where(FeedbackLink.kind == "correction", FeedbackLink.done_at.is_(None))
    return list(db.session.scalars(query.order_by(FeedbackLink.id).limit(limit)))


def correction_made(actor: Actor, link_id: int) -> None:
    """The chain says it right now: its remark is answered."""
    if not actor.may(roles.EDITS_CHAINS):
        raise NotAllowed("feedback_not_yours")
    with transaction() as session:
        made = session.get(FeedbackLink, link_id)
        if made is None or made.kind != "correction":
            raise NotFound("feedback_not_found")
        if made.done_at is None:
            made.done_at = clock.now()
            row = session.get(Feedback, made.feedback_id)
            answered(row, "")
            identity.audit(actor, "feedback.correction_made", "feedback_link", made.id)
            authors.tell_author(row, "feedback_answered_you", "/voice/mine")
