"""The tightest lines above the minimum of one segment, or of two together, over all ways in which firms come whole.

min(a_k, b_k) depends on few firms, so that every way in which they come or stay away can be written down; its concave
envelope at a point of the relaxation is found by the simplex method over these ways, in floating point, for the firms
that the relaxation splits. The others are lifted in one after the other (Balas 1975; Wolsey 1976). The line that
follows is rounded to whole numbers and then raised until it lies above every way, counted exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np

from app.chain.recruit.cuts import Cut
from app.chain.recruit.rules import Model

WIDEST, SPLIT, PIVOTS = 14, 9, 80  # firms written down, split firms among them, steps of the simplex method
ROOM = 2**61  # of any sum in a table
LITTLE = 1e-7


class Envelopes:
    """Lines of one model; `open_` are the candidates that may still come or stay away."""

    def __init__(self, model: Model, open_: Iterable[int]) -> None:
        self.model, self.open = model, frozenset(open_)
        self.rows: dict[int, dict[int, tuple[int, int]]] = {}
        for c, column in enumerate(model.columns):
            for k, a, b in column:
                self.rows.setdefault(k, {})[c] = (a, b)
        self.reach = {
            k: abs(model.a0[k]) + abs(model.b0[k]) + sum(abs(a) + abs(b) for a, b in row.values())
            for k, row in self.rows.items()
        }

    def pairs(self, segments: Sequence[int]) -> list[tuple[int, int]]:
        """Segments that share two or more open firms and together depend on few."""
        mine = {k: self.open & self.rows[k].keys() for k in segments}
        on: dict[int, list[int]] = {}
        for k in segments:
            for c in mine[k]:
                on.setdefault(c, []).append(k)
        shared: dict[tuple[int, int], int] = {}
        for places in on.values():
            for n, k in enumerate(places):
                for other in places[n + 1 :]:
                    shared[k, other] = shared.get((k, other), 0) + 1
        return sorted(
            (k, other)
            for (k, other), count in shared.items()
            if count > 1 and len(mine[k] | mine[other]) <= WIDEST
        )

    def best(self, segments: tuple[int, ...], shares: Mapping[int, float], now: float) -> Cut | None:
        """The envelope of the segments' minima at `shares`, where it lies below `now`; exact."""
        if 8 * sum(self.reach[k] for k in segments) > ROOM:
            return None
        firms = sorted({c for k in segments for c in self.rows[k]})
        split = [c for c in firms if LITTLE < shares.get(c, 0.0) < 1 - LITTLE]
        if not 0 < len(split) <= SPLIT or any(c not in self.open for c in split):
            return None
        weight = {
            c: sum(abs(a - b) for k in segments for a, b in [self.rows[k].get(c, (0, 0))]) for c in firms
        }
        rest = sorted((c for c in firms if c in self.open and c not in split), key=lambda c: (-weight[c], c))[
            : max(0, WIDEST - len(split))
        ]
        here = {c for c in firms if shares.get(c, 0.0) > 0.5 and c not in split}
        table = _Table(self, segments, [c for c in here if c not in rest])
        parts = table.line(split, rest, here, shares)
        if parts is None:
            return None
        for c in firms:
            if c not in parts:
                sides = [self.rows[k].get(c, (0, 0)) for k in segments]
                parts[c] = sum(min(side) if c in here else max(side) for side in sides)
        base = table.base(parts, [*split, *rest]) - sum(parts[c] for c in here if c not in rest)
        cut = Cut(segments, base, tuple((c, part) for c, part in sorted(parts.items()) if part))
        return cut if cut.at(shares) < now - 1e-5 * (1 + abs(now)) else None


