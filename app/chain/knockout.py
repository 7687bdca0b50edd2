"""What stops if one firm stops: supply as an AND–OR graph, one least fixed point per firm."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from math import fsum
from typing import Any

from app.chain.facts import ESSENTIAL, Chain

_MANY_STEPS = 1_000_000
_MOST_BITS = 60_000
_CHUNK_BYTES = 64 * 1024 * 1024


def _tidy(amount: float) -> float:
    """Fourteen digits: however the sum was made, it reads the same."""
    return float(f"{amount:.14g}")


def _bits(row: Any, n: int) -> Any:
    import numpy as np

    return np.unpackbits(row.view(np.uint8), bitorder="little")[:n]


def _chunks(needs: list[int], suppliers: list[list[int]], size: int) -> Iterator[list[int]]:
    """Needs in order, with about `size` supplier rows at a time."""
    chunk: list[int] = []
    held = 0
    for need in needs:
        if chunk and held + len(suppliers[need]) > size:
            yield chunk
            chunk, held = [], 0
        chunk.append(need)
        held += len(suppliers[need])
    if chunk:
        yield chunk


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
        halted = _tidy(fsum(self.output[firm] for firm in reached if firm != start))
        return Outcome(enterprise, len(reached) - 1, halted, max(step[0] for step in reached.values()))

    def outcomes(self) -> Iterator[Outcome]:
        """Knock out every firm, in the order of their codes.

        One after the other while few others stop; where much stops (single sources, loops), all firms at once
        on bit rows: the set of firms whose failure stops b grows by a union over b's needs of an intersection
        over suppliers, round by round, which is the same least fixed point seen from b.
        """
        steps = 0
        for start, firm in enumerate(self.firms):
            if steps > _MANY_STEPS and len(self.firms) <= _MOST_BITS:
                yield from self._all_at_once(start)
                return
            found = self.outcome(firm)
            steps += found.stopped
            yield found

    def _all_at_once(self, first: int) -> Iterator[Outcome]:
        import numpy as np

        n = len(self.firms)
        stopped_by = np.zeros((n, (n + 63) // 64), dtype=np.uint64)
        every = np.arange(n)
        stopped_by[every, every // 64] = np.uint64(1) << (every % 64).astype(np.uint64)
        suppliers: list[list[int]] = [[] for _ in self._need_firm]
        for firm, fed in enumerate(self._feeds):
            for need in fed:
                suppliers[need].append(firm)
        depth = np.zeros(n, dtype=np.int64)
        changed = np.ones(n, dtype=bool)
        size = max(1, _CHUNK_BYTES // max(1, stopped_by.shape[1] * 8))
        rounds = 0
        while changed.any():
            rounds += 1
            active = sorted({need for firm in np.flatnonzero(changed) for need in self._feeds[firm]})
            fresh: dict[int, np.ndarray] = {}
            for chunk in _chunks(active, suppliers, size):
                rows = np.concatenate([suppliers[need] for need in chunk])
                starts = np.cumsum([0, *(len(suppliers[need]) for need in chunk[:-1])])
                reached = np.bitwise_and.reduceat(stopped_by[rows], starts, axis=0)
                for need, bits in zip(chunk, reached, strict=True):
                    customer = self._need_firm[need]
                    new = bits & ~stopped_by[customer]
                    if new.any():
                        fresh[customer] = fresh[customer] | new if customer in fresh else new
            changed[:] = False
            seen = np.zeros(stopped_by.shape[1], dtype=np.uint64)
            for customer, new in fresh.items():
                stopped_by[customer] |= new
                changed[customer] = True
                seen |= new
            depth[np.flatnonzero(_bits(seen, n))] = rounds
        count = np.zeros(n, dtype=np.int64)
        halted = np.zeros(n)
        output = np.array(self.output)
        for at in range(0, n, 1024):
            block = np.unpackbits(stopped_by[at : at + 1024].view(np.uint8), axis=1, bitorder="little")[:, :n]
            count += block.sum(axis=0, dtype=np.int64)
            halted += output[at : at + 1024] @ block
        for firm in range(first, n):
            others = _tidy(max(0.0, float(halted[firm]) - self.output[firm])) if count[firm] > 1 else 0.0
            yield Outcome(self.firms[firm], int(count[firm]) - 1, others, int(depth[firm]))

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
