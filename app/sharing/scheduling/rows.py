"""The constraints of all models as one sparse matrix: a row per request, per moment of contention and per cap."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from app.sharing.scheduling.placing import Columns, Ints


@dataclass(frozen=True)
class Rows:
    """`matrix` · x ≤ `most` for x in {0, 1}; the first `requests` rows are those of the requests."""

    matrix: Any
    most: Ints
    requests: int


def cliques(columns: Columns) -> tuple[Ints, Ints, int]:
    """Maximal sets of placements that overlap pairwise, instrument by instrument.

    On a line, intervals that overlap pairwise share a point, so the maximal cliques are those at a start that is
    followed by an end before the next start. Each placement then belongs to consecutive cliques.

    Returns
    -------
    first, last : arrays
        Placement n belongs to the cliques first[n] ≤ c < last[n].
    count : int

    Examples
    --------
    >>> import numpy as np
    >>> z = np.zeros(3, dtype=int)
    >>> three = Columns(np.arange(3), z, np.array([0, 2, 3]), np.array([3, 5, 6]), z, z, z)
    >>> [list(map(int, x)) for x in cliques(three)[:2]]
    [[0, 0, 1], [1, 2, 2]]
    """
    width = int(columns.end.max(initial=0)) + 1
    starts = columns.instrument.astype(np.int64) * width + columns.start
    ends = columns.instrument.astype(np.int64) * width + columns.end
    points, closings = np.unique(starts), np.unique(ends)
    if not len(points):
        return starts, ends, 0
    following = np.append(points[1:], points[-1] + 2 * width)
    at = np.searchsorted(closings, points, side="right")
    kept = points[closings[np.minimum(at, len(closings) - 1)] <= following]
    return np.searchsorted(kept, starts), np.searchsorted(kept, ends), len(kept)


def rows(columns: Columns, cap: int | None = None) -> Rows:
    """All constraints over these columns, requests and enterprises in ascending order; owner −1 has no cap."""
    requests, request = np.unique(columns.request, return_inverse=True)
    first, last, count = cliques(columns)
    here = np.arange(len(columns))
    each = last - first
    member = np.repeat(here, each)
    clique = np.repeat(first, each) + np.arange(len(member)) - np.repeat(np.cumsum(each) - each, each)
    parts = [(request, here, np.ones(len(columns))), (len(requests) + clique, member, np.ones(len(member)))]
    most = [np.ones(len(requests) + count)]
    if cap is not None:
        capped = np.flatnonzero(columns.owner >= 0)
        owner, of = np.unique(columns.owner[capped], return_inverse=True)
        parts.append((len(requests) + count + of, capped, columns.work[capped].astype(float)))
        most.append(np.full(len(owner), float(cap)))
    limit = np.concatenate(most)
    line, column, factor = (np.concatenate(x) for x in zip(*parts, strict=True))
    matrix = sparse.csr_matrix((factor, (line, column)), shape=(len(limit), len(columns)))
    return Rows(matrix, limit, len(requests))


def binding_owners(columns: Columns, cap: int | None) -> Ints:
    """The enterprises that could ask for more than the cap: only they need a row."""
    if cap is None or not len(columns):
        return np.zeros(0, dtype=np.int32)
    longest = np.zeros(int(columns.request.max()) + 1, dtype=np.int64)
    np.maximum.at(longest, columns.request, columns.work)
    owner = np.zeros_like(longest)
    owner[columns.request] = columns.owner
    asked = np.bincount(owner, weights=longest)
    return np.flatnonzero(asked > cap).astype(np.int32)


def components(columns: Columns) -> list[Ints]:
    """Split into parts that share neither request nor stretch of an instrument nor a cap; largest first.

    An instrument falls apart where no placement spans, so quiet nights and fixed bookings separate parts as well.

    Returns
    -------
    list of arrays
        Positions of columns, ascending within a part.
    """
    if not len(columns):
        return []
    _, request = np.unique(columns.request, return_inverse=True)
    stretch = stretches(columns)
    capped = columns.owner >= 0
    offset = int(request.max()) + 1
    owners = offset + int(stretch.max()) + 1
    links = [(request, offset + stretch), (request[capped], owners + columns.owner[capped])]
    a, b = (np.concatenate(x) for x in zip(*links, strict=True))
    size = owners + int(columns.owner.max()) + 1
    graph = sparse.coo_matrix((np.ones(len(a), dtype=np.int8), (a, b)), shape=(size, size))
    _, label = csgraph.connected_components(graph, directed=False)
    return split(label[request])


def stretches(columns: Columns) -> Ints:
    """The stretch of instrument time each placement lies in: no placement reaches from one into another."""
    width = int(columns.end.max(initial=0)) + 1
    base = columns.instrument.astype(np.int64) * width
    order = np.lexsort((columns.start, columns.instrument))
    starts, reach = (base + columns.start)[order], np.maximum.accumulate((base + columns.end)[order])
    opens = np.ones(len(order), dtype=bool)
    opens[1:] = starts[1:] >= reach[:-1]
    found = np.empty(len(order), dtype=np.int64)
    found[order] = np.cumsum(opens) - 1
    return found


def split(label: Ints) -> list[Ints]:
    """Positions by label, largest part first, ties by the first position."""
    order = np.argsort(label, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(label[order])) + 1)
    return sorted(parts, key=lambda part: (-len(part), int(part[0])))


def with_owners(columns: Columns, bound_owners: Ints) -> Columns:
    """Give every enterprise that cannot reach the cap the owner number −1."""
    return replace(columns, owner=np.where(np.isin(columns.owner, bound_owners), columns.owner, -1))
