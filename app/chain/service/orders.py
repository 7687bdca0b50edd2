"""What a firm sells in the park a year, before the matches and now."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app.chain.models import ChainFirm, IndustryChain, SupplyLink
from app.db import db


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
