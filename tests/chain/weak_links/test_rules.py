"""The assessment against its definition in exact fractions."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import pytest
from hypothesis import given, settings

from app.chain.register.facts import Chain
from app.chain.weak_links.rules import assess
from tests.chain.drawn import LONG, chains
from tests.chain.knock_out.test_rules import plain_stops


@settings(max_examples=5000 if LONG else 200, deadline=None)
@given(chains())
def test_assess_is_the_definition_in_fractions(chain: Chain) -> None:
    found = assess(chain)
    total = Fraction(0)
    for row in found.findings:
        on = {}
        for p in chain.positions:
            if p.in_park and p.segment == row.segment:
                on[p.enterprise] = Fraction(repr(p.output_wan))
        supply = sum(on.values(), Fraction(0))
        demand = Fraction(0)
        for need in chain.inputs:
            if need.source == row.segment:
                made = [
                    Fraction(repr(p.output_wan))
                    for p in chain.positions
                    if p.in_park and p.segment == need.target
                ]
                demand += Fraction(repr(need.coefficient)) * sum(made, Fraction(0))
        gap = max(Fraction(0), demand - supply)
        total += gap
        assert row.supply_wan == float(supply)
        assert row.demand_wan == float(demand)
        assert row.shortfall_wan == float(gap)
        assert row.coverage_ratio == (None if demand == 0 else float(min(Fraction(1), supply / demand)))
        assert row.enterprises == tuple(sorted(on))
        labels = []
        effective = supply**2 / sum(x * x for x in on.values()) if supply else None
        assert row.effective_suppliers == (None if effective is None else float(effective))
        if not on and demand:
            labels.append("missing")
        if len(on) == 1:
            labels.append("single_source")
        if len(on) >= 2 and effective is not None and effective < 2:
            labels.append("concentrated")
        if on and demand and supply / demand < Fraction(1, 2):
            labels.append("external")
        if len(on) >= 2 and gap == 0 and not labels:
            labels.append("strong")
        assert list(row.labels) == labels
        worst = max((sum_halted(chain, firm) for firm in on), default=0.0)
        assert row.halted_output_wan == pytest.approx(worst)
    assert found.total_shortfall_wan == pytest.approx(float(total))
    ranked = [row for row in found.findings if row.rank]
    assert [row.rank for row in ranked] == list(range(1, len(ranked) + 1))
    assert {row.segment for row in ranked} == {row.segment for row in found.findings if row.shortfall_wan > 0}
    keys = [(-row.shortfall_wan, -row.halted_output_wan, row.segment) for row in ranked]
    for one, two in itertools.pairwise(keys):
        assert one <= two or math.isclose(one[0], two[0], rel_tol=1e-9)


def sum_halted(chain: Chain, firm: str) -> float:
    made: dict[str, float] = {}
    for row in chain.positions:
        made[row.enterprise] = made.get(row.enterprise, 0.0) + (row.output_wan or 0.0)
    total = 0.0
    for other in plain_stops(chain, firm)[0]:
        total += made.get(other, sum(s.value_wan for s in chain.supplies if s.supplier == other))
    return total
