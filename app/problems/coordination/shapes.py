"""What the calls of coordination answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict


class ProposedBefore(TypedDict):
    complaints: int
    firm_months: int


class ProposedAfter(TypedDict):
    complaints: int
    firm_months: int


class InitiativeProposed(TypedDict):
    initiative: int
    before: ProposedBefore
    after: ProposedAfter
    p: float | None
