"""Firms say what their research cost; the park reads the mean, and the rows of those who allow it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.ecosystem.research_costs.models import ResearchCost
from app.ecosystem.research_costs.rules import Said, faults
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Invalid, NotAllowed, NotFound
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.sharing import door as sharing


@dataclass(frozen=True)
class Recorded:
    """What the platform itself recorded of a firm in a year: a hint beside the form, no claim about savings."""

    hours: float


def said_of(row: ResearchCost) -> Said:
    return Said(
        row.base_year, row.base_fen, row.actual_fen, row.sharing_fen, row.licences_fen, row.credits_fen
    )


def may_say(actor: Actor) -> bool:
    """A firm's own people who write for it."""
    return actor.may(roles.WRITES_POSTS) and identity.organisation_of(actor).kind == "enterprise"


def say(actor: Actor, year: int, said: Said, *, shown: bool, note: str = "") -> ResearchCost:
    """Note a year's costs; the same year again replaces what was said."""
    if not may_say(actor):
        raise NotAllowed("research_firms_only")
    wrong = faults(year, said, clock.today().year)
    if wrong:
        raise Invalid(wrong[0].code, wrong)
    with transaction() as session:
        row = session.scalar(
            sa.select(ResearchCost).where(
                ResearchCost.organisation_id == actor.organisation_id, ResearchCost.year == year
            )
        )
        if row is None:
            row = ResearchCost(organisation_id=actor.organisation_id, year=year)
        for name in ("base_year", "base_fen", "actual_fen", "sharing_fen", "licences_fen", "credits_fen"):
            setattr(row, name, getattr(said, name))
        row.shown, row.note = shown, note.strip()[:500]
        row.said_by, row.said_at = actor.member_id, clock.now()
        session.add(row)
        session.flush()
        identity.audit(actor, "research_cost.said", "research_cost", row.id, year=year)
        return row


def take_back(actor: Actor, year: int) -> tuple[Said, bool, str]:
    """A firm takes its word on a year back: it counts nowhere any more. Answers what was said."""
    if not may_say(actor):
        raise NotAllowed("research_firms_only")
    with transaction() as session:
        row = session.scalar(
            sa.select(ResearchCost).where(
                ResearchCost.organisation_id == actor.organisation_id, ResearchCost.year == year
            )
        )
        if row is None:
            raise NotFound("research_not_said")
        identity.audit(actor, "research_cost.taken_back", "research_cost", row.id, year=year)
        gone = (said_of(row), row.shown, row.note)
        session.delete(row)
        return gone


def own_rows(actor: Actor) -> list[ResearchCost]:
    """What the reader's own firm said, newest year first."""
    query = sa.select(ResearchCost).where(ResearchCost.organisation_id == actor.organisation_id)
    return list(db.session.scalars(query.order_by(ResearchCost.year.desc())))


def years() -> list[int]:
    query = sa.select(ResearchCost.year).distinct().order_by(ResearchCost.year.desc())
    return list(db.session.scalars(query.limit(30)))


def rows_of(year: int) -> list[ResearchCost]:
    """Everybody's word on a year: for the means, never to be shown as they are."""
    query = sa.select(ResearchCost).where(ResearchCost.year == year)
    return list(db.session.scalars(query.order_by(ResearchCost.organisation_id)))


def recorded(organisation_id: int, year: int) -> Recorded:
    """Hours on instruments of others in that year."""
    first, last = dt.date(year, 1, 1), dt.date(year + 1, 1, 1)
    (minutes,) = sharing.minutes_by_user(
        [clock.start_of_day(first), clock.start_of_day(last)], [organisation_id]
    )
    return Recorded(round(minutes.get(organisation_id, 0) / 60, 1))
