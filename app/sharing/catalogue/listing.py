"""An instrument with its hours and its photographs in one go, and what comparable ones cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.identity.door import Actor
from app.sharing.calendar.rules import OpeningHours
from app.sharing.catalogue import files, records
from app.sharing.catalogue import service as catalogue
from app.sharing.catalogue.models import Resource

Photos = Sequence[tuple[str, bytes]]


def list_instrument(
    actor: Actor, name: str, opening: Sequence[OpeningHours], photos: Photos, **fields: Any
) -> Resource:
    """Offer it with its photographs: all of it or nothing."""
    with transaction():
        row = catalogue.list_resource(actor, "equipment", name, opening=opening, **fields)
        if photos:
            files.attach(actor, row.id, photos)
        return row


def edit_instrument(
    actor: Actor, resource_id: int, opening: Sequence[OpeningHours], photos: Photos, **fields: Any
) -> Resource:
    """Change it and add photographs: all of it or nothing."""
    with transaction():
        row = catalogue.edit(actor, resource_id, opening=opening, **fields)
        if photos:
            files.attach(actor, resource_id, photos)
        return row


def comparable_prices(actor: Actor, but: int | None = None) -> dict[str, tuple[int, int, int]]:
    """Per category the lowest and highest price in fen an hour of what this reader finds, and of how many."""
    price = Resource.price_fen_per_hour
    query = (
        sa.select(Resource.category, sa.func.min(price), sa.func.max(price), sa.func.count())
        .where(Resource.kind == "equipment", Resource.status == "listed", price > 0, Resource.category != "")
        .where(records.found_by(actor), Resource.id != (but or 0))
        .group_by(Resource.category)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in db.session.execute(query)}
