"""The sharing room's API: section 4 of the contract, and a little more."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from app import clock
from app.api import ApiModel, AwareMoment, PageQuery, api_blueprint, idempotent, listed
from app.errors import Invalid
from app.identity import service as identity
from app.sharing import service
from app.sharing.calendar import opening_hours
from app.sharing.service import showing
from app.web import current_actor, signed_in

api = api_blueprint("sharing")

Id = Annotated[int, Field(ge=1, le=2**62)]
Text500 = Annotated[str, Field(max_length=500)]
Fen = Annotated[int, Field(ge=0, le=10**11)]


class ResourcePath(ApiModel):
    resource_id: Id


class BookingPath(ApiModel):
    booking_id: Id


class EntryPath(ApiModel):
    entry_id: Id


class ResourceQuery(PageQuery):
    kind: Literal["", "equipment", "patent", "talent"] = ""
    q: str = Field("", max_length=100)
    category: str = Field("", max_length=100)
    building: str = Field("", max_length=100)
    owner: str = Field("", max_length=20)
    from_: AwareMoment | None = Field(None, alias="from")
    to: AwareMoment | None = None
    hours: float | None = Field(None, gt=0, le=24 * 92)


class SpanQuery(ApiModel):
    from_: AwareMoment = Field(alias="from")
    to: AwareMoment


class Opening(ApiModel):
    weekday: int = Field(ge=1, le=7)
    from_: str = Field(alias="from", max_length=5)
    to: str = Field(max_length=5)


class PatentBody(ApiModel):
    number: str = Field(min_length=1, max_length=60)
    fee_fen: Fen = 0
    fee_basis: Literal["once", "yearly", "per_unit", "share"] = "yearly"
    expires_on: dt.date | None = None
    exclusive: bool = False


class TalentBody(ApiModel):
    person_name: str = Field(min_length=1, max_length=60)
    contact: str = Field("", max_length=200)
    skills: list[Annotated[str, Field(max_length=60)]] = Field(default_factory=list, max_length=30)
    years: int = Field(0, ge=0, le=80)
    days_per_month: int = Field(0, ge=0, le=31)
    fee_fen_per_day: Fen = 0


class ResourceBody(ApiModel):
    """Omitted fields get the defaults of `service.list_resource`."""

    kind: Literal["equipment", "patent", "talent"]
    name: str = Field(min_length=1, max_length=120)
    model: str | None = Field(None, max_length=120)
    category: str | None = Field(None, max_length=60)
    building: str | None = Field(None, max_length=60)
    place: str | None = Field(None, max_length=60)
    description: str | None = Field(None, max_length=4000)
    accessories: str | None = Field(None, max_length=1000)
    specifications: (
        dict[Annotated[str, Field(max_length=60)], Annotated[str, Field(max_length=200)]] | None
    ) = Field(None, max_length=60)
    price_fen_per_hour: Fen | None = None
    opening: list[Opening] | None = Field(None, max_length=70)
    approval: Literal["automatic", "owner"] | None = None
    approval_hours: int | None = Field(None, ge=1, le=720)
    step_minutes: int | None = Field(None, ge=5, le=1440)
    min_minutes: int | None = Field(None, ge=5, le=44_640)
    max_minutes: int | None = Field(None, ge=5, le=44_640)
    buffer_minutes: int | None = Field(None, ge=0, le=1440)
    buffer_before_minutes: int | None = Field(None, ge=0, le=1440)
    lead_minutes: int | None = Field(None, ge=0, le=525_600)
    horizon_days: int | None = Field(None, ge=1, le=3660)
    quota_minutes_per_week: int | None = Field(None, ge=5, le=10_080)
    late_cancel_hours: int | None = Field(None, ge=0, le=8760)
    late_cancel_ratio: float | None = Field(None, ge=0, le=1)
    no_show_ratio: float | None = Field(None, ge=0, le=1)
    billing: Literal["booked", "used", "greater", "union"] | None = None
    external_from: dt.date | None = None
    units: list[Annotated[str, Field(min_length=1, max_length=40)]] | None = Field(
        None, min_length=1, max_length=100
    )
    patent: PatentBody | None = None
    talent: TalentBody | None = None


class OutageBody(ApiModel):
    start: AwareMoment
    end: AwareMoment
    reason: Text500 = ""
    kind: Literal["repair", "maintenance", "calibration", "other"] = "repair"
    unit: Id | None = None


class BookingBody(ApiModel):
    resource: Id
    start: AwareMoment
    end: AwareMoment
    purpose: Text500 = ""
    use_credits: bool = False


class MoveBody(ApiModel):
    start: AwareMoment
    end: AwareMoment
    resource: Id | None = None


class ReasonBody(ApiModel):
    """May be left out altogether: an action without a reason needs no body."""

    reason: Text500 = ""

    @model_validator(mode="before")
    @classmethod
    def may_be_missing(cls, data: Any) -> Any:
        return {} if data is None or data in (b"", "") else data


class UsageBody(ApiModel):
    start: AwareMoment
    end: AwareMoment
    note: Text500 = ""


class DisputeBody(ReasonBody):
    reason: str = Field("", max_length=1000)


class AdjustBody(ApiModel):
    amount_fen: Fen
    reason: str = Field(min_length=1, max_length=500)


class BookingQuery(PageQuery):
    state: str = Field("", max_length=20)
    resource: Id | None = None
    scope: Literal["mine", "owner"] = "mine"


class SeriesBody(BookingBody):
    weeks: int = Field(ge=2, le=104)
    every: int = Field(1, ge=1, le=8)
    partly: bool = False


class LicenceBody(ApiModel):
    resource: Id
    months: int = Field(ge=1, le=240)
    purpose: str = Field(min_length=1, max_length=1000)


class LicencePath(ApiModel):
    licence_id: Id


class PlacementBody(ApiModel):
    resource: Id
    starts_on: dt.date
    ends_on: dt.date
    days: int = Field(ge=1, le=366)
    purpose: str = Field(min_length=1, max_length=1000)


class PlacementPath(ApiModel):
    placement_id: Id


class PlacementStep(PlacementPath):
    step: Literal["agree", "begin", "end"]


class WaitBody(ApiModel):
    resource: Id
    start: AwareMoment
    end: AwareMoment
    minutes: int | None = Field(None, ge=5, le=44_640)
    purpose: Text500 = ""

    @field_validator("minutes")
    @classmethod
    def on_grain(cls, value: int | None) -> int | None:
        if value is not None and value % 5:
            raise ValueError("a multiple of 5 is expected")
        return value


@api.get("/resources")
@signed_in
def list_resources(query: ResourceQuery) -> Any:
    """The catalogue; with from, to and hours only what has that much free time, with the first free intervals."""
    if (query.from_ is None) != (query.to is None):
        raise Invalid("booking_span")
    if query.from_ is not None and query.to is not None and query.to <= query.from_:
        raise Invalid("booking_span")
    owner_id = None
    if query.owner:
        organisation = identity.find_organisation(query.owner)
        owner_id = organisation.id if organisation else 0
    search = service.Search(
        kind=query.kind,
        q=query.q,
        category=query.category,
        building=query.building,
        owner_id=owner_id,
        start=query.from_,
        end=query.to,
        minutes=None if query.hours is None else max(1, round(query.hours * 60)),
    )
    found, total = service.find(search, query.limit, query.offset)
    rows = showing.resources_out([f.resource for f in found])
    if query.from_ is not None:
        rows = [row | {"free": showing.intervals_out(f.free)} for row, f in zip(rows, found, strict=True)]
    return listed(rows, total)


@api.post("/resources")
@signed_in
@idempotent
def create_resource(body: ResourceBody) -> Any:
    """Offer an instrument, patent or expert to the park."""
    given = body.model_dump(exclude_none=True, exclude={"opening", "patent", "talent", "kind", "name"})
    opening = None
    if body.opening is not None:
        opening = [opening_hours(o.weekday, o.from_, o.to) for o in body.opening]
    if "max_minutes" not in given and "min_minutes" in given:
        given["max_minutes"] = max(480, given["min_minutes"])
    row = service.list_resource(
        current_actor(),
        body.kind,
        body.name,
        opening=opening,
        patent=service.NewPatent(**body.patent.model_dump()) if body.patent else None,
        talent=service.NewTalent(**body.talent.model_dump() | {"skills": tuple(body.talent.skills)})
        if body.talent
        else None,
        **_with_fitting_lengths(given),
    )
    return showing.resource_out(row), 201


def _with_fitting_lengths(given: dict[str, Any]) -> dict[str, Any]:
    """Lengths that were not given follow the step that was: the shortest is one step, the longest at least that."""
    step = given.get("step_minutes", 30)
    if "min_minutes" not in given:
        given["min_minutes"] = min(step, given.get("max_minutes", step))
    if "max_minutes" not in given:
        given["max_minutes"] = max(480, -(-given["min_minutes"] // step) * step)
    return given


@api.get("/resources/<int:resource_id>")
@signed_in
def show_resource(path: ResourcePath) -> Any:
    """One resource with its terms and opening."""
    return showing.resource_out(service.get_resource(path.resource_id))


@api.post("/resources/<int:resource_id>/withdraw")
@signed_in
@idempotent
def withdraw_resource(path: ResourcePath, body: ReasonBody) -> Any:
    """Take a resource down: what stands stays valid, nothing new is accepted."""
    return showing.resource_out(service.take_down(current_actor(), path.resource_id, body.reason))


@api.post("/resources/<int:resource_id>/outages")
@signed_in
@idempotent
def create_outage(path: ResourcePath, body: OutageBody) -> Any:
    """Bookings hit are cancelled free of charge, their holders told and offered alternatives."""
    result = service.declare_outage(
        current_actor(),
        path.resource_id,
        body.start,
        body.end,
        body.reason,
        kind=body.kind,
        unit_id=body.unit,
    )
    row = result.outage
    return {
        "id": row.id,
        "resource": row.resource_id,
        "start": showing.iso(row.start_at),
        "end": showing.iso(row.end_at),
        "kind": row.kind,
        "reason": row.reason,
        "cancelled": result.cancelled,
        "waitlist_offers": result.offers,
    }, 201


@api.get("/resources/<int:resource_id>/availability")
@signed_in
def availability(path: ResourcePath, query: SpanQuery) -> Any:
    """Maximal intervals in which every wish that respects step and length can be booked."""
    if query.to <= query.from_:
        raise Invalid("booking_span")
    resource = service.get_resource(path.resource_id)
    bookable = resource.status == "listed" and resource.kind == "equipment"
    free = service.free_of([resource], query.from_, query.to)[resource.id] if bookable else []
    return {"resource": resource.id, "free": showing.intervals_out(free)}


@api.get("/resources/<int:resource_id>/quote")
@signed_in
def quote(path: ResourcePath, query: SpanQuery) -> Any:
    """Price and check a wish without booking it."""
    return service.quote_out(service.quote(current_actor(), path.resource_id, query.from_, query.to))


@api.post("/bookings")
@signed_in
@idempotent
def create_booking(body: BookingBody) -> Any:
    """Book, or hear every reason why not with alternatives."""
    actor = current_actor()
    booking = service.book(
        actor, body.resource, body.start, body.end, body.purpose, use_credits=body.use_credits
    )
    return showing.booking_out(actor, booking), 201


@api.get("/bookings")
@signed_in
def list_bookings(query: BookingQuery) -> Any:
    """My organisation's bookings, or (scope=owner) those of what it shares; newest start first."""
    actor = current_actor()
    rows, total = service.list_bookings(
        actor, query.scope, query.state, query.resource, query.limit, query.offset
    )
    return listed(showing.bookings_out(actor, rows), total)


