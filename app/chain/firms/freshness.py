"""How old what a firm says is: asked once a quarter with one click, marked after a year."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.chain.register import service as chains
from app.chain.register.models import ChainFirm, IndustryChain, Position, SupplyLink
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.counting import Question, counted
from app.hall.db.transaction import transaction
from app.hall.errors import NotAllowed
from app.identity import door as identity
from app.identity.door import roles

QUARTER, YEAR = dt.timedelta(days=90), dt.timedelta(days=365)
FRESH, OLD, NEVER = "fresh", "old", "never"


def age_of(confirmed_at: dt.datetime | None, now: dt.datetime) -> str:
    """Whether somebody stood by it within the last year, longer ago, or never.

    >>> now = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)
    >>> age_of(now - YEAR, now), age_of(now - YEAR - dt.timedelta(days=1), now), age_of(None, now)
    ('fresh', 'old', 'never')
    """
    if confirmed_at is None:
        return NEVER
    return FRESH if now - confirmed_at <= YEAR else OLD


def due(firm: ChainFirm) -> int:
    """How many rows of a firm on live chains nobody has stood by, or changed, for a quarter."""
    return sum(counted(*due_questions(firm)))


def due_questions(firm: ChainFirm) -> list[Question]:
    """The same as questions, for whoever asks more in one statement."""
    before = clock.now() - QUARTER
    found = []
    for model, mine in _rows(firm):
        said = sa.func.coalesce(model.confirmed_at, model.updated_at)
        query = sa.select(sa.func.count()).select_from(model)
        query = query.join(IndustryChain, IndustryChain.id == model.chain_id)
        found.append(query.where(mine, said < before, IndustryChain.state == "live"))
    return found


def _rows(firm: ChainFirm) -> list[tuple[type[Position | SupplyLink], sa.ColumnElement[bool]]]:
    """A firm's positions and what it sells: a customer's word on a link is the customer's."""
    return [(Position, Position.firm_id == firm.id), (SupplyLink, SupplyLink.supplier_id == firm.id)]


def still_so(actor: identity.Actor, firm: ChainFirm) -> int:
    """The firm stands by everything it makes and sells as it is registered; answers how many rows."""
    own = firm.organisation_id is not None and firm.organisation_id == actor.organisation_id
    if not (own and actor.may(roles.MANAGES_OWN_FIRM)):
        raise NotAllowed("chain_not_yours")
    count = 0
    with transaction():
        for model, mine in _rows(firm):
            values = {"confirmed_at": clock.now(), "confirmed_by": actor.member_id}
            count += len(db.session.scalars(sa.select(model.id).where(mine)).all())
            db.session.execute(sa.update(model).where(mine).values(**values))
        identity.audit(actor, "chain.still_so", "chain_firm", firm.id, count=count)
    return count


def ages(chain: IndustryChain) -> dict[str, str]:
    """Segment code to how old what is said of its firms in the park is: the oldest word counts."""
    codes = {segment.id: code for code, segment in chains.segments_by_code(chain.id).items()}
    query = sa.select(Position.segment_id, Position.confirmed_at)
    now, rank = clock.now(), (FRESH, OLD, NEVER)
    found: dict[str, str] = {}
    for segment_id, confirmed_at in db.session.execute(
        query.where(Position.chain_id == chain.id, Position.in_park)
    ):
        code, age = codes[segment_id], age_of(confirmed_at, now)
        found[code] = max(found.get(code, FRESH), age, key=rank.index)
    return found
