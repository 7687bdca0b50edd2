"""The words of the optimiser: what is asked, what there is, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FORMAT = "parklink-schedule/1"

Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Instrument:
    """Something that serves one request at a time; intervals are half open, in slots."""

    id: str
    open: tuple[Interval, ...]
    busy: tuple[Interval, ...] = ()
    price_fen_per_slot: int = 0
    efficiency: float = 1.0
    buffer_slots: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """A flexible wish: so many slots, inside one of the windows, on any of the eligible instruments."""

    id: str
    enterprise: str
    duration_slots: int
    windows: tuple[Interval, ...]
    eligible: tuple[str, ...]
    priority: int = 1
    preferred_slot: int | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """An enterprise gets at most so many `slots` of these instruments (None: all) between two slots, half open."""

    enterprise: str
    instruments: tuple[str, ...] | None
    from_slot: int
    to_slot: int
    slots: int


@dataclass(frozen=True, slots=True)
class Instance:
    """Everything a planning round knows."""

    slot_minutes: int
    slots: int
    instruments: tuple[Instrument, ...]
    requests: tuple[Request, ...]
    max_slots_per_enterprise: int | None = None
    quotas: tuple[Quota, ...] = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """A request's place: `slots` slots from `start_slot` on `instrument` (the buffer comes after)."""

    request: str
    instrument: str
    start_slot: int
    slots: int


@dataclass(frozen=True, slots=True)
class Rejection:
    """A request without a place; each reason is a code with its parameters."""

    request: str
    reasons: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """An answer: every request is either assigned or rejected; `bound` is proven."""

    status: str
    value: int
    bound: int
    seconds: float
    assignments: tuple[Assignment, ...]
    rejected: tuple[Rejection, ...]
    notes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def gap_ratio(self) -> float:
        """Share of the bound that is not reached: (bound − value) / bound, 0 where the bound is 0.

        >>> Plan("feasible", 95, 100, 0.1, (), ()).gap_ratio
        0.05
        """
        return max(0, self.bound - self.value) / self.bound if self.bound > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Progress:
    """What the solver knows so far; `done_ratio` is the share of the allowed time that is used."""

    phase: str
    value: int
    bound: int | None
    seconds: float
    done_ratio: float

    @property
    def gap_ratio(self) -> float | None:
        """Share of the bound that is not reached yet, None while there is no bound."""
        if self.bound is None:
            return None
        return max(0, self.bound - self.value) / self.bound if self.bound > 0 else 0.0