@api.get("/bookings/<int:booking_id>")
@signed_in
def show_booking(path: BookingPath) -> Any:
    actor = current_actor()
    return showing.booking_out(actor, service.view_booking(actor, path.booking_id)[0])


@api.post("/bookings/<int:booking_id>/approve")
@signed_in
@idempotent
def approve(path: BookingPath) -> Any:
    actor = current_actor()
    return showing.booking_out(actor, service.approve(actor, path.booking_id))


@api.post("/bookings/<int:booking_id>/reject")
@signed_in
@idempotent
def reject(path: BookingPath, body: ReasonBody) -> Any:
    actor = current_actor()
    return showing.booking_out(actor, service.reject(actor, path.booking_id, body.reason))


@api.post("/bookings/<int:booking_id>/cancel")
@signed_in
@idempotent
def cancel(path: BookingPath, body: ReasonBody) -> Any:
    """Free in time or by the owner, else the late share; a request nobody answered yet is withdrawn."""
    actor = current_actor()
    return showing.booking_out(actor, service.cancel(actor, path.booking_id, body.reason))


@api.post("/bookings/<int:booking_id>/move")
@signed_in
@idempotent
def move(path: BookingPath, body: MoveBody) -> Any:
    """Take another time and free the old one in one transaction."""
    actor = current_actor()
    booking = service.move(actor, path.booking_id, body.start, body.end, body.resource)
    return showing.booking_out(actor, booking), 201


