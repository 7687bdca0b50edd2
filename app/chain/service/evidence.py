"""Where the rows behind a segment come from, and how old they are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.chain.models import ChainFirm, Position, Segment, SupplyLink
from app.db import db


@dataclass(frozen=True)
class Origin:
    """Who said so, when it was last changed, and whether somebody confirmed it."""

    source: str
    updated_at: dt.datetime
    confirmed: bool


def positions_of(segment: Segment) -> dict[str, Origin]:
    """Enterprise to where its position on the segment comes from."""
    query = (
        sa.select(ChainFirm.code, Position.source, Position.updated_at, Position.confirmed_at)
        .join(ChainFirm, ChainFirm.id == Position.firm_id)
        .where(Position.segment_id == segment.id)
    )
    return {
        code: Origin(source, at, confirmed is not None)
        for code, source, at, confirmed in db.session.execute(query)
    }


def supplies_of(segment: Segment) -> dict[tuple[str, str], Origin]:
    """(supplier, customer) to where the supply row of the segment comes from."""
    supplier, customer = aliased(ChainFirm), aliased(ChainFirm)
    query = (
        sa.select(
            supplier.code, customer.code, SupplyLink.source, SupplyLink.updated_at, SupplyLink.confirmed_at
        )
        .join(supplier, supplier.id == SupplyLink.supplier_id)
        .join(customer, customer.id == SupplyLink.customer_id)
        .where(SupplyLink.segment_id == segment.id)
    )
    return {
        (seller, buyer): Origin(source, at, confirmed is not None)
        for seller, buyer, source, at, confirmed in db.session.execute(query)
    }
