"""The rules of the table: what a vote decides, which months had no meeting."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.hall.errors import Reason
from app.hall.months import first_day, month_of

RESOLUTION: Mapping[str, tuple[str, ...]] = {
    "open": ("done", "dropped"),
    "done": (),
    "dropped": (),
}


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


def names_few(kind: str, params: Mapping[str, Any], least_firms: int) -> bool:
    """Say whether a subject tells what too few firms cannot do, or have not done, to be anybody's business.

    A weak link of one or two firms, refused bookings of one or two, a resolution that is late. How many firms it is
    about may be unknown (agendas from before it was kept): unknown counts as few. A link that nobody makes names none.

    >>> names_few("weak_link", {"firms": 1}, 3), names_few("weak_link", {"firms": 0}, 3), names_few("concern", {}, 3)
    (True, False, False)
    """
    firms = params.get("firms")
    if kind == "weak_link":
        return firms is None or 0 < firms < least_firms
    if kind == "refused_demand":
        return firms is None or firms < least_firms
    return kind == "overdue"


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


@dataclass(frozen=True)
class Said:
    """What a seat is to say, and what is written down of it so far; `own` is the seat's own hand."""

    seat_id: int
    choice: str
    own: bool
    before: str = ""
    before_entered: bool = False


def vote_reasons(said: Iterable[Said], roll: Collection[int] | None, resolved: bool) -> tuple[Reason, ...]:
    """Everything that forbids these votes: a seat that came later, a resolution, a vote that a seat cast itself.

    Parameters
    ----------
    said : iterable of Said
        One per seat.
    roll : seats of the day of the vote, or None before the first voice
    resolved : bool
        Whether a resolution has closed the subject.

    >>> mine = Said(1, "no", own=False, before="yes")
    >>> [reason.code for reason in vote_reasons([mine, Said(9, "yes", own=True)], {1, 2}, resolved=True)]
    ['item_closed', 'vote_cast_by_seat', 'seat_not_on_roll']
    >>> vote_reasons([Said(1, "no", own=True, before="yes"), Said(2, "no", False, "yes", True)], {1, 2}, resolved=False)
    ()
    """
    found = [Reason("item_closed")] if resolved else []
    for one in said:
        if not one.own and one.before and not one.before_entered and one.choice != one.before:
            found.append(Reason("vote_cast_by_seat", {"seat": one.seat_id}))
        if roll is not None and one.seat_id not in roll:
            found.append(Reason("seat_not_on_roll", {"seat": one.seat_id}))
    return tuple(found)


def months(first: date, last: date) -> list[date]:
    """Return the first days of all months from that of `first` to that of `last`, both included.

    >>> [m.isoformat() for m in months(date(2026, 11, 9), date(2027, 1, 1))]
    ['2026-11-01', '2026-12-01', '2027-01-01']
    """
    return [first_day(month) for month in range(month_of(first), month_of(last) + 1)]


def is_overdue(state: str, due_on: date, today: date) -> bool:
    """Say whether a resolution is late: still open after its last day.

    >>> day = date(2026, 3, 31)
    >>> is_overdue("open", day, day), is_overdue("open", day, date(2026, 4, 1)), is_overdue("done", day, date(2026, 4, 1))
    (False, True, False)
    """
    return state == "open" and due_on < today


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
