"""What firms that come would buy and sell here, for lack of contracts: supply rows by a stated rule."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from app.chain.register import facts
from app.chain.register.facts import Chain, Supply
from app.chain.weak_links.rules import Assessment

if TYPE_CHECKING:
    from app.chain.weak_links.rules import Finding


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

    >>> from app.chain.register.facts import Input, Position
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


def kept_in_park(found: Assessment) -> float:
    """Demand met inside the park: money that stays, Σ min(demand, supply)."""
    return sum(min(row.demand_wan, row.supply_wan) for row in found.findings)


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


def changes(before: Assessment, after: Assessment) -> list[dict[str, Any]]:
    """Per segment what an addition changes, largest relief first; segments that stay the same are left out."""
    was = {row.segment: row for row in before.findings}
    found = []
    for row in after.findings:
        old = was.get(row.segment)
        old_gap = old.shortfall_wan if old else 0.0
        same = old is not None and (
            old.supply_wan,
            old.demand_wan,
            old.labels,
            old.rank,
            old.halted_output_wan,
        ) == (row.supply_wan, row.demand_wan, row.labels, row.rank, row.halted_output_wan)
        if same:
            continue
        found.append(
            {
                "segment": row.segment,
                "shortfall_wan": row.shortfall_wan - old_gap,
                "supply_wan": row.supply_wan - (old.supply_wan if old else 0.0),
                "demand_wan": row.demand_wan - (old.demand_wan if old else 0.0),
                "coverage_before_ratio": old.coverage_ratio if old else None,
                "coverage_after_ratio": row.coverage_ratio,
                "rank_before": old.rank if old else None,
                "rank_after": row.rank,
                "labels_before": list(old.labels) if old else [],
                "labels_after": list(row.labels),
            }
        )
    return sorted(found, key=lambda change: (change["shortfall_wan"], change["segment"]))
