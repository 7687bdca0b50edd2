"""Listing, editing and taking down what an owner shares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, Reason
from app.hall.text import masking
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.sharing import access, listeners
from app.sharing.calendar.models import OpeningRule
from app.sharing.calendar.rules import DAY, LONGEST_BOOKING, SLOT_MINUTES, OpeningHours
from app.sharing.catalogue import records as resource_records
from app.sharing.catalogue.models import Patent, Rate, Resource, ResourceUnit, ResourceWord, Talent
from app.sharing.catalogue.tokens import words_of
from app.sharing.catalogue.words import KINDS, icon_of
from app.sharing.qualifications import service as qualifications
from app.sharing.use.rules import BILLINGS

WORKING_WEEK = tuple(OpeningHours(day, 9 * 60, 17 * 60) for day in range(1, 6))
"""Open on working days from nine to five when an owner says nothing."""


EDITABLE = {
    "name",
    "model",
    "category",
    "building",
    "place",
    "icon",
    "description",
    "accessories",
    "specifications",
    "approval",
    "approval_hours",
    "step_minutes",
    "min_minutes",
    "max_minutes",
    "buffer_before_minutes",
    "buffer_minutes",
    "lead_minutes",
    "horizon_days",
    "quota_minutes_per_week",
    "late_cancel_hours",
    "late_cancel_ratio",
    "no_show_ratio",
    "billing",
    "price_fen_per_hour",
    "value_fen",
    "external_from",
    "qualification_id",
    "open_on_holidays",
}


@dataclass(frozen=True)
class NewPatent:
    """`fee_fen` is a sum in fen; where the basis is `share`, hundredths of a per cent of the licensee's revenue."""

    number: str
    fee_fen: int = 0
    fee_basis: str = "yearly"
    expires_on: dt.date | None = None
    exclusive: bool = False


@dataclass(frozen=True)
class NewTalent:
    person_name: str
    contact: str = ""
    skills: tuple[str, ...] = ()
    years: int = 0
    days_per_month: int = 0
    fee_fen_per_day: int = 0


@dataclass(frozen=True)
class NewRate:
    price_fen_per_hour: int
    member_group: str | None = None
    weekdays: tuple[int, ...] = ()
    opens_minute: int = 0
    closes_minute: int = DAY


def _require_lister(actor: Actor, owner_id: int) -> None:
    foreign = owner_id != actor.organisation_id and not actor.may(roles.RUNS_ALL_RESOURCES)
    if not actor.is_system and (foreign or not access.can_list(actor)):
        raise NotAllowed("sharing_owner_only")


def _check_kind(kind: str, name: str, patent: NewPatent | None, talent: NewTalent | None) -> None:
    if kind not in KINDS:
        raise Invalid("resource_kind")
    if not name.strip():
        raise Invalid("resource_name")
    if (kind == "patent") != (patent is not None) or (kind == "talent") != (talent is not None):
        raise Invalid("resource_details")


def list_resource(  # noqa: PLR0913 - what differs from the defaults, by name
    actor: Actor,
    kind: str,
    name: str,
    *,
    opening: Sequence[OpeningHours] | None = None,
    units: Sequence[str] = ("1",),
    rates: Sequence[NewRate] = (),
    patent: NewPatent | None = None,
    talent: NewTalent | None = None,
    owner_id: int | None = None,
    **fields: Any,
) -> Resource:
    """Offer a resource to the park.

    What is not said gets these defaults: open Mon–Fri 9–17, step and shortest booking 30 minutes, longest 480, no
    buffers, approval automatic, free cancellation up to 24 hours before the start and no charge after it (ratio 0),
    a no-show pays in full, billing as booked, price 0, one unit, closed on the park's holidays.
    """
    owner = owner_id or actor.organisation_id
    _require_lister(actor, owner)
    _check_kind(kind, name, patent, talent)
    if talent is not None:
        check_talent(talent.person_name, name, str(fields.get("description") or ""), *talent.skills)
    qualifications.require_askable(actor, fields.get("qualification_id"))
    now = clock.now()
    with transaction():
        row = Resource(
            **defaults(), kind=kind, owner_id=owner, name=name.strip(), created_at=now, updated_at=now
        )
        _set(row, fields)
        row.icon = row.icon or icon_of(kind, row.category)
        db.session.add(row)
        db.session.flush()
        if kind == "equipment":
            _write_opening(row, WORKING_WEEK if opening is None else opening)
            for label in dict.fromkeys(units) or ["1"]:
                db.session.add(ResourceUnit(resource_id=row.id, label=str(label), active=True))
            _write_rates(row, rates)
        if patent is not None:
            _write_patent(row, patent)
        if talent is not None:
            db.session.add(Talent(resource_id=row.id, **{**vars(talent), "skills": list(talent.skills)}))
        db.session.flush()
        index(row, talent.skills if talent else ())
        if kind == "equipment":
            listeners.equipment_listed(row)
        identity.audit(actor, "resource.listed", "resource", row.id, name=row.name)
        return row


