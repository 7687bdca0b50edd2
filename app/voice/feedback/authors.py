"""Authors: the one module that reads who said a `park_only` remark or reported a `park_only` problem.

Everything else asks it for deeds: tell them, plan the visit after, say whether this firm is one of them. The name
itself is answered to the specialist who heard it and to the voice keeper only, and every such look is written down.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import NotAllowed, NotFound
from app.hall.text.masking import mask
from app.identity import door as identity
from app.identity.door import Actor, OrganisationInfo, roles
from app.problems import door as problems
from app.voice.feedback import rules
from app.voice.feedback.models import Author, AuthorLook, Feedback


@dataclass(frozen=True)
class Said:
    """Who said something, where, and who heard it."""

    organisation_id: int
    member_id: int | None = None
    heard_by_id: int | None = None
    visit_id: int | None = None
    gathering_id: int | None = None


@dataclass(frozen=True)
class Look:
    """A look at an author as its firm reads it."""

    who: str
    looked_at: dt.datetime
    reason: str
    text: str


def keep(feedback_id: int, said: Said) -> None:
    """Keep the author of a hidden remark, inside the running transaction."""
    db.session.add(Author(feedback_id=feedback_id, **said.__dict__))


def of_problem(feedback: Feedback) -> problems.Author:
    """What a problem's keeper is handed with a linked remark; handed on at once and shown to nobody."""
    if feedback.visibility == rules.NAMED:
        assert feedback.organisation_id is not None
        return problems.Author(feedback.organisation_id, feedback.member_id)
    row = _row(feedback.id)
    return problems.Author(row.organisation_id, row.member_id)


def _row(feedback_id: int) -> Author:
    row = db.session.scalar(sa.select(Author).where(Author.feedback_id == feedback_id))
    if row is None:
        raise NotFound("feedback_not_found")
    return row


def hidden_of_visit(visit_id: int) -> sa.Select[int]:
    """Ids of hidden remarks made on this visit, as a part of another question."""
    return _hidden(Author.visit_id == visit_id)


def hidden_of_gathering(gathering_id: int) -> sa.Select[int]:
    return _hidden(Author.gathering_id == gathering_id)


def hidden_of_firm(organisation_id: int) -> sa.Select[int]:
    """Ids of hidden remarks of a firm, for its own page."""
    return _hidden(Author.organisation_id == organisation_id)


def _hidden(where: sa.ColumnElement[bool]) -> sa.Select[int]:
    return sa.select(Author.feedback_id).where(where, Author.feedback_id.is_not(None))  # type: ignore[return-value]


