"""What would be if these firms came and those left; nothing is stored, except a scenario's name and list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app import clock, language
from app.chain import facts
from app.chain.models import IndustryChain, Prospect, ProspectPosition, Scenario, Segment
from app.chain.service import answers, chains
from app.db import db, transaction
from app.errors import Invalid, NotAllowed, NotFound, Reason
from app.identity import service as identity

if TYPE_CHECKING:
    from app.chain.assessment import Finding


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


def changed_chain(chain: IndustryChain, wish: Wish) -> facts.Chain:
    """The facts with the wish in them; unknown segments, prospects and firms are refused with all reasons."""
    now = chains.chain_facts(chain)
    arriving, segments, inputs, reasons = prospect_facts(chain, wish.prospects)
    known = now.segment_codes | {s.code for s in segments}
    unknown = sorted({row.segment for row in wish.positions} - known)
    reasons += [Reason("chain_unknown_segment", {"value": code}) for code in unknown]
    firms = {row.enterprise for row in now.positions}
    reasons += [Reason("chain_firm_not_found", {"code": code}) for code in sorted(set(wish.without) - firms)]
    if reasons:
        raise Invalid("chain_what_if_wrong", reasons=reasons)
    return facts.with_added(
        facts.without_firms(now, wish.without), (*wish.positions, *arriving), segments, inputs
    )


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
    query = (
        sa.select(ProspectPosition.prospect_id, Segment.code, ProspectPosition.output_wan)
        .join(Segment, Segment.id == ProspectPosition.segment_id)
        .where(ProspectPosition.prospect_id.in_(prospect_ids))
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

    @property
    def next_gap(self) -> Finding | None:
        """What ranks first once the wish has come true."""
        first = self.after.findings[0] if self.after.findings else None
        return first if first is not None and first.rank == 1 else None


def run(chain: IndustryChain, wish: Wish) -> Result:
    from app.chain.assessment import assess
    from app.chain.recruiting import kept_in_park

    changed = changed_chain(chain, wish)
    before, after = chains.assessment(chain), assess(changed)
    return Result(
        before, after, chains.chain_facts(chain), changed, kept_in_park(before), kept_in_park(after)
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


def risk_now(chain: IndustryChain) -> tuple[float, float, str] | None:
    return chains.kept("risk-worst", chain, "", lambda: risk_range_of(chains.chain_facts(chain)))


def risk_range_of(chain: facts.Chain) -> tuple[float, float, str] | None:
    """Lowest and highest systemic risk of the riskiest firm over the usual settings; None without supply."""
    if not chain.supplies:
        return None
    from app.chain.risk import risk_range

    worst = max(risk_range(chain), key=lambda row: (row.high, row.low, row.enterprise))
    return worst.low, worst.high, worst.enterprise


def save_scenario(
    actor: identity.Actor, chain: IndustryChain, name: str, wish: Wish, note: str = "", shared: bool = False
) -> Scenario:
    name = name.strip()
    if not name:
        raise Invalid("chain_scenario_needs_name")
    changed_chain(chain, wish)
    with transaction():
        row = Scenario(
            chain_id=chain.id, name=name[:100], note=note.strip()[:500], prospects=list(wish.prospects),
            added=[[p.name, p.segment, p.output_wan] for p in wish.positions], removed=list(wish.without),
            shared=shared, created_by=actor.member_id, created_at=clock.now(),
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        identity.audit(actor, "chain.scenario_saved", "chain_scenario", row.id, name=row.name)
        return row


def list_scenarios(actor: identity.Actor, chain: IndustryChain) -> list[Scenario]:
    """Own scenarios and shared ones."""
    query = sa.select(Scenario).where(Scenario.chain_id == chain.id).order_by(Scenario.id.desc()).limit(100)
    mine = sa.or_(Scenario.shared, Scenario.created_by == actor.member_id, Scenario.created_by.is_(None))
    return list(db.session.scalars(query.where(mine)))


def get_scenario(actor: identity.Actor, chain: IndustryChain, scenario_id: int) -> Scenario:
    row = db.session.get(Scenario, scenario_id)
    mine = row is not None and (row.shared or row.created_by in (None, actor.member_id))
    if row is None or row.chain_id != chain.id or not mine:
        raise NotFound("chain_scenario_not_found")
    return row


def share_scenario(actor: identity.Actor, chain: IndustryChain, scenario_id: int, shared: bool) -> Scenario:
    """Its author decides who else sees it."""
    with transaction():
        row = get_scenario(actor, chain, scenario_id)
        if row.created_by != actor.member_id:
            raise NotAllowed("chain_scenario_not_yours")
        row.shared = shared
        identity.audit(actor, "chain.scenario_shared", "chain_scenario", row.id, shared=shared)
        return row


def people_of(chain: IndustryChain, row: Scenario) -> tuple[list[str], list[str]]:
    """Who comes and who leaves in a scenario, by name."""
    known = dict(
        db.session.execute(
            sa.select(Prospect.code, Prospect.name_en if language.lang() == "en" else Prospect.name_zh).where(
                Prospect.code.in_(row.prospects)
            )
        ).all()
    )
    firms = chains.chain_facts(chain).firm_names()
    coming = [known.get(code) or code for code in row.prospects] + [name for name, _s, _o in row.added]
    return coming, [firms.get(code, code) for code in row.removed]


def delete_scenario(actor: identity.Actor, chain: IndustryChain, scenario_id: int) -> None:
    with transaction():
        row = get_scenario(actor, chain, scenario_id)
        if row.created_by not in (None, actor.member_id) and not actor.has("park_admin"):
            raise NotAllowed("chain_scenario_not_yours")
        identity.audit(actor, "chain.scenario_deleted", "chain_scenario", row.id, name=row.name)
        db.session.delete(row)


def wish_of(row: Scenario) -> Wish:
    added = [{"name": name, "segment": segment, "output_wan": output} for name, segment, output in row.added]
    return Wish(newcomers(added), tuple(row.prospects), tuple(row.removed))
