"""Whom to recruit together: the park and who could come as one exact question, its proven answer, and kept plans."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.chain.limits import FRONT_FIRMS, PLAN_SECONDS
from app.chain.planner import rules
from app.chain.planner.models import RecruitingPlan
from app.chain.prospects import queries as prospect_queries
from app.chain.prospects import service as prospects
from app.chain.prospects.models import Prospect
from app.chain.prospects.rules import NewProspect
from app.chain.recruit.rules import KEPT, Candidate, Question
from app.chain.register import service as chains
from app.chain.register.models import IndustryChain
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Invalid, NotFound, Reason
from app.hall.text import language
from app.identity import door as identity

if TYPE_CHECKING:
    from app.chain.recruit.plan import Plan

PIPELINE, OUTSIDE, TYPED = "pipeline", "outside", "typed"


@dataclass(frozen=True)
class Choice:
    """One candidate as asked: what it makes, what it costs (None: not known), what excludes or obliges it."""

    code: str
    name: str
    outputs: tuple[tuple[str, Fraction], ...]
    source: str = PIPELINE
    cost: Fraction | None = None
    group: str = ""
    must: bool = False
    spread: Fraction = Fraction(0)


@dataclass(frozen=True)
class Ask:
    """What somebody asks: limits, the aim, and what was said of single candidates."""

    objective: str = KEPT
    firms: int | None = None
    budget: Fraction | None = None
    costs: Mapping[str, Fraction] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    musts: frozenset[str] = frozenset()
    out: frozenset[str] = frozenset()
    spreads: Mapping[str, Fraction] = field(default_factory=dict)
    typed: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Answer:
    """The proven plan with everything a page or paper shows of it."""

    plan: Plan
    question: Question
    names: dict[str, str]
    without_cost: list[str]  # left aside: under a budget nobody is free who has no price
    coverage: list[rules.Covered]
    purchases: list[rules.Purchase]
    outlooks: list[rules.Outlook]
    turning_point: int | None


@dataclass(frozen=True)
class Pool:
    """Who could come to a chain and what they would bring along, read once for a page."""

    choices: list[Choice]
    inputs: dict[tuple[str, str], Fraction]  # a recycler takes what nobody took before
    segments: dict[str, str]


def read_pool(chain: IndustryChain) -> Pool:
    """Return the open pipeline and the outside firms of the data."""
    rows = prospect_queries.list_prospects(chain, open_only=True)
    adds = prospect_queries.adds_of([row.id for row in rows])
    found = [
        Choice(
            row.code,
            prospect_queries.prospect_name(row),
            _exact([*adds.get(row.id, ()), *row.brings.get("adds", ())]),
            cost=None if row.cost_wan is None else Fraction(str(row.cost_wan)),
            group=row.one_of,
        )
        for row in rows
    ]
    found += [
        Choice(firm.code, firm.name, _exact(firm.adds), OUTSIDE)
        for firm in prospect_queries.outside_firms(chain).values()
    ]
    english = language.lang() == "en"
    return Pool(
        found,
        {
            (source, target): Fraction(str(share))
            for row in rows
            for source, target, share in row.brings.get("inputs", ())
        },
        {
            code: (name_en if english else "") or name_zh
            for row in rows
            for code, name_zh, name_en, *_stage in row.brings.get("segments", ())
        },
    )


def _exact(adds: Iterable[tuple[str, float]]) -> tuple[tuple[str, Fraction], ...]:
    return tuple((segment, Fraction(str(output))) for segment, output in adds)


def choices(pool: Pool, ask: Ask) -> list[Choice]:
    """Return who could come, those typed on the page among them, as the asker says of each."""
    return sorted((_as_said(one, ask) for one in (*pool.choices, *ask.typed)), key=lambda one: one.code)


def _as_said(one: Choice, ask: Ask) -> Choice:
    return replace(
        one,
        cost=ask.costs.get(one.code, one.cost),
        group=ask.groups.get(one.code, one.group),
        must=one.code in ask.musts,
        spread=ask.spreads.get(one.code, one.spread),
    )


def question_of(chain: IndustryChain, ask: Ask, pool: Pool, found: list[Choice]) -> Question:
    """Return the park and its candidates as the recruiter reads them; refused where somebody named is unknown."""
    facts = chains.chain_facts(chain)
    known = {one.code for one in found}
    named = {*ask.costs, *ask.groups, *ask.musts, *ask.out, *ask.spreads}
    wrong = [Reason("recruit_not_candidate", {"value": code}) for code in sorted(named - known)]
    segments = facts.segment_codes
    wrong += [
        Reason("chain_unknown_segment", {"value": segment})
        for one in ask.typed
        for segment, _output in one.outputs
        if segment not in segments
    ]
    if wrong:
        raise Invalid(wrong[0].code, reasons=wrong, **wrong[0].params)
    supply: dict[str, Fraction] = {}
    for row in facts.positions:
        if row.in_park and row.output_wan is not None:
            supply[row.segment] = supply.get(row.segment, Fraction(0)) + Fraction(str(row.output_wan))
    inputs = {(row.source, row.target): Fraction(str(row.coefficient)) for row in facts.inputs}
    if ask.objective == KEPT:  # a demand that only newcomers wake is no gap of today
        inputs = pool.inputs | inputs
    able = [one for one in found if one.code not in ask.out and _has_price(one, ask)]
    return Question(
        supply,
        tuple((source, target, share) for (source, target), share in sorted(inputs.items())),
        tuple(Candidate(one.code, one.outputs, one.cost or Fraction(0), one.group, one.must) for one in able),
        ask.objective,
        ask.firms,
        ask.budget,
    )


def _has_price(one: Choice, ask: Ask) -> bool:
    return ask.budget is None or one.cost is not None


def solve(chain: IndustryChain, ask: Ask, pool: Pool | None = None) -> Answer:
    """Work the answer out once per state of the chain and question; it stops proving after some seconds."""
    pool = pool or read_pool(chain)
    found = choices(pool, ask)
    question = question_of(chain, ask, pool, found)
    spread = {one.code: one.spread for one in found if one.spread}
    key = (repr(question), tuple(sorted(spread.items())))
    plan, outlooks = chains.kept("recruit", chain, key, lambda: _solved(chain, question, spread))
    chosen = frozenset(plan.chosen)
    return Answer(
        plan,
        question,
        {one.code: one.name or one.code for one in found},
        [one.code for one in found if one.code not in ask.out and not _has_price(one, ask)],
        rules.coverage(question, chosen),
        rules.purchases(question, chosen),
        outlooks,
        rules.turning_point([(point.firms, point.value) for point in plan.front]),
    )


def _solved(
    chain: IndustryChain, question: Question, spread: Mapping[str, Fraction]
) -> tuple[Plan, list[rules.Outlook]]:
    from app.chain.recruit.plan import recruit

    left = _seconds_left(PLAN_SECONDS)
    plan = _from_front(chain, question) or recruit(question, left)
    if plan.value is None or not spread:
        return plan, []
    chosen = frozenset(plan.chosen)
    outlooks = [rules.Outlook("middle", plan.value, plan.value, plan.chosen)]
    for name, up in (("low", False), ("high", True)):
        changed = rules.scaled(question, spread, up)
        best = recruit(changed, left)
        outlooks.append(rules.outlook(name, changed, chosen, best))
    return plan, [outlooks[1], outlooks[0], outlooks[2]]


def _from_front(chain: IndustryChain, question: Question) -> Plan | None:
    """Return the plan for so many firms from the front worked out once, so that the slider of firms waits for nothing."""
    if question.firms is None or len(question.candidates) > FRONT_FIRMS:
        return None
    from app.chain.recruit.plan import at_most, recruit

    free = replace(question, firms=None)
    nothing: list[rules.Outlook] = []
    whole, _outlooks = chains.kept(
        "recruit", chain, (repr(free), ()), lambda: (recruit(free, _seconds_left(PLAN_SECONDS)), nothing)
    )
    return at_most(question, whole)


def _seconds_left(seconds: float) -> Callable[[], float]:
    end = time.monotonic() + seconds
    return lambda: end - time.monotonic()


def keep(
    actor: identity.Actor,
    chain: IndustryChain,
    name: str,
    asked: dict[str, list[str]],
    answer: Answer,
    shared: bool,
) -> RecruitingPlan:
    """Keep what was asked and answered; nothing infeasible is kept."""
    if not name.strip():
        raise Invalid("recruit_plan_name")
    plan = answer.plan
    if plan.value is None or plan.before is None or plan.cost is None:
        raise Invalid("recruit_infeasible")
    with transaction() as session:
        row = RecruitingPlan(
            chain_id=chain.id,
            name=name.strip()[:100],
            asked=asked,
            chosen=list(plan.chosen),
            value_wan=float(plan.value),
            before_wan=float(plan.before),
            cost_wan=float(plan.cost),
            shared=shared,
            created_by=actor.member_id or None,
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        identity.audit(actor, "chain.plan_kept", "recruiting_plan", row.id, name=row.name)
        return row


def kept_plans(actor: identity.Actor, chain: IndustryChain) -> list[RecruitingPlan]:
    """Return one's own plans and those shared with everybody, newest first."""
    query = sa.select(RecruitingPlan).where(
        RecruitingPlan.chain_id == chain.id,
        sa.or_(RecruitingPlan.shared, RecruitingPlan.created_by == actor.member_id),
    )
    return list(db.session.scalars(query.order_by(RecruitingPlan.id.desc()).limit(50)))


