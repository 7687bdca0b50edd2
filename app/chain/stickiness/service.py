"""The links that live chains know between firms of the park."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.chain.limits import MOST_PARK_FIRMS
from app.chain.register.models import ChainFirm, IndustryChain, Position, SupplyLink
from app.chain.stickiness.rules import LocalLink, Stickiness, stickiness
from app.hall import clock
from app.hall.db.base import db
from app.identity import door as identity


def firms_at_risk_first() -> list[tuple[identity.OrganisationInfo, Stickiness]]:
    """Every active firm of the park with how firmly it is tied in."""
    firms = {info.id: info for info in identity.active_organisations("enterprise", most=MOST_PARK_FIRMS)}
    live = sa.select(IndustryChain.id).where(IndustryChain.state == "live")
    placed = db.session.scalars(
        sa.select(ChainFirm.organisation_id)
        .join(Position, Position.firm_id == ChainFirm.id)
        .where(Position.chain_id.in_(live), Position.in_park, ChainFirm.organisation_id.is_not(None))
        .distinct()
    )
    supplier, customer = aliased(ChainFirm), aliased(ChainFirm)
    rows = db.session.execute(
        sa.select(supplier.organisation_id, customer.organisation_id, SupplyLink.confirmed_at)
        .join(supplier, supplier.id == SupplyLink.supplier_id)
        .join(customer, customer.id == SupplyLink.customer_id)
        .where(
            SupplyLink.chain_id.in_(live),
            supplier.organisation_id.is_not(None),
            customer.organisation_id.is_not(None),
        )
    )
    links = [
        LocalLink(firms[s].code, firms[c].code, said) for s, c, said in rows if s in firms and c in firms
    ]
    codes = {info.code: info for info in firms.values()}
    on_chain = [firms[number].code for number in placed if number in firms]
    return [(codes[one.firm], one) for one in stickiness(codes, on_chain, links, clock.now())]
