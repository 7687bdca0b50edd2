"""What would be if these firms came and those left; nothing is stored, except a scenario's name and list."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.chain.prospects.models import Prospect
from app.chain.prospects.queries import adds_of, prospect_name
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

if TYPE_CHECKING:
    from app.chain.risk.rules import RiskRange


@dataclass(frozen=True)
class Brought:
    """What a prospect would bring: positions, and segments and inputs that come with it."""

    positions: tuple[facts.Position, ...]
    segments: tuple[facts.Segment, ...]
    inputs: tuple[facts.Input, ...]


def coming(chain: IndustryChain, wish: Wish, brought: Mapping[str, Brought] | None = None) -> Coming:
    """Unknown segments, prospects and firms are refused with all reasons; what is `brought` may have been read."""
    now = chains.chain_facts(chain)
    wanted = sorted(set(wish.prospects))
    brought = brought_by(chain, wanted) if brought is None else brought
    there = [brought[code] for code in wanted if code in brought]
    segments = [segment for one in there for segment in one.segments]
    known = now.segment_codes | {s.code for s in segments}
    unknown = sorted({row.segment for row in wish.positions} - known)
    reasons = [Reason("chain_prospect_not_found", {"code": code}) for code in wanted if code not in brought]
    reasons += [Reason("chain_unknown_segment", {"value": code}) for code in unknown]
    firms = {row.enterprise for row in now.positions}
    reasons += [Reason("chain_firm_not_found", {"code": code}) for code in sorted(set(wish.without) - firms)]
    if reasons:
        raise Invalid("chain_what_if_wrong", reasons=reasons)
    arriving = [position for one in there for position in one.positions]
    inputs = [row for one in there for row in one.inputs]
    return Coming((*wish.positions, *arriving), tuple(segments), tuple(inputs))


def brought_by(chain: IndustryChain, codes: Collection[str]) -> dict[str, Brought]:
    """What these prospects would bring, by code; a code that is none of the chain's is left out."""
    if not codes:
        return {}
    rows = db.session.scalars(
        sa.select(Prospect).where(Prospect.chain_id == chain.id, Prospect.code.in_(sorted(set(codes))))
    ).all()
    adds = adds_of([row.id for row in rows])
    return {row.code: _brought(row, adds.get(row.id, ())) for row in rows}


def _brought(row: Prospect, adds: Iterable[tuple[str, float]]) -> Brought:
    name = prospect_name(row)
    made = [*adds, *row.brings.get("adds", ())]
    return Brought(
        tuple(facts.Position(row.code, name, code, output) for code, output in made),
        tuple(facts.Segment(*item) for item in row.brings.get("segments", ())),
        tuple(facts.Input(*item) for item in row.brings.get("inputs", ())),
    )


def run(chain: IndustryChain, wish: Wish, brought: Mapping[str, Brought] | None = None) -> Result:
    """The chain as it is and as it would be; who asks for many wishes reads what is `brought` once."""
    now, arriving = chains.chain_facts(chain), coming(chain, wish, brought)
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
