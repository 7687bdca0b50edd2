"""Every Tuesday 9–11 for eight weeks: says which dates do not fit, and books the rest only if asked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from app import clock
from app.db import db, transaction
from app.errors import Conflict, Invalid, Reason
from app.identity.service import Actor
from app.sharing.models import Booking, BookingSeries
from app.sharing.park_time import iso
from app.sharing.service import access, loading
from app.sharing.service.booking import judge, place, wish_of
from app.sharing.service.wording import worded

MOST = 104


@dataclass(frozen=True)
class Misfit:
    """A date of the series that cannot be booked, and why."""

    start: dt.datetime
    end: dt.datetime
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class SeriesResult:
    series_id: int
    bookings: list[Booking]
    misfits: list[Misfit]


def dates(
    start: dt.datetime, end: dt.datetime, weeks: int, every: int = 1
) -> list[tuple[dt.datetime, dt.datetime]]:
    """The same wall-clock time every so many weeks."""
    step = dt.timedelta(weeks=every)
    return [(start + n * step, end + n * step) for n in range(weeks)]


def book_series(
    actor: Actor,
    resource_id: int,
    start: dt.datetime,
    end: dt.datetime,
    weeks: int,
    purpose: str = "",
    *,
    every: int = 1,
    partly: bool = False,
    use_credits: bool = False,
) -> SeriesResult:
    """Book all dates in one transaction; with misfits nothing, unless `partly` asks for the rest."""
    access.require_writer(actor)
    if not 2 <= weeks <= MOST or not 1 <= every <= 8:
        raise Invalid("series_length", most=MOST)
    with transaction():
        resource = loading.get_resource(resource_id, lock=True)
        series = BookingSeries(
            resource_id=resource.id,
            member_id=actor.member_id,
            pattern={"start": iso(start), "end": iso(end), "weeks": weeks, "every": every},
            created_at=clock.now(),
        )
        db.session.add(series)
        db.session.flush()
        booked: list[Booking] = []
        misfits: list[Misfit] = []
        for first, last in dates(start, end, weeks, every):
            wish = wish_of(first, last)
            verdict = judge(actor, resource, wish).verdict
            if verdict.unit is None:
                misfits.append(Misfit(first, last, tuple(worded(r) for r in verdict.reasons)))
            else:
                booked.append(
                    place(
                        actor,
                        resource,
                        wish,
                        purpose,
                        use_credits=use_credits,
                        series_id=series.id,
                        source="series",
                    )
                )
        if misfits and (not partly or not booked):
            first_reasons = [r for misfit in misfits for r in misfit.reasons]
            raise Conflict(
                "series_misfits",
                first_reasons,
                {"misfits": [misfit_out(m) for m in misfits]},
                count=len(misfits),
                weeks=weeks,
            )
        return SeriesResult(series.id, booked, misfits)


def misfit_out(misfit: Misfit) -> dict[str, Any]:
    from app import language

    return {
        "start": iso(misfit.start),
        "end": iso(misfit.end),
        "reasons": [{"code": r.code, "message": language.message(r.code, r.params)} for r in misfit.reasons],
    }
