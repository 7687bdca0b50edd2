"""What the page of one visit stands on, read in one statement: what was said there, and what is known of its firm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall.db.entity_query import Part, Rows, RowsTogether
from app.identity.door import Actor
from app.voice.feedback import queries as remarks
from app.voice.feedback import rules
from app.voice.feedback.models import Feedback, FeedbackLink, FeedbackPhoto
from app.voice.onboarding.models import OnboardingStep
from app.voice.visits.models import Contact, Promise, Visit

CONTACTS = 20
PROMISES = 5


@dataclass(frozen=True)
class OfFirm:
    """The last contacts with a firm, its milestones, and the last promises made to it by name, open ones first."""

    contacts: Sequence[Contact]
    steps: Sequence[OnboardingStep]
    promises: Sequence[Promise]


@dataclass(frozen=True)
class OfVisit:
    """Remarks of a visit with what stands around them, its promises, its firm, and visits for the same problem."""

    said: Sequence[Feedback]
    around: remarks.Around
    promises: Sequence[Promise]
    firm: OfFirm
    same_problem: Sequence[Visit]


def of_firm(organisation_id: int) -> OfFirm:
    found = RowsTogether(*_firm_parts(organisation_id), Part(Promise.id, (_promised(organisation_id),))).ask()
    return _firm(found, found.of(Promise))


def of_visit(actor: Actor, visit: Visit) -> OfVisit:
    """Everything the page shows from this room, as far as this reader works on it."""
    heard = remarks.on_visit(actor, visit.id)
    ids = sa.select(Feedback.id).where(heard)
    made = sa.or_(Promise.visit_id == visit.id, Promise.feedback_id.in_(ids))
    parts = [
        *_firm_parts(visit.organisation_id),
        Part(Promise.id, (sa.or_(made, _promised(visit.organisation_id)),)),
        Part(Feedback.id, (heard,)),
        Part(FeedbackLink.id, (FeedbackLink.feedback_id.in_(ids),)),
        Part(FeedbackPhoto.id, (FeedbackPhoto.feedback_id.in_(ids), FeedbackPhoto.ready.is_(True))),
    ]
    if visit.problem_id is not None:
        parts.append(Part(Visit.id, (Visit.problem_id == visit.problem_id,)))
    found = RowsTogether(*parts).ask()
    said = sorted(
        found.of(Feedback), key=lambda one: (one.visibility != rules.NAMED, one.received_at, one.id)
    )
    mine = frozenset(one.id for one in said)
    promises = [one for one in found.of(Promise) if one.visit_id == visit.id or one.feedback_id in mine]
    hidden = {one.id for one in said if one.visibility != rules.NAMED}
    named = [one for one in found.of(Promise) if one.feedback_id not in hidden]
    return OfVisit(said, _around(found, mine), promises, _firm(found, named), found.of(Visit))


def _around(found: Rows, mine: frozenset[int]) -> remarks.Around:
    photos: dict[int, list[str]] = {}
    for photo in found.of(FeedbackPhoto):
        photos.setdefault(photo.feedback_id or 0, []).append(photo.key)
    links: dict[int, list[FeedbackLink]] = {}
    for link in found.of(FeedbackLink):
        links.setdefault(link.feedback_id, []).append(link)
    promises: dict[int, list[Promise]] = {}
    for promise in found.of(Promise):
        promises.setdefault(promise.feedback_id or 0, []).append(promise)
    return remarks.Around(mine, photos, links, promises)


def _firm_parts(organisation_id: int) -> tuple[Part, ...]:
    newest = (
        sa.select(Contact.id)
        .where(Contact.organisation_id == organisation_id)
        .order_by(Contact.held_on.desc(), Contact.id.desc())
        .limit(CONTACTS)
    )
    return (
        Part(Contact.id, (Contact.id.in_(newest),)),
        Part(OnboardingStep.id, (OnboardingStep.organisation_id == organisation_id,)),
    )


def _promised(organisation_id: int) -> sa.ColumnElement[bool]:
    """The last promises made to a firm by name, open ones first."""
    home = sa.or_(Visit.organisation_id == organisation_id, Feedback.organisation_id == organisation_id)
    promises = (
        sa.select(Promise.id)
        .outerjoin(Visit, Visit.id == Promise.visit_id)
        .outerjoin(Feedback, Feedback.id == Promise.feedback_id)
        .where(home)
        .order_by(Promise.became != "", Promise.id.desc())
        .limit(PROMISES)
    )
    return Promise.id.in_(promises)


def _firm(found: Rows, promises: Sequence[Promise]) -> OfFirm:
    return OfFirm(
        sorted(found.of(Contact), key=lambda one: (one.held_on, one.id), reverse=True),
        sorted(found.of(OnboardingStep), key=lambda one: (one.due_on, one.id)),
        sorted(promises, key=lambda one: (one.became != "", -one.id))[:PROMISES],
    )
