"""Whom to invite to a tea talk: an exact optimum, because "who has been silent too long" must not be a matter of taste."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from app.hall.clock import months_later
from app.voice.changes import Change, compared

NOT_ACTIVE, OPTED_OUT, INVITED_RECENTLY = "not_active", "opted_out", "invited_recently"
MOST_SILENT, SEAT_LEFT = "most_silent", "seat_left"
FEW = 5  # opinions of fewer are hidden (domain-wider 6.5)


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm as the selection sees it; `last_feedback_on` and `last_invited_on` are None for never."""

    enterprise: str
    industry: str
    registered_on: dt.date
    last_feedback_on: dt.date | None = None
    last_invited_on: dt.date | None = None
    status: str = "active"
    opted_out: bool = False

    def silence_days(self, day: dt.date) -> int:
        """Days since the firm was last heard, since its registration if never."""
        return (day - (self.last_feedback_on or self.registered_on)).days


@dataclass(frozen=True, slots=True)
class Guest:
    """A firm to invite; `reason` is `most_silent` (of its industry) or `seat_left` (a further one of its industry)."""

    enterprise: str
    industry: str
    silence_days: int
    reason: str


@dataclass(frozen=True, slots=True)
class Excluded:
    """A firm that may not be invited, and the first reason that holds."""

    enterprise: str
    reason: str


@dataclass(frozen=True, slots=True)
class TeaTalk:
    """The table: guests by code, what they add up to, and who was left out by rule."""

    selected: tuple[Guest, ...]
    total_silence_days: int
    industries: int
    shortfall: int
    excluded: tuple[Excluded, ...]


def answer(found: TeaTalk) -> dict[str, object]:
    """What the command and the call answer, as the contract says.

    >>> answer(TeaTalk((), 0, 0, 10, ()))["shortfall"]
    10
    """
    return {
        "selected": [
            {
                "enterprise": guest.enterprise,
                "industry": guest.industry,
                "silence_days": guest.silence_days,
                "reason": guest.reason,
            }
            for guest in found.selected
        ],
        "total_silence_days": found.total_silence_days,
        "industries": found.industries,
        "shortfall": found.shortfall,
        "excluded": [{"enterprise": one.enterprise, "reason": one.reason} for one in found.excluded],
    }


def why_excluded(firm: Firm, day: dt.date, rest_months: int = 3) -> str | None:
    """The first reason why this firm is not invited for `day`; None when it may be.

    Who was invited exactly `rest_months` ago may be invited again.

    >>> tea = dt.date(2026, 12, 10)
    >>> why_excluded(Firm("E1", "ai", dt.date(2020, 1, 6), None, dt.date(2026, 9, 10)), tea)
    >>> why_excluded(Firm("E1", "ai", dt.date(2020, 1, 6), None, dt.date(2026, 9, 11)), tea)
    'invited_recently'
    """
    if firm.status != "active":
        return NOT_ACTIVE
    if firm.opted_out:
        return OPTED_OUT
    if firm.last_invited_on is not None and firm.last_invited_on > months_later(day, -rest_months):
        return INVITED_RECENTLY
    return None


def choose(firms: Iterable[Firm], day: dt.date, seats: int = 10, rest_months: int = 3) -> TeaTalk:
    """The best table for `day`: full, of many industries, evenly spread, the most silent firms.

    Optimal in this order: most guests; most industries; least Σ (guests per industry)²; most days of silence;
    the sorted list of codes that comes first. Seats are filled level by level, one of each industry a level, which
    alone reaches the first three. Within an industry any set of k guests is no better than its k most silent, and in
    the last level the seats of different industries are independent, so taking the most silent is the best there too;
    equal silence goes to the smaller code, because a smaller code in place of a larger one makes a smaller list.

    Parameters
    ----------
    firms : iterable of Firm
        Each code once.
    day : date
        The day of the talk.
    seats : int
        One or more.
    rest_months : int
        How long an invited firm is left in peace.

    Returns
    -------
    TeaTalk
        O(n log n). `shortfall` says how many seats more than industries there are.

    Examples
    --------
    >>> since = dt.date(2020, 1, 6)
    >>> firms = [Firm(c, i, since, dt.date(2026, 12, d)) for c, i, d in
    ...          (("A", "ai", 1), ("B", "ai", 2), ("C", "bio", 5), ("D", "bio", 6))]
    >>> table = choose(firms, dt.date(2026, 12, 10), seats=3)
    >>> [(g.enterprise, g.silence_days, g.reason) for g in table.selected], table.shortfall
    ([('A', 9, 'most_silent'), ('B', 8, 'seat_left'), ('C', 5, 'most_silent')], 1)
    """
    queues, out = _queues(firms, day, rest_months)
    return _table(_fill(list(queues.values()), day, seats), day, seats, out)


