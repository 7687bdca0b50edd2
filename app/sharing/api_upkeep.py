"""The API of upkeep, as the pages can do it: special days, prices and units of an instrument."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from app import clock
from app.api import ApiModel, Day, PartQuery, idempotent, listed_part
from app.sharing import service
from app.sharing.api_blueprint import api
from app.sharing.api_bodies import Fen, Id, ResourcePath
from app.sharing.calendar import DAY, clock_text, opening_hours
from app.sharing.models import OpeningException, Rate, ResourceUnit
from app.sharing.service import showing, upkeep
from app.web import current_actor, signed_in


class Hours(ApiModel):
    from_: str = Field(alias="from", max_length=5)
    to: str = Field(max_length=5)


class ExceptionBody(ApiModel):
    """Other hours on one day; no hours at all: closed."""

    day: Day
    hours: list[Hours] = Field(default_factory=list, max_length=10)
    reason: str = Field("", max_length=200)


class RateBody(ApiModel):
    """Without a group for everybody, without weekdays every day."""

    price_fen_per_hour: Fen
    group: Literal["university", "small", "enterprise"] | None = None
    weekdays: list[Annotated[int, Field(ge=1, le=7)]] = Field(default_factory=list, max_length=7)
    from_minute: int = Field(0, ge=0, le=DAY - 1)
    to_minute: int = Field(DAY, ge=1, le=DAY)


class UnitBody(ApiModel):
    label: str = Field(min_length=1, max_length=60)


class UnitActiveBody(ApiModel):
    active: bool


class ExceptionPath(ApiModel):
    exception_id: Id


class RatePath(ApiModel):
    rate_id: Id


class UnitPath(ApiModel):
    unit_id: Id


def _exception_out(row: OpeningException) -> dict[str, Any]:
    hours = [{"from": clock_text(int(opens)), "to": clock_text(int(closes))} for opens, closes in row.hours]
    return {"id": row.id, "resource": row.resource_id, "day": row.on_day.isoformat(), "hours": hours,
            "reason": row.reason}  # fmt: skip


def _rate_out(row: Rate) -> dict[str, Any]:
    return {
        "id": row.id,
        "resource": row.resource_id,
        "price_fen_per_hour": row.price_fen_per_hour,
        "group": row.member_group,
        "weekdays": row.weekdays,
        "from_minute": row.opens_minute,
        "to_minute": row.closes_minute,
    }


def _unit_out(row: ResourceUnit) -> dict[str, Any]:
    return {"id": row.id, "resource": row.resource_id, "label": row.label, "active": row.active}


@api.get("/resources/<int:resource_id>/exceptions")
@signed_in
def list_exceptions(path: ResourcePath, query: PartQuery) -> Any:
    """The special days that lie ahead."""
    row = service.get_resource(path.resource_id)
    rows = service.list_exceptions(row.id, clock.today())
    return listed_part([_exception_out(one) for one in rows], query)


@api.post("/resources/<int:resource_id>/exceptions")
@signed_in
@idempotent
def set_exception(path: ResourcePath, body: ExceptionBody) -> Any:
    """Say other hours for one day, or closed; it replaces what was said for that day before."""
    weekday = body.day.isoweekday()
    hours = [opening_hours(weekday, one.from_, one.to) for one in body.hours]
    row = service.set_exception(
        current_actor(), path.resource_id, body.day, [(one.opens, one.closes) for one in hours], body.reason
    )
    return _exception_out(row), 201


@api.post("/exceptions/<int:exception_id>/drop")
@signed_in
@idempotent
def drop_exception(path: ExceptionPath) -> Any:
    """Back to the usual hours."""
    return {"id": path.exception_id, "resource": service.drop_exception(current_actor(), path.exception_id)}


@api.get("/resources/<int:resource_id>/rates")
@signed_in
def list_rates(path: ResourcePath, query: PartQuery) -> Any:
    """The special prices; where none applies the price of the resource holds."""
    rows = upkeep.rates_of(service.get_resource(path.resource_id).id)
    return listed_part([_rate_out(one) for one in rows], query)


@api.post("/resources/<int:resource_id>/rates")
@signed_in
@idempotent
def add_rate(path: ResourcePath, body: RateBody) -> Any:
    """One more special price; bookings that stand keep the prices they were made under."""
    rate = service.NewRate(
        body.price_fen_per_hour, body.group, tuple(body.weekdays), body.from_minute, body.to_minute
    )
    return _rate_out(upkeep.add_rate(current_actor(), path.resource_id, rate)), 201


@api.post("/rates/<int:rate_id>/drop")
@signed_in
@idempotent
def drop_rate(path: RatePath) -> Any:
    """A special price goes."""
    return {"id": path.rate_id, "resource": upkeep.drop_rate(current_actor(), path.rate_id)}


@api.post("/resources/<int:resource_id>/units")
@signed_in
@idempotent
def add_unit(path: ResourcePath, body: UnitBody) -> Any:
    """One more of the same kind; who waits is offered the time it brings."""
    return _unit_out(upkeep.add_unit(current_actor(), path.resource_id, body.label)), 201


@api.post("/units/<int:unit_id>/active")
@signed_in
@idempotent
def set_unit_active(path: UnitPath, body: UnitActiveBody) -> Any:
    """Take a unit out of service for good, or bring it back; never under a booking, never the last one."""
    resource_id = upkeep.set_unit_active(current_actor(), path.unit_id, body.active)
    return next(_unit_out(row) for row in showing.units_of(resource_id) if row.id == path.unit_id)
