"""What a room above may show of a firm's place on the chain: positions, gaps that touch it, open questions."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app.chain.firms.service import gaps_of, inputs_of, questions_of
from app.chain.register import service as chains
from app.chain.register.models import ChainFirm, IndustryChain, Position, Segment
from app.hall.db.base import db


@dataclass(frozen=True)
class Brief:
    """A firm on its first chain: names of segments, the park's gaps it makes or needs, what nobody answered yet."""

    code: str
    positions: tuple[str, ...]
    gaps: tuple[tuple[str, str], ...]  # name, `makes` or `needs`
    questions: tuple[tuple[str, str], ...]  # code, name of the segment


def brief_of(organisation_id: int) -> Brief | None:
    """Nothing for a firm that stands on no chain: one statement, beside what is kept of its chain."""
    rows = db.session.execute(
        sa.select(ChainFirm, IndustryChain, Position, Segment)
        .join(Position, Position.firm_id == ChainFirm.id)
        .join(IndustryChain, IndustryChain.id == Position.chain_id)
        .join(Segment, Segment.id == Position.segment_id)
        .where(ChainFirm.organisation_id == organisation_id, IndustryChain.state == "live")
        .order_by(IndustryChain.id, Position.id)
    ).all()
    if not rows:
        return None
    firm, chain = rows[0][0], rows[0][1]
    places = [(position, segment) for _firm, one, position, segment in rows if one is chain]
    mine = {segment.code: position for position, segment in places}
    inputs = inputs_of(chain, firm.code, mine, staff=True)
    sells = any(one.supplier == firm.code for one in chains.chain_facts(chain).supplies)
    return Brief(
        firm.code,
        tuple(chains.segment_name(segment) for _position, segment in places),
        tuple((gap["name"], gap["how"]) for gap in gaps_of(chain, mine, inputs)),
        tuple(questions_of(places, inputs, sells)),
    )
