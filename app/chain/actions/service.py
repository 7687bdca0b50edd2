"""What is done about a weak link, from plan to relief."""

from __future__ import annotations

import sqlalchemy as sa

from app.chain.actions.models import ACTION_KINDS, ChainAction
from app.chain.actions.rules import MOVES, NewAction
from app.chain.register import service as chains
from app.chain.register.models import IndustryChain, Segment
from app.chain.weak_links.service import assessment
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotFound
from app.identity import door as identity


def list_actions(
    chain: IndustryChain, segment: str = "", state: str = ""
) -> list[tuple[ChainAction, Segment]]:
    query = (
        sa.select(ChainAction, Segment)
        .join(Segment, Segment.id == ChainAction.segment_id)
        .where(ChainAction.chain_id == chain.id)
        .order_by(ChainAction.due_on.is_(None), ChainAction.due_on, ChainAction.id)
        .limit(500)
    )
    if segment:
        query = query.where(Segment.code == segment)
    if state:
        query = query.where(ChainAction.state == state)
    return [(action, found) for action, found in db.session.execute(query)]


def create_action(actor: identity.Actor, chain: IndustryChain, new: NewAction) -> ChainAction:
    if new.kind not in ACTION_KINDS:
        raise Invalid("chain_action_kind")
    if not new.title.strip():
        raise Invalid("chain_action_needs_title")
    target = chains.get_segment(chain, new.segment)
    gap = next((f.shortfall_wan for f in assessment(chain).findings if f.segment == new.segment), 0.0)
    with transaction():
        now = clock.now()
        row = ChainAction(
            chain_id=chain.id,
            segment_id=target.id,
            prospect_id=new.prospect_id,
            kind=new.kind,
            title=new.title.strip()[:200],
            note=new.note.strip()[:1000],
            state="planned",
            owner_id=new.owner_id or actor.member_id or None,
            due_on=new.due_on,
            shortfall_wan=gap,
            created_at=now,
            updated_at=now,
        )
        db.session.add(row)
        db.session.flush()
        identity.audit(
            actor, "chain.action_created", "chain_action", row.id, segment=new.segment, kind=new.kind
        )
        return row


def move(actor: identity.Actor, action_id: int, target: str) -> ChainAction:
    with transaction():
        row = db.session.scalar(locked(sa.select(ChainAction).where(ChainAction.id == action_id)))
        if row is None:
            raise NotFound("chain_action_not_found")
        if target not in MOVES[row.state]:
            raise Conflict("chain_action_refused", state=row.state, target=target)
        before, row.state, row.updated_at = row.state, target, clock.now()
        identity.audit(actor, "chain.action_moved", "chain_action", row.id, before=before, after=target)
        return row
