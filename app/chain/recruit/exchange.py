"""A choice made better by exchanging one firm for another, as long as that helps: quick, exact, and no proof."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from app.chain.recruit.rules import Model, Standing

LOOKS = 150_000  # exchanges weighed at most


def exchanged(model: Model, chosen: Collection[int], others: Sequence[int], slots: int) -> list[int]:
    """The allowed choice `chosen` after the best additions and exchanges with `others`, one after the other.

    Musts stay. The number of exchanges weighed is limited, so that a large question waits no longer than a small one.
    """
    now, looks = sorted(chosen), LOOKS
    standing = Standing(model, now)
    while looks > 0:
        best: tuple[int, int, int | None] | None = None
        for gone in [None, *(c for c in now if c not in model.musts)]:
            if gone is None and len(now) >= slots:
                continue
            lost = 0
            if gone is not None:
                standing.add(gone, -1)
                lost = standing.gain(gone)
            for c in _that_fit(model, [one for one in now if one != gone], others):
                looks -= 1
                gain = standing.gain(c) - lost
                if gain > 0 and (best is None or gain > best[0]):
                    best = gain, c, gone
            if gone is not None:
                standing.add(gone)
        if best is None:
            break
        _gain, came, went = best
        now = [*(c for c in now if c != went), came]
        standing = Standing(model, now)
    return now


def _that_fit(model: Model, now: Sequence[int], others: Sequence[int]) -> Iterator[int]:
    inside, taken = set(now), {model.groups[c] for c in now} - {""}
    rest = None if model.budget is None else model.budget - model.cost(now)
    for c in others:
        if c not in inside and (rest is None or model.costs[c] <= rest) and model.groups[c] not in taken:
            yield c
