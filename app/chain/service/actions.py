"""What is done about a weak link, from plan to relief."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app import clock
from app.chain.models import ACTION_KINDS, ChainAction, IndustryChain, Segment
from app.chain.service import chains
from app.db import db, locked, transaction
from app.errors import Conflict, Invalid, NotFound
from app.identity import service as identity

MOVES = {
    "planned": ("in_progress", "dropped"),
    "in_progress": ("relieved", "dropped"),
    "relieved": (),
    "dropped": (),
}


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


def create_action(
    actor: identity.Actor,
    chain: IndustryChain,
    *,
    segment: str,
    kind: str,
    title: str,
    note: str = "",
    due_on: dt.date | None = None,
    owner_id: int | None = None,
    prospect_id: int | None = None,
) -> ChainAction:
    if kind not in ACTION_KINDS:
        raise Invalid("chain_action_kind")
    if not title.strip():
        raise Invalid("chain_action_needs_title")
    target = chains.get_segment(chain, segment)
    gap = next((f.shortfall_wan for f in chains.assessment(chain).findings if f.segment == segment), 0.0)
    with transaction():
        now = clock.now()
        row = ChainAction(
            chain_id=chain.id, segment_id=target.id, prospect_id=prospect_id, kind=kind, title=title.strip()[:200],
            note=note.strip()[:1000], state="planned", owner_id=owner_id or actor.member_id or None, due_on=due_on,
            shortfall_wan=gap, created_at=now, updated_at=now,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        identity.audit(actor, "chain.action_created", "chain_action", row.id, segment=segment, kind=kind)
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