@api.post("/bookings/<int:booking_id>/start")
@signed_in
@idempotent
def start_use(path: BookingPath) -> Any:
    actor = current_actor()
    return showing.booking_out(actor, service.start_use(actor, path.booking_id, "api"))


@api.post("/bookings/<int:booking_id>/stop")
@signed_in
@idempotent
def stop_use(path: BookingPath) -> Any:
    actor = current_actor()
    return showing.booking_out(actor, service.stop_use(actor, path.booking_id, "api"))


@api.post("/bookings/<int:booking_id>/usage")
@signed_in
@idempotent
def log_use(path: BookingPath, body: UsageBody) -> Any:
    """The owner notes the real use; answers the booking with its settlement."""
    actor = current_actor()
    booking = service.log_use(actor, path.booking_id, body.start, body.end, body.note, "api")
    return showing.booking_out(actor, booking)


@api.post("/bookings/<int:booking_id>/dispute")
@signed_in
@idempotent
def dispute(path: BookingPath, body: DisputeBody) -> Any:
    actor = current_actor()
    return showing.booking_out(actor, service.dispute(actor, path.booking_id, body.reason))


@api.post("/bookings/<int:booking_id>/adjust")
@signed_in
@idempotent
def adjust(path: BookingPath, body: AdjustBody) -> Any:
    """The owner or the park decides a dispute."""
    actor = current_actor()
    return showing.booking_out(actor, service.adjust(actor, path.booking_id, body.amount_fen, body.reason))


