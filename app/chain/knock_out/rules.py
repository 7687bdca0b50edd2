"""What stops if one firm stops: supply as an AND–OR graph, one least fixed point per firm."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from app.chain.register.facts import ESSENTIAL, Chain

Ints = NDArray[np.int64]
Bits = NDArray[np.uint64]


_MANY_STEPS = 300_000
_MOST_BITS = 60_000
_CHUNK_BYTES = 64 * 1024 * 1024


def _tidy(amount: float) -> float:
    """Fourteen digits: however the sum was made, it reads the same."""
    return float(f"{amount:.14g}")


def _bits(rows: Bits, width: int) -> NDArray[np.uint8]:
    """Bit rows as rows of 0 and 1."""
    return np.unpackbits(rows.view(np.uint8), axis=1, bitorder="little")[:, :width]


def _ranges(starts: Ints, chosen: Ints) -> Ints:
    """The numbers from starts[c] up to starts[c + 1], for every chosen c, in a row.

    >>> _ranges(np.array([0, 2, 2, 5]), np.array([0, 2])).tolist()
    [0, 1, 2, 3, 4]
    """
    lengths = starts[chosen + 1] - starts[chosen]
    before = np.cumsum(lengths) - lengths
    return np.repeat(starts[chosen] - before, lengths) + np.arange(lengths.sum())


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
        stands_on: dict[str, set[str]] = {}
        outputs: dict[str, list[float]] = {}
        for position in chain.positions:
            stands_on.setdefault(position.enterprise, set()).add(position.segment)
            if position.output_wan is not None:
                outputs.setdefault(position.enterprise, []).append(position.output_wan)
        rows = chain.supplies
        columns = (
            [row.supplier for row in rows],
            [row.customer for row in rows],
            [row.segment for row in rows],
        )
        self.firms = sorted({*stands_on, *columns[0], *columns[1]})
        sales: dict[str, list[float]] = {firm: [] for firm in self.firms if firm not in outputs}
        if sales:
            for row in rows:
                if row.supplier in sales:
                    sales[row.supplier].append(row.value_wan)
        self._number = {firm: n for n, firm in enumerate(self.firms)}
        self.output = [fsum(outputs[f] if f in outputs else sales[f]) for f in self.firms]
        self._make_needs(chain, stands_on, *columns)

    def _make_needs(
        self,
        chain: Chain,
        stands_on: Mapping[str, set[str]],
        suppliers: list[str],
        customers: list[str],
        segments: list[str],
    ) -> None:
        """Needs are (customer, segment) in sorted order; `_fed` tells for each firm the needs it supplies."""
        number, n = self._number.__getitem__, len(self.firms)
        self._segments = sorted(set(segments))
        place = {code: at for at, code in enumerate(self._segments)}
        supplier = np.array(list(map(number, suppliers)), dtype=np.int64)
        customer = np.array(list(map(number, customers)), dtype=np.int64)
        segment = np.array(list(map(place.__getitem__, segments)), dtype=np.int64)
        width = max(1, len(self._segments))
        keys = customer * width + segment
        exempt = {(row.source, row.target) for row in chain.essentiality if row.kind != ESSENTIAL}
        if exempt:
            spared = {source for source, _target in exempt}
            free = [
                key
                for key in np.unique(
                    keys[np.isin(segment, [place[s] for s in spared if s in place])]
                ).tolist()
                if (own := stands_on.get(self.firms[key // width], ()))
                and all((self._segments[key % width], target) in exempt for target in own)
            ]
            kept = ~np.isin(keys, free)
            keys, supplier = keys[kept], supplier[kept]
        needs, need = np.unique(keys, return_inverse=True)
        pairs = np.unique(need * max(1, n) + supplier)  # each supplier of a need once
        need, supplier = np.divmod(pairs, max(1, n))
        self._need_firm = needs // width
        self._need_segment = needs % width
        self._need_size = np.bincount(need, minlength=len(needs))
        self._need_start = np.concatenate(([0], np.cumsum(self._need_size)))
        self._need_suppliers = supplier
        order = np.argsort(supplier, kind="stable")
        self._fed = need[order]
        self._fed_start = np.concatenate(([0], np.cumsum(np.bincount(supplier, minlength=n))))
        alone = (self._need_size[need] == 1) & (self._need_firm[need] != supplier)
        self._alone = np.unique(supplier[alone])  # who is somebody's only supplier: nobody else stops anyone
        # The same as plain lists, which are quicker to walk one by one.
        self._lists = (
            self._fed_start.tolist(),
            self._fed.tolist(),
            self._need_firm.tolist(),
            self._need_size.tolist(),
        )

    def __contains__(self, enterprise: str) -> bool:
        return enterprise in self._number

    def _spread(self, start: int) -> dict[int, tuple[int, int, int]]:
        """Firm to (depth, the need it ran out of, the supplier whose stop was the last straw)."""
        starts, fed, need_firm, need_size = self._lists
        reached = {start: (0, -1, -1)}
        left: dict[int, int] = {}
        queue = deque([start])
        while queue:
            firm = queue.popleft()
            depth = reached[firm][0] + 1
            for need in fed[starts[firm] : starts[firm + 1]]:
                customer = need_firm[need]
                if customer in reached:
                    continue
                remaining = left.get(need, need_size[need]) - 1
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

        Only somebody's only supplier can stop anyone. One such firm after the other while few others stop; where
        much stops (single sources, loops), all that are left at once.
        """
        steps = 0
        waiting = iter(self._alone.tolist())
        following = next(waiting, len(self.firms))
        for start, firm in enumerate(self.firms):
            if start < following:
                yield Outcome(firm, 0, 0.0, 0)
                continue
            if steps > _MANY_STEPS and len(self.firms) <= _MOST_BITS:
                yield from self._all_at_once(start)
                return
            found = self.outcome(firm)
            following = next(waiting, len(self.firms))
            steps += found.stopped
            yield found

    def _all_at_once(self, first: int) -> Iterator[Outcome]:
        """Knock out every firm from `first` on, round by round on bit rows.

        Row b holds the firms whose failure stops b. It grows by a union over b's needs of an intersection over
        their suppliers, which is the same least fixed point seen from b.
        """
        n = len(self.firms)
        starting = self._alone[self._alone >= first]
        m = len(starting)
        columns = np.arange(m)
        own = np.uint64(1) << (columns % 64).astype(np.uint64)
        stopped_by = np.zeros((n, (m + 63) // 64), dtype=np.uint64)
        stopped_by[starting, columns // 64] = own
        depth = np.zeros(m, dtype=np.int64)
        changed = starting
        rounds = 0
        while len(changed):
            rounds += 1
            fresh = list(self._round(stopped_by, np.unique(self._fed[_ranges(self._fed_start, changed)])))
            seen = np.zeros(stopped_by.shape[1], dtype=np.uint64)
            for customers, bits in fresh:
                stopped_by[customers] |= bits
                seen |= np.bitwise_or.reduce(bits, axis=0)
            depth[np.flatnonzero(_bits(seen[None], m)[0])] = rounds
            changed = np.unique(np.concatenate([starting[:0], *(customers for customers, _rows in fresh)]))
        stopped_by[starting, columns // 64] &= ~own  # the firm itself is not among the others
        count, halted = np.zeros(m, dtype=np.int64), np.zeros(m)
        output = np.array(self.output)
        for at in range(0, n, 1024):
            block = _bits(stopped_by[at : at + 1024], m)
            count += block.sum(axis=0, dtype=np.int64)
            halted += output[at : at + 1024] @ block
        column = dict(zip(starting.tolist(), columns.tolist(), strict=True))
        for firm in range(first, n):
            at = column.get(firm, -1)
            if at < 0:
                yield Outcome(self.firms[firm], 0, 0.0, 0)
            else:
                yield Outcome(self.firms[firm], int(count[at]), _tidy(float(halted[at])), int(depth[at]))

    def _round(self, stopped_by: Bits, needs: Ints) -> Iterator[tuple[Ints, Bits]]:
        """(customers, who stops them now and did not before) over the given needs, in chunks that fit memory."""
        room = max(1, _CHUNK_BYTES // (stopped_by.shape[1] * 8))
        ends = np.cumsum(self._need_size[needs])
        at = 0
        while at < len(needs):
            done = ends[at - 1] if at else 0
            upto = max(at + 1, int(np.searchsorted(ends, done + room, side="right")))
            part = needs[at:upto]
            at = upto
            suppliers = self._need_suppliers[_ranges(self._need_start, part)]
            starts = np.concatenate(([0], np.cumsum(self._need_size[part])[:-1]))
            every = np.bitwise_and.reduceat(stopped_by[suppliers], starts, axis=0)
            customers, groups = np.unique(self._need_firm[part], return_index=True)
            some = np.bitwise_or.reduceat(every, groups, axis=0) & ~stopped_by[customers]
            new = some.any(axis=1)
            if new.any():
                yield customers[new], some[new]

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
            found.append(Stop(self.firms[firm], depth, self._segments[self._need_segment[need]], names))
        return sorted(found, key=lambda stop: (stop.depth, stop.enterprise))


def knock_out(chain: Chain, enterprise: str) -> Outcome:
    """What stops elsewhere if `enterprise` stops.

    >>> from app.chain.register.facts import Position, Supply
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
