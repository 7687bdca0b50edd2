"""Where the chain is weak: coverage, concentration, single source and a ranking that explains itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal

from app.chain.register.facts import SAME, Chain
from app.chain.register.graph import loops, segment_graph
from app.chain.weak_links.labels import Standing, labels_of, mark_of
from app.hall.errors import Reason

BY_SHORTFALL = "shortfall"
BY_HALT = "halt"


_EXACT = Context(prec=120)


@dataclass(frozen=True, slots=True)
class Use:
    """One line of the demand for a segment: who uses it, how much of it per yuan, and so how much."""

    segment: str
    coefficient: float
    output_wan: float
    demand_wan: float


@dataclass(frozen=True, slots=True)
class Firm:
    """One in-park firm on a segment; `share` of what the park makes there, None where nothing is made."""

    enterprise: str
    name: str
    output_wan: float
    share: float | None


@dataclass(frozen=True, slots=True)
class Finding:
    """What holds for one segment, with the rows it follows from."""

    segment: str
    demand_wan: float
    supply_wan: float
    shortfall_wan: float
    coverage_ratio: float | None
    enterprises: tuple[str, ...]
    hhi: float | None
    effective_suppliers: float | None
    halted_output_wan: float
    labels: tuple[str, ...]
    rank: int | None
    reasons: tuple[Reason, ...]
    firms: tuple[Firm, ...]
    uses: tuple[Use, ...]
    halted_by: str | None

    @property
    def mark(self) -> str:
        """The one judgement of the segment, the same on every page."""
        return mark_of(self.labels, self.demand_wan, self.shortfall_wan, len(self.enterprises))


@dataclass(frozen=True, slots=True)
class Assessment:
    """The whole chain: findings by rank and then by code, the sum of all shortfalls, the loops."""

    findings: tuple[Finding, ...]
    total_shortfall_wan: float
    loops: tuple[tuple[str, ...], ...]

    def finding(self, segment: str) -> Finding:
        return next(row for row in self.findings if row.segment == segment)


def _decimal(value: float | None) -> Decimal:
    """The decimal number a person typed: repr is the shortest text that reads back as the same float."""
    return Decimal(repr(value)) if value else Decimal(0)


def _total(values: Sequence[Decimal]) -> Decimal:
    total = Decimal(0)
    for value in sorted(values):
        total = _EXACT.add(total, value)
    return total


def _tiers(
    codes: Sequence[str], amount: Callable[[str], Decimal], slack: Callable[[str], Decimal]
) -> dict[str, int]:
    """Number the amounts from the largest down, equal numbers for amounts that are the same."""
    ordered = sorted(codes, key=lambda code: (-amount(code), code))
    tiers: dict[str, int] = {}
    before = None
    tier = 0
    for code in ordered:
        if before is not None and amount(before) - amount(code) > max(slack(before), slack(code)):
            tier += 1
        tiers[code] = tier
        before = code
    return tiers


@dataclass(slots=True)
class _Figures:
    """Exact figures of one segment on the way to a finding."""

    supply: Decimal
    demand: Decimal
    shortfall: Decimal
    firms: list[tuple[str, str, Decimal]]
    uses: list[tuple[str, Decimal, Decimal, Decimal]]
    halted: Decimal
    halted_by: str | None


def _figures(chain: Chain) -> dict[str, _Figures]:
    names = chain.firm_names()
    on: dict[str, dict[str, Decimal]] = {code: {} for code in chain.segment_codes}
    for position in chain.positions:
        if position.in_park:
            here = on.setdefault(position.segment, {})
            known = here.get(position.enterprise, Decimal(0))
            here[position.enterprise] = _EXACT.add(known, _decimal(position.output_wan))
    for need in chain.inputs:
        on.setdefault(need.source, {})
        on.setdefault(need.target, {})
    supply = {code: _total(list(firms.values())) for code, firms in on.items()}
    uses: dict[str, list[tuple[str, Decimal, Decimal, Decimal]]] = {code: [] for code in on}
    for need in sorted(chain.inputs, key=lambda row: (row.source, row.target)):
        coefficient = _decimal(need.coefficient)
        wanted = _EXACT.multiply(coefficient, supply[need.target])
        uses[need.source].append((need.target, coefficient, supply[need.target], wanted))
    halts = _halts(chain)
    found = {}
    for code, firms in on.items():
        demand = _total([use[3] for use in uses[code]])
        gap = _EXACT.subtract(demand, supply[code])
        shortfall = gap if gap > _EXACT.multiply(SAME, demand) else Decimal(0)
        rows = [
            (firm, names.get(firm, firm), firms[firm]) for firm in sorted(firms, key=lambda f: (-firms[f], f))
        ]
        worst = min(firms, key=lambda firm: (-halts.get(firm, 0.0), firm), default=None)
        halted = _decimal(halts.get(worst, 0.0)) if worst is not None else Decimal(0)
        found[code] = _Figures(
            supply[code], demand, shortfall, rows, uses[code], halted, worst if halted else None
        )
    return found


def _halts(chain: Chain) -> dict[str, float]:
    """In-park firm to the output that stops elsewhere if it stops; empty without supply rows."""
    if not chain.supplies:
        return {}
    from app.chain.knock_out.rules import Network  # numpy: not a part of every start

    network = Network(chain)
    inside = {row.enterprise for row in chain.positions if row.in_park}
    if len(inside) * 4 < len(network.firms):
        return {firm: network.outcome(firm).halted_output_wan for firm in sorted(inside)}
    return {row.enterprise: row.halted_output_wan for row in network.outcomes() if row.enterprise in inside}


def _hhi(row: _Figures) -> tuple[Decimal | None, Decimal | None]:
    """Sum of squared shares and its inverse; neither where no firm makes anything."""
    if not row.firms or row.supply <= 0:
        return None, None
    squares = _total([_EXACT.multiply(output, output) for _firm, _name, output in row.firms])
    whole = _EXACT.multiply(row.supply, row.supply)
    return _EXACT.divide(squares, whole), _EXACT.divide(whole, squares)


def _standing(row: _Figures, coverage: float | None, effective: Decimal | None) -> Standing:
    return Standing(
        firms=len(row.firms),
        demand=row.demand,
        supply=row.supply,
        shortfall=row.shortfall,
        coverage=coverage,
        effective=effective,
        largest=row.firms[0] if row.firms else None,
    )


def _ranks(figures: dict[str, _Figures], by: str) -> dict[str, int]:
    codes = sorted(figures)
    gaps = _tiers(codes, lambda c: figures[c].shortfall, lambda c: figures[c].demand * SAME)
    halts = _tiers(codes, lambda c: figures[c].halted, lambda c: figures[c].halted * SAME)
    if by == BY_HALT:
        ranked = [code for code in codes if figures[code].halted > 0]
        ranked.sort(key=lambda code: (halts[code], gaps[code], code))
    else:
        ranked = [code for code in codes if figures[code].shortfall > 0]
        ranked.sort(key=lambda code: (gaps[code], halts[code], code))
    return {code: n for n, code in enumerate(ranked, start=1)}


def _amounts(code: str, row: _Figures, coverage: float | None, total: Decimal) -> Reason:
    """How supply and demand stand to each other."""
    supply, demand = float(row.supply), float(row.demand)
    if row.demand == 0:
        return Reason("chain_no_demand", {"segment": code})
    if row.shortfall == 0:
        return Reason("chain_covered", {"supply_wan": supply, "demand_wan": demand})
    return Reason(
        "chain_shortfall",
        {
            "supply_wan": supply,
            "demand_wan": demand,
            "shortfall_wan": float(row.shortfall),
            "coverage_ratio": coverage,
            "total_ratio": float(_EXACT.divide(row.shortfall, total)),
        },
    )


def _main_use(row: _Figures) -> Iterator[Reason]:
    if row.uses and row.demand > 0:
        target, coefficient, output, wanted = max(row.uses, key=lambda use: (use[3], use[0]))
        yield Reason(
            "chain_main_use",
            {
                "segment": target,
                "coefficient": float(coefficient),
                "output_wan": float(output),
                "demand_wan": float(wanted),
            },
        )


def _halting(row: _Figures) -> Iterator[Reason]:
    if row.halted > 0 and row.halted_by is not None:
        name = next(name for firm, name, _output in row.firms if firm == row.halted_by)
        params = {"enterprise": row.halted_by, "name": name, "halted_output_wan": float(row.halted)}
        yield Reason("chain_halts", params)


def _finding(code: str, row: _Figures, rank: int | None, total: Decimal) -> Finding:
    """What holds for one segment; `reasons` are sentences a person can check against the rows."""
    coverage = None
    if row.demand > 0:
        coverage = 1.0 if row.shortfall == 0 else float(_EXACT.divide(row.supply, row.demand))
    hhi, effective = _hhi(row)
    standing = _standing(row, coverage, effective)
    labels = labels_of(standing)
    return Finding(
        segment=code,
        demand_wan=float(row.demand),
        supply_wan=float(row.supply),
        shortfall_wan=float(row.shortfall),
        coverage_ratio=coverage,
        enterprises=tuple(sorted(firm for firm, _name, _output in row.firms)),
        hhi=None if hhi is None else float(hhi),
        effective_suppliers=None if effective is None else float(effective),
        halted_output_wan=float(row.halted),
        labels=tuple(label.code for label in labels),
        rank=rank,
        reasons=(
            _amounts(code, row, coverage, total),
            *_main_use(row),
            *(Reason(label.reason, label.params(standing)) for label in labels if label.sentence),
            *_halting(row),
        ),
        firms=tuple(
            Firm(firm, name, float(output), float(_EXACT.divide(output, row.supply)) if row.supply else None)
            for firm, name, output in row.firms
        ),
        uses=tuple(Use(target, float(a), float(made), float(wanted)) for target, a, made, wanted in row.uses),
        halted_by=row.halted_by,
    )


def assess(chain: Chain, by: str = BY_SHORTFALL) -> Assessment:
    """Find and rank the weak links of a chain (contract 2.1).

    Sums and products are exact decimals; ratios are rounded once, when they leave. Amounts that differ by
    less than one part in 10¹² of the demand count as equal, so neither the unit nor the order of rows
    changes a label or a rank. O(positions + inputs + what the knock-outs reach).

    >>> from app.chain.register.facts import Input, Position, Segment
    >>> chain = Chain(
    ...     segments=(Segment("cell"), Segment("cathode")),
    ...     inputs=(Input("cathode", "cell", 0.4),),
    ...     positions=(Position("E1", "甲", "cell", 30000.0), Position("E4", "乙", "cathode", 1800.0)),
    ... )
    >>> first = assess(chain).findings[0]
    >>> first.segment, first.shortfall_wan, first.coverage_ratio, first.labels
    ('cathode', 10200.0, 0.15, ('single_source', 'external'))
    """
    figures = _figures(chain)
    ranks = _ranks(figures, by)
    total = _total([row.shortfall for row in figures.values()])
    findings = [_finding(code, row, ranks.get(code), total) for code, row in figures.items()]
    findings.sort(key=lambda row: (row.rank is None, row.rank or 0, row.segment))
    graph = segment_graph(figures, chain.inputs)
    return Assessment(tuple(findings), float(total), tuple(tuple(loop) for loop in loops(graph)))
