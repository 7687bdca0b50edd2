"""What the calls of park terms answer, field by field."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from app.hall.api.shapes import DayText, MinuteText


class HolidayDropped(TypedDict):
    day: DayText
    dropped: bool


class SuspensionLifted(TypedDict):
    id: int
    lifted: bool


class Holiday(TypedDict):
    day: DayText
    name: str


class HolidaySet(TypedDict):
    """One closed day, or with `until` so many days in a row."""

    day: DayText
    name: str
    until: NotRequired[DayText]
    days: NotRequired[int]


class NoticeTakenOver(TypedDict):
    closed: int
    open: int


class SharingTerms(TypedDict):
    credit_share_ratio: float
    credit_value_fen: int
    no_show_limit: int
    suspension_days: int
    offer_minutes: int
    no_show_grace_minutes: int
    dispute_days: int
    payment_days: int
    absent_minutes: int


class Suspension(TypedDict):
    id: int
    enterprise: str
    login: str
    until: MinuteText
    reason: str
