"""What sharing knows of an organisation, and ends on the day it leaves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.counting import counted, how_many
from app.identity.door import (
    Actor,
    FirstStep,
    Line,
    OpenThing,
    Ties,
    park_itself,
    register_place_texts,
    register_ties,
)
from app.sharing.bookings import records as booking_records
from app.sharing.bookings.models import Booking
from app.sharing.bookings.service import cancel_for_outage
from app.sharing.catalogue.models import Resource
from app.sharing.catalogue.service import take_down
from app.sharing.lending.models import Licence, Placement
from app.sharing.outages.service import declare

_AHEAD = ("requested", "confirmed")
_CLOSED_FOR = dt.timedelta(days=365)


def _count(statement: sa.Select[int]) -> int:
    return db.session.scalar(statement) or 0


def _listed(organisation_id: int) -> sa.Select[int]:
    return (
        sa.select(sa.func.count())
        .select_from(Resource)
        .where(Resource.owner_id == organisation_id, Resource.status == "listed")
    )


def place_texts() -> list[tuple[str, str]]:
    """Where instruments stand, as their owners wrote it."""
    query = sa.select(Resource.building, Resource.place).where(Resource.building != "").distinct()
    return [(building, place or "") for building, place in db.session.execute(query)]


def lines(_actor: Actor, organisation_id: int) -> Sequence[Line]:
    """What it shares, and what it booked in the last twelve months."""
    since = clock.now() - dt.timedelta(days=365)
    booked, shared = counted(
        how_many(
            Booking.organisation_id == organisation_id,
            Booking.start_at >= since,
            Booking.state.not_in(("rejected", "expired", "cancelled")),
        ),
        _listed(organisation_id),
    )
    if not booked and not shared:
        return ()
    return (
        Line(_("开放共享的资源"), str(shared), url_for("sharing.resources")),
        Line(_("近十二个月预约"), str(booked)),
    )


def _ahead(organisation_id: int, day: dt.date) -> sa.ColumnElement[bool]:
    return sa.and_(
        Booking.organisation_id == organisation_id,
        Booking.state.in_(_AHEAD),
        Booking.start_at >= clock.start_of_day(day),
    )


def open_things(organisation_id: int, day: dt.date) -> Sequence[OpenThing]:
    """Bookings from that day on, listed resources, licences and placements."""
    of_firm = sa.select(sa.func.count())
    return (
        OpenThing(
            _("当天及以后的预约"),
            _count(of_firm.select_from(Booking).where(_ahead(organisation_id, day))),
            _("当天免费取消，机主收到通知"),
            url_for("sharing.bookings"),
        ),
        OpenThing(
            _("上架的资源"),
            _count(_listed(organisation_id)),
            _("当天下架；他人的预约免费取消并推荐其他设备"),
        ),
        OpenThing(
            _("有效的专利许可"),
            _count(
                of_firm.select_from(Licence).where(
                    Licence.organisation_id == organisation_id, Licence.state == "granted"
                )
            ),
            _("按合同继续有效，直至期满"),
        ),
        OpenThing(
            _("进行中的人才派驻"),
            _count(
                of_firm.select_from(Placement).where(
                    Placement.organisation_id == organisation_id, Placement.state.in_(("agreed", "active"))
                )
            ),
            _("由双方另行约定，园区跟进"),
        ),
    )


def left(organisation_id: int, day: dt.date) -> None:
    """Bookings ahead are cancelled free of charge, its resources are closed and taken down."""
    park, reason = park_itself(), _("机构退园")
    ids = db.session.scalars(sa.select(Booking.id).where(_ahead(organisation_id, day)).order_by(Booking.id))
    for booking_id in ids.all():
        booking, _resource = booking_records.get_booking(booking_id, lock=True)
        cancel_for_outage(booking, reason)
    query = sa.select(Resource).where(Resource.owner_id == organisation_id, Resource.status == "listed")
    for resource in db.session.scalars(query.order_by(Resource.id)).all():
        begin = max(clock.now(), clock.start_of_day(day))
        if resource.kind == "equipment":
            declare(park, resource.id, begin, begin + _CLOSED_FOR, reason)
        take_down(park, resource.id, reason)


def steps(organisation_id: int) -> Sequence[FirstStep]:
    """The first idle instrument."""
    some = how_many(Resource.owner_id == organisation_id)
    return (FirstStep("equipment", some, url_for("sharing.resources")),)


def register() -> None:
    register_place_texts(place_texts)
    register_ties(
        "sharing", Ties(_l("资源共享"), lines=lines, open_things=open_things, left=left, steps=steps)
    )
