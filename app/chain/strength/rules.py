"""How strong a segment is and where it stands: quotient, linkages, upstreamness, relatedness.

Every function names its formula and its source; `docs/methods/chain.md` says how each was checked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

import networkx as nx
import numpy as np

from app.chain.register.facts import Chain, Input, Position
from app.chain.register.graph import segment_graph

# A mean distance beyond this says that a loop uses up (nearly) all it makes.
_FARTHEST = 1000.0


def location_quotient(local: Mapping[str, float], reference: Mapping[str, float]) -> dict[str, float | None]:
    """Share of a segment in the park over its share in the reference region: (e_k / e) / (E_k / E).

    Both shares are taken over the segments the reference speaks of, so that a segment it leaves out distorts
    nothing. None where the reference has nothing of it, or the park makes nothing at all. Above 1 the park is
    more specialised than the region. Source: Florence (1939); Isard, Methods of Regional Analysis (1960).

    >>> round(location_quotient({"cell": 30.0, "other": 70.0}, {"cell": 10.0, "other": 90.0})["cell"], 9)
    3.0
    """
    here = fsum(local.get(code, 0.0) for code in reference)
    there = fsum(reference.values())
    return {
        code: (local.get(code, 0.0) / here) / (base / there) if base > 0 and here > 0 else None
        for code, base in sorted(reference.items())
    }


def effective_suppliers(outputs: Sequence[float]) -> float | None:
    """Inverse of the sum of squared shares: how many equal firms would be as concentrated.

    Source: Laakso, Taagepera, Comparative Political Studies 12 (1979); index of Herfindahl and
    Hirschman as in the Horizontal Merger Guidelines of the US Department of Justice (2010), section 5.3.

    >>> round(1e4 / effective_suppliers([30, 30, 20, 20]))  # the guidelines' example: an index of 2,600
    2600
    >>> effective_suppliers([1.0, 1.0, 2.0])
    2.6666666666666665
    """
    whole = sum(outputs)
    return whole * whole / sum(x * x for x in outputs) if whole > 0 else None


@dataclass(frozen=True, slots=True)
class Linkage:
    """How much a segment pulls (backward) and pushes (forward), 1 being the average segment."""

    segment: str
    backward: float
    forward: float


def _matrix(codes: Sequence[str], inputs: Iterable[Input]) -> np.ndarray:
    at = {code: n for n, code in enumerate(codes)}
    a = np.zeros((len(codes), len(codes)))
    for row in inputs:
        a[at[row.source], at[row.target]] += row.coefficient
    return a


def linkages(codes: Iterable[str], inputs: Iterable[Input]) -> list[Linkage]:
    """Rasmussen's power and sensitivity of dispersion from the Leontief inverse L = (I − A)⁻¹.

    backward_j = n · Σ_i L_ij / ΣΣ L, forward_i = n · Σ_j L_ij / ΣΣ L. Empty where I − A cannot be inverted or
    the inverse is negative somewhere (a loop that uses more than it makes). Source: Rasmussen, Studies in
    Inter-Sectoral Relations (1956); Miller, Blair, Input–Output Analysis (2009), chapter 12. O(n³).

    >>> [(row.segment, round(row.backward, 2)) for row in linkages(["a", "b"], [Input("a", "b", 0.5)])]
    [('a', 0.8), ('b', 1.2)]
    """
    codes = sorted(set(codes))
    inverse = leontief_inverse(codes, inputs)
    if inverse is None:
        return []
    whole = inverse.sum()
    n = len(codes)
    return [
        Linkage(code, float(n * inverse[:, k].sum() / whole), float(n * inverse[k, :].sum() / whole))
        for k, code in enumerate(codes)
    ]


def leontief_inverse(codes: Sequence[str], inputs: Iterable[Input]) -> np.ndarray | None:
    """(I − A)⁻¹, or None where it does not exist or is negative somewhere.

    >>> leontief_inverse(["a", "b"], [Input("a", "b", 0.5)]).tolist()
    [[1.0, 0.5], [0.0, 1.0]]
    """
    if not codes:
        return None
    try:
        inverse = np.linalg.inv(np.eye(len(codes)) - _matrix(codes, inputs))
    except np.linalg.LinAlgError:
        return None
    return None if not np.isfinite(inverse).all() or (inverse < -1e-9).any() else inverse


@dataclass(frozen=True, slots=True)
class Upstreamness:
    """Mean distance from final use, 1 being final; `by_layers`: counted in layers because the sums diverge."""

    values: Mapping[str, float]
    by_layers: bool


def upstreamness(chain: Chain) -> Upstreamness:
    """Distance of each segment from final use, weighted by money: U = (I − B)⁻¹ · 1, B_kj = a_kj · Y_j / Y_k.

    Y_k is what the park makes of k, or what is demanded of it where it makes less. Where a loop uses up all it
    makes the sum does not converge; then the longest way to the end of the condensation is counted instead.
    Source: Antràs, Chor, Fally, Hillberry, American Economic Review P&P 102 (2012).

    >>> from app.chain.register.facts import Segment
    >>> chain = Chain(segments=(Segment("a"), Segment("b")), inputs=(Input("a", "b", 0.5),),
    ...               positions=(Position("E", "", "b", 10.0), Position("F", "", "a", 10.0)))
    >>> upstreamness(chain).values
    {'a': 1.5, 'b': 1.0}
    """
    codes = sorted(chain.segment_codes)
    if not codes:
        return Upstreamness({}, False)
    made = dict.fromkeys(codes, 0.0)
    for position in chain.positions:
        if position.in_park and position.segment in made:
            made[position.segment] += position.output_wan or 0.0
    a = _matrix(codes, [row for row in chain.inputs if row.source in made and row.target in made])
    output = np.array([made[code] for code in codes])
    used = a * output
    whole = np.maximum(output, used.sum(axis=1))
    b = np.divide(used, whole[:, None], out=np.zeros_like(used), where=whole[:, None] > 0)
    try:
        values = np.linalg.solve(np.eye(len(codes)) - b, np.ones(len(codes)))
    except np.linalg.LinAlgError:
        values = np.full(len(codes), np.inf)
    # B is non-negative: a positive solution of (I − B) x = 1 exists just when the sum I + B + B² + … converges.
    if not ((values > 0) & (values < _FARTHEST)).all():
        return Upstreamness(_layers(codes, chain.inputs), True)
    return Upstreamness({code: float(value) for code, value in zip(codes, values, strict=True)}, False)


def _layers(codes: Sequence[str], inputs: Iterable[Input]) -> dict[str, float]:
    condensed = nx.condensation(segment_graph(codes, inputs))
    depth: dict[int, int] = {}
    for group in reversed(list(nx.topological_sort(condensed))):
        depth[group] = 1 + max((depth[after] for after in condensed.successors(group)), default=0)
    return {code: float(depth[condensed.graph["mapping"][code]]) for code in codes}


@dataclass(frozen=True, slots=True)
class Relatedness:
    """How near a segment is to what the park already has, 0 to 1; `by_popularity`: too few firms to learn from."""

    segment: str
    density: float
    by_popularity: bool


def proximity(on_one: int, on_other: int, on_both: int) -> float:
    """How often two segments go together: the smaller of P(one | other) and P(other | one).

    Source: Hidalgo et al. (2007); of the 17 countries that export wine and 24 that export grapes 11 export both
    (Hausmann, Hidalgo et al., The Atlas of Economic Complexity, 2011).

    >>> round(proximity(17, 24, 11), 2)
    0.46
    """
    return on_both / max(on_one, on_other)


def relatedness(positions: Iterable[Position], park: Iterable[str], least: int = 3) -> list[Relatedness]:
    """Density of every segment the park lacks: Σ over present i of φ_ik / Σ over all i of φ_ik.

    φ_ik = min(P(i|k), P(k|i)) over firms standing on both. A segment with fewer than `least` firms, or none
    beside it, falls back to its popularity: its firms over those of the most popular segment. Source: Hidalgo,
    Klinger, Barabási, Hausmann, Science 317 (2007).

    >>> rows = [Position(f"F{n}", "", s, 1.0) for n in range(3) for s in ("a", "b")]
    >>> relatedness(rows, ["a"])
    [Relatedness(segment='b', density=1.0, by_popularity=False)]
    """
    stands: dict[str, set[str]] = {}
    for row in positions:
        stands.setdefault(row.enterprise, set()).add(row.segment)
    firms: Counter[str] = Counter()
    together: dict[str, Counter[str]] = {}
    for segments in stands.values():
        firms.update(segments)
        for code in segments:
            together.setdefault(code, Counter()).update(segments - {code})
    present = set(park)
    most = max(firms.values(), default=1)
    found = []
    for code in sorted(set(firms) - present):
        near = {other: proximity(firms[code], firms[other], both) for other, both in together[code].items()}
        whole = fsum(near.values())
        if firms[code] < least or whole == 0:
            found.append(Relatedness(code, firms[code] / most, True))
        else:
            share = fsum(value for other, value in near.items() if other in present) / whole
            found.append(Relatedness(code, share, False))
    return found
