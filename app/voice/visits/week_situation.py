"""What a week is planned from: the visits wanted, the specialists, every place a visit can have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Wish:
    """A visit that wants a day from `first` to `last` (numbers of days, both included)."""

    id: str
    enterprise: str
    building: str
    priority: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Specialist:
    """Who visits: how many visits on which day (a day not named has none), which firms they know or may not visit."""

    id: str
    capacity: Mapping[int, int]
    knows: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Option:
    """One place a visit can have, by positions in the sorted lists of wishes and specialists."""

    wish: int
    day: int
    specialist: int
    known: bool


@dataclass(frozen=True, slots=True)
class Situation:
    """Wishes and specialists by id, and every place each wish can have, in the order ties prefer them."""

    wishes: tuple[Wish, ...]
    specialists: tuple[Specialist, ...]
    options: tuple[Option, ...] = field(default=())

    def capacity(self, slot: tuple[int, int]) -> int:
        """Visits that (specialist, day) can take."""
        return self.specialists[slot[0]].capacity.get(slot[1], 0)
