"""Systemic risk against the published formula and values."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.chain.knock_out.rules import Network
from app.chain.register.facts import Chain, Essentiality, Input, Position, Segment, Supply
from app.chain.risk.rules import systemic_risk
from app.chain.weak_links.rules import assess
from tests.chain.drawn import FIRMS, LONG, chains


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
        0.1,
        0.366666666666667,
        0.266666666666667,
        0.35,
        0.1,
        0.166666666666667,
        0.7,
        0.1,
        0.366666666666667,
        0.266666666666667,
        0.45,
    ],
    ("non_essential", True): [
        0.1,
        0.3,
        0.266666666666667,
        0.35,
        0.1,
        0.116666666666667,
        0.7,
        0.1,
        0.311111111111111,
        0.266666666666667,
        0.45,
    ],
    ("essential", False): [0.1, 0.5, 0.4, 0.35, 0.1, 0.3, 0.7, 0.1, 0.5, 0.4, 0.45],
    ("essential", True): [0.1, 0.366666666666667, 0.4, 0.35, 0.1, 0.15, 0.7, 0.1, 0.4, 0.4, 0.45],
}


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
