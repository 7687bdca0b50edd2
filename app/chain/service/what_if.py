"""What would be if these firms came and those left; nothing is stored, except a scenario's name and list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app import language
from app.chain import facts
from app.chain.models import IndustryChain, Prospect, ProspectPosition, Segment
from app.chain.service import answers, chains, risks
from app.db import db
from app.errors import Invalid, Reason

if TYPE_CHECKING:
    from app.chain.assessment import Finding
    from app.chain.risk import RiskRange


@dataclass(frozen=True)
class Wish:
    """Who comes (by hand or as known prospects) and who leaves."""

    positions: tuple[facts.Position, ...] = ()
    prospects: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


def newcomers(rows: Sequence[dict[str, Any]]) -> tuple[facts.Position, ...]:
    """Rows of name, segment and output as positions; rows of one name are one firm.

    A firm that is named twice on a segment counts once with the sum.
    """
    sums: dict[tuple[str, str], float] = {}
    for row in rows:
        key = (str(row["name"]), str(row["segment"]))
        sums[key] = sums.get(key, 0.0) + float(row["output_wan"])
    return tuple(
        facts.Position(f"+{name}", name, segment, output) for (name, segment), output in sums.items()
    )


@dataclass(frozen=True)
class Coming:
    """What arrives with a wish: positions, and the segments and inputs that come with them."""

    positions: tuple[facts.Position, ...]
    segments: tuple[facts.Segment, ...]
    inputs: tuple[facts.Input, ...]


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


def adds_of(prospect_ids: Sequence[int]) -> dict[int, list[tuple[str, float]]]:
    """Prospect id to (segment code, output) of what it would make."""
    found: dict[int, list[tuple[str, float]]] = {}
    for start in range(0, len(prospect_ids), 500):
        query = (
            sa.select(ProspectPosition.prospect_id, Segment.code, ProspectPosition.output_wan)
            .join(Segment, Segment.id == ProspectPosition.segment_id)
            .where(ProspectPosition.prospect_id.in_(prospect_ids[start : start + 500]))
            .order_by(ProspectPosition.prospect_id, Segment.code)
        )
        for prospect_id, code, output in db.session.execute(query):
            found.setdefault(prospect_id, []).append((code, output))
    return found


@dataclass(frozen=True)
class Result:
    """Before and after, and what an officer asks next: what comes first now, how much money stays."""

    before: Any
    after: Any
    chain: facts.Chain
    changed: facts.Chain
    kept_before_wan: float
    kept_after_wan: float
    coming: Coming
    without: frozenset[str]

    @property
    def next_gap(self) -> Finding | None:
        """What ranks first once the wish has come true."""
        first = self.after.findings[0] if self.after.findings else None
        return first if first is not None and first.rank == 1 else None

    @property
    def newcomers(self) -> list[str]:
        return sorted({row.enterprise for row in self.coming.positions})


def run(chain: IndustryChain, wish: Wish) -> Result:
    from app.chain.assessment import assess
    from app.chain.recruiting import kept_in_park

    now, arriving = chains.chain_facts(chain), coming(chain, wish)
    changed = facts.with_added(
        facts.without_firms(now, wish.without), arriving.positions, arriving.segments, arriving.inputs
    )
    before, after = chains.assessment(chain), assess(changed)
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
    from app.chain.arrivals import expected_supplies, with_expected

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


def answer(result: Result) -> dict[str, Any]:
    found = answers.what_if_answer(result.before, result.chain, result.after, result.changed, language.lang())
    return found | {"kept_before_wan": result.kept_before_wan, "kept_after_wan": result.kept_after_wan}


@dataclass(frozen=True)
class Bar:
    """A segment's gap before and after, and both as shares of the largest gap on the page."""

    segment: str
    before_wan: float
    after_wan: float
    before_ratio: float
    after_ratio: float


def bars(result: Result, most: int = 12) -> list[Bar]:
    """The gaps before or after, largest first."""
    was = {row.segment: row.shortfall_wan for row in result.before.findings}
    now = {row.segment: row.shortfall_wan for row in result.after.findings}
    pairs = [(code, was.get(code, 0.0), now.get(code, 0.0)) for code in {*was, *now}]
    busy = sorted((row for row in pairs if row[1] or row[2]), key=lambda row: (-max(row[1:]), row[0]))[:most]
    largest = max((max(row[1:]) for row in busy), default=0.0)
    return [Bar(code, old, new, old / largest, new / largest) for code, old, new in busy]


@dataclass(frozen=True)
class Standing:
    """A firm of the park that could leave: what it makes a year in all, and on which segments."""

    code: str
    name: str
    output_wan: float
    segments: tuple[str, ...]


def firms_by_output(chain: facts.Chain) -> list[Standing]:
    """The park's firms, the largest first."""
    found: dict[str, tuple[str, float, tuple[str, ...]]] = {}
    for row in chain.positions:
        if row.in_park:
            name, output, segments = found.get(row.enterprise, (row.name, 0.0, ()))
            found[row.enterprise] = (name, output + (row.output_wan or 0.0), (*segments, row.segment))
    rows = [Standing(code, *row) for code, row in found.items()]
    return sorted(rows, key=lambda row: (-row.output_wan, row.code))
