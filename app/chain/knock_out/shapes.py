"""What the calls of knock out answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict


class StoppedFirm(TypedDict):
    enterprise: str
    name: str
    depth: int
    segment: str
    path: list[str]


class KnockOut(TypedDict):
    enterprise: str
    name: str
    stopped: int
    halted_output_wan: float
    depth: int


class FirmKnockOut(TypedDict):
    enterprise: str
    stopped: int
    halted_output_wan: float
    depth: int
    firms: list[StoppedFirm]
