"""What the calls of use answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.hall.api.shapes import DayText, MinuteText


class SettledLine(TypedDict):
    start: MinuteText
    end: MinuteText
    price_fen_per_hour: int


class BookingSettlement(TypedDict):
    charged_minutes: int
    amount_fen: int
    rule: str
    ratio: float
    version: int
    lines: list[SettledLine]


class OwnUse(TypedDict):
    id: int
    start: MinuteText
    end: MinuteText


class Payment(TypedDict):
    id: int
    booking: int
    amount_fen: int
    voucher_fen: int
    credits_fen: int
    cash_fen: int
    due_on: DayText | None
    received_at: MinuteText | None
    reference: str | None


class PaymentsReceived(TypedDict):
    items: list[Payment]
