"""Initiatives as pages, the agenda and other rooms read them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from app.ecosystem.initiatives.models import ExternalFactor, Initiative, InitiativeDeliverable
from app.ecosystem.initiatives.rules import outside_cause_p
from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import NotFound
from app.identity.door import Actor, roles

URL = "/ecosystem/initiatives/{}"
OPEN = ("proposed", "agreed", "in_progress")
CHANCE = 0.05  # above it, the page says that it may be chance


@dataclass(frozen=True)
class Overview:
    """One initiative with its cause and how much of it is there."""

    id: int
    title: str
    state: str
    factor: str
    since_on: dt.date
    lead_id: int | None
    complaints_before: int
    firm_months_before: int
    complaints_after: int
    firm_months_after: int
    promised: int = 0
    delivered: int = 0
    late: int = 0

    @property
    def url(self) -> str:
        return URL.format(self.id)

    @property
    def chance(self) -> float | None:
        """How probable so many complaints were, had nothing changed; None where nothing was counted."""
        found = outside_cause_p(
            self.complaints_before, self.firm_months_before, self.complaints_after, self.firm_months_after
        )
        return None if found is None else float(found)

    @property
    def may_be_chance(self) -> bool:
        return self.chance is not None and self.chance > CHANCE


def may_read(actor: Actor) -> bool:
    """The park's people; a firm reads what came of its problem on that problem's page."""
    return actor.may(roles.READS_INITIATIVES) or actor.is_system


def overviews(states: Iterable[str] = (), initiative_id: int | None = None) -> list[Overview]:
    """Initiatives with their deliverables counted, the newest first: one statement however many."""
    done = sa.case((InitiativeDeliverable.delivered >= InitiativeDeliverable.quantity, 1), else_=0)
    late = sa.case(
        (
            sa.and_(
                InitiativeDeliverable.delivered < InitiativeDeliverable.quantity,
                InitiativeDeliverable.promised_on < clock.today(),
            ),
            1,
        ),
        else_=0,
    )
    counted = (
        sa.select(
            InitiativeDeliverable.initiative_id,
            sa.func.count().label("promised"),
            sa.func.sum(done).label("delivered"),
            sa.func.sum(late).label("late"),
        )
        .group_by(InitiativeDeliverable.initiative_id)
        .subquery()
    )
    query = (
        sa.select(Initiative, ExternalFactor, counted.c.promised, counted.c.delivered, counted.c.late)
        .join(ExternalFactor, ExternalFactor.id == Initiative.factor_id)
        .outerjoin(counted, counted.c.initiative_id == Initiative.id)
        .order_by(Initiative.id.desc())
    )
    if wanted := tuple(states):
        query = query.where(Initiative.state.in_(wanted))
    if initiative_id is not None:
        query = query.where(Initiative.id == initiative_id)
    return [
        Overview(
            row.id,
            row.title,
            row.state,
            factor.name,
            factor.since_on,
            row.lead_id,
            row.complaints_before,
            row.firm_months_before,
            row.complaints_after,
            row.firm_months_after,
            int(promised or 0),
            int(delivered or 0),
            int(late_ones or 0),
        )
        for row, factor, promised, delivered, late_ones in db.session.execute(query.limit(200))
    ]


def overview(initiative_id: int) -> Overview:
    found = overviews(initiative_id=initiative_id)
    if not found:
        raise NotFound("initiative_not_found")
    return found[0]


def for_the_table() -> list[Overview]:
    """What the round table must speak of: nobody leads it yet, or what was promised is late."""
    return [one for one in overviews(OPEN) if one.state == "proposed" or one.late]


def deliverables_of(initiative_id: int) -> list[InitiativeDeliverable]:
    query = sa.select(InitiativeDeliverable).where(InitiativeDeliverable.initiative_id == initiative_id)
    return list(db.session.scalars(query.order_by(InitiativeDeliverable.id)))


def initiative_state(initiative_id: int) -> str | None:
    return db.session.scalar(sa.select(Initiative.state).where(Initiative.id == initiative_id))
