"""The constraints of all models as one sparse matrix: a row per request, moment of contention, cap and quota."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from app.sharing.planning.engine.places import INSTRUMENT, OWNER, REQUEST, Columns, Ints, Places


@dataclass(frozen=True)
class Rows:
    """`matrix` · x ≤ `most` for x in {0, 1}: the rows of the requests, then of the moments, the caps, the quotas.

    `quotas` are the numbers of the quotas that have a row.
    """

    matrix: Any
    most: Ints
    requests: int
    cliques: int
    quotas: Ints

    @property
    def moments(self) -> slice:
        """The rows of the moments of contention."""
        return slice(self.requests, self.requests + self.cliques)


def clique_points(columns: Columns, width: int | None = None) -> tuple[Ints, int]:
    """The moments at which placements overlap pairwise in maximal sets, as keys instrument · width + slot.

    On a line, intervals that overlap pairwise share a point, so the maximal cliques are those at a start that is
    followed by an end before the next start.

    Returns
    -------
    points : array, ascending
    width : int

    Examples
    --------
    >>> import numpy as np
    >>> z = np.zeros(3, dtype=int)
    >>> clique_points(Columns(np.arange(3), z, np.array([0, 2, 3]), np.array([3, 5, 6]), z, z, z))[0].tolist()
    [2, 3]
    """
    width = width or int(columns.end.max(initial=0)) + 1
    starts = columns.instrument.astype(np.int64) * width + columns.start
    ends = columns.instrument.astype(np.int64) * width + columns.end
    points, closings = np.unique(starts), np.unique(ends)
    if not len(points):
        return points, width
    following = np.append(points[1:], points[-1] + 2 * width)
    at = np.searchsorted(closings, points, side="right")
    return points[closings[np.minimum(at, len(closings) - 1)] <= following], width


def cliques(columns: Columns) -> tuple[Ints, Ints, int]:
    """Which maximal cliques each placement belongs to: `first[n]` ≤ c < `last[n]` of `count`."""
    points, width = clique_points(columns)
    base = columns.instrument.astype(np.int64) * width
    return (
        np.searchsorted(points, base + columns.start),
        np.searchsorted(points, base + columns.end),
        len(points),
    )


def rows(columns: Columns, caps: Ints | None = None) -> Rows:
    """All constraints over these columns, requests and enterprises in ascending order; owner −1 has no cap.

    `caps` holds the most slots each enterprise may still take.
    """
    requests, request = np.unique(columns.request, return_inverse=True)
    first, last, count = cliques(columns)
    here = np.arange(len(columns))
    each = last - first
    member = np.repeat(here, each)
    clique = np.repeat(first, each) + np.arange(len(member)) - np.repeat(np.cumsum(each) - each, each)
    parts = [(request, here, np.ones(len(columns))), (len(requests) + clique, member, np.ones(len(member)))]
    most = [np.ones(len(requests) + count)]
    if caps is not None:
        capped = np.flatnonzero(columns.owner >= 0)
        owner, of = np.unique(columns.owner[capped], return_inverse=True)
        parts.append((len(requests) + count + of, capped, columns.work[capped].astype(float)))
        most.append(caps[owner].astype(float))
    binding = np.zeros(0, dtype=np.int64)
    if columns.quotas is not None:
        use = columns.quotas.binding(columns.quotas.use(columns), columns.request)
        binding, of = np.unique(use.quota, return_inverse=True)
        parts.append((sum(map(len, most)) + of, use.column, use.slots.astype(float)))
        most.append(columns.quotas.most[binding].astype(float))
    limit = np.concatenate(most)
    line, column, factor = (np.concatenate(x) for x in zip(*parts, strict=True))
    from scipy import sparse

    matrix = sparse.csr_matrix((factor, (line, column)), shape=(len(limit), len(columns)))
    return Rows(matrix, limit, len(requests), count, binding)


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
    """Split into parts that share neither request nor stretch of an instrument nor a cap or quota; largest first.

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
    size = owners + int(columns.owner.max(initial=-1)) + 1
    if columns.quotas is not None:
        use = columns.quotas.binding(columns.quotas.use(columns), columns.request)
        links.append((request[use.column], size + use.quota))
        size += len(columns.quotas)
    a, b = (np.concatenate(x) for x in zip(*links, strict=True))
    label = _connected(a, b, size)
    return split(label[request])


def ties(places: Places) -> list[Ints]:
    """Split the runs of very many places into parts that share neither request nor instrument nor a cap or quota; largest first."""
    requests, instruments, _, owners = places.extent
    request, instrument, owner = (places.table[:, n] for n in (REQUEST, INSTRUMENT, OWNER))
    capped = owner >= 0
    a = np.concatenate([request, request[capped]])
    b = np.concatenate([requests + instrument, requests + instruments + owner[capped]])
    size = requests + instruments + max(0, owners)
    if places.quotas is not None:
        for q in range(len(places.quotas)):
            under = places.quotas.enterprise[request] == places.quotas.owner[q]
            a = np.concatenate([a, request[under]])
            b = np.concatenate([b, np.full(np.count_nonzero(under), size + q)])
        size += len(places.quotas)
    label = _connected(a, b, size)
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


def _connected(a: Ints, b: Ints, size: int) -> Ints:
    """The component of each of `size` nodes of the graph with the edges a–b."""
    from scipy import sparse
    from scipy.sparse import csgraph

    graph = sparse.coo_matrix((np.ones(len(a), dtype=np.int8), (a, b)), shape=(size, size))
    _, label = csgraph.connected_components(graph, directed=False)
    found: Ints = label
    return found
