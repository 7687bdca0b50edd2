"""What firms that come would buy and sell here, for lack of contracts: supply rows by a stated rule."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from app.chain.facts import Chain, Supply

_LEAST = 1e-9  # of the larger side: what remains after a sum of floats is not an amount

Amounts = dict[str, dict[str, float]]  # segment → firm → 10,000 yuan a year


def expected_supplies(chain: Chain, newcomers: Collection[str]) -> tuple[Supply, ...]:
    """Supply rows of the newcomers: spare capacity meets unmet need, each side in proportion.

    Parameters
    ----------
    chain : Chain
        The chain with the newcomers' positions in it; its supply rows are what is known so far.
    newcomers : collection of str
        Codes of the firms that come. A firm that stands there already and expands counts too.

    Notes
    -----
    For a segment k: spare_i = output of i on k − what i sells of k; unmet_b = Σ a_kj · output of b on j − what b buys of
    k from firms of the park; both of firms in the park and not below 0. First the newcomers sell: F = min(Σ spare of
    newcomers, Σ unmet of all), and i sells F · spare_i / Σ spare · unmet_b / Σ unmet to b. What newcomers then still
    need they buy from the park's other firms by the same rule. A firm's sale to itself is left out. Proportional shares
    depend on no order of rows.

    >>> from app.chain.facts import Input, Position
    >>> park = Chain(
    ...     inputs=(Input("ore", "wire", 0.5),),
    ...     positions=(Position("N", "", "ore", 30.0), Position("B", "", "wire", 40.0), Position("C", "", "wire", 80.0)),
    ... )
    >>> [(row.customer, row.value_wan) for row in expected_supplies(park, ["N"])]
    [('B', 10.0), ('C', 20.0)]
    """
    new = frozenset(newcomers)
    spare, unmet = _spare(chain), _unmet(chain)
    rows: list[Supply] = []
    for segment in sorted(spare):
        makers, users = spare[segment], unmet.get(segment, {})
        first = _share(segment, _only(makers, new), users)
        bought: dict[str, float] = {}
        for row in first:
            bought[row.customer] = bought.get(row.customer, 0.0) + row.value_wan
        still = {firm: users[firm] - bought.get(firm, 0.0) for firm in users if firm in new}
        others = {firm: amount for firm, amount in makers.items() if firm not in new}
        rows += [*first, *_share(segment, others, still)]
    return tuple(rows)


def with_expected(chain: Chain, expected: Iterable[Supply]) -> Chain:
    """The chain with the `expected_supplies` in it: the park's new sales take the place of what was bought outside.

    A customer's purchases from outside shrink, all by the same share, as far as park and outside together exceed its
    need. A row with the same three codes takes the sum.
    """
    inside = _inside(chain)
    sums = {(row.supplier, row.customer, row.segment): row.value_wan for row in chain.supplies}
    unmet = _unmet(chain)
    gained: dict[tuple[str, str], float] = {}
    for row in expected:
        key = (row.supplier, row.customer, row.segment)
        sums[key] = sums.get(key, 0.0) + row.value_wan
        gained[row.customer, row.segment] = gained.get((row.customer, row.segment), 0.0) + row.value_wan
    outside: dict[tuple[str, str], float] = {}
    for (supplier, customer, segment), value in sums.items():
        if supplier not in inside and (customer, segment) in gained:
            outside[customer, segment] = outside.get((customer, segment), 0.0) + value
    stays = {}
    for pair, bought in outside.items():
        needed = max(0.0, unmet[pair[1]][pair[0]] - gained[pair])
        stays[pair] = min(1.0, needed / bought) if bought > 0 else 1.0
    rows = []
    for (supplier, customer, segment), value in sums.items():
        share = 1.0 if supplier in inside else stays.get((customer, segment), 1.0)
        if share > _LEAST:
            rows.append(Supply(supplier, customer, segment, value * share))
    return replace(chain, supplies=tuple(rows))


def _inside(chain: Chain) -> frozenset[str]:
    return frozenset(row.enterprise for row in chain.positions if row.in_park)


def _spare(chain: Chain) -> Amounts:
    found: Amounts = {}
    for position in chain.positions:
        if position.in_park and position.output_wan:
            here = found.setdefault(position.segment, {})
            here[position.enterprise] = here.get(position.enterprise, 0.0) + position.output_wan
    for row in chain.supplies:
        here = found.get(row.segment, {})
        if row.supplier in here:
            here[row.supplier] -= row.value_wan
    return found


def _unmet(chain: Chain) -> Amounts:
    uses: dict[str, list[tuple[str, float]]] = {}
    for need in chain.inputs:
        uses.setdefault(need.target, []).append((need.source, need.coefficient))
    found: Amounts = {}
    for position in chain.positions:
        if position.in_park and position.output_wan:
            for source, coefficient in uses.get(position.segment, ()):
                here = found.setdefault(source, {})
                here[position.enterprise] = (
                    here.get(position.enterprise, 0.0) + coefficient * position.output_wan
                )
    inside = _inside(chain)
    for row in chain.supplies:
        here = found.get(row.segment, {})
        if row.customer in here and row.supplier in inside:
            here[row.customer] -= row.value_wan
    return found


def _only(amounts: Mapping[str, float], firms: Collection[str]) -> dict[str, float]:
    return {firm: amount for firm, amount in amounts.items() if firm in firms}


def _share(segment: str, makers: Mapping[str, float], users: Mapping[str, float]) -> list[Supply]:
    """The smaller side is used up, both sides in proportion to what they have."""
    makers = {firm: amount for firm, amount in sorted(makers.items()) if amount > 0}
    users = {firm: amount for firm, amount in sorted(users.items()) if amount > 0}
    offered, wanted = sum(makers.values()), sum(users.values())
    moved = min(offered, wanted)
    if moved <= _LEAST * max(offered, wanted):
        return []
    return [
        Supply(maker, user, segment, moved * has / offered * lacks / wanted)
        for maker, has in makers.items()
        for user, lacks in users.items()
        if maker != user and lacks > _LEAST * wanted and has > _LEAST * offered
    ]
