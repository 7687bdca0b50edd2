"""Pages of the menu that a member keeps at its top: kept beside their views of lists, seen by nobody else."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, NotFound
from app.identity.actor import Actor
from app.identity.list_views.models import ListView
from app.identity.list_views.service import LAST, write

PLACE = "menu"  # no address of a list begins so
MOST_PINS = 6


def pins_of(member_id: int) -> tuple[str, ...]:
    """Endpoints in the order in which they were pinned."""
    kept = db.session.scalar(
        sa.select(ListView.query).where(
            ListView.member_id == member_id, ListView.path == PLACE, ListView.name == LAST
        )
    )
    return tuple(kept.split(",")) if kept else ()


def pin(actor: Actor, endpoint: str, keep: bool, menu: Collection[str]) -> None:
    """Put a page of one's own menu at its top, or take it away; twice is the same as once."""
    if endpoint not in menu:
        raise NotFound("pin_unknown")
    with transaction() as session:
        before = [one for one in pins_of(actor.member_id) if one in menu]
        after = [one for one in before if one != endpoint]
        if keep:
            after = before if endpoint in before else [*before, endpoint]
        if len(after) > MOST_PINS:
            raise Conflict("pin_many", most=MOST_PINS)
        write(session, actor.member_id, PLACE, LAST, ",".join(after))
