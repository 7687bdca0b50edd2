"""Systemic risk of every firm: the Economic Systemic Risk Index by shock propagation, as sparse sums.

Source: Diem, Borsos, Reisch, Kertész, Thurner, "Quantifying firm-level economic systemic risk from
nation-wide supply networks", Scientific Reports 12:7719 (2022); formulas in contract 2.3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from app.chain.register.facts import ESSENTIAL, NEGLIGIBLE, Chain
from app.chain.risk.firm_risk import FirmRisk

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


# A drop that equals epsilon on paper may exceed it in the last binary digit; that is not a further round.
_NOISE = 1e-12
_MAX_ROUNDS = 100_000
_BLOCK_ENTRIES = 400_000


@dataclass(frozen=True, slots=True)
class RiskRange:
    """Lowest and highest risk of one firm over the settings asked for: never one number alone.

    `runs` holds what each setting (epsilon, substitution) gives.
    """

    enterprise: str
    low: float
    high: float
    runs: Mapping[tuple[float, bool], FirmRisk] = field(repr=False)


@dataclass(frozen=True)
class Network:
    """Supply made ready for propagation. Matrices take a row of losses to the losses they cause."""

    firms: tuple[str, ...]
    sales: Floats
    sector: Ints
    sectors: int
    essential: sparse.csr_array  # firm → (customer, segment) pairs, ordered by customer
    pair_customer: Ints
    shared: sparse.csr_array  # firm → customer, inputs that can be done without in part
    upward: sparse.csr_array  # customer → supplier


def sector_of(chain: Chain) -> dict[str, str]:
    """Firm to its segment: its first position; else what it sells most of; else nothing ('')."""
    first: dict[str, str] = {}
    for position in chain.positions:
        first.setdefault(position.enterprise, position.segment)
    sold: dict[str, dict[str, float]] = {}
    for row in sorted(chain.supplies, key=lambda row: (row.supplier, row.customer, row.segment)):
        first_of_customer = first.get(row.customer)
        if first_of_customer is None:
            sold.setdefault(row.customer, {})
        if row.supplier not in first:
            mine = sold.setdefault(row.supplier, {})
            mine[row.segment] = mine.get(row.segment, 0.0) + row.value_wan
    for firm, segments in sold.items():
        first[firm] = min(segments, key=lambda segment: (-segments[segment], segment), default="")
    return first


def network(chain: Chain) -> Network:
    """Make the matrices once. Firms and rows are sorted: the order of supply rows changes no digit."""
    sector_name = sector_of(chain)
    firms = tuple(sorted(sector_name))
    number = {firm: n for n, firm in enumerate(firms)}
    names = sorted(set(sector_name.values()))
    sector_number = {name: n for n, name in enumerate(names)}
    sector = np.array([sector_number[sector_name[firm]] for firm in firms], dtype=np.int64)
    n = len(firms)
    rows = sorted((number[r.supplier], number[r.customer], r.segment, r.value_wan) for r in chain.supplies)
    scale = max((row[3] for row in rows), default=0.0) or 1.0
    seller = np.array([row[0] for row in rows], dtype=np.int64)
    buyer = np.array([row[1] for row in rows], dtype=np.int64)
    value = np.array([row[3] for row in rows], dtype=np.float64) / scale
    keep = value > 0
    seller, buyer, value = seller[keep], buyer[keep], value[keep]
    sales = np.bincount(seller, weights=value, minlength=n).astype(np.float64)
    bought = np.bincount(buyer, weights=value, minlength=n).astype(np.float64)
    kinds = {(row.source, row.target): row.kind for row in chain.essentiality}
    table = {
        (sector_number[a], sector_number[b]): kind
        for (a, b), kind in kinds.items()
        if kind != ESSENTIAL and a in sector_number and b in sector_number
    }
    weak = np.zeros(len(value), dtype=np.int8)
    if table:
        links = sector[seller] * len(names) + sector[buyer]
        for (a, b), kind in table.items():
            weak[links == a * len(names) + b] = 2 if kind == NEGLIGIBLE else 1
    hard = weak == 0
    pairs, pair = np.unique(buyer[hard] * len(names) + sector[seller[hard]], return_inverse=True)
    # The denominator runs over every supplier of that segment; all of one (segment, customer) share a class.
    per_pair = np.bincount(pair, weights=value[hard], minlength=len(pairs))
    essential = _matrix(value[hard] / per_pair[pair], seller[hard], pair, (n, len(pairs)))
    soft = weak == 1
    shared = _matrix(value[soft] / bought[buyer[soft]], seller[soft], buyer[soft], (n, n))
    upward = _matrix(value / sales[seller], buyer, seller, (n, n))
    return Network(firms, sales, sector, len(names), essential, pairs // max(1, len(names)), shared, upward)


def _matrix(values: Floats, rows: Ints, columns: Ints, shape: tuple[int, int]) -> sparse.csr_array:
    matrix = sparse.coo_array((values, (rows, columns)), shape=shape).tocsr()
    matrix.sum_duplicates()
    return matrix


@dataclass(slots=True)
class _Losses:
    """Losses (1 − h) of a block of scenarios: sorted keys scenario · n + firm, and values in (0, 1]."""

    keys: Ints
    values: Floats


def _product(losses: _Losses, matrix: sparse.csr_array, scenarios: int, n: int) -> tuple[Ints, Ints, Floats]:
    """Losses times a matrix, as sorted (scenario, column, value)."""
    row = losses.keys // n
    starts = np.searchsorted(row, np.arange(scenarios + 1))
    left = sparse.csr_array((losses.values, losses.keys - row * n, starts), shape=(scenarios, n))
    result = left @ matrix
    result.sort_indices()
    counts = np.diff(result.indptr)
    return np.repeat(np.arange(scenarios), counts), result.indices.astype(np.int64), result.data


def _reduce(keys: Ints, values: Floats) -> _Losses:
    """Largest value per key; keys come sorted."""
    if len(keys) == 0:
        return _Losses(keys, values)
    first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    return _Losses(keys[first], np.minimum(1.0, np.maximum.reduceat(values, first)))


def _merge(one: _Losses, other: _Losses) -> _Losses:
    keys = np.concatenate((one.keys, other.keys))
    order = np.argsort(keys, kind="stable")
    return _reduce(keys[order], np.concatenate((one.values, other.values))[order])


def _with_failures(losses: _Losses, failed: Ints) -> _Losses:
    """The failing firm itself has lost everything."""
    at = np.searchsorted(losses.keys, failed)
    inside = at < len(losses.keys)
    known = np.zeros(len(failed), dtype=bool)
    known[inside] = losses.keys[at[inside]] == failed[inside]
    losses.values[at[known]] = 1.0
    missing = ~known
    return _Losses(
        np.insert(losses.keys, at[missing], failed[missing]), np.insert(losses.values, at[missing], 1.0)
    )


def _largest_drop(before: _Losses, after: _Losses, scenarios: int, n: int) -> Floats:
    drop = after.values.copy()
    at = np.minimum(np.searchsorted(after.keys, before.keys), len(after.keys) - 1)
    same = after.keys[at] == before.keys  # always, short of a loss that underflowed
    drop[at[same]] -= before.values[same]
    starts = np.searchsorted(after.keys, np.arange(scenarios) * n)
    return np.maximum.reduceat(drop, starts)


def _select(losses: _Losses, chosen: NDArray[np.bool_], n: int) -> _Losses:
    """Only the chosen scenarios, numbered anew."""
    row = losses.keys // n
    mask = chosen[row]
    fresh = np.cumsum(chosen) - 1
    return _Losses(fresh[row[mask]] * n + losses.keys[mask] % n, losses.values[mask])


def _down(net: Network, losses: _Losses, failed: Ints, scenarios: int, substitution: bool) -> _Losses:
    n = len(net.firms)
    if substitution:
        row, firm = np.divmod(losses.keys, n)
        slot = row * net.sectors + net.sector[firm]
        whole = np.bincount(net.sector, weights=net.sales, minlength=net.sectors)
        lost = np.bincount(slot, weights=net.sales[firm] * losses.values, minlength=scenarios * net.sectors)
        left = whole[net.sector[firm]] - lost[slot]
        own = net.sales[firm]
        share = np.where(left > own, own / np.where(left > own, left, 1.0), 1.0)
        losses = _Losses(losses.keys, losses.values * share)
    row, pair, value = _product(losses, net.essential, scenarios, n)
    after = _reduce(row * n + net.pair_customer[pair], value)
    if net.shared.nnz:
        row, customer, value = _product(losses, net.shared, scenarios, n)
        after = _merge(after, _reduce(row * n + customer, value))
    return _with_failures(after, failed)


def _up(net: Network, losses: _Losses, failed: Ints, scenarios: int) -> _Losses:
    n = len(net.firms)
    row, supplier, value = _product(losses, net.upward, scenarios, n)
    return _with_failures(_reduce(row * n + supplier, value), failed)


def _per_scenario(net: Network, losses: _Losses, scenarios: int) -> Floats:
    n = len(net.firms)
    weights = net.sales[losses.keys % n] * losses.values
    return np.bincount(losses.keys // n, weights=weights, minlength=scenarios).astype(np.float64)


def _common(net: Network, one: _Losses, other: _Losses, scenarios: int) -> Floats:
    """Sales lost in both directions, per scenario: counted once in the risk."""
    n = len(net.firms)
    if len(one.keys) == 0 or len(other.keys) == 0:
        return np.zeros(scenarios)
    at = np.minimum(np.searchsorted(other.keys, one.keys), len(other.keys) - 1)
    both = other.keys[at] == one.keys
    keys = one.keys[both]
    weights = net.sales[keys % n] * np.minimum(one.values[both], other.values[at[both]])
    return np.bincount(keys // n, weights=weights, minlength=scenarios).astype(np.float64)


def _block(
    net: Network, failing: Ints, limits: tuple[float, ...], substitution: bool
) -> list[tuple[FirmRisk, ...]]:
    """Per failing firm what is lost when the shock has settled below each of the limits, the largest first.

    A smaller limit only goes on for longer on the same path: all are read off one propagation.
    """
    n = len(net.firms)
    total = float(net.sales.sum())
    steps = np.array(limits) + _NOISE
    alive = failing.copy()
    reached = np.zeros(len(alive), dtype=np.int64)
    start = np.arange(len(alive)) * n + alive
    down = _Losses(start, np.ones(len(alive)))
    up = _Losses(start.copy(), np.ones(len(alive)))
    found: dict[int, list[FirmRisk]] = {int(firm): [] for firm in failing}
    for rounds in range(1, _MAX_ROUNDS + 1):
        count = len(alive)
        failed = np.arange(count) * n + alive
        new_down = _down(net, down, failed, count, substitution)
        new_up = _up(net, up, failed, count)
        drop = np.maximum(_largest_drop(down, new_down, count, n), _largest_drop(up, new_up, count, n))
        down, up = new_down, new_up
        now = np.maximum(reached, (drop[:, None] <= steps).sum(axis=1))
        if rounds == _MAX_ROUNDS:
            now[:] = len(limits)
        if (now > reached).any():
            lost_down, lost_up = _per_scenario(net, down, count), _per_scenario(net, up, count)
            both = _common(net, down, up, count)
            for s in np.flatnonzero(now > reached):
                values = (lost_down[s] + lost_up[s] - both[s], lost_down[s], lost_up[s])
                risk, risk_down, risk_up = (float(v) / total if total > 0 else 0.0 for v in values)
                settled = FirmRisk(net.firms[alive[s]], risk, risk_down, risk_up, rounds)
                found[int(alive[s])] += [settled] * int(now[s] - reached[s])
            reached = now
            rest = reached < len(limits)
            if not rest.any():
                break
            if not rest.all():
                down, up = _select(down, rest, n), _select(up, rest, n)
                alive, reached = alive[rest], reached[rest]
    return [tuple(found[int(firm)]) for firm in failing]


def systemic_risk(
    chain: Chain,
    epsilon: float = 0.01,
    substitution: bool = True,
    advance: Callable[[int], object] | None = None,
) -> list[FirmRisk]:
    """Risk of every firm of the chain, in the order of their codes.

    Parameters
    ----------
    chain : Chain
        Supply rows and positions; a firm's segment is its first position.
    epsilon : float
        A shock has settled when no firm lost more than this share in a round, in either direction.
    substitution : bool
        Whether firms of the same segment step in with what they sell (σ of the paper).
    advance : callable, optional
        Told the number of firms done since the last call.

    Notes
    -----
    O(rounds · firms reached · suppliers) per failing firm; blocks of firms run as sparse matrix products.
    Firms that sell nothing still count as failing firms; a chain without sales has risk 0 everywhere.

    >>> from app.chain.register.facts import Position, Supply
    >>> chain = Chain(
    ...     positions=(Position("A", "", "ore", 1.0), Position("B", "", "wire", 1.0)),
    ...     supplies=(Supply("A", "B", "ore", 3.0), Supply("B", "C", "wire", 1.0)),
    ... )
    >>> [(row.enterprise, round(row.risk, 9)) for row in systemic_risk(chain)]
    [('A', 1.0), ('B', 1.0), ('C', 1.0)]
    """
    return [rows[0] for rows in _all_firms(network(chain), (epsilon,), substitution, advance)]


def _all_firms(
    net: Network, limits: tuple[float, ...], substitution: bool, advance: Callable[[int], object] | None
) -> list[tuple[FirmRisk, ...]]:
    n = len(net.firms)
    size = max(1, min(n, 512, _BLOCK_ENTRIES // max(1, min(net.sectors, 2_000))))
    blocks = [np.arange(at, min(n, at + size)) for at in range(0, n, size)]

    def run(block: Ints) -> list[tuple[FirmRisk, ...]]:
        return _block(net, block, limits, substitution)

    found: list[tuple[FirmRisk, ...]] = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for rows in pool.map(run, blocks):
            found.extend(rows)
            if advance is not None:
                advance(len(rows))
    return found


EPSILONS = (0.05, 0.01, 0.001)


def risk_range(
    chain: Chain, epsilons: tuple[float, ...] = EPSILONS, advance: Callable[[int], object] | None = None
) -> list[RiskRange]:
    """Lowest and highest risk of each firm over the epsilons, with and without substitution, by code.

    `advance` is told the number of firms done, of twice as many as there are.

    >>> from app.chain.register.facts import Supply
    >>> chain = Chain(supplies=(Supply("A", "C", "ore", 3.0), Supply("B", "C", "ore", 1.0)))
    >>> [(row.enterprise, row.low, row.high) for row in risk_range(chain)]
    [('A', 0.75, 0.75), ('B', 0.25, 0.25), ('C', 1.0, 1.0)]
    """
    net = network(chain)
    limits = tuple(sorted(epsilons, reverse=True))
    settings = [(epsilon, substitution) for substitution in (True, False) for epsilon in limits]
    with_help = _all_firms(net, limits, True, advance)
    alone = _all_firms(net, limits, False, advance)
    found = []
    for rows in zip(with_help, alone, strict=True):
        runs = [row for part in rows for row in part]
        values = [row.risk for row in runs]
        found.append(
            RiskRange(runs[0].enterprise, min(values), max(values), dict(zip(settings, runs, strict=True)))
        )
    return found
