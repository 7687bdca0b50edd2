"""The one door to the calendar: every path that takes or frees time of a unit goes through here.

`occupied_slot` has one row per unit and five minutes; its primary key makes a second taker fail, on SQLite and on
PostgreSQL alike, even if every check above it were wrong.
"""

from __future__ import annotations

import sqlalchemy as sa

from app.hall.db.base import db
from app.sharing.calendar.models import OccupiedSlot
from app.sharing.calendar.rules import Interval, slots_of

# One statement for all slots of a booking. What somebody else holds is left out instead of breaking the transaction;
# the count tells. The same words on SQLite and PostgreSQL.
_TAKE = sa.text(
    "INSERT INTO occupied_slot (unit_id, slot, booking_id)"
    " WITH RECURSIVE wanted (slot) AS ("
    "SELECT CAST(:first AS BIGINT) UNION ALL SELECT slot + 1 FROM wanted WHERE slot < :last)"
    " SELECT CAST(:unit AS BIGINT), slot, CAST(:booking AS BIGINT) FROM wanted WHERE true"
    " ON CONFLICT DO NOTHING"
)


def take(unit_id: int, booking_id: int, held: Interval) -> bool:
    """Occupy all that a booking holds; False when somebody was faster with a part of it.

    What was free of it is then occupied all the same: the caller's refusal takes that back with the transaction.
    """
    slots = slots_of(held)
    made = db.session.execute(
        _TAKE, {"first": slots[0], "last": slots[-1], "unit": unit_id, "booking": booking_id}
    )
    return made.rowcount == len(slots)  # type: ignore[attr-defined]


def free(booking_id: int) -> None:
    db.session.execute(sa.delete(OccupiedSlot).where(OccupiedSlot.booking_id == booking_id))
