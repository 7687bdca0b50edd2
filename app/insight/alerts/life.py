"""The life of alerts, read from the states of their months."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

OPENS = {"falls_twice": "firing", "leading": "warning"}
LEADING = {"warning": "firing", "unknown": "stale", "ok": "resolved"}


@dataclass(frozen=True, slots=True)
class Life:
    """One alert: the month that opened it, the last month it lived through, and how it stands there."""

    kind: str
    dimension: str
    layer: str
    theme: str
    opened: int
    last: int
    state: str
    weak: bool


def lives_of(
    kind: str,
    dimension: str,
    layer: str,
    theme: str,
    states: Sequence[tuple[int, str, bool | None]],
    ended: Collection[int] = (),
) -> list[Life]:
    """The alerts of one series from (month, state, weak) in order of months.

    An alert is as weak as the month that opened it; in the months of `ended` a person ended it. A leading warning is over with the first month that gives none.

    >>> [(one.opened, one.state) for one in lives_of("falls_twice", "a", "", "", [
    ...     (1, "pending", None), (2, "firing", True), (3, "recovering", None), (4, "resolved", None), (5, "ok", None)])]
    [(2, 'resolved')]
    """
    found: list[Life] = []
    open_now: Life | None = None
    for month, state, weak in states:
        shown = LEADING[state] if kind == "leading" else state
        if open_now is None:
            if state != OPENS[kind]:
                continue
            open_now = Life(kind, dimension, layer, theme, month, month, "firing", bool(weak))
        else:
            open_now = Life(kind, dimension, layer, theme, open_now.opened, month, shown, open_now.weak)
        if open_now.state == "resolved" or month in ended:
            found.append(open_now)
            open_now = None
    return found + ([open_now] if open_now else [])
