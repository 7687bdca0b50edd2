"""What keeps weights from being proposed: they must name every dimension and add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

WHOLE = 1000


@dataclass(frozen=True, slots=True)
class Weight:
    """A dimension's weight in thousandths, its target and its red line (scores 0–100)."""

    weight: int
    target: Fraction
    red: Fraction


def doubts(weights: Mapping[str, Weight], known: Sequence[str]) -> Iterator[tuple[str, dict[str, object]]]:
    """Every reason why these weights cannot be proposed.

    >>> list(doubts({"a": Weight(900, Fraction(75), Fraction(60))}, ["a"]))
    [('insight_weights', {'total': 900})]
    """
    for code in weights:
        if code not in known:
            yield "insight_unknown_dimension", {"value": code}
    for code in known:
        if code not in weights:
            yield "insight_weight_missing", {"value": code}
    if any(one.weight < 0 for one in weights.values()):
        yield "insight_weight_negative", {}
    total = sum(one.weight for one in weights.values())
    if total != WHOLE:
        yield "insight_weights", {"total": total}
    for code, one in weights.items():
        if not 0 <= one.red <= one.target <= 100:
            yield "insight_red_above_target", {"value": code}