def drop(actor: identity.Actor, chain: IndustryChain, plan_id: int) -> None:
    """Delete one's own plan."""
    with transaction() as session:
        row = session.get(RecruitingPlan, plan_id)
        if row is None or row.chain_id != chain.id or row.created_by != actor.member_id:
            raise NotFound("recruit_plan_not_found")
        identity.audit(actor, "chain.plan_dropped", "recruiting_plan", row.id, name=row.name)
        session.delete(row)


def take_up(actor: identity.Actor, chain: IndustryChain, ask: Ask, chosen: list[str]) -> int:
    """Take the chosen into the pipeline in one act, with what they cost; those that are there already stay.

    Typed firms are noted as prospects too. Returns how many are new.
    """
    found = {one.code: one for one in choices(read_pool(chain), ask)}
    strangers = sorted(set(chosen) - found.keys())
    if strangers:
        reasons = [Reason("recruit_not_candidate", {"value": code}) for code in strangers]
        raise Invalid("recruit_not_candidate", reasons=reasons, value=strangers[0])
    new = 0
    with transaction():
        for code in sorted(set(chosen)):
            one = found[code]
            if one.source == PIPELINE:
                row = prospect_queries.get_prospect(code)
            else:
                new += 1
                row = _enter(actor, chain, one)
            row.cost_wan = row.cost_wan if one.cost is None else float(one.cost)
            row.one_of = one.group
        identity.audit(actor, "chain.plan_taken_up", "industry_chain", chain.id, firms=sorted(set(chosen)))
    return new


def _enter(actor: identity.Actor, chain: IndustryChain, one: Choice) -> Prospect:
    if one.source == OUTSIDE:
        return prospects.take_up(actor, chain, one.code)
    adds: dict[str, float] = {}
    for segment, output in one.outputs:
        adds[segment] = adds.get(segment, 0.0) + float(output)
    return prospects.create_prospect(actor, chain, NewProspect(name_zh=one.name, adds=adds))


def names_of_segments(chain: IndustryChain, pool: Pool) -> dict[str, str]:
    """Return what segments are called, those that prospects would bring among them."""
    return pool.segments | chains.chain_facts(chain).names(language.lang())
