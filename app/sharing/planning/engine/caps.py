"""A bound that takes the caps of the enterprises in whole slots, not in shares of slots."""

from __future__ import annotations

import numpy as np

from app.sharing.planning.engine.places import Columns, Ints


def capped_bound(columns: Columns, worth: Ints, caps: Ints, paid: float) -> float:
    """No choice is worth more, given the moments cost what is missing in `worth`, and all moments together cost `paid`.

    With the moments priced, the enterprises are independent: each takes the best combination of its requests, one
    column each, within its cap – a knapsack with choices, solved slot by slot (Bellman). The relaxation allows a tenth
    of a booking to fill a cap; this does not.

    Parameters
    ----------
    columns : Columns
    worth : array
        Of each column, less the prices of the moments it occupies.
    caps : array
        By owner.
    paid : float

    Returns
    -------
    float

    Examples
    --------
    Two wishes of 3 slots worth 30 and 20, and a cap of 5: only one fits (the relaxation says 30 + 20 · 2/3).

    >>> z, work = np.zeros(2, dtype=int), np.array([3, 3])
    >>> two = Columns(np.arange(2), np.arange(2), z, work, work, np.array([30, 20]), z)
    >>> capped_bound(two, two.value, np.array([5]), 0.0)
    30.0
    """
    best = best_by_length(columns, worth)
    kinds: dict[int, dict[int, list[tuple[int, float]]]] = {}
    total = paid
    free: dict[int, float] = {}
    rows = (columns.request[best], columns.work[best], worth[best], columns.owner[best])
    for r, w, value, e in zip(*(x.tolist() for x in rows), strict=True):
        if e < 0:
            free[r] = max(free.get(r, 0.0), value)
        else:
            kinds.setdefault(e, {}).setdefault(r, []).append((w, value))
    for e, requests in kinds.items():
        total += _best_within(int(caps[e]), list(requests.values()))
    return total + sum(free.values())


def best_by_length(columns: Columns, worth: Ints) -> Ints:
    """Of each request and number of slots the column worth most, where that is above 0."""
    paying = np.flatnonzero(worth > 0)
    request, work = columns.request[paying], columns.work[paying]
    order = np.lexsort((-worth[paying], work, request))
    changes = (np.diff(request[order]) != 0) | (np.diff(work[order]) != 0)
    order = order[np.flatnonzero(np.r_[True, changes])] if len(order) else order
    found: Ints = paying[order]
    return found


def _best_within(cap: int, choices: list[list[tuple[int, float]]]) -> float:
    """The highest sum of at most one (slots, worth) of each list, with at most `cap` slots."""
    cap = min(cap, sum(max(w for w, _ in options) for options in choices))
    if cap < 0:
        return 0.0
    best = np.zeros(cap + 1)
    for options in choices:
        after = best.copy()
        for slots, worth in options:
            if slots <= cap:
                np.maximum(after[slots:], best[: cap + 1 - slots] + worth, out=after[slots:])
        best = after
    return float(best[cap])
