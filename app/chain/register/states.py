"""A chain's life: on trial, live, archived; deleted only while nothing hangs on it."""

from __future__ import annotations

import sqlalchemy as sa

from app.chain.register import service as chains
from app.chain.register.models import (
    Essentiality,
    IndustryChain,
    InputCoefficient,
    Position,
    Segment,
    SegmentReference,
    SupplyLink,
)
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict
from app.identity import door as identity

STEPS = {"make_live": ("trial", "live"), "archive": ("live", "archived"), "restore": ("archived", "live")}
#: What belongs to a chain and goes with it; whatever else names one of its rows hangs on it.
OWN = (SupplyLink, Position, SegmentReference, Essentiality, InputCoefficient, Segment)
_BESIDE = ("import_batch", "import_draft", "assessment_snapshot")
_OWN_TABLES = frozenset({model.__tablename__ for model in OWN} | {*_BESIDE})


def step(actor: identity.Actor, code: str, name: str) -> IndustryChain:
    """Make a trial live, archive a live chain, or bring an archived one back."""
    with transaction():
        chain = chains.lock_chain(chains.get_chain(code).id)
        before, after = STEPS[name]
        if chain.state != before:
            raise Conflict("chain_state_refused", name=chains.chain_name(chain))
        chain.state, chain.updated_at = after, clock.now()
        chains.changed(chain)
        identity.audit(actor, f"chain.{after}", "industry_chain", chain.id, code=chain.code)
        return chain


def delete(actor: identity.Actor, code: str) -> None:
    """Delete a chain with its own rows; refused with the names of the tables while anything else names one of them."""
    with transaction():
        chain = chains.lock_chain(chains.get_chain(code).id)
        if found := hanging(chain):
            raise Conflict("chain_in_use", name=chains.chain_name(chain), count=found)
        remove(chain)
        identity.audit(actor, "chain.deleted", "industry_chain", chain.id, code=chain.code)


def remove(chain: IndustryChain) -> None:
    """Delete the chain and everything that is its own."""
    for name in _BESIDE:
        table = db.metadata.tables[name]
        db.session.execute(sa.delete(table).where(table.c.chain_id == chain.id))
    for model in OWN:
        db.session.execute(sa.delete(model).where(model.chain_id == chain.id))
    db.session.execute(sa.delete(IndustryChain).where(IndustryChain.id == chain.id))


def hanging(chain: IndustryChain) -> int:
    """How many rows of other tables name this chain, a segment, position or link of it, by id or by key."""
    mine = {"industry_chain": sa.select(sa.literal(chain.id))}
    for model in OWN:
        mine[model.__tablename__] = sa.select(model.id).where(model.chain_id == chain.id)
    keys = sa.select(Segment.key).where(Segment.chain_id == chain.id)
    found = 0
    for table in db.metadata.sorted_tables:
        if table.name in _OWN_TABLES or table.name == "industry_chain":
            continue
        named = [
            key.parent.in_(mine[key.column.table.name])
            for key in table.foreign_keys
            if key.column.table.name in mine
        ]
        if "segment" in table.c:
            named.append(table.c.segment.in_(keys))
        if named:
            found += (
                db.session.scalar(sa.select(sa.func.count()).select_from(table).where(sa.or_(*named))) or 0
            )
    return found
