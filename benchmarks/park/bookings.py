"""Instruments open on working days, and two years of bookings with use, charge and payment; a month lies ahead."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from app.hall import clock
from app.sharing.bookings.models import Booking
from app.sharing.calendar.models import OccupiedSlot, OpeningRule
from app.sharing.calendar.park_time import interval
from app.sharing.calendar.rules import slots_of
from app.sharing.catalogue.models import Resource, ResourceUnit, ResourceWord
from app.sharing.catalogue.tokens import words_of
from app.sharing.use.models import Payment, Settlement, Usage
from benchmarks.park.rows import PORTION, Firm, Size, dice_for, drawn, next_id, write

NAMES = ("光谱仪", "显微镜", "试验箱", "充放电柜", "加工中心", "色谱仪", "离心机", "天平")
TERMS = {
    "base": 10_000,
    "rates": [],
    "group": "enterprise",
    "billing": "booked",
    "late_cancel_hours": 24,
    "late_cancel_ratio": 0.5,
    "no_show_ratio": 1,
}
HOURS = (9, 11, 13, 15)  # two hours each: four a day
DAYS_BACK, DAYS_AHEAD = 720, 28
FEN = 20_000


def write_instruments(size: Size, firms: list[Firm]) -> list[tuple[int, int, Firm]]:
    """Instruments as (resource, unit, owner)."""
    dice, now = dice_for("instruments"), clock.now()
    first, unit = next_id(Resource), next_id(ResourceUnit)
    found = [(first + n, unit + n, drawn(dice, firms)) for n in range(size.instruments)]
    named = {number: f"{NAMES[number % 8]} B-{number}" for number, _unit, _owner in found}
    write(
        Resource,
        (
            {
                "id": number,
                "kind": "equipment",
                "owner_id": owner.id,
                "name": named[number],
                "category": f"类别{number % 20}",
                "building": f"{number % 9 + 1}号楼",
                "description": "园区共享设备",
                "price_fen_per_hour": 10_000,
                "value_fen": 60_000_000,
                "created_at": now - dt.timedelta(days=DAYS_BACK),
                "updated_at": now,
            }
            for number, _unit, owner in found
        ),
    )
    write(
        ResourceUnit,
        ({"id": unit, "resource_id": number, "label": "1", "active": True} for number, unit, _owner in found),
    )
    write(
        OpeningRule,
        (
            {"resource_id": number, "weekday": day, "opens_minute": 480, "closes_minute": 1200}
            for number, _unit, _owner in found
            for day in range(1, 6)
        ),
    )
    words = (
        {"resource_id": number, "word": word, "weight": 1}
        for number, _unit, _owner in found
        for word in sorted(words_of(f"{named[number]} 类别{number % 20} 园区共享设备"))
    )
    write(ResourceWord, words)
    return found


def write_bookings(size: Size, firms: list[Firm], instruments: list[tuple[int, int, Firm]]) -> range:
    """Every row that a booking leaves behind; answers the numbers of the bookings."""
    first, payment = next_id(Booking), next_id(Payment)
    dice, portion = dice_for("bookings"), []
    number = first
    for row in _rows(size, firms, instruments, dice, first):
        number = row["id"]
        portion.append(row)
        if len(portion) == PORTION:
            payment = _write_portion(portion, payment)
            portion = []
    _write_portion(portion, payment)
    return range(first, number + 1)


def _rows(
    size: Size, firms: list[Firm], instruments: list[tuple[int, int, Firm]], dice: random.Random, first: int
) -> Iterator[dict[str, Any]]:
    """Bookings in the order of their time: every instrument's free places are taken evenly over the two years."""
    now, days = clock.now(), DAYS_BACK + DAYS_AHEAD
    each = size.bookings // len(instruments)
    for n in range(each * len(instruments)):
        turn, which = divmod(n, len(instruments))
        resource, unit, owner = instruments[which]
        day, hour = divmod(turn * days * len(HOURS) // each, len(HOURS))
        begins = clock.at(clock.today() + dt.timedelta(days=day - DAYS_BACK), HOURS[hour])
        ends = begins + dt.timedelta(hours=2)
        firm, past = drawn(dice, firms), ends < now
        own = firm.id == owner.id
        yield {
            "id": first + n,
            "resource_id": resource,
            "unit_id": unit,
            "organisation_id": firm.id,
            "member_id": firm.member,
            "state": _state(dice) if past else "confirmed",
            "start_at": begins,
            "end_at": ends,
            "hold_start_at": begins,
            "hold_end_at": ends,
            "own_use": own,
            "price_fen": 0 if own else FEN,
            "terms": TERMS,
            "ended_at": ends if past else None,
            "created_at": min(begins - dt.timedelta(days=3), now),
            "ended_by": "",
            "purpose": "例行检测",
            "source": "direct",
        }


def _state(dice: random.Random) -> str:
    fate = dice.random()
    return "settled" if fate < 0.9 else "cancelled" if fate < 0.97 else "no_show"


def _write_portion(rows: list[dict[str, Any]], payment: int) -> int:
    """The bookings of a portion with all that hangs on them; answers the next number of a payment."""
    if not rows:
        return payment
    write(Booking, rows)
    ahead = [row for row in rows if row["state"] == "confirmed"]
    used = [row for row in rows if row["state"] == "settled"]
    write(
        OccupiedSlot,
        (
            {"unit_id": row["unit_id"], "slot": slot, "booking_id": row["id"]}
            for row in ahead
            for slot in slots_of(interval(row["start_at"], row["end_at"]))
        ),
    )
    write(
        Usage,
        (
            {
                "resource_id": row["resource_id"],
                "booking_id": row["id"],
                "organisation_id": row["organisation_id"],
                "own_use": row["own_use"],
                "start_at": row["start_at"],
                "end_at": row["end_at"],
                "recorded_at": row["end_at"],
            }
            for row in used
        ),
    )
    write(
        Settlement,
        (
            {
                "booking_id": row["id"],
                "version": 1,
                "rule": "booked",
                "charged_minutes": 120,
                "amount_fen": row["price_fen"],
                "change_fen": row["price_fen"],
                "made_at": row["end_at"],
            }
            for row in used
        ),
    )
    charged = [row for row in used if not row["own_use"]]
    recent = clock.now() - dt.timedelta(days=20)
    write(
        Payment,
        (
            {
                "id": payment + n,
                "booking_id": row["id"],
                "amount_fen": FEN,
                "cash_fen": FEN,
                "made_at": row["end_at"],
                "due_on": clock.day_of(row["end_at"]) + dt.timedelta(days=30),
                "reference": "",
                "received_at": row["end_at"] + dt.timedelta(days=15) if row["end_at"] < recent else None,
            }
            for n, row in enumerate(charged)
        ),
    )
    return payment + len(charged)
