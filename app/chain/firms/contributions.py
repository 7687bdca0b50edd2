"""What a room above may show of a firm's place on the chain: positions, gaps that touch it, open questions."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app.chain.firms.service import dossier
from app.chain.register import service as chains
from app.chain.register.models import ChainFirm, IndustryChain
from app.hall.db.base import db


@dataclass(frozen=True)
class Brief:
    """A firm on its first chain: names of segments, the park's gaps it makes or needs, what nobody answered yet."""

    code: str
    positions: tuple[str, ...]
    gaps: tuple[tuple[str, str], ...]  # name, `makes` or `needs`
    questions: tuple[tuple[str, str], ...]  # code, name of the segment


def brief_of(organisation_id: int) -> Brief | None:
    """Nothing for a firm that stands on no chain."""
    firm = db.session.scalar(sa.select(ChainFirm).where(ChainFirm.organisation_id == organisation_id))
    if firm is None or db.session.scalar(sa.select(IndustryChain.id).limit(1)) is None:
        return None
    found = dossier(chains.home_of(firm), firm, staff=True)
    if not found["positions"]:
        return None
    return Brief(
        firm.code,
        tuple(name for _position, _segment, name, _correction in found["positions"]),
        tuple((gap["name"], gap["how"]) for gap in found["gaps"]),
        tuple((code, name) for code, name in found["questions"]),
    )