@api.post("/resources/<int:resource_id>/own-use")
@signed_in
@idempotent
def log_own_use(path: ResourcePath, body: UsageBody) -> Any:
    """The owner's own use without a booking; counts towards utilisation."""
    row = service.log_own_use(current_actor(), path.resource_id, body.start, body.end, body.note)
    return {"id": row.id, "start": showing.iso(row.start_at), "end": showing.iso(body.end)}, 201


@api.post("/booking-series")
@signed_in
@idempotent
def create_series(body: SeriesBody) -> Any:
    """The same hours every week: all of them, or with `partly` those that fit."""
    actor = current_actor()
    result = service.book_series(
        actor, body.resource, body.start, body.end, body.weeks, body.purpose,
        every=body.every, partly=body.partly, use_credits=body.use_credits,
    )  # fmt: skip
    return {
        "id": result.series_id,
        "bookings": showing.bookings_out(actor, result.bookings),
        "misfits": [service.misfit_out(m) for m in result.misfits],
    }, 201


@api.post("/licences")
@signed_in
@idempotent
def request_licence(body: LicenceBody) -> Any:
    row = service.request_licence(current_actor(), body.resource, body.months, body.purpose)
    return showing.licence_out(row), 201


@api.get("/licences")
@signed_in
def list_licences() -> Any:
    rows = [showing.licence_out(row) for row in service.my_licences(current_actor())]
    return listed(rows, len(rows))


