"""Who might leave: confirmed links between firms of the park, counted per firm (pure).

A link counts while somebody has stood by it within a year. One that nobody renewed is *lapsed*: what was confirmed and
no longer is. A firm without any confirmed link, or with lapsed ones, is at risk; a firm that stands on no chain is
unknown, which is neither zero nor fine.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

YEAR = dt.timedelta(days=365)
NONE, FALLING, UNKNOWN, HOLDING = STATES = ("none", "falling", "unknown", "holding")
"""From the most at risk to the least."""


@dataclass(frozen=True)
class LocalLink:
    """One firm of the park sells another something; `confirmed_at` is when somebody stood by it last, if ever."""

    supplier: str
    customer: str
    confirmed_at: dt.datetime | None


@dataclass(frozen=True)
class Stickiness:
    """One firm: links confirmed within a year, lapsed ones, registered but never confirmed ones, and its state."""

    firm: str
    confirmed: int
    lapsed: int
    unconfirmed: int
    last: dt.datetime | None
    state: str


def stickiness(
    firms: Iterable[str], on_chain: Iterable[str], links: Iterable[LocalLink], now: dt.datetime
) -> list[Stickiness]:
    """Count the links of every firm, those at risk first.

    Parameters
    ----------
    firms : iterable of str
        Codes of the park's firms; a link with anybody else is not local.
    on_chain : iterable of str
        Those of them that stand on a chain.
    links : iterable of LocalLink
        Each counts for both ends; one of a firm with itself for neither.
    now : aware datetime

    Returns
    -------
    list of Stickiness
        By state, then the most lapsed, the fewest confirmed, and code.

    Examples
    --------
    >>> now = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)
    >>> links = [LocalLink("A", "B", now), LocalLink("B", "C", now - 2 * YEAR)]
    >>> [(one.firm, one.state, one.confirmed, one.lapsed) for one in stickiness("ABCD", "ABC", links, now)]
    [('C', 'none', 0, 1), ('B', 'falling', 1, 1), ('D', 'unknown', 0, 0), ('A', 'holding', 1, 0)]
    """
    here, placed = set(firms), set(on_chain)
    moments: defaultdict[str, list[dt.datetime | None]] = defaultdict(list)
    for link in links:
        if link.supplier != link.customer and {link.supplier, link.customer} <= here:
            moments[link.supplier].append(link.confirmed_at)
            moments[link.customer].append(link.confirmed_at)
    found = [_of(firm, moments[firm], firm in placed, now) for firm in here]
    return sorted(found, key=lambda one: (STATES.index(one.state), -one.lapsed, one.confirmed, one.firm))


def _of(firm: str, moments: list[dt.datetime | None], placed: bool, now: dt.datetime) -> Stickiness:
    said = [moment for moment in moments if moment is not None]
    confirmed = sum(now - moment <= YEAR for moment in said)
    lapsed = len(said) - confirmed
    if not placed and not moments:
        state = UNKNOWN
    elif not confirmed:
        state = NONE
    else:
        state = FALLING if lapsed else HOLDING
    return Stickiness(firm, confirmed, lapsed, len(moments) - len(said), max(said, default=None), state)
