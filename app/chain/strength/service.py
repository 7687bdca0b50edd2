"""Where every segment stands: specialisation against regions, pull and push, stage order, nearness to the park."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app.chain.prospects.models import Prospect, ProspectPosition
from app.chain.register import facts
from app.chain.register import service as chains
from app.chain.register.models import ChainFirm, IndustryChain, Segment
from app.chain.weak_links.service import assessment
from app.hall.db.base import db


@dataclass(frozen=True)
class Quotient:
    """The park against one region: `location_quotient` above 1 means more specialised than the region.

    `region_output_wan`, `year` and `source` are the reference row it rests on; None where the park makes nothing
    or the region makes nothing of it.
    """

    region: str
    location_quotient: float | None
    region_output_wan: float
    year: int | None
    source: str


@dataclass(frozen=True)
class Place:
    """The figures of `rules.py` for one segment; None where a figure is not defined.

    `density` is for segments the park lacks: how near they are to what it has; with `by_popularity` it rests on
    how many firms make it anywhere, because too few are known to learn from. `by_layers`: loops left no sum, the
    stage order counts layers.
    """

    segment: str
    effective_suppliers: float | None
    backward: float | None
    forward: float | None
    upstreamness: float | None
    by_layers: bool
    density: float | None
    by_popularity: bool
    quotients: tuple[Quotient, ...]


def places(chain: IndustryChain) -> dict[str, Place]:
    """Segment code to its place, computed once per data version and set of prospects."""
    outside = _outside(chain)
    return chains.kept("places", chain, outside, lambda: _compute(chain, outside))


def _compute(chain: IndustryChain, outside: tuple[facts.Position, ...]) -> dict[str, Place]:
    from app.chain.strength.rules import linkages, location_quotient, relatedness, upstreamness

    found = chains.chain_facts(chain)
    codes = found.segment_codes
    links = {row.segment: row for row in linkages(codes, found.inputs)}
    up = upstreamness(found)
    present = {row.segment for row in found.positions if row.in_park}
    near = {
        row.segment: row for row in relatedness([*found.positions, *outside], present) if row.segment in codes
    }
    effective = {row.segment: row.effective_suppliers for row in assessment(chain).findings}
    made = dict.fromkeys(codes, 0.0)
    for row in found.positions:
        if row.in_park:
            made[row.segment] += row.output_wan or 0.0
    quotients: dict[str, list[Quotient]] = {code: [] for code in codes}
    for region in sorted({row.region for row in found.reference}):
        rows = {row.segment: row for row in found.reference if row.region == region}
        ratios = location_quotient(made, {code: row.output_wan for code, row in rows.items()})
        for code, base in rows.items():
            quotients[code].append(Quotient(region, ratios[code], base.output_wan, base.year, base.source))
    answer = {}
    for code in sorted(codes):
        link, close = links.get(code), near.get(code)
        answer[code] = Place(
            segment=code,
            effective_suppliers=effective.get(code),
            backward=link.backward if link else None,
            forward=link.forward if link else None,
            upstreamness=up.values.get(code),
            by_layers=up.by_layers,
            density=close.density if close else (None if code in present else 0.0),
            by_popularity=close.by_popularity if close else code not in present,
            quotients=tuple(quotients[code]),
        )
    return answer


def _outside(chain: IndustryChain) -> tuple[facts.Position, ...]:
    """Prospects stand on segments too: together with imported outside firms they show what goes together."""
    rows = db.session.execute(
        sa.select(Prospect.code, Segment.code, ProspectPosition.output_wan)
        .join(ProspectPosition, ProspectPosition.prospect_id == Prospect.id)
        .join(Segment, Segment.id == ProspectPosition.segment_id)
        .where(
            Prospect.chain_id == chain.id,
            Prospect.state != "landed",
            Prospect.code.not_in(sa.select(ChainFirm.code)),
        )
        .order_by(Prospect.code, Segment.code)
    )
    return tuple(facts.Position(code, "", segment, output, False) for code, segment, output in rows)
