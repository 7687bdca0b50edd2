"""What the calls of committee answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.hall.api.shapes import DayText


class Seat(TypedDict):
    id: int
    organisation: str
    kind: str


class ProposedItem(TypedDict):
    kind: str
    title: str
    note: str


class Committee(TypedDict):
    name: str
    founded_on: DayText
    quorum_percent: int
    seats: list[Seat]
    missing_kinds: list[str]
    overdue_months: list[str]
    proposed: list[ProposedItem]


class SeatGiven(TypedDict):
    id: int
    organisation: str
    kind: str


class FirmsLabelled(TypedDict):
    label: str
    enterprises: list[str]
