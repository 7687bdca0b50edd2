"""What would be if these firms came and those left; nothing is stored, except a scenario's name and list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.chain.prospects.models import Prospect
from app.chain.prospects.queries import adds_of
from app.chain.register import facts
from app.chain.register import service as chains
from app.chain.register.models import IndustryChain
from app.chain.risk import service as risks
from app.chain.weak_links.rules import assess
from app.chain.weak_links.service import assessment
from app.chain.what_if.rules import (
    Coming,
    Result,
    Wish,
    expected_supplies,
    kept_in_park,
    with_expected,
)
from app.hall.db.base import db
from app.hall.errors import Invalid, Reason
from app.hall.text import language

if TYPE_CHECKING:
    from app.chain.risk.rules import RiskRange


def coming(chain: IndustryChain, wish: Wish) -> Coming:
    """Unknown segments, prospects and firms are refused with all reasons."""
    now = chains.chain_facts(chain)
    arriving, segments, inputs, reasons = prospect_facts(chain, wish.prospects)
    known = now.segment_codes | {s.code for s in segments}
    unknown = sorted({row.segment for row in wish.positions} - known)
    reasons += [Reason("chain_unknown_segment", {"value": code}) for code in unknown]
    firms = {row.enterprise for row in now.positions}
    reasons += [Reason("chain_firm_not_found", {"code": code}) for code in sorted(set(wish.without) - firms)]
    if reasons:
        raise Invalid("chain_what_if_wrong", reasons=reasons)
    return Coming((*wish.positions, *arriving), tuple(segments), tuple(inputs))


def prospect_facts(
    chain: IndustryChain, codes: Sequence[str]
) -> tuple[list[facts.Position], list[facts.Segment], list[facts.Input], list[Reason]]:
    """What these prospects would bring: positions, and segments and inputs that come with them."""
    if not codes:
        return [], [], [], []
    rows = db.session.scalars(
        sa.select(Prospect).where(Prospect.chain_id == chain.id, Prospect.code.in_(sorted(set(codes))))
    ).all()
    missing = sorted(set(codes) - {row.code for row in rows})
    positions: list[facts.Position] = []
    segments: list[facts.Segment] = []
    inputs: list[facts.Input] = []
    adds = adds_of([row.id for row in rows])
    for row in rows:
        name = (row.name_en if language.lang() == "en" else "") or row.name_zh
        positions += [facts.Position(row.code, name, code, output) for code, output in adds.get(row.id, ())]
        positions += [
            facts.Position(row.code, name, code, output) for code, output in row.brings.get("adds", ())
        ]
        segments += [facts.Segment(*item) for item in row.brings.get("segments", ())]
        inputs += [facts.Input(*item) for item in row.brings.get("inputs", ())]
    return (
        positions,
        segments,
        inputs,
        [Reason("chain_prospect_not_found", {"code": code}) for code in missing],
    )


def run(chain: IndustryChain, wish: Wish) -> Result:
    now, arriving = chains.chain_facts(chain), coming(chain, wish)
    changed = facts.with_added(
        facts.without_firms(now, wish.without), arriving.positions, arriving.segments, arriving.inputs
    )
    before, after = assessment(chain), assess(changed)
    return Result(
        before,
        after,
        now,
        changed,
        kept_in_park(before),
        kept_in_park(after),
        arriving,
        frozenset(wish.without),
    )


@dataclass(frozen=True)
class Risks:
    """The riskiest firm before and after, the newcomers themselves, and the supply rows assumed for them."""

    before: RiskRange | None
    after: RiskRange | None
    newcomers: list[RiskRange]
    assumed: tuple[facts.Supply, ...]


def risks_of(chain: IndustryChain, result: Result) -> Risks:
    """Risk before and after; newcomers buy and sell by the rule of `arrivals.expected_supplies`."""

    now = risks.ready(chain)
    if not result.coming.positions and not result.without:
        return Risks(risks.worst(now), risks.worst(now), [], ())
    assumed = expected_supplies(result.changed, result.newcomers)
    changed = with_expected(result.changed, assumed)
    rows = risks.of_changed(chain, (result.coming, result.without), changed)
    new = set(result.newcomers)
    return Risks(
        risks.worst(now),
        risks.worst(rows),
        [row for row in rows if row.enterprise in new],
        assumed,
    )
