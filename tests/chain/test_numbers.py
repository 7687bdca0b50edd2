"""Assessment, knock-out and risk against brute force and against published values.

Hundreds of random parks in the daily suite; `PARKLINK_LONG=1` makes it five thousand of each kind.
"""

from __future__ import annotations

import itertools
import math
import os
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.chain.assessment import assess
from app.chain.facts import Chain, Essentiality, Input, Position, Segment, Supply
from app.chain.knockout import Network
from app.chain.risk import systemic_risk

LONG = bool(os.environ.get("PARKLINK_LONG"))
SEGMENTS = ["a", "b", "c", "d"]
FIRMS = [f"F{n}" for n in range(7)]
amounts = st.sampled_from([0.0, 0.1, 1.0, 2.5, 3.0, 7.0])


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    pairs = st.sampled_from([(x, y) for x in SEGMENTS for y in SEGMENTS])
    inputs = draw(st.dictionaries(pairs, st.sampled_from([0.0, 0.05, 0.3, 1.0]), max_size=8))
    firm_on = st.tuples(st.sampled_from(FIRMS), st.sampled_from(SEGMENTS))
    positions = draw(st.dictionaries(firm_on, st.tuples(amounts, st.booleans()), max_size=8))
    sale = st.tuples(st.sampled_from([*FIRMS, "X"]), st.sampled_from(FIRMS), st.sampled_from(SEGMENTS))
    supply = draw(st.dictionaries(sale, amounts, max_size=16))
    kinds = draw(
        st.dictionaries(pairs, st.sampled_from(["essential", "non_essential", "negligible"]), max_size=5)
    )
    return Chain(
        segments=tuple(Segment(code) for code in SEGMENTS),
        inputs=tuple(Input(*pair, value) for pair, value in inputs.items()),
        positions=tuple(Position(f, "", s, value, park) for (f, s), (value, park) in positions.items()),
        supplies=tuple(Supply(*key, value) for key, value in supply.items()),
        essentiality=tuple(Essentiality(*pair, kind) for pair, kind in kinds.items()),
    )


def plain_stops(chain: Chain, start: str) -> tuple[set[str], int]:
    """The definition, word by word, one round after the other."""
    kind = {(row.source, row.target): row.kind for row in chain.essentiality}
    stands: dict[str, set[str]] = {}
    for row in chain.positions:
        stands.setdefault(row.enterprise, set()).add(row.segment)
    needs: dict[str, dict[str, set[str]]] = {}
    for sale in chain.supplies:
        own = stands.get(sale.customer, {None})
        if any(kind.get((sale.segment, target), "essential") == "essential" for target in own):  # type: ignore[arg-type]
            needs.setdefault(sale.customer, {}).setdefault(sale.segment, set()).add(sale.supplier)
    stopped, rounds = {start}, 0
    while True:
        new = {
            firm
            for firm, wanted in needs.items()
            if firm not in stopped and any(suppliers <= stopped for suppliers in wanted.values())
        }
        if not new:
            return stopped - {start}, rounds
        stopped |= new
        rounds += 1


@settings(max_examples=5000 if LONG else 200, deadline=None)
@given(chains())
def test_knock_out_is_the_least_fixed_point(chain: Chain) -> None:
    network = Network(chain)
    all_at_once = {row.enterprise: row for row in network._all_at_once(0)}
    made: dict[str, float] = {}
    for row in chain.positions:
        made[row.enterprise] = made.get(row.enterprise, 0.0) + (row.output_wan or 0.0)
    for firm in network.firms:
        stopped, rounds = plain_stops(chain, firm)
        outcome = network.outcome(firm)
        assert outcome.stopped == len(stopped)
        assert outcome.depth == rounds
        sold = {f: sum(s.value_wan for s in chain.supplies if s.supplier == f) for f in stopped}
        assert outcome.halted_output_wan == pytest.approx(sum(made.get(f, sold[f]) for f in stopped))
        assert all_at_once[firm] == outcome
        listed = network.stops(firm)
        assert {stop.enterprise for stop in listed} == stopped
        for stop in listed:
            assert stop.path[0] == firm
            assert stop.path[-1] == stop.enterprise
            assert len(stop.path) == stop.depth + 1


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


