"""What the calls about bookings answer, for the OpenAPI file and the clients made from it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel, ConfigDict


class BookingSettlement(BaseModel):
    model_config = ConfigDict(extra="allow")

    charged_minutes: int
    amount_fen: int
    rule: str


class Booking(BaseModel):
    """A booking as this reader may see it: without its holder for everybody else."""

    model_config = ConfigDict(extra="allow")

    id: int
    resource: int
    resource_name: str
    unit: int | None
    state: str
    start: dt.datetime
    end: dt.datetime
    enterprise: str = ""
    purpose: str = ""
    price_fen: int | None = None
    own_use: bool = False
    answer_until: dt.datetime | None = None
    replaces: int | None = None
    series: int | None = None
    ended_by: str | None = None
    reason: str | None = None
    late: bool = False
    alternatives: list[dict[str, Any]] | None = None
    settlement: BookingSettlement | None = None


class WaitlistEntry(BaseModel):
    model_config = ConfigDict(extra="allow")

    id: int
    resource: int
    start: dt.datetime
    end: dt.datetime
    minutes: int
    state: str
    position: int | None
    booking: int | None
    offer_until: dt.datetime | None


ANSWERS: dict[str, type[BaseModel]] = {"booking_out": Booking, "waitlist_out": WaitlistEntry}