def check_talent(person: str, *texts: str) -> None:
    """Refuse what everybody sees of a talent while it names the person or leads to them, in whatever spelling."""
    reasons = []
    if tells_name(person, *texts) or any(masking.masked(text, [person]).names for text in texts):
        reasons.append(Reason("talent_name_shown"))
    if any(masking.has_contact(text) for text in texts):
        reasons.append(Reason("talent_contact_shown"))
    if reasons:
        raise Invalid(reasons[0].code, reasons)


def tells_name(person: str, *texts: str) -> bool:
    """Whether a text that everybody sees names the person who has not consented yet.

    >>> tells_name("林 深", "正极材料专家林深"), tells_name("林深", "森林深处的气味分析"), tells_name("林", "林业")
    (True, True, False)
    """
    name = "".join(person.split()).casefold()
    return len(name) > 1 and any(name in "".join(text.split()).casefold() for text in texts)


def defaults() -> dict[str, Any]:
    """Every default of the model, as a new row has it."""
    found: dict[str, Any] = {}
    for column in Resource.__table__.columns:
        if column.default is not None:
            value = column.default.arg
            found[column.key] = value({}) if callable(value) else value
    return found


def _set(row: Resource, fields: dict[str, Any]) -> None:
    unknown = set(fields) - EDITABLE
    if unknown:
        raise Invalid("resource_field", field=", ".join(sorted(unknown)))
    for key, value in fields.items():
        setattr(row, key, value.strip() if isinstance(value, str) else value)
    _check(row)


