"""What is read of the pipeline: prospects, how well they fit, what they would make, who stands outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.chain.prospects.models import Prospect, ProspectPosition, ProspectStep
from app.chain.prospects.rules import (
    OPEN,
    STALLED_AFTER,
    Candidate,
    Fit,
    outside_candidates,
    ranked_fits,
)
from app.chain.register import service as chains
from app.chain.register.models import (
    IndustryChain,
    Segment,
)
from app.chain.weak_links.service import assessment
from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import NotFound
from app.hall.text import language


def get_prospect(code: str) -> Prospect:
    row = db.session.scalar(sa.select(Prospect).where(Prospect.code == code))
    if row is None:
        raise NotFound("chain_prospect_not_found", code=code)
    return row


def list_prospects(chain: IndustryChain, open_only: bool = False) -> list[Prospect]:
    query = sa.select(Prospect).where(Prospect.chain_id == chain.id).order_by(Prospect.code)
    if open_only:
        query = query.where(Prospect.state.in_(OPEN))
    return list(db.session.scalars(query))


def prospect_name(row: Prospect) -> str:
    return (row.name_en if language.lang() == "en" else "") or row.name_zh


def is_stalled(row: Prospect) -> bool:
    return row.state in OPEN and clock.now() - row.touched_at > STALLED_AFTER


def steps_of(row: Prospect) -> list[ProspectStep]:
    query = sa.select(ProspectStep).where(ProspectStep.prospect_id == row.id)
    return list(db.session.scalars(query.order_by(ProspectStep.at.desc(), ProspectStep.id.desc())))


def candidates(rows: Sequence[Prospect]) -> list[Candidate]:
    adds = adds_of([row.id for row in rows])
    return [
        Candidate(row.code, prospect_name(row), tuple(adds.get(row.id, ())), tuple(row.takes)) for row in rows
    ]


def fits(chain: IndustryChain) -> list[Fit]:
    """Open prospects, best fit first; worked out once per state of the chain and of the pipeline."""

    def rank() -> list[Fit]:
        rows = list_prospects(chain, open_only=True)
        return ranked_fits(chains.chain_facts(chain), assessment(chain), candidates(rows))

    return chains.kept("fits", chain, (language.lang(), _pipeline_state(chain)), rank)


def _pipeline_state(chain: IndustryChain) -> tuple[Any, ...]:
    """Differs as soon as a prospect is added, moved or planned."""
    return tuple(
        db.session.execute(
            sa.select(
                sa.func.count(),
                sa.func.max(Prospect.id),
                sa.func.max(Prospect.touched_at),
                sa.func.sum(sa.case((Prospect.state.in_(OPEN), 1), else_=0)),
            ).where(Prospect.chain_id == chain.id)
        ).one()
    )


def fits_for(chain: IndustryChain, segment: str) -> list[tuple[Fit, Prospect]]:
    """Open prospects that would make this segment, best fit first."""
    query = (
        sa.select(Prospect)
        .join(ProspectPosition, ProspectPosition.prospect_id == Prospect.id)
        .join(Segment, Segment.id == ProspectPosition.segment_id)
        .where(Prospect.chain_id == chain.id, Prospect.state.in_(OPEN), Segment.code == segment)
    )
    able = {row.code: row for row in db.session.scalars(query)}
    return [(fit, able[fit.code]) for fit in fits(chain) if fit.code in able]


def adds_of(prospect_ids: Sequence[int]) -> dict[int, list[tuple[str, float]]]:
    """Prospect id to (segment code, output) of what it would make."""
    return _adds_of(prospect_ids, Segment.code)


def keyed_adds_of(prospect_ids: Sequence[int]) -> dict[int, list[tuple[str, float]]]:
    """The same with the key of each segment, which is its own in every chain."""
    return _adds_of(prospect_ids, Segment.key)


def _adds_of(
    prospect_ids: Sequence[int], named: sa.orm.InstrumentedAttribute[str]
) -> dict[int, list[tuple[str, float]]]:
    found: dict[int, list[tuple[str, float]]] = {}
    for start in range(0, len(prospect_ids), 500):
        query = (
            sa.select(ProspectPosition.prospect_id, named, ProspectPosition.output_wan)
            .join(Segment, Segment.id == ProspectPosition.segment_id)
            .where(ProspectPosition.prospect_id.in_(prospect_ids[start : start + 500]))
            .order_by(ProspectPosition.prospect_id, named)
        )
        for prospect_id, code, output in db.session.execute(query):
            found.setdefault(prospect_id, []).append((code, output))
    return found


def outside_firms(chain: IndustryChain) -> dict[str, Candidate]:
    """Outside firms with a position on the chain that are not in the pipeline, by code."""
    return _not_in_pipeline(outside_candidates(chains.chain_facts(chain)))


def _not_in_pipeline(rows: Sequence[Candidate]) -> dict[str, Candidate]:
    known = set(db.session.scalars(sa.select(Prospect.code))) if rows else set()
    return {row.code: row for row in rows if row.code not in known}


def outside_fits(chain: IndustryChain, segment: str = "") -> list[tuple[Fit, Candidate]]:
    """How well each would fit, the best first; only those that make `segment` where one is named."""
    there = outside_candidates(chains.chain_facts(chain))
    able = _not_in_pipeline(
        [row for row in there if not segment or any(made == segment for made, _output in row.adds)]
    )
    ranked = ranked_fits(chains.chain_facts(chain), assessment(chain), able.values())
    return [(fit, able[fit.code]) for fit in ranked]
