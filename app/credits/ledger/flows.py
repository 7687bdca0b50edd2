"""What entries add up to, month by month: pure, so that what is kept and what is read afresh are reckoned alike."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

EARNING = frozenset({"earn", "recover"})
LAPSE = "expire"  # what expired was neither earned nor used


class Moved(NamedTuple):
    """One entry: its months, its amount, the kind of its movement, and of the one it reverses."""

    recorded: dt.date
    effective: dt.date
    amount: int
    kind: str
    reversed_kind: str | None


@dataclass
class Sums:
    """What one month of one account adds up to; the first two by the month of recording, the others by that of effect."""

    earned: int = 0
    used: int = 0
    gained: int = 0
    spent: int = 0
    issued: int = 0
    redeemed: int = 0

    def add(self, more: Sums) -> None:
        """Add another part of the same month.

        Parameters
        ----------
        more : Sums
            Of entries that are not in this one yet.

        Examples
        --------
        >>> here = Sums(earned=5); here.add(Sums(earned=2, spent=1)); (here.earned, here.spent)
        (7, 1)
        """
        for name, value in vars(more).items():
            setattr(self, name, getattr(self, name) + value)


Months = dict[dt.date, Sums]


def tally(months: Months, entry: Moved, of_the_park: bool = False) -> None:
    """Add one entry to the months it belongs to.

    A revoked earning counts against earnings and a refund against use, whenever they happen. On an enterprise's account
    expiry is neither gain nor spending; on the park's own accounts every movement is one of them.

    Parameters
    ----------
    months : dict of date to Sums
        First days of months; changed in place.
    entry : Moved
        Its amount is in credits, positive into the account.
    of_the_park : bool
        Whether the account is one of the park's own four.

    Examples
    --------
    >>> months: Months = {}
    >>> may, june = dt.date(2026, 5, 1), dt.date(2026, 6, 1)
    >>> tally(months, Moved(june, may, 30, "earn", None))
    >>> tally(months, Moved(june, june, -10, "reverse", "earn"))
    >>> months[june].earned, months[may].gained, months[june].spent, months[may].issued
    (20, 30, 10, 30)
    """
    kind = entry.reversed_kind or entry.kind
    recorded = months.setdefault(entry.recorded, Sums())
    effective = months.setdefault(entry.effective, Sums())
    if kind in EARNING:
        recorded.earned += entry.amount
        effective.issued += entry.amount
    elif kind == "redeem":
        recorded.used -= entry.amount
        effective.redeemed -= entry.amount
    if of_the_park or entry.kind != LAPSE:
        effective.gained += max(entry.amount, 0)
        effective.spent += max(-entry.amount, 0)
