"""What the calls of upkeep answer, field by field."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from app.hall.api.shapes import DayText


class Machine(TypedDict):
    id: int
    code: str
    name: str
    model: str
    serial: str
    place: str
    state: str
    resource: int | None
    overhauled_on: DayText | None


class Meter(TypedDict):
    """A meter of hours, or a gauge with its condition."""

    id: int
    code: str
    name: str
    unit: str
    kind: str
    limit: NotRequired[float | None]
    state: NotRequired[str]
    median: NotRequired[float | None]
    spread: NotRequired[float | None]
    days_to_limit: NotRequired[int | None]


class MachineDue(TypedDict):
    machine: int
    machine_name: str
    plan: int
    name: str
    due_on: DayText | None
    by: str | None
    warn_on: DayText | None
    used_hours: float | None
    last_28_days_hours: float | None
    blocking: bool
    work_order: int | None


class ReadingRefused(TypedDict):
    line: int
    code: str
    message: str


class ReadingsTaken(TypedDict):
    accepted: int
    refused: list[ReadingRefused]


class WorkOrder(TypedDict):
    id: int
    machine: int
    plan: int | None
    occurrence: int | None
    title: str
    cause: str
    state: str
    due_on: DayText
    planned_on: DayText | None
    checklist: list[str]
    ticked: list[str]
    sign_off: bool
    signer: int | None
    reported: bool
    done_on: DayText | None
    reason: str | None


class WholeMachine(Machine):
    meters: list[Meter]


class MachineProposal(TypedDict):
    """A machine that was seen in a firm's workshop and waits for the firm's word."""

    id: int
    name: str
    source: str


class ProposalDecided(TypedDict):
    id: int
    state: str
    machine: int | None
