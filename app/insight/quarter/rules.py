"""Quarters, and what an instrument's quarter is: effective hours, hours for others, share, yield."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

_QUARTER = re.compile(r"(20[0-9]{2}|21[0-9]{2})-?Q([1-4])")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a calendar year."""

    year: int
    number: int

    @property
    def text(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def first(self) -> dt.date:
        return dt.date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> dt.date:
        return self.after.first - dt.timedelta(days=1)

    @property
    def before(self) -> Quarter:
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)

    @property
    def after(self) -> Quarter:
        return Quarter(self.year + (self.number == 4), self.number % 4 + 1)


def quarter_of(day: dt.date) -> Quarter:
    """
    >>> quarter_of(dt.date(2026, 11, 29)).text, quarter_of(dt.date(2026, 1, 1)).before.text
    ('2026-Q4', '2025-Q4')
    """
    return Quarter(day.year, (day.month + 2) // 3)


def read_quarter(text: str) -> Quarter | None:
    """A quarter as addresses carry it; nothing for what is none.

    >>> read_quarter("2026-Q3"), read_quarter("2026-Q5")
    (Quarter(year=2026, number=3), None)
    """
    found = _QUARTER.fullmatch(text)
    return Quarter(int(found[1]), int(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class Line:
    """One instrument, or many: minutes it could be used, worked, and worked for others; what others paid; what it cost.

    `valued_fen` is the income of the instruments whose cost is known: the others neither earn nor cost in the yield.
    """

    name: str = ""
    owner: str = ""
    model: str = ""
    category: str = ""
    url: str = ""
    bookable: int = 0
    own: int = 0
    served: int = 0
    income_fen: int = 0
    value_fen: int | None = None
    valued_fen: int = 0
    instruments: int = 1
    valued: int = field(default=0)

    @property
    def effective(self) -> int:
        """有效机时: minutes it worked, for its owner or for others."""
        return self.own + self.served

    @property
    def used(self) -> Fraction | None:
        """What it worked of what it could."""
        return Fraction(self.effective, self.bookable) if self.bookable else None

    @property
    def share(self) -> Fraction | None:
        """共享率: hours for others of the hours it worked."""
        return Fraction(self.served, self.effective) if self.effective else None

    @property
    def yields(self) -> Fraction | None:
        """收益率: what others paid of what it cost; unknown while the cost is unknown.

        >>> Line(income_fen=500, valued_fen=500, value_fen=20_000).yields, Line(income_fen=500).yields
        (Fraction(1, 40), None)
        """
        return Fraction(self.valued_fen, self.value_fen) if self.value_fen else None


def total(lines: Iterable[Line], name: str = "", category: str = "") -> Line:
    """Lines added up; the rates are those of the sums.

    >>> both = total([Line(own=60, served=60, bookable=600), Line(served=120, bookable=600)])
    >>> both.effective, both.share, both.used, both.instruments
    (240, Fraction(3, 4), Fraction(1, 5), 2)
    """
    rows = list(lines)
    values = [one.value_fen for one in rows if one.value_fen is not None]
    return Line(
        name=name,
        category=category,
        bookable=sum(one.bookable for one in rows),
        own=sum(one.own for one in rows),
        served=sum(one.served for one in rows),
        income_fen=sum(one.income_fen for one in rows),
        value_fen=sum(values) if values else None,
        valued_fen=sum(one.valued_fen for one in rows),
        instruments=sum(one.instruments for one in rows),
        valued=sum(one.valued for one in rows),
    )
