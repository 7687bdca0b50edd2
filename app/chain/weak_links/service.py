"""The assessment of a chain as it stands, and where the rows behind a segment come from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.chain.firms.freshness import age_of
from app.chain.register.models import (
    ChainFirm,
    IndustryChain,
    InputCoefficient,
    Position,
    Segment,
    SupplyLink,
)
from app.chain.register.service import chain_facts, kept
from app.chain.weak_links.rules import assess
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.union_query import Together
from app.hall.text import language

if TYPE_CHECKING:
    from app.chain.weak_links.rules import Assessment


def assessment(chain: IndustryChain, by: str = "shortfall") -> Assessment:
    return kept("assessment", chain, (language.lang(), by), lambda: assess(chain_facts(chain), by))


@dataclass(frozen=True)
class Origin:
    """Who said so, when it was last changed; who stood by it and when, if anybody, and how old that word is."""

    source: str
    updated_at: dt.datetime
    confirmed_at: dt.datetime | None
    confirmed_by: int | None
    age: str


#: The national table is worked out anew every five years: an older one has a successor.
OLD_AFTER_YEARS = 5


@dataclass(frozen=True)
class CoefficientOrigin:
    """The table a coefficient is from and the year it tells of; no year where nobody said."""

    source: str
    updated_at: dt.datetime
    year: int | None

    @property
    def years_old(self) -> int:
        return max(0, clock.today().year - self.year) if self.year is not None else 0

    @property
    def is_old(self) -> bool:
        return self.years_old > OLD_AFTER_YEARS


def coefficients_of(chain: IndustryChain) -> dict[tuple[str, str], CoefficientOrigin]:
    """(input, output) to where the coefficient comes from; read once per data version."""
    return kept("origins", chain, "", lambda: _origins(chain.id))


def _origins(chain_id: int) -> dict[tuple[str, str], CoefficientOrigin]:
    row, source, target = InputCoefficient, aliased(Segment), aliased(Segment)
    query = (
        sa.select(source.code, target.code, row.source, row.updated_at, row.year)
        .join(source, source.id == row.source_id)
        .join(target, target.id == row.target_id)
        .where(row.chain_id == chain_id)
    )
    return {
        (one, other): CoefficientOrigin(text, at, year)
        for one, other, text, at, year in db.session.execute(query)
    }


def origins_of(segment: Segment) -> tuple[dict[str, Origin], dict[tuple[str, str], Origin]]:
    """Where the rows of a segment come from: its positions by enterprise, its supply by (supplier, customer)."""
    supplier, customer = aliased(ChainFirm), aliased(ChainFirm)
    positions = (
        sa.select(ChainFirm.code, *_said(Position))
        .join(Position, Position.firm_id == ChainFirm.id)
        .where(Position.segment_id == segment.id)
    )
    supplies = (
        sa.select(supplier.code, customer.code, *_said(SupplyLink))
        .join(SupplyLink, SupplyLink.supplier_id == supplier.id)
        .join(customer, customer.id == SupplyLink.customer_id)
        .where(SupplyLink.segment_id == segment.id)
    )
    found = Together(positions=positions, supplies=supplies).ask({})
    now = clock.now()
    return (
        {code: _origin(said, now) for code, *said in found["positions"]},
        {(seller, buyer): _origin(said, now) for seller, buyer, *said in found["supplies"]},
    )


def _said(model: type[Position | SupplyLink]) -> tuple[Any, ...]:
    return model.source, model.updated_at, model.confirmed_at, model.confirmed_by


def _origin(said: Sequence[Any], now: dt.datetime) -> Origin:
    source, at, confirmed, by = said
    return Origin(source, at, confirmed, by, age_of(confirmed, now))