def _queues(
    firms: Iterable[Firm], day: dt.date, rest_months: int
) -> tuple[dict[str, list[Firm]], list[Excluded]]:
    """Who may be invited by industry, the most silent first; and who may not, by code."""
    out: list[Excluded] = []
    queues: dict[str, list[Firm]] = {}
    for firm in sorted(firms, key=lambda one: one.enterprise):
        reason = why_excluded(firm, day, rest_months)
        if reason:
            out.append(Excluded(firm.enterprise, reason))
        else:
            queues.setdefault(firm.industry, []).append(firm)
    for queue in queues.values():
        queue.sort(key=lambda one: (-one.silence_days(day), one.enterprise))
    return queues, out


def _fill(queues: Sequence[Sequence[Firm]], day: dt.date, seats: int) -> list[tuple[Firm, str]]:
    """(firm, reason) level by level: of every industry its next most silent; the last level by silence."""
    taken: list[tuple[Firm, str]] = []
    level = 0
    while len(taken) < seats:
        nexts = [queue[level] for queue in queues if len(queue) > level]
        if not nexts:
            break
        nexts.sort(key=lambda one: (-one.silence_days(day), one.enterprise))
        reason = SEAT_LEFT if level else MOST_SILENT
        taken += [(firm, reason) for firm in nexts[: seats - len(taken)]]
        level += 1
    return taken


def _table(taken: Iterable[tuple[Firm, str]], day: dt.date, seats: int, out: Iterable[Excluded]) -> TeaTalk:
    guests = sorted(
        (Guest(firm.enterprise, firm.industry, firm.silence_days(day), reason) for firm, reason in taken),
        key=lambda guest: guest.enterprise,
    )
    industries = len({guest.industry for guest in guests})
    return TeaTalk(
        tuple(guests),
        sum(guest.silence_days for guest in guests),
        industries,
        max(0, seats - industries),
        tuple(out),
    )


def replace_declined(
    firms: Iterable[Firm],
    invited: Collection[str],
    declined: Collection[str],
    day: dt.date,
    rest_months: int = 3,
) -> TeaTalk:
    """The table after some of `invited` declined: everybody else stays, and each free seat goes to the best newcomer.

    The kept guests are fixed, whatever their own record says by now (they have just been invited); nobody who declined
    is asked again. Among the tables with these guests the one that comes first in the order of `choose`: a newcomer
    goes to an industry with the fewest guests so far, then the most silent, then the smaller code.

    Examples
    --------
    >>> since = dt.date(2020, 1, 6)
    >>> firms = [Firm(c, i, since, dt.date(2026, 12, d)) for c, i, d in
    ...          (("A", "ai", 1), ("B", "ai", 2), ("C", "bio", 5), ("D", "bio", 6))]
    >>> table = replace_declined(firms, ["A", "C"], ["C"], dt.date(2026, 12, 10))
    >>> [guest.enterprise for guest in table.selected]
    ['A', 'D']
    """
    firms = list(firms)
    seats = len(set(invited))
    kept = [firm for firm in firms if firm.enterprise in invited and firm.enterprise not in declined]
    gone = {*invited, *declined}
    queues, out = _queues((firm for firm in firms if firm.enterprise not in gone), day, rest_months)
    counts = {industry: sum(firm.industry == industry for firm in kept) for industry in queues}
    taken = [(firm, MOST_SILENT) for firm in kept]
    while len(taken) < seats and any(queues.values()):
        best = min(
            (industry for industry in queues if queues[industry]),
            key=lambda industry: (
                counts[industry],
                -queues[industry][0].silence_days(day),
                queues[industry][0].enterprise,
            ),
        )
        taken.append((queues[best].pop(0), SEAT_LEFT if counts[best] else MOST_SILENT))
        counts[best] += 1
    return _table(taken, day, seats, out)


def percent(came: int, invited: int) -> float | None:
    """The share that came, half up to 0.1; nothing of nobody invited.

    >>> percent(20, 50), percent(41, 50), percent(0, 0)
    (40.0, 82.0, None)
    """
    return (2000 * came + invited) // (2 * invited) / 10 if invited else None


def change(before: tuple[int, int], after: tuple[int, int]) -> Change | None:
    """From (came, invited) to (came, invited); nothing where one of them has no share.

    >>> change((20, 50), (41, 50))
    Change(points=42.0, relative_percent=105.0)
    """
    first, second = percent(*before), percent(*after)
    if first is None or second is None:
        return None
    return compared(round(first * 10), round(second * 10))


@dataclass(frozen=True)
class Satisfaction:
    """How many guests said whether they took something home, and their mean where enough did."""

    n: int
    score: float | None


def satisfaction(n: int, total: int) -> Satisfaction:
    """The mean of `n` scores of 0 to 100 that add up to `total`, half up to 0.1; nothing of fewer than five.

    >>> satisfaction(6, 550), satisfaction(4, 400)
    (Satisfaction(n=6, score=91.7), Satisfaction(n=4, score=None))
    """
    return Satisfaction(n, (20 * total + n) // (2 * n) / 10 if n >= FEW else None)