class _Table:
    """Every way in which firms come or stay away, beside those that are there anyhow."""

    def __init__(self, of: Envelopes, segments: tuple[int, ...], there: Sequence[int]) -> None:
        self.of, self.segments = of, segments
        model = of.model
        self.start = [
            (
                model.a0[k] + sum(of.rows[k].get(c, (0, 0))[0] for c in there),
                model.b0[k] + sum(of.rows[k].get(c, (0, 0))[1] for c in there),
            )
            for k in segments
        ]

    def line(
        self, split: list[int], rest: list[int], here: set[int], shares: Mapping[int, float]
    ) -> dict[int, int] | None:
        """How much each firm adds to the line, rounded; None when the simplex method finds no end."""
        held = [c for c in rest if c in here]
        sides = [
            [float(start + sum(self._part(k, c)[side] for c in held)) for side, start in enumerate(pair)]
            for k, pair in zip(self.segments, self.start, strict=True)
        ]
        now = [(np.array([a]), np.array([b])) for a, b in sides]
        for c in split:
            now = [_both(pair, self._part(k, c)) for k, pair in zip(self.segments, now, strict=True)]
        found = _affine(_worth(now), np.array([shares[c] for c in split]))
        if found is None:
            return None
        line = _ways(len(split)) @ found
        parts = {c: round(float(part)) for c, part in zip(split, found[1:], strict=True)}
        for c in rest:
            sign = -1 if c in here else 1
            moved = [
                (a + sign * self._part(k, c)[0], b + sign * self._part(k, c)[1])
                for k, (a, b) in zip(self.segments, now, strict=True)
            ]
            step = float((_worth(moved) - line).max())
            line = np.concatenate([line, line + step])
            now = [
                (np.concatenate([a, x]), np.concatenate([b, y]))
                for (a, b), (x, y) in zip(now, moved, strict=True)
            ]
            parts[c] = round(sign * step)
        return parts

    def base(self, parts: Mapping[int, int], firms: Sequence[int]) -> int:
        """What the line needs at nobody to lie above every way, in whole numbers."""
        now = [(np.array([a], np.int64), np.array([b], np.int64)) for a, b in self.start]
        line = np.zeros(1, np.int64)
        for c in firms:
            now = [_both(pair, self._part(k, c)) for k, pair in zip(self.segments, now, strict=True)]
            line = np.concatenate([line, line + parts[c]])
        return int((_worth(now) - line).max())

    def _part(self, k: int, c: int) -> tuple[int, int]:
        return self.of.rows[k].get(c, (0, 0))


def _both(pair: tuple[np.ndarray, np.ndarray], part: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    (a, b), (more_a, more_b) = pair, part
    return np.concatenate([a, a + more_a]), np.concatenate([b, b + more_b])


def _worth(pairs: Sequence[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    total: np.ndarray = np.minimum(*pairs[0])
    for pair in pairs[1:]:
        total = total + np.minimum(*pair)
    return total


@cache
def _ways(firms: int) -> np.ndarray:
    """One row for each way: 1, then who comes."""
    ways = np.arange(1 << firms)[:, None] >> np.arange(firms) & 1
    return np.concatenate([np.ones((1 << firms, 1)), ways], axis=1).astype(float)


def _affine(worth: np.ndarray, shares: np.ndarray) -> np.ndarray | None:
    """The affine function above `worth` at all corners of the cube that is least at `shares`.

    >>> import numpy as np
    >>> _affine(np.array([0.0, 2.0, 2.0, 2.0]), np.array([0.25, 0.5])).tolist()
    [0.0, 2.0, 2.0]
    """
    many = len(shares)
    ways, order = _ways(many), np.argsort(-shares, kind="stable")
    corners = np.concatenate([[0], np.cumsum(1 << order)])
    steps = np.concatenate([[1.0], shares[order], [0.0]])
    mixed = steps[:-1] - steps[1:]
    close = 1e-10 * (1 + float(np.abs(worth).max()))
    for _turn in range(PIVOTS):
        basis = ways[corners]
        try:
            line = np.linalg.solve(basis, worth[corners])
            over = worth - ways @ line
            enters = int(over.argmax())
            if over[enters] <= close:
                return line
            change = np.linalg.solve(basis.T, ways[enters])
        except np.linalg.LinAlgError:
            return None
        falls = change > 1e-9
        ratio = np.where(falls, mixed / np.where(falls, change, 1.0), np.inf)
        leaves = int(ratio.argmin())
        mixed = np.maximum(mixed - ratio[leaves] * change, 0.0)
        mixed[leaves] = ratio[leaves]
        corners[leaves] = enters
    return None
