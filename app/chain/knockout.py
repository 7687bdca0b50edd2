"""What stops if one firm stops: supply as an AND–OR graph, one least fixed point per firm."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from math import fsum

from app.chain.facts import ESSENTIAL, Chain


@dataclass(frozen=True, slots=True)
class Stop:
    """One firm that stops: after how many steps, of which segment it ran out, and the chain that led there."""

    enterprise: str
    depth: int
    segment: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What stops elsewhere if `enterprise` stops."""

    enterprise: str
    stopped: int
    halted_output_wan: float
    depth: int


class Network:
    """The supply rows made ready once for many knock-outs.

    A customer needs a segment it has a supply row for, unless the pair is negligible or non-essential for
    *every* segment the customer stands on; a customer without a segment needs everything it buys. A row with
    value 0 is a supply row like any other, and so is a firm's sale to itself.
    """

    def __init__(self, chain: Chain) -> None:
        exempt = {(row.source, row.target) for row in chain.essentiality if row.kind != ESSENTIAL}
        stands_on: dict[str, set[str]] = {}
        outputs: dict[str, list[float]] = {}
        for position in chain.positions:
            stands_on.setdefault(position.enterprise, set()).add(position.segment)
            if position.output_wan is not None:
                outputs.setdefault(position.enterprise, []).append(position.output_wan)
        sales: dict[str, list[float]] = {}
        suppliers: dict[tuple[str, str], set[str]] = {}
        firms = set(stands_on)
        for row in chain.supplies:
            firms.add(row.supplier)
            firms.add(row.customer)
            sales.setdefault(row.supplier, []).append(row.value_wan)
            own = stands_on.get(row.customer, ())
            if not own or any((row.segment, target) not in exempt for target in own):
                suppliers.setdefault((row.customer, row.segment), set()).add(row.supplier)
        self.firms = sorted(firms)
        number = {firm: n for n, firm in enumerate(self.firms)}
        self.output = [fsum(outputs[f]) if f in outputs else fsum(sales.get(f, ())) for f in self.firms]
        needs = sorted(suppliers)
        self._need_firm = [number[customer] for customer, _segment in needs]
        self._need_segment = [segment for _customer, segment in needs]
        self._need_size = [len(suppliers[need]) for need in needs]
        self._feeds: list[list[int]] = [[] for _ in self.firms]
        for n, need in enumerate(needs):
            for supplier in suppliers[need]:
                self._feeds[number[supplier]].append(n)
        for fed in self._feeds:
            fed.sort()
        self._number = number

    def __contains__(self, enterprise: str) -> bool:
        return enterprise in self._number

    def _spread(self, start: int) -> dict[int, tuple[int, int, int]]:
        """Firm to (depth, the need it ran out of, the supplier whose stop was the last straw)."""
        reached = {start: (0, -1, -1)}
        left: dict[int, int] = {}
        queue = deque([start])
        while queue:
            firm = queue.popleft()
            depth = reached[firm][0] + 1
            for need in self._feeds[firm]:
                customer = self._need_firm[need]
                if customer in reached:
                    continue
                remaining = left.get(need, self._need_size[need]) - 1
                left[need] = remaining
                if remaining == 0:
                    reached[customer] = (depth, need, firm)
                    queue.append(customer)
        return reached

    def outcome(self, enterprise: str) -> Outcome:
        """Knock out one firm. Linear in the supply rows of the firms that stop."""
        start = self._number[enterprise]
        reached = self._spread(start)
        halted = fsum(self.output[firm] for firm in reached if firm != start)
        return Outcome(enterprise, len(reached) - 1, halted, max(step[0] for step in reached.values()))

    def outcomes(self) -> Iterator[Outcome]:
        """Knock out every firm, one after the other, in the order of their codes."""
        return (self.outcome(firm) for firm in self.firms)

    def stops(self, enterprise: str) -> list[Stop]:
        """Who stops, nearest first, each with its path from `enterprise`."""
        start = self._number[enterprise]
        reached = self._spread(start)
        found = []
        for firm, (depth, need, cause) in reached.items():
            if firm == start:
                continue
            path = [firm]
            while cause != -1:
                path.append(cause)
                cause = reached[cause][2]
            names = tuple(self.firms[step] for step in reversed(path))
            found.append(Stop(self.firms[firm], depth, self._need_segment[need], names))
        return sorted(found, key=lambda stop: (stop.depth, stop.enterprise))


def knock_out(chain: Chain, enterprise: str) -> Outcome:
    """What stops elsewhere if `enterprise` stops.

    >>> from app.chain.facts import Position, Supply
    >>> chain = Chain(
    ...     positions=(Position("A", "", "ore", 5.0), Position("B", "", "wire", 7.0)),
    ...     supplies=(Supply("A", "B", "ore", 4.0), Supply("B", "C", "wire", 6.0)),
    ... )
    >>> knock_out(chain, "A")
    Outcome(enterprise='A', stopped=2, halted_output_wan=7.0, depth=2)
    """
    return Network(chain).outcome(enterprise)


def ordered(outcomes: list[Outcome]) -> list[Outcome]:
    """Worst first: halted output, then how many stop, both descending, then the firm's code."""
    return sorted(outcomes, key=lambda row: (-row.halted_output_wan, -row.stopped, row.enterprise))
