"""What guests say of an activity they came to: one question about what happened, and the scores that follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.hall.jobs import emit
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.voice.feedback import service as feedback
from app.voice.gatherings import rules
from app.voice.gatherings.models import Gathering, Invitation
from app.voice.visits.models import Contact

RATED = "voice.activity_rated"  # left in the outbox with the act itself: {"firm", "day"}
KIND = "activity"
SCORES = {"yes": 100, "partly": 50, "no": 0}  # did they take something home that they can use?
DAYS = 30  # so long a guest remembers what it was
# A conversation of a firm on this channel and day: the row that the visit to the activity left.
OF_THE_DAY = sa.and_(
    Contact.channel == KIND,
    Contact.organisation_id == Invitation.organisation_id,
    Contact.held_on == Gathering.held_on,
)


@dataclass(frozen=True, slots=True)
class ActivityScore:
    """What one firm said of the activity it came to on this day."""

    on: dt.date
    organisation_id: int
    score: int


def rate(actor: Actor, gathering_id: int, useful: str) -> Gathering:
    """A guest's own word on an activity, within 30 days of it; said again it replaces the first."""
    if not actor.may(roles.SPEAKS_FOR_THE_FIRM):
        raise NotAllowed("gathering_not_yours")
    if useful not in SCORES:
        raise Invalid("gathering_refused", [Reason("gathering_useful_unknown", {"at": "useful"})])
    with transaction():
        row, state = _mine(actor, gathering_id)
        if row.state != "held" or state != "attended":
            raise Conflict("gathering_not_attended")
        if clock.today() > row.held_on + dt.timedelta(days=DAYS):
            raise Conflict("gathering_rating_late")
        feedback.heard(actor.organisation_id, KIND, row.held_on, None, SCORES[useful])
        identity.audit(actor, "gathering.rated", "gathering", row.id)
        emit(RATED, {"firm": actor.organisation_id, "day": row.held_on.isoformat()})
        return row


def _mine(actor: Actor, gathering_id: int) -> tuple[Gathering, str]:
    query = (
        sa.select(Gathering, Invitation.state)
        .join(Invitation, Invitation.gathering_id == Gathering.id)
        .where(
            Gathering.id == gathering_id,
            Gathering.kind == KIND,
            Invitation.organisation_id == actor.organisation_id,
        )
    )
    found = db.session.execute(query).one_or_none()
    if found is None:
        raise NotFound("gathering_not_found")
    return found[0], found[1]


def to_rate(organisation_id: int) -> list[tuple[Gathering, int | None]]:
    """The activities of the last 30 days that a firm came to, with what it said of each."""
    query = (
        sa.select(Gathering, Contact.score)
        .join(Invitation, Invitation.gathering_id == Gathering.id)
        .outerjoin(Contact, OF_THE_DAY)
        .where(
            Invitation.organisation_id == organisation_id,
            Invitation.state == "attended",
            Gathering.kind == KIND,
            Gathering.held_on >= clock.today() - dt.timedelta(days=DAYS),
        )
        .order_by(Gathering.held_on.desc(), Gathering.id)
    )
    return [(row, score) for row, score in db.session.execute(query)]


def satisfaction(gathering_ids: Iterable[int]) -> Mapping[int, rules.Satisfaction]:
    """Of each: how many guests said something, and their mean where five did."""
    query = (
        sa.select(Invitation.gathering_id, sa.func.count(), sa.func.sum(Contact.score))
        .join(Gathering, Gathering.id == Invitation.gathering_id)
        .join(Contact, OF_THE_DAY)
        .where(
            Invitation.gathering_id.in_(list(gathering_ids)),
            Invitation.state == "attended",
            Gathering.kind == KIND,
            Contact.score.is_not(None),
        )
        .group_by(Invitation.gathering_id)
    )
    return {number: rules.satisfaction(n, int(total or 0)) for number, n, total in db.session.execute(query)}


def activity_scores(first: dt.date, last: dt.date, organisation_id: int | None = None) -> list[ActivityScore]:
    """What firms said of the activities of these days."""
    query = (
        sa.select(Contact.held_on, Contact.organisation_id, Contact.score)
        .where(Contact.channel == KIND, Contact.score.is_not(None), Contact.held_on.between(first, last))
        .order_by(Contact.held_on, Contact.organisation_id)
    )
    if organisation_id is not None:
        query = query.where(Contact.organisation_id == organisation_id)
    return [
        ActivityScore(on, firm, score) for on, firm, score in db.session.execute(query) if score is not None
    ]