def heard_by(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on `feedback.id`: hidden remarks this specialist heard."""
    return Feedback.id.in_(_hidden(Author.heard_by_id == actor.member_id))


def known_to(actor: Actor) -> sa.ColumnElement[bool]:
    """Hidden remarks whose author this reader may look up: the keeper all, a specialist what they heard themselves.

    The one place that says so; looking is an audit event with a reason all the same. Of an `anonymous` remark there is
    no author to see.
    """
    hidden = Feedback.visibility == rules.PARK_ONLY
    if actor.may(roles.SEES_ALL_REMARK_AUTHORS):
        return hidden
    if actor.may(roles.SEES_AUTHORS_OF_REMARKS_HEARD):
        return sa.and_(hidden, heard_by(actor))
    return sa.false()


def may_see(actor: Actor, feedback: Feedback) -> bool:
    """Whether this reader may look up who said it."""
    if feedback.visibility == rules.NAMED:
        return True
    known = sa.select(Feedback.id).where(Feedback.id == feedback.id, known_to(actor))
    return db.session.scalar(known) is not None


def look(actor: Actor, feedback: Feedback, reason: str) -> OrganisationInfo:
    """Who said it; written down with the reason for the firm, and that it happened for the auditor."""
    if feedback.visibility == rules.ANONYMOUS:
        raise NotFound("feedback_without_author")
    if not may_see(actor, feedback):
        raise NotAllowed("feedback_author_hidden")
    if feedback.visibility == rules.NAMED:
        assert feedback.organisation_id is not None
        return identity.get_organisation(feedback.organisation_id)
    if not reason.strip():
        raise NotAllowed("feedback_look_needs_reason")
    with transaction() as session:
        row = _row(feedback.id)
        session.add(
            AuthorLook(
                feedback_id=feedback.id,
                organisation_id=row.organisation_id,
                member_id=actor.member_id,
                reason=reason.strip()[:500],
                looked_at=clock.now(),
            )
        )
        identity.audit(actor, "author.looked", "feedback", feedback.id, reason=reason.strip()[:500])
        return identity.get_organisation(row.organisation_id)


def looks_at(organisation_id: int, limit: int = 50) -> list[Look]:
    """Who looked up this firm, the newest first."""
    rows = db.session.execute(
        sa.select(AuthorLook, Feedback.text)
        .join(Feedback, Feedback.id == AuthorLook.feedback_id)
        .where(AuthorLook.organisation_id == organisation_id)
        .order_by(AuthorLook.looked_at.desc(), AuthorLook.id.desc())
        .limit(limit)
    ).all()
    names = identity.member_names([row.member_id for row, _text in rows])
    return [Look(names.get(row.member_id, ""), row.looked_at, row.reason, text) for row, text in rows]


def masked_for(feedback: Feedback, text: str) -> str:
    """Another text about a hidden remark, without what its firm is known by."""
    if feedback.visibility != rules.PARK_ONLY:
        return mask(text, [])
    firm = identity.get_organisation(_row(feedback.id).organisation_id)
    return mask(text, names_of(firm))


def names_of(firm: OrganisationInfo) -> list[str]:
    """Everything a firm is known by, to be masked."""
    names = [firm.name_zh, firm.name_en, firm.code]
    names += [member.name for member in identity.members_of(firm.id)]
    return [name for name in names if len(name.strip()) > 1]


def tell_author(feedback: Feedback, code: str, url: str, **params: Any) -> None:
    """A message to whoever said it: the person, or the firm's people where nobody is named."""
    if feedback.visibility == rules.NAMED:
        _tell(feedback.organisation_id, feedback.member_id, code, url, params)
    elif feedback.visibility == rules.PARK_ONLY:
        row = _row(feedback.id)
        _tell(row.organisation_id, row.member_id, code, url, params)


def _tell(
    organisation_id: int | None, member_id: int | None, code: str, url: str, params: Mapping[str, Any]
) -> None:
    if member_id is not None:
        identity.notify_member(member_id, code, url, **params)
    elif organisation_id is not None:
        identity.notify_organisation(organisation_id, code, url, **params)


def firms_of_problem(problem_id: int, without_revisit: bool = False) -> list[tuple[int, int]]:
    """(row, firm) of each hidden author of a problem, to plan the visit after it."""
    query = sa.select(Author.id, Author.organisation_id).where(Author.problem_id == problem_id)
    if without_revisit:
        query = query.where(Author.revisit_id.is_(None))
    return [(row, firm) for row, firm in db.session.execute(query.order_by(Author.id))]


def revisit_planned(row_id: int, visit_id: int) -> None:
    db.session.execute(sa.update(Author).where(Author.id == row_id).values(revisit_id=visit_id))


class Keeper:
    """What the problems room asks of authors; it never learns one."""

    def keep(self, problem_id: int, author: problems.Author) -> None:
        with transaction() as session:
            session.add(
                Author(
                    problem_id=problem_id,
                    organisation_id=author.organisation_id,
                    member_id=author.member_id,
                )
            )
            session.flush()

    def problems_of(self, organisation_id: int) -> frozenset[int]:
        return frozenset(self._ids(Author.organisation_id == organisation_id))

    def _ids(self, *where: sa.ColumnElement[bool]) -> Iterable[int]:
        query = sa.select(Author.problem_id).where(Author.problem_id.is_not(None), *where)
        return db.session.scalars(query)

    def is_author(self, problem_id: int, organisation_id: int) -> bool:
        return problem_id in self._ids(
            Author.problem_id == problem_id, Author.organisation_id == organisation_id
        )

    def tell(self, problem_id: int, code: str, url: str, params: Mapping[str, Any]) -> None:
        rows = db.session.execute(
            sa.select(Author.organisation_id, Author.member_id).where(Author.problem_id == problem_id)
        ).all()
        for organisation_id, member_id in dict.fromkeys((row[0], row[1]) for row in rows):
            _tell(organisation_id, member_id, code, url, params)
        for listener in _listeners:
            listener(problem_id, code)

    def merged(self, problem_id: int, into_id: int) -> None:
        db.session.execute(
            sa.update(Author).where(Author.problem_id == problem_id).values(problem_id=into_id)
        )


_listeners: list[Callable[[int, str], None]] = []


def when_told(listener: Callable[[int, str], None]) -> None:
    """Call `listener(problem, code)` with each message that the authors of a problem get."""
    if listener not in _listeners:
        _listeners.append(listener)
