"""What a place is worth to the park: the formula of the schedule format, in whole numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

from app.sharing.planning.engine.model import Instrument, Request

_SLACK = Fraction(1, 10**9)


def half_up(numerator: int, denominator: int) -> int:
    """The quotient rounded to the nearest whole number, halves upward; the denominator is above 0.

    >>> half_up(5, 2), half_up(7, 3)
    (3, 2)
    """
    return (2 * numerator + denominator) // (2 * denominator)


@lru_cache(maxsize=65536)
def slots_needed(duration_slots: int, efficiency: float) -> int:
    """Slots a request takes on an instrument: ⌈duration · efficiency⌉, at least one.

    The efficiency is taken as the decimal that was written, not as its binary neighbour, and an excess
    below 1e-9 does not cost a slot.

    >>> slots_needed(10, 1.1), slots_needed(3, 0.6666666666666667), slots_needed(3, 0.1), slots_needed(7, 0.8)
    (11, 2, 1, 6)
    """
    return max(1, math.ceil(duration_slots * Fraction(str(efficiency)) - _SLACK))


def full_worth(request: Request) -> int:
    """W = 100 · priority · duration: the worth of a request served at no extra cost, without delay."""
    return 100 * request.priority * request.duration_slots


def delay_cost(request: Request) -> int:
    """What each slot of delay takes from the worth; at least 1."""
    span = max(end for _, end in request.windows) - min(start for start, _ in request.windows)
    return max(1, half_up(full_worth(request), 5 * max(1, span)))


def reference_slot(request: Request) -> int:
    """The slot delay is counted from: the preferred one, else the start of the first window."""
    return (
        request.preferred_slot if request.preferred_slot is not None else min(s for s, _ in request.windows)
    )


def price_cost(request: Request, instrument: Instrument, cheapest: int) -> int:
    """What a dearer instrument takes from the worth, between 0 and 15 %."""
    paid = instrument.price_fen_per_slot * slots_needed(request.duration_slots, instrument.efficiency)
    least = cheapest * request.duration_slots
    if paid <= least:
        return 0
    if paid >= 5 * least:  # four times dearer or more: the whole 15 %
        return half_up(15 * full_worth(request), 100)
    return half_up(15 * full_worth(request) * (paid - least), 400 * least)


def cheapest_price(request: Request, instruments: Mapping[str, Instrument]) -> int:
    """The lowest price per slot among the eligible instruments."""
    return min(instruments[i].price_fen_per_slot for i in request.eligible)


def worth(request: Request, instrument: Instrument, start: int, cheapest: int) -> int:
    """Value of serving `request` on `instrument` from slot `start`.

    Examples
    --------
    >>> quick = Instrument("Q", ((0, 40),), (), 300, 0.5, 1)
    >>> wish = Request("R", "E", 6, ((10, 30),), ("Q", "S"), 2, 14)
    >>> full_worth(wish), delay_cost(wish), price_cost(wish, quick, 100)   # 300·3 over 100·6: 1.5
    (1200, 12, 23)
    >>> worth(wish, quick, 12, 100)
    1153
    """
    late = delay_cost(request) * abs(start - reference_slot(request))
    return full_worth(request) - price_cost(request, instrument, cheapest) - late
