"""The rules of the committee: who is missing, what a vote decides, which months had no meeting."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

#: Every round table wants a voice of each of these.
KINDS = ("enterprise", "university", "institute", "association", "bank", "park")


def missing_kinds(kinds: Iterable[str]) -> tuple[str, ...]:
    """Return the kinds of member nobody stands for.

    >>> missing_kinds(["park", "enterprise", "university", "bank"])
    ('institute', 'association')
    """
    there = set(kinds)
    return tuple(kind for kind in KINDS if kind not in there)


@dataclass(frozen=True)
class Tally:
    """The count of one vote and what it means."""

    seats: int
    yes: int
    no: int
    abstain: int
    quorum: int
    quorate: bool
    carried: bool


def tally(seats: int, votes: Iterable[str], quorum_ratio: float = 0.5) -> Tally:
    """Count a vote: quorate when more than the ratio of seats voted, carried when more say yes than no.

    Parameters
    ----------
    seats : int
        Seats of the committee, present or not.
    votes : iterable of "yes", "no" or "abstain"
        One per seat that voted.
    quorum_ratio : float
        More than this part of the seats must have voted.

    >>> tally(7, ["yes", "yes", "no"])
    Tally(seats=7, yes=2, no=1, abstain=0, quorum=4, quorate=False, carried=False)
    >>> tally(7, ["yes", "yes", "no", "abstain"]).carried
    True
    """
    cast = list(votes)
    yes, no = cast.count("yes"), cast.count("no")
    quorum = min(seats, int(seats * quorum_ratio + 1e-9) + 1)
    quorate = seats > 0 and len(cast) >= quorum
    return Tally(seats, yes, no, cast.count("abstain"), quorum, quorate, quorate and yes > no)


def months(first: date, last: date) -> list[date]:
    """Return the first days of all months from that of `first` to that of `last`, both included.

    >>> [m.isoformat() for m in months(date(2026, 11, 9), date(2027, 1, 1))]
    ['2026-11-01', '2026-12-01', '2027-01-01']
    """
    found = []
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        found.append(date(year, month, 1))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found


def overdue_months(founded_on: date, held_on: Collection[date], today: date) -> list[date]:
    """Return the months that ended without a meeting being held, oldest first.

    The month the committee was founded in owes no meeting unless it was founded on its first day; the current
    month is not overdue before it ends.

    >>> founded = date(2026, 8, 20)
    >>> held = [date(2026, 9, 15), date(2026, 11, 10)]
    >>> [m.isoformat() for m in overdue_months(founded, held, date(2026, 12, 31))]
    ['2026-10-01']
    """
    met = {(day.year, day.month) for day in held_on}
    return [
        month
        for month in months(founded_on, today)
        if (month.year, month.month) < (today.year, today.month)
        and month >= founded_on
        and (month.year, month.month) not in met
    ]
