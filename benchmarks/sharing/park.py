"""The park that is measured: 24 firms, instruments open round the clock, and with `scale` 200,000 bookings."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import sqlalchemy as sa

from app import create_app
from app.hall import clock
from app.hall.cli import migrate_if_needed
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.identity.actor import SYSTEM
from app.identity.sessions.tokens import token_for_login
from app.sharing.bookings.models import Booking
from app.sharing.calendar.models import OccupiedSlot
from app.sharing.calendar.park_time import interval
from app.sharing.calendar.rules import OpeningHours, slots_of
from app.sharing.catalogue import service as catalogue
from app.sharing.catalogue.models import ResourceUnit
from app.sharing.states import BLOCKING
from tests.factories import Park

FIRMS = 24
PER_INSTRUMENT, AHEAD = 200, 40
NAMES = ("光谱仪", "显微镜", "试验箱", "充放电柜", "加工中心", "色谱仪", "离心机", "天平")
TERMS = {
    "base": 10_000,
    "rates": [],
    "group": "enterprise",
    "billing": "booked",
    "late_cancel_hours": 24,
    "late_cancel_ratio": 0,
    "no_show_ratio": 1,
}


def prepare(instruments: int, scale: bool) -> tuple[list[str], list[int]]:
    """Tokens of the firms' members and ids of the instruments, in the database the environment names."""
    app = create_app()
    with app.app_context():
        migrate_if_needed()
    park = Park(app)
    firms = [park.firm(f"E{n:02d}") for n in range(1, FIRMS + 1)]
    member = park.actor("e01")
    with app.app_context():
        ids = _instruments(firms, instruments)
        if scale:
            _history(member)
        tokens = [token_for_login(f"e{n:02d}") for n in range(1, FIRMS + 1)]
        db.session.remove()
        db.engine.dispose()
    return tokens, ids


def _instruments(firms: list[int], count: int) -> list[int]:
    always = [OpeningHours(day, 0, 1440) for day in range(1, 8)]
    with transaction():
        return [
            catalogue.list_resource(
                SYSTEM,
                "equipment",
                f"{NAMES[n % 8]} {n}",
                owner_id=firms[n % FIRMS],
                opening=always,
                step_minutes=5,
                min_minutes=5,
                category=f"类别{n % 20}",
                building=f"{n % 9}号楼",
                price_fen_per_hour=10_000 + n,
                description="园区共享设备",
            ).id
            for n in range(count)
        ]


def _history(member: Any) -> None:
    """Two hours in every five, per instrument: 160 bookings behind us, 40 ahead."""
    now = clock.now().replace(minute=0, second=0, microsecond=0)
    units = db.session.execute(sa.select(ResourceUnit.resource_id, ResourceUnit.id)).all()
    numbers = itertools.count(1)
    for at in range(0, len(units), 50):
        bookings: list[dict[str, Any]] = []
        slots: list[dict[str, Any]] = []
        for resource_id, unit_id in units[at : at + 50]:
            for n in range(PER_INSTRUMENT):
                begins = now + dt.timedelta(hours=5 * (n - PER_INSTRUMENT + AHEAD) + resource_id % 3)
                ends = begins + dt.timedelta(hours=2)
                ahead = n >= PER_INSTRUMENT - AHEAD
                number = next(numbers)
                bookings.append(
                    {
                        "id": number,
                        "resource_id": resource_id,
                        "unit_id": unit_id,
                        "organisation_id": member.organisation_id,
                        "member_id": member.member_id,
                        "state": "confirmed" if ahead else "settled",
                        "start_at": begins,
                        "end_at": ends,
                        "hold_start_at": begins,
                        "hold_end_at": ends,
                        "price_fen": 20_000,
                        "terms": TERMS,
                        "created_at": now,
                        "source": "direct",
                        "purpose": "",
                        "own_use": False,
                        "use_credits": False,
                        "held_credits": 0,
                        "ended_by": "",
                        "end_reason": "",
                        "late": False,
                        "alternatives": [],
                    }
                )
                if ahead:
                    slots += [
                        {"unit_id": unit_id, "slot": slot, "booking_id": number}
                        for slot in slots_of(interval(begins, ends))
                    ]
        with transaction():
            db.session.execute(sa.insert(Booking), bookings)
            db.session.execute(sa.insert(OccupiedSlot), slots)
    if db.engine.dialect.name == "postgresql":
        with transaction():
            db.session.execute(
                sa.text(
                    "SELECT setval(pg_get_serial_sequence('booking','id'), (SELECT max(id) FROM booking))"
                )
            )
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def overlaps() -> int:
    """Pairs of blocking bookings of one unit that share a moment: what must never exist, counted in the database."""
    one, other = sa.orm.aliased(Booking), sa.orm.aliased(Booking)
    query = (
        sa.select(sa.func.count())
        .select_from(one)
        .join(
            other,
            (other.unit_id == one.unit_id)
            & (other.id > one.id)
            & (other.hold_start_at < one.hold_end_at)
            & (other.hold_end_at > one.hold_start_at),
        )
        .where(one.state.in_(sorted(BLOCKING)), other.state.in_(sorted(BLOCKING)))
    )
    with create_app().app_context():
        return int(db.session.scalar(query) or 0)
