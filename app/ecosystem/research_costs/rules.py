"""What a firm saved of its research costs, and the mean of those who say so: unknown is left out, few are hidden."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.hall.errors import Reason

FEWEST = 5
"""A mean of fewer firms tells what single ones said."""
LARGEST_FEN = 10**14
FIRST_YEAR = 2000
SAVED = ("sharing", "licences", "credits")


@dataclass(frozen=True)
class Said:
    """One firm's word on one year, in fen; None is not said, which is not zero."""

    base_year: int
    base_fen: int
    actual_fen: int
    sharing_fen: int | None = None
    licences_fen: int | None = None
    credits_fen: int | None = None

    @property
    def saved_fen(self) -> int | None:
        """The sum of what was said; None where nothing was.

        >>> Said(2024, 100, 80, sharing_fen=12).saved_fen, Said(2024, 100, 80).saved_fen
        (12, None)
        """
        known = [fen for fen in (self.sharing_fen, self.licences_fen, self.credits_fen) if fen is not None]
        return sum(known) if known else None

    @property
    def saved_ratio(self) -> Fraction | None:
        """Saved ÷ what the same research would have cost: actual and saved together.

        >>> Said(2024, 1000, 600, sharing_fen=150, credits_fen=50).saved_ratio
        Fraction(1, 4)
        """
        saved = self.saved_fen
        whole = self.actual_fen + (saved or 0)
        return Fraction(saved, whole) if saved is not None and whole else None

    @property
    def change_ratio(self) -> Fraction | None:
        """(Actual − baseline) ÷ baseline: negative where research costs less than before; no baseline, no ratio.

        >>> Said(2024, 1000, 600).change_ratio, Said(2024, 0, 600).change_ratio
        (Fraction(-2, 5), None)
        """
        return Fraction(self.actual_fen - self.base_fen, self.base_fen) if self.base_fen else None


@dataclass(frozen=True)
class Mean:
    """A mean with the number of firms behind it; no value where they are too few."""

    n: int
    value: Fraction | None


def mean(values: Iterable[Fraction | int | None]) -> Mean:
    """The mean of the values that are known, hidden below `FEWEST` of them.

    >>> mean([1, 2, 3, 4, None]), mean([1, 2, 3, 4, 10, None])
    (Mean(n=4, value=None), Mean(n=5, value=Fraction(4, 1)))
    """
    known = [Fraction(value) for value in values if value is not None]
    return Mean(len(known), sum(known, Fraction(0)) / len(known) if len(known) >= FEWEST else None)


def means(rows: Sequence[Said]) -> dict[str, Mean]:
    """Every column's own mean with its own n: who did not say one thing still counts in the others."""
    return {
        "base": mean(row.base_fen for row in rows),
        "actual": mean(row.actual_fen for row in rows),
        "sharing": mean(row.sharing_fen for row in rows),
        "licences": mean(row.licences_fen for row in rows),
        "credits": mean(row.credits_fen for row in rows),
        "saved": mean(row.saved_fen for row in rows),
        "saved_ratio": mean(row.saved_ratio for row in rows),
        "change_ratio": mean(row.change_ratio for row in rows),
    }


def faults(year: int, said: Said, this_year: int) -> list[Reason]:
    """Everything that cannot be, each at its field.

    >>> [one.params["at"] for one in faults(2031, Said(2031, -1, 5), 2026)]
    ['year', 'base_year', 'base']
    """
    found = []
    if not FIRST_YEAR <= year <= this_year:
        found.append(Reason("research_year", {"at": "year", "first": FIRST_YEAR, "last": this_year}))
    if not FIRST_YEAR <= said.base_year < min(year, this_year + 1):
        found.append(Reason("research_base_year", {"at": "base_year"}))
    amounts = {"base": said.base_fen, "actual": said.actual_fen}
    amounts |= {name: getattr(said, f"{name}_fen") or 0 for name in SAVED}
    for name, fen in amounts.items():
        if not 0 <= fen <= LARGEST_FEN:
            found.append(Reason("research_amount", {"at": name}))
    return found
