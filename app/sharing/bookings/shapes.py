"""What the calls of bookings answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.hall.api.shapes import MinuteText
from app.sharing.calendar.shapes import FreeTime
from app.sharing.use.shapes import BookingSettlement


class Alternative(TypedDict):
    """An offer that could be booked as it stands."""

    resource: int
    name: str
    start: MinuteText
    end: MinuteText
    price_fen: int
    minutes: int
    shorter: bool


class BookingSlot(TypedDict):
    id: int
    resource: int
    resource_name: str
    unit: int
    state: str
    start: MinuteText
    end: MinuteText


class Booking(BookingSlot, total=False):
    """A booking as this reader may see it: for others than its firm and the owner only the first seven fields."""

    enterprise: str
    purpose: str
    price_fen: int
    own_use: bool
    answer_until: MinuteText | None
    replaces: int | None
    series: int | None
    ended_by: str | None
    reason: str | None
    late: bool
    alternatives: list[Alternative]
    settlement: BookingSettlement | None


class Availability(TypedDict):
    resource: int
    free: list[FreeTime]


class SeriesCancelled(TypedDict):
    items: list[Booking]


class MisfitReason(TypedDict):
    code: str
    message: str


class Misfit(TypedDict):
    start: MinuteText
    end: MinuteText
    reasons: list[MisfitReason]


class BookingSeries(TypedDict):
    id: int
    bookings: list[Booking]
    misfits: list[Misfit]


class SeriesFilled(TypedDict):
    bookings: list[Booking]
    misfits: list[Misfit]


class WaitlistEntry(TypedDict):
    id: int
    resource: int
    start: MinuteText
    end: MinuteText
    minutes: int
    state: str
    position: int | None
    booking: int | None
    offer_until: MinuteText | None


class WaitlistLeft(TypedDict):
    id: int
    state: str


class SeriesMoved(TypedDict):
    items: list[Booking]


class QuoteLine(TypedDict):
    start: MinuteText
    end: MinuteText
    price_fen_per_hour: int


class QuoteReason(TypedDict):
    code: str
    message: str


class Quote(TypedDict):
    resource: int
    name: str
    start: MinuteText
    end: MinuteText
    price_fen: int
    lines: list[QuoteLine]
    bookable: bool
    approval: str
    reasons: list[QuoteReason]
    alternatives: list[Alternative]
