"""Cuts a part that is too large into cells of instruments that share most of their requests."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from app.sharing.planning.engine.places import Columns, Ints
from app.sharing.planning.engine.rows import stretches


def cells_of(columns: Columns, most: int) -> Ints:
    """Label each column with a cell; a stretch of an instrument belongs to one cell wholly.

    Instruments are joined greedily, the pair that shares most first, until a cell would have more than `most`
    columns. Requests that can go to several cells are what the cut costs (see `Cluster`).
    """
    node = nodes_of(columns, most // 4)
    size = np.bincount(node)
    ties = ties_of(columns.request, node, columns.value)
    home = np.arange(len(size))
    while True:
        joined = _match(ties, size, home, most)
        if not joined:
            return np.unique(home[node], return_inverse=True)[1]
        ties = _contract(ties, home)


def nodes_of(columns: Columns, most: int) -> Ints:
    """Label each column with its instrument; one with very many columns is cut between stretches."""
    stretch = stretches(columns)
    counts = np.bincount(stretch)
    of = np.zeros(len(counts), dtype=np.int64)
    of[stretch] = columns.instrument
    number, filled, label = -1, 0, np.zeros(len(counts), dtype=np.int64)
    for s in range(len(counts)):
        if s == 0 or of[s] != of[s - 1] or filled + counts[s] > most:
            number, filled = number + 1, 0
        filled += int(counts[s])
        label[s] = number
    return label[stretch]


def ties_of(request: Ints, node: Ints, value: Ints) -> dict[tuple[int, int], float]:
    """How much each pair of nodes shares: the worth of common requests, split among their pairs."""
    width = int(node.max()) + 1
    pairs, first = np.unique(request.astype(np.int64) * width + node, return_index=True)
    ties: dict[tuple[int, int], float] = defaultdict(float)
    weight = value[first].tolist()
    owner, place = (pairs // width).tolist(), (pairs % width).tolist()
    low = 0
    for high in range(1, len(owner) + 1):
        if high == len(owner) or owner[high] != owner[low]:
            if 1 < high - low <= 40:
                share = max(weight[low:high]) / (high - low - 1)
                for a in range(low, high):
                    for b in range(a + 1, high):
                        ties[place[a], place[b]] += share
            low = high
    return dict(ties)


def _match(ties: dict[tuple[int, int], float], size: Ints, home: Ints, most: int) -> bool:
    """Join disjoint pairs of cells, strongest tie for their size first; whether any were."""
    order = sorted(ties, key=lambda ab: (-ties[ab] / float(size[ab[0]] + size[ab[1]]), ab))
    busy: set[int] = set()
    moved: dict[int, int] = {}
    for a, b in order:
        if a in busy or b in busy:
            continue
        busy |= {a, b}
        if size[a] + size[b] <= most:
            size[a] += size[b]
            size[b] = 0
            moved[b] = a
    if moved:
        home[:] = [moved.get(h, h) for h in home.tolist()]
    return bool(moved)


def _contract(ties: dict[tuple[int, int], float], home: Ints) -> dict[tuple[int, int], float]:
    """The ties between cells after joining."""
    found: dict[tuple[int, int], float] = defaultdict(float)
    for (a, b), weight in ties.items():
        x, y = int(home[a]), int(home[b])
        if x != y:
            found[min(x, y), max(x, y)] += weight
    return dict(found)
