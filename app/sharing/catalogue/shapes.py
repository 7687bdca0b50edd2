"""What the calls of catalogue answer, field by field."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

from app.hall.api.shapes import DayText
from app.sharing.calendar.shapes import FreeTime


class ResourceCard(TypedDict):
    id: int
    kind: str
    name: str
    model: str
    category: str
    owner: str
    building: str
    place: str
    status: str
    price_fen_per_hour: int
    approval: str
    free: NotRequired[list[FreeTime]]


_OpenDayWords = TypedDict("_OpenDayWords", {"from": str})


class OpenDay(_OpenDayWords):
    weekday: int
    to: str


class ResourceUnit(TypedDict):
    id: int
    label: str
    active: bool


class Resource(ResourceCard):
    description: str
    accessories: str
    specifications: dict[str, Any]
    opening: list[OpenDay]
    units: list[ResourceUnit]
    step_minutes: int
    min_minutes: int
    max_minutes: int
    buffer_before_minutes: int
    buffer_minutes: int
    lead_minutes: int
    horizon_days: int | None
    value_fen: int | None
    quota_minutes_per_week: int | None
    late_cancel_hours: int | None
    late_cancel_ratio: float | None
    no_show_ratio: float | None
    billing: str | None
    external_from: DayText | None
    open_on_holidays: bool
    qualification: int | None


class Rate(TypedDict):
    id: int
    resource: int
    price_fen_per_hour: int
    group: str | None
    weekdays: list[int]
    from_minute: int
    to_minute: int


class Unit(TypedDict):
    id: int
    resource: int
    label: str
    active: bool


class ExceptionDropped(TypedDict):
    id: int
    resource: int


class RateDropped(TypedDict):
    id: int
    resource: int


_OpenHoursWords = TypedDict("_OpenHoursWords", {"from": str})


class OpenHours(_OpenHoursWords):
    to: str


class OpeningException(TypedDict):
    id: int
    resource: int
    day: DayText
    hours: list[OpenHours]
    reason: str
