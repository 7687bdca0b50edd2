"""What is owed, as plain values for pages and API."""

from __future__ import annotations

from app.sharing.calendar.park_time import iso, moment_of
from app.sharing.use import shapes
from app.sharing.use.models import Settlement


def settlement_out(row: Settlement | None) -> shapes.BookingSettlement | None:
    if row is None:
        return None
    return {
        "charged_minutes": row.charged_minutes,
        "amount_fen": row.amount_fen,
        "rule": row.rule,
        "ratio": row.ratio,
        "version": row.version,
        "lines": [
            {"start": iso(moment_of(a)), "end": iso(moment_of(b)), "price_fen_per_hour": p}
            for a, b, p in row.lines
        ],
    }
