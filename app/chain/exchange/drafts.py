"""Files that were read and wait for a word on what they hold; one of a kind a person, gone once answered."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from app.chain.exchange.models import ImportDraft
from app.chain.register import service as chains
from app.chain.register.models import IndustryChain
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.db.written import written
from app.hall.errors import NotFound
from app.identity import door as identity

KEPT_FOR = dt.timedelta(days=7)


def keep(
    actor: identity.Actor, kind: str, chain: IndustryChain | None, file_name: str, content: dict[str, Any]
) -> int:
    """Keep a file as it was read; whoever brings another of the kind gives up the one before."""
    now = clock.now()
    row = {
        "chain_id": chain.id if chain else None,
        "kind": kind,
        "file_name": file_name[:200],
        "content": written(content),
        "created_by": actor.member_id,
        "created_at": now,
    }
    own = sa.and_(ImportDraft.created_by == actor.member_id, ImportDraft.kind == kind)
    with transaction() as session:
        session.execute(
            sa.delete(ImportDraft).where(sa.or_(own, ImportDraft.created_at < now - KEPT_FOR)),
            execution_options={"synchronize_session": False},
        )
        return session.scalars(sa.insert(ImportDraft).values(row).returning(ImportDraft.id)).one()


def get(actor: identity.Actor, kind: str, draft_id: int) -> ImportDraft:
    """A draft is its maker's alone."""
    query = sa.select(ImportDraft).where(ImportDraft.id == draft_id, ImportDraft.kind == kind)
    found = db.session.scalar(query.where(ImportDraft.created_by == actor.member_id))
    if found is None:
        raise NotFound("chain_import_not_found")
    return found


def chain_of(draft: ImportDraft) -> IndustryChain | None:
    """The chain the file is for; none where it makes a new one."""
    return db.session.get(IndustryChain, draft.chain_id) if draft.chain_id else None


def chain_for(actor: identity.Actor, draft: ImportDraft) -> IndustryChain:
    """The same, made now where it is a new one; inside a transaction."""
    found = chain_of(draft)
    if found is not None:
        return found
    new = draft.content["new"]
    return chains.create_chain(actor, new["code"], new["name"], trial=bool(new["trial"]))


def drop(draft: ImportDraft) -> None:
    with transaction():
        db.session.execute(
            sa.delete(ImportDraft).where(ImportDraft.id == draft.id),
            execution_options={"synchronize_session": False},
        )