@api.post("/licences/<int:licence_id>/grant")
@signed_in
@idempotent
def grant_licence(path: LicencePath) -> Any:
    return showing.licence_out(service.decide_licence(current_actor(), path.licence_id, True))


@api.post("/licences/<int:licence_id>/reject")
@signed_in
@idempotent
def reject_licence(path: LicencePath, body: ReasonBody) -> Any:
    return showing.licence_out(service.decide_licence(current_actor(), path.licence_id, False, body.reason))


@api.post("/licences/<int:licence_id>/terminate")
@signed_in
@idempotent
def terminate_licence(path: LicencePath, body: ReasonBody) -> Any:
    return showing.licence_out(service.terminate_licence(current_actor(), path.licence_id, body.reason))


@api.post("/placements")
@signed_in
@idempotent
def request_placement(body: PlacementBody) -> Any:
    actor = current_actor()
    row = service.request_placement(
        actor, body.resource, body.starts_on, body.ends_on, body.days, body.purpose
    )
    return showing.placement_out(row, None), 201


@api.get("/placements")
@signed_in
def list_placements() -> Any:
    """The person's name is there for the two organisations once the person has consented."""
    actor = current_actor()
    rows = [
        showing.placement_out(row, service.revealed_name(actor, row)) for row in service.my_placements(actor)
    ]
    return listed(rows, len(rows))


@api.post("/placements/<int:placement_id>/consent-link")
@signed_in
def consent_link(path: PlacementPath) -> Any:
    """A fresh secret link for the person; the employer hands it over."""
    secret = service.consent_link(current_actor(), path.placement_id)
    return {"path": f"/sharing/consent/{secret}"}, 201


@api.post("/placements/<int:placement_id>/<any(agree, begin, end):step>")
@signed_in
@idempotent
def advance_placement(path: PlacementStep) -> Any:
    actor = current_actor()
    if path.step == "agree":
        row = service.agree_placement(actor, path.placement_id)
    elif path.step == "begin":
        row = service.begin_placement(actor, path.placement_id)
    else:
        row = service.end_placement(actor, path.placement_id)
    return showing.placement_out(row, service.revealed_name(actor, row))


@api.get("/waitlist")
@signed_in
def list_waitlist() -> Any:
    rows = [service.waitlist_out(e) for e in service.list_entries(current_actor())]
    return listed(rows, len(rows))


@api.post("/waitlist")
@signed_in
@idempotent
def join_waitlist(body: WaitBody) -> Any:
    """Wait for so many minutes anywhere inside [start, end)."""
    entry = service.join_waitlist(
        current_actor(), body.resource, body.start, body.end, body.minutes, body.purpose
    )
    return service.waitlist_out(entry), 201


@api.post("/waitlist/<int:entry_id>/accept")
@signed_in
@idempotent
def accept_offer(path: EntryPath) -> Any:
    actor = current_actor()
    return showing.booking_out(actor, service.accept_offer(actor, path.entry_id))


@api.post("/waitlist/<int:entry_id>/leave")
@signed_in
@idempotent
def leave_waitlist(path: EntryPath) -> Any:
    service.leave_waitlist(current_actor(), path.entry_id)
    return {"id": path.entry_id, "state": "lapsed"}


@api.get("/utilisation")
@signed_in
def utilisation(query: SpanQuery) -> Any:
    """Per resource and in all: bookable, own and shared hours, ratio; for what the reader may see."""
    if query.to <= query.from_ or query.to - query.from_ > dt.timedelta(days=1100):
        raise Invalid("booking_span")
    resources = service.visible_resources(current_actor())
    uses = service.utilisation(resources, query.from_, query.to)
    items = [{"resource": r.id, "name": r.name} | service.use_out(uses[r.id]) for r in resources]
    return listed(items, len(items)) | {
        "all": service.use_out(service.total_use(list(uses.values()))),
        "from": showing.iso(query.from_),
        "to": showing.iso(query.to),
        "made_at": showing.iso(clock.now()),
    }
