"""Channels side by side: how much each brings, how fast, how many problems a contact – and which ones are dead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Heard:
    """One remark: its channel, whether it became a problem, and the days until it was answered (None: not yet)."""

    channel: str
    problem: bool
    days_to_answer: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One channel in one quarter; what has no base is None, never zero."""

    channel: str
    contacts: int
    remarks: int
    problems: int
    share_percent: float | None
    per_contact: float | None
    median_days: float | None
    answered: int

    @property
    def dead(self) -> bool:
        return self.contacts == 0 and self.remarks == 0


def quarter(day: dt.date) -> tuple[dt.date, dt.date]:
    """First day of the quarter of `day`, and first day of the next.

    >>> quarter(dt.date(2026, 11, 29))
    (datetime.date(2026, 10, 1), datetime.date(2027, 1, 1))
    """
    first = dt.date(day.year, day.month - (day.month - 1) % 3, 1)
    return first, dt.date(first.year + first.month // 10, (first.month + 2) % 12 + 1, 1)


def compare(channels: Sequence[str], contacts: dict[str, int], heard: Iterable[Heard]) -> list[Row]:
    """One row per channel: most problems a contact first, those without a contact after them, the dead last.

    Parameters
    ----------
    channels : sequence of str
        Every channel there is: one of which nothing was heard is a finding too.
    contacts : dict
        Conversations by channel.
    heard : iterable of Heard

    Examples
    --------
    >>> rows = compare(["online", "tea_talk", "paper"], {"online": 40, "tea_talk": 10},
    ...                [Heard("online", True)] * 12 + [Heard("tea_talk", True)] * 30)
    >>> [(row.channel, row.per_contact, row.dead) for row in rows]
    [('tea_talk', 3.0, False), ('online', 0.3, False), ('paper', None, True)]
    """
    said = list(heard)
    problems = sum(one.problem for one in said)
    found = [_row(channel, contacts.get(channel, 0), said, problems) for channel in channels]
    return sorted(
        found, key=lambda row: (row.dead, row.per_contact is None, -(row.per_contact or 0), row.channel)
    )


def _row(channel: str, contacts: int, said: Sequence[Heard], all_problems: int) -> Row:
    mine = [one for one in said if one.channel == channel]
    problems = sum(one.problem for one in mine)
    days = [one.days_to_answer for one in mine if one.days_to_answer is not None]
    return Row(
        channel,
        contacts,
        len(mine),
        problems,
        (2000 * problems + all_problems) // (2 * all_problems) / 10 if all_problems else None,
        (200 * problems + contacts) // (2 * contacts) / 100 if contacts else None,
        float(median(days)) if days else None,
        len(days),
    )


def times(rows: Sequence[Row], one: str, other: str) -> float | None:
    """How many times as many problems a contact brings on one channel as on another, half up to 0.1.

    >>> rows = compare(["a", "b"], {"a": 10, "b": 40}, [Heard("a", True)] * 30 + [Heard("b", True)] * 12)
    >>> times(rows, "a", "b")
    10.0
    """
    by_name = {row.channel: row for row in rows}
    first, second = by_name.get(one), by_name.get(other)
    if first is None or second is None or not first.contacts or not second.problems:
        return None
    above, below = first.problems * second.contacts, first.contacts * second.problems
    return (20 * above + below) // (2 * below) / 10
