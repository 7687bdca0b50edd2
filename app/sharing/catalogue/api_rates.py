"""The API of upkeep, as the pages can do it: special days, prices and units of an instrument."""

from __future__ import annotations

from app.hall import clock
from app.hall.api.blueprint import listed_part
from app.hall.api.fields import PartQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.web.guards import current_actor, signed_in
from app.sharing.calendar.models import OpeningException
from app.sharing.calendar.rules import clock_text, opening_hours
from app.sharing.catalogue import opening, rates, shapes, units
from app.sharing.catalogue import records as resource_records
from app.sharing.catalogue import service as catalogue
from app.sharing.catalogue.models import Rate, ResourceUnit
from app.sharing.catalogue.schemas import ResourcePath
from app.sharing.catalogue.schemas_rates import (
    ExceptionBody,
    ExceptionPath,
    RateBody,
    RatePath,
    UnitActiveBody,
    UnitBody,
    UnitPath,
)
from app.sharing.pages import api


def _exception_out(row: OpeningException) -> shapes.OpeningException:
    hours: list[shapes.OpenHours] = [
        {"from": clock_text(int(opens)), "to": clock_text(int(closes))} for opens, closes in row.hours
    ]
    return {
        "id": row.id,
        "resource": row.resource_id,
        "day": row.on_day.isoformat(),
        "hours": hours,
        "reason": row.reason,
    }


def _rate_out(row: Rate) -> shapes.Rate:
    return {
        "id": row.id,
        "resource": row.resource_id,
        "price_fen_per_hour": row.price_fen_per_hour,
        "group": row.member_group,
        "weekdays": row.weekdays,
        "from_minute": row.opens_minute,
        "to_minute": row.closes_minute,
    }


def _unit_out(row: ResourceUnit) -> shapes.Unit:
    return {"id": row.id, "resource": row.resource_id, "label": row.label, "active": row.active}


@api.get("/resources/<int:resource_id>/exceptions")
@signed_in
def list_exceptions(path: ResourcePath, query: PartQuery) -> Listed[shapes.OpeningException]:
    """The special days that lie ahead."""
    row = resource_records.get_resource(path.resource_id)
    rows = opening.list_exceptions(row.id, clock.today())
    return listed_part([_exception_out(one) for one in rows], query)


@api.post("/resources/<int:resource_id>/exceptions")
@signed_in
@idempotent
def set_exception(path: ResourcePath, body: ExceptionBody) -> tuple[shapes.OpeningException, int]:
    """Say other hours for one day, or closed; it replaces what was said for that day before."""
    weekday = body.day.isoweekday()
    hours = [opening_hours(weekday, one.from_, one.to) for one in body.hours]
    row = opening.set_exception(
        current_actor(), path.resource_id, body.day, [(one.opens, one.closes) for one in hours], body.reason
    )
    return _exception_out(row), 201


@api.post("/exceptions/<int:exception_id>/drop")
@signed_in
@idempotent
def drop_exception(path: ExceptionPath) -> shapes.ExceptionDropped:
    """Back to the usual hours."""
    return {"id": path.exception_id, "resource": opening.drop_exception(current_actor(), path.exception_id)}


@api.get("/resources/<int:resource_id>/rates")
@signed_in
def list_rates(path: ResourcePath, query: PartQuery) -> Listed[shapes.Rate]:
    """The special prices; where none applies the price of the resource holds."""
    rows = rates.rates_of(resource_records.get_found(current_actor(), path.resource_id).id)
    return listed_part([_rate_out(one) for one in rows], query)


@api.post("/resources/<int:resource_id>/rates")
@signed_in
@idempotent
def add_rate(path: ResourcePath, body: RateBody) -> tuple[shapes.Rate, int]:
    """One more special price; bookings that stand keep the prices they were made under."""
    rate = catalogue.NewRate(
        body.price_fen_per_hour, body.group, tuple(body.weekdays), body.from_minute, body.to_minute
    )
    return _rate_out(rates.add_rate(current_actor(), path.resource_id, rate)), 201


@api.post("/rates/<int:rate_id>/drop")
@signed_in
@idempotent
def drop_rate(path: RatePath) -> shapes.RateDropped:
    """A special price goes."""
    return {"id": path.rate_id, "resource": rates.drop_rate(current_actor(), path.rate_id)}


@api.post("/resources/<int:resource_id>/units")
@signed_in
@idempotent
def add_unit(path: ResourcePath, body: UnitBody) -> tuple[shapes.Unit, int]:
    """One more of the same kind; who waits is offered the time it brings."""
    return _unit_out(units.add_unit(current_actor(), path.resource_id, body.label)), 201


@api.post("/units/<int:unit_id>/active")
@signed_in
@idempotent
def set_unit_active(path: UnitPath, body: UnitActiveBody) -> shapes.Unit:
    """Take a unit out of service for good, or bring it back; never under a booking, never the last one."""
    resource_id = units.set_unit_active(current_actor(), path.unit_id, body.active)
    return next(_unit_out(row) for row in resource_records.units_of(resource_id) if row.id == path.unit_id)