def _check(row: Resource) -> None:
    for minutes in (row.step_minutes, row.buffer_before_minutes, row.buffer_minutes):
        if minutes < 0 or minutes % SLOT_MINUTES:
            raise Invalid("resource_grain", minutes=SLOT_MINUTES)
    if row.step_minutes <= 0 or row.step_minutes > DAY:
        raise Invalid("resource_grain", minutes=SLOT_MINUTES)
    if not 0 < row.min_minutes <= row.max_minutes <= LONGEST_BOOKING:
        raise Invalid("resource_lengths")
    if -(-row.min_minutes // row.step_minutes) * row.step_minutes > row.max_minutes:
        raise Invalid("resource_lengths")
    if not (0 <= row.late_cancel_ratio <= 1 and 0 <= row.no_show_ratio <= 1):
        raise Invalid("ratio_out_of_range")
    if row.billing not in BILLINGS:
        raise Invalid("billing_unknown", billing=row.billing)
    if row.approval not in ("automatic", "owner") or row.price_fen_per_hour < 0:
        raise Invalid("resource_details")
    if row.value_fen is not None and row.value_fen <= 0:
        raise Invalid("resource_details")


def _write_opening(row: Resource, opening: Sequence[OpeningHours]) -> None:
    db.session.execute(sa.delete(OpeningRule).where(OpeningRule.resource_id == row.id))
    for rule in dict.fromkeys(opening):
        db.session.add(
            OpeningRule(
                resource_id=row.id, weekday=rule.weekday, opens_minute=rule.opens, closes_minute=rule.closes
            )
        )


def _write_rates(row: Resource, rates: Sequence[NewRate]) -> None:
    db.session.execute(sa.delete(Rate).where(Rate.resource_id == row.id))
    for rate in rates:
        if rate.price_fen_per_hour < 0 or not 0 <= rate.opens_minute < rate.closes_minute <= DAY:
            raise Invalid("rate_hours")
        db.session.add(
            Rate(
                resource_id=row.id,
                member_group=rate.member_group or None,
                weekdays=list(rate.weekdays),
                opens_minute=rate.opens_minute,
                closes_minute=rate.closes_minute,
                price_fen_per_hour=rate.price_fen_per_hour,
            )
        )


def check_fee(patent: NewPatent) -> None:
    """A share of the revenue is written in hundredths of a per cent."""
    if patent.fee_basis == "share" and patent.fee_fen > 100_00:
        raise Invalid("patent_share")


def _write_patent(row: Resource, patent: NewPatent) -> None:
    check_fee(patent)
    number = patent.number.strip().upper()
    if not number:
        raise Invalid("patent_number")
    if db.session.scalar(sa.select(Patent.resource_id).where(Patent.number == number)):
        raise Conflict("patent_listed", number=number)
    db.session.add(
        Patent(
            resource_id=row.id,
            number=number,
            fee_fen=patent.fee_fen,
            fee_basis=patent.fee_basis,
            expires_on=patent.expires_on,
            exclusive=patent.exclusive,
        )
    )


def index(row: Resource, more: Sequence[str] = ()) -> None:
    """Write the search words; a person's name is never among them."""
    db.session.execute(sa.delete(ResourceWord).where(ResourceWord.resource_id == row.id))
    heavy = words_of(f"{row.name} {row.model}")
    specifications = " ".join(f"{k} {v}" for k, v in row.specifications.items())
    light = words_of(
        f"{row.category} {row.building} {row.place} {row.description} {row.accessories} {specifications}"
        f" {' '.join(more)}"
    )
    rows = [{"resource_id": row.id, "word": w, "weight": 2} for w in sorted(heavy)]
    rows += [{"resource_id": row.id, "word": w, "weight": 1} for w in sorted(light - heavy)]
    if rows:
        db.session.execute(sa.insert(ResourceWord), rows)


def edit(
    actor: Actor,
    resource_id: int,
    *,
    opening: Sequence[OpeningHours] | None = None,
    rates: Sequence[NewRate] | None = None,
    **fields: Any,
) -> Resource:
    """Change a resource; bookings that stand keep the terms they were made under."""
    with transaction():
        row = resource_records.get_resource(resource_id, lock=True)
        access.require_runner_or_park(actor, row.owner_id)
        qualifications.require_askable(actor, fields.get("qualification_id"), row)
        _set(row, fields)
        if not row.name:
            raise Invalid("resource_name")
        if opening is not None:
            _write_opening(row, opening)
        if rates is not None:
            _write_rates(row, rates)
        row.updated_at = clock.now()
        talent = db.session.get(Talent, row.id)
        if talent is not None:
            check_talent(talent.person_name, row.name, row.description)
        index(row, talent.skills if talent else ())
        if row.kind == "equipment":
            listeners.equipment_listed(row)
        identity.audit(actor, "resource.changed", "resource", row.id, fields=sorted(fields))
        return row


def take_down(actor: Actor, resource_id: int, reason: str = "") -> Resource:
    """No new wishes from now on; bookings and licences that stand stay valid."""
    with transaction():
        row = resource_records.get_resource(resource_id, lock=True)
        access.require_runner_or_park(actor, row.owner_id)
        if row.status != "listed":
            raise Conflict("sharing_transition", state=row.status, target="withdrawn")
        row.status, row.status_reason, row.updated_at = "withdrawn", reason[:500], clock.now()
        identity.audit(actor, "resource.withdrawn", "resource", row.id, reason)
        return row


def put_back(actor: Actor, resource_id: int) -> Resource:
    with transaction():
        row = resource_records.get_resource(resource_id, lock=True)
        access.require_runner_or_park(actor, row.owner_id)
        if row.status != "withdrawn":
            raise Conflict("sharing_transition", state=row.status, target="listed")
        row.status, row.status_reason, row.updated_at = "listed", "", clock.now()
        identity.audit(actor, "resource.listed", "resource", row.id)
        return row