def plain_risk(chain: Chain, epsilon: float, substitution: bool) -> dict[str, tuple[float, int]]:
    """Contract 2.3 with loops over plain dictionaries."""
    sector: dict[str, str] = {}
    for p in chain.positions:
        sector.setdefault(p.enterprise, p.segment)
    firms = sorted(sector)
    sales = {(i, j): 0.0 for i in firms for j in firms}
    for s in chain.supplies:
        sales[s.supplier, s.customer] += s.value_wan
    out = {i: sum(sales[i, j] for j in firms) for i in firms}
    kind = {(row.source, row.target): row.kind for row in chain.essentiality}
    total = sum(out.values())
    answer = {}
    for failing in firms:
        psi = {j: 0.0 if j == failing else 1.0 for j in firms}
        hd, hu = dict(psi), dict(psi)
        rounds = 0
        while True:
            rounds += 1
            sigma = {}
            for i in firms:
                left = sum(out[m] * hd[m] for m in firms if sector[m] == sector[i])
                sigma[i] = min(1.0, out[i] / left) if substitution and left > 0 else 1.0
            nd, nu = {}, {}
            for j in firms:
                worst, loss = 1.0, 0.0
                for k in set(sector.values()):
                    sort = kind.get((k, sector[j]), "essential")
                    mine = [i for i in firms if sector[i] == k]
                    whole = sum(sales[m, j] for m in (mine if sort == "essential" else firms))
                    if sort == "negligible" or whole == 0:
                        continue
                    lost = sum(sigma[i] * sales[i, j] / whole * (1 - hd[i]) for i in mine)
                    if sort == "essential":
                        worst = min(worst, 1 - lost)
                    else:
                        loss += lost
                nd[j] = max(0.0, min(worst, 1 - loss, psi[j]))
                up = sum(sales[j, m] / out[j] * (1 - hu[m]) for m in firms) if out[j] else 0.0
                nu[j] = max(0.0, min(psi[j], 1 - up))
            drop = max(max(hd[j] - nd[j] for j in firms), max(hu[j] - nu[j] for j in firms))
            hd, hu = nd, nu
            if drop <= epsilon + 1e-12:
                break
        lost = sum(out[i] * (1 - min(hd[i], hu[i])) for i in firms)
        answer[failing] = (lost / total if total else 0.0, rounds)
    return answer


@settings(max_examples=5000 if LONG else 100, deadline=None)
@given(chains(), st.sampled_from([0.001, 0.01, 0.1]), st.booleans())
def test_risk_is_the_published_formula(chain: Chain, epsilon: float, substitution: bool) -> None:
    seen = {p.enterprise for p in chain.positions}
    extra = tuple(Position(f, "", "a", 1.0) for f in [*FIRMS, "X"] if f not in seen)
    chain = Chain(chain.segments, chain.inputs, chain.positions + extra, chain.supplies, chain.essentiality)
    wanted = plain_risk(chain, epsilon, substitution)
    for row in systemic_risk(chain, epsilon, substitution):
        assert row.risk == pytest.approx(wanted[row.enterprise][0], abs=1e-9)
        assert row.rounds == wanted[row.enterprise][1]


# Figure 1 of Diem et al. 2022: eleven firms, (seller, buyer) with weight 1, and the sector of each firm.
EDGES = [(2, 1), (2, 3), (7, 4), (9, 5), (3, 7), (6, 7), (10, 7), (9, 10), (7, 11), (8, 11)]
SECTORS = [1, 2, 1, 3, 4, 2, 4, 1, 2, 3, 5]
PUBLISHED = {
    ("non_essential", False): [
        0.1, 0.366666666666667, 0.266666666666667, 0.35, 0.1, 0.166666666666667, 0.7, 0.1, 0.366666666666667,
        0.266666666666667, 0.45,
    ],
    ("non_essential", True): [
        0.1, 0.3, 0.266666666666667, 0.35, 0.1, 0.116666666666667, 0.7, 0.1, 0.311111111111111, 0.266666666666667,
        0.45,
    ],
    ("essential", False): [0.1, 0.5, 0.4, 0.35, 0.1, 0.3, 0.7, 0.1, 0.5, 0.4, 0.45],
    ("essential", True): [0.1, 0.366666666666667, 0.4, 0.35, 0.1, 0.15, 0.7, 0.1, 0.4, 0.4, 0.45],
}  # fmt: skip
ROUNDS = [2, 4, 3, 4, 2, 3, 3, 2, 4, 3, 4]


@pytest.mark.parametrize(("kind", "substitution"), PUBLISHED)
def test_the_eleven_firms_of_the_paper(kind: str, substitution: bool) -> None:
    codes = [f"{n:02d}" for n in range(1, 12)]
    chain = Chain(
        positions=tuple(Position(c, "", str(s), 1.0) for c, s in zip(codes, SECTORS, strict=True)),
        supplies=tuple(Supply(f"{i:02d}", f"{j:02d}", "x", 1.0) for i, j in EDGES),
        essentiality=tuple(Essentiality(str(a), str(b), kind) for a in range(1, 6) for b in range(1, 6)),
    )
    found = systemic_risk(chain, 0.01, substitution)
    assert [row.risk for row in found] == pytest.approx(PUBLISHED[kind, substitution], abs=1e-9)
    assert [row.rounds for row in found] == ROUNDS


def test_parks_at_the_edge() -> None:
    assert systemic_risk(Chain()) == []
    assert assess(Chain()).findings == ()
    one = Chain(
        segments=(Segment("a"),), positions=(Position("E1", "", "a", 0.0),), inputs=(Input("a", "a", 0.5),)
    )
    (finding,) = assess(one).findings
    assert finding.labels == ("single_source",)
    assert finding.hhi is None
    assert finding.coverage_ratio is None
    assert assess(one).loops == (("a",),)
    assert [row.risk for row in systemic_risk(one)] == [0.0]
    # A firm that makes its own input beside buying it does not stop when the other supplier does.
    both = Chain(supplies=(Supply("A", "B", "x", 1.0), Supply("B", "B", "x", 1.0)))
    assert Network(both).outcome("A").stopped == 0
