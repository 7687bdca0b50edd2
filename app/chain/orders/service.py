"""What a firm sells in the park a year, before the matches and now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.chain.register.models import ChainFirm, IndustryChain, Segment, SupplyLink
from app.hall.db.base import db


@dataclass(frozen=True)
class Orders:
    """What a firm sells in the park a year: before the matches, and now."""

    before_wan: float
    now_wan: float
    new_suppliers: int
    new_customers: int

    @property
    def change_ratio(self) -> float | None:
        return (self.now_wan - self.before_wan) / self.before_wan if self.before_wan else None


def orders_of(chain: IndustryChain, firm: ChainFirm) -> Orders:
    rows = db.session.execute(
        sa.select(
            SupplyLink.supplier_id, SupplyLink.customer_id, SupplyLink.value_wan, SupplyLink.source
        ).where(
            SupplyLink.chain_id == chain.id,
            sa.or_(SupplyLink.supplier_id == firm.id, SupplyLink.customer_id == firm.id),
        )
    ).all()
    sold = [(value, source.startswith("match ")) for s, _c, value, source in rows if s == firm.id]
    bought = [source.startswith("match ") for _s, c, _v, source in rows if c == firm.id]
    before = sum(value for value, matched in sold if not matched)
    now = sum(value for value, _matched in sold)
    return Orders(before, now, sum(bought), sum(matched for _v, matched in sold))


@dataclass(frozen=True)
class NewLink:
    """A supply link both firms agreed on, by codes."""

    supplier: str
    customer: str
    segment: str
    value_wan: float
    confirmed_at: dt.datetime


def links_agreed(start: dt.datetime, end: dt.datetime) -> list[NewLink]:
    """Return the supply links of all chains that were confirmed in [start, end), in that order."""
    supplier, customer = sa.orm.aliased(ChainFirm), sa.orm.aliased(ChainFirm)
    rows = db.session.execute(
        sa.select(supplier.code, customer.code, Segment.key, SupplyLink.value_wan, SupplyLink.confirmed_at)
        .join(supplier, supplier.id == SupplyLink.supplier_id)
        .join(customer, customer.id == SupplyLink.customer_id)
        .join(Segment, Segment.id == SupplyLink.segment_id)
        .where(SupplyLink.confirmed_at >= start, SupplyLink.confirmed_at < end)
        .order_by(SupplyLink.confirmed_at, SupplyLink.id)
    )
    return [NewLink(s, c, segment, value, at) for s, c, segment, value, at in rows if at is not None]
