"""The catalogue, one resource, and listing or editing it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.paging import Page
from app.hall.rooms import doors
from app.hall.text.numbers import whole
from app.hall.web.answers import flash_ok
from app.hall.web.guards import current_actor, signed_in
from app.hall.web.listing import Listing
from app.identity import door as identity
from app.identity.door import roles
from app.sharing import access
from app.sharing.bookings import board
from app.sharing.calendar.rules import DAY
from app.sharing.catalogue import files, opening, rates
from app.sharing.catalogue import records as resource_records
from app.sharing.catalogue import search as catalogue_search
from app.sharing.catalogue import service as catalogue
from app.sharing.catalogue import words as catalogue_words
from app.sharing.catalogue.models import Resource
from app.sharing.catalogue.schemas import ExceptionForm
from app.sharing.catalogue.words import CATEGORY_NAMES
from app.sharing.lending import licences as lending_licences
from app.sharing.lending import placements as lending_placements
from app.sharing.outages import service as outages_service
from app.sharing.outages.schemas import OutageForm
from app.sharing.pages import bp
from app.sharing.qualifications.models import MemberQualification, Qualification

NARROWING = ("building", "owner", "qualification", "price_to", "day")
"""Filters that phones keep folded away."""


@bp.get("/")
@signed_in
def index() -> ResponseReturnValue:
    return redirect(url_for("sharing.resources"))


@bp.get("/resources")
@signed_in
def resources() -> ResponseReturnValue:
    """Everything that can be shared, by words, filters and free time."""
    sorts = {"best": Resource.id, "name": Resource.name, "price": Resource.price_fen_per_hour}
    filters = ("kind", "category", "building", "owner", "qualification", "price_to", "day", "from", "hours")
    listing = Listing.from_request(sorts, "best", filters, per_page=24)
    search, problem = _search(listing)
    order = [*listing.order(), Resource.id] if listing.sort != "best" else None
    found, total = catalogue_search.find(
        search, listing.per_page, (listing.page_no - 1) * listing.per_page, order
    )
    page = Page(found, total, listing.page_no, listing.per_page)
    kind = listing.filters["kind"]
    facets = catalogue_search.facets(kind or "equipment")
    owners = identity.organisations_by_id(catalogue_search.owners(kind))
    organisations = identity.organisations_by_id(f.resource.owner_id for f in found)
    details = catalogue_search.details_of([f.resource for f in found])
    equipment = [f.resource for f in found if f.resource.kind == "equipment"]
    on = clock.local(search.start).date() if search.start else clock.today()
    cards = {card.resource.id: card for card in board.day_cards(current_actor(), equipment, on)}
    taken = [] if search.start else [row for row in equipment if cards[row.id].free is None]
    return render_template(
        "sharing/catalogue/resources.html",
        on=on,
        cards=cards,
        next_free=board.next_free(taken, on + dt.timedelta(days=1), 7) if taken else {},
        narrowed=sum(bool(listing.filters[name]) for name in NARROWING),
        listing=listing,
        page=page,
        category_choices=[(v, CATEGORY_NAMES.get(v, v), n) for v, n in facets["category"]],
        building_choices=[(v, v) for v, _n in facets["building"]],
        owner_choices=[(o.code, o.name) for o in sorted(owners.values(), key=lambda o: o.code)],
        organisations=organisations,
        details=details,
        pictures=files.card_pictures(f.resource.id for f in found),
        problem=problem,
        searching_time=search.start is not None,
        may_list=access.can_list(current_actor()),
    )


def _search(listing: Listing) -> tuple[catalogue_search.Search, str]:
    """The search of a request; wrong numbers and times are told, not guessed."""
    problem = ""
    start = end = minutes = None
    day = listing.filters["day"]
    if day:
        try:
            on = dt.date.fromisoformat(day)
            hours = Decimal(listing.filters["hours"] or "1")
            hour, _sep, minute = (listing.filters["from"] or "00:00").partition(":")
            start = clock.at(on, int(hour), int(minute or 0))
            end = clock.start_of_day(on + dt.timedelta(days=1))
            minutes = max(5, min(1440, int(hours * 60)))
        except (ValueError, ArithmeticError, OverflowError):
            start = end = minutes = None
            problem = _("空闲时间的写法有误，未按时间筛选。")
    price = whole(listing.filters["price_to"])
    owner = listing.filters["owner"]
    organisation = identity.find_organisation(owner) if owner else None
    return catalogue_search.Search(
        kind=listing.filters["kind"] if listing.filters["kind"] in catalogue_words.KINDS else "",
        q=listing.q,
        category=listing.filters["category"],
        building=listing.filters["building"],
        owner_id=(organisation.id if organisation else 0) if owner else None,
        qualification=listing.filters["qualification"],
        price_to_fen=None if price is None else price * 100,
        start=start,
        end=end,
        minutes=minutes,
        reader=current_actor(),
    ), problem


@bp.get("/resources/<int:resource_id>")
@signed_in
def resource(resource_id: int) -> ResponseReturnValue:
    """One resource: what it is, when it is free, what it costs, and the rules."""
    actor = current_actor()
    row = resource_records.get_found(actor, resource_id)
    owner = identity.get_organisation(row.owner_id)
    if row.kind != "equipment":
        licences = lending_licences.licences_of(actor, row) if row.kind == "patent" else []
        placements = lending_placements.placements_of(actor, row) if row.kind == "talent" else []
        return render_template(
            "sharing/lending/lent.html",
            row=row,
            owner=owner,
            detail=catalogue_search.details_of([row]).get(row.id),
            files=files.files_of(row.id),
            runs=access.runs(actor, row.owner_id),
            licences=licences,
            placements=placements,
            names={p.id: lending_placements.revealed_name(actor, p) for p in placements},
            organisations=identity.organisations_by_id(
                [x.organisation_id for x in licences] + [x.organisation_id for x in placements]
            ),
            may_end=access.can_list(actor),
            member=actor,
            default_from=clock.today() + dt.timedelta(days=14),
            default_to=clock.today() + dt.timedelta(days=43),
        )
    today = clock.today()
    week = [today + dt.timedelta(days=n) for n in range(7)]
    cards = {day: found[0] for day, found in board.cards_of(actor, [row], week).items()}
    runs = access.runs(actor, row.owner_id) or actor.may(roles.RUNS_ALL_RESOURCES)
    return render_template(
        "sharing/catalogue/resource.html",
        row=row,
        owner=owner,
        opening=resource_records.opening_of(row.id),
        units=resource_records.units_of(row.id),
        rates=rates.rates_of(row.id),
        week=week,
        cards=cards,
        runs=runs,
        files=files.files_of(row.id),
        qualification=db.session.get(Qualification, row.qualification_id) if row.qualification_id else None,
        qualified=_qualified(row),
        doors=doors(actor, "resource", row.id),
        outages=outages_service.list_outages([row.id], clock.now(), clock.now() + dt.timedelta(days=90)),
        exceptions=opening.list_exceptions(row.id, today),
        outage_form=OutageForm(),
        exception_form=ExceptionForm(),
    )


def _qualified(row: Resource) -> bool:
    if row.qualification_id is None:
        return True
    held = db.session.scalar(
        sa.select(MemberQualification.id).where(
            MemberQualification.qualification_id == row.qualification_id,
            MemberQualification.member_id == current_actor().member_id,
            sa.or_(MemberQualification.expires_on.is_(None), MemberQualification.expires_on >= clock.today()),
        )
    )
    return held is not None


@bp.post("/resources/<int:resource_id>/withdraw")
@signed_in
def withdraw_resource(resource_id: int) -> ResponseReturnValue:
    catalogue.take_down(current_actor(), resource_id, request.form.get("reason", ""))
    flash_ok(_("已下架：不再接受新的申请，已有的预约与许可继续有效。"))
    return redirect(url_for("sharing.resource", resource_id=resource_id), 303)


@bp.post("/resources/<int:resource_id>/put-back")
@signed_in
def put_back_resource(resource_id: int) -> ResponseReturnValue:
    catalogue.put_back(current_actor(), resource_id)
    flash_ok(_("已重新上架。"))
    return redirect(url_for("sharing.resource", resource_id=resource_id), 303)


@bp.post("/resources/<int:resource_id>/exceptions")
@signed_in
def add_exception(resource_id: int) -> ResponseReturnValue:
    form = ExceptionForm()
    if not form.validate_on_submit():
        flash_ok(_("请填写日期。"))
        return redirect(url_for("sharing.resource", resource_id=resource_id), 303)
    hours = []
    if form.opens.data and form.closes.data:
        opens = form.opens.data.hour * 60 + form.opens.data.minute
        closes = form.closes.data.hour * 60 + form.closes.data.minute
        hours = [(opens, closes if closes > opens else closes + DAY)]
    opening.set_exception(current_actor(), resource_id, form.day.data, hours, form.reason.data or "")
    flash_ok(_("已设置 %(day)s 的特别开放时间。", day=form.day.data.isoformat()))
    return redirect(url_for("sharing.resource", resource_id=resource_id), 303)


@bp.post("/exceptions/<int:exception_id>/drop")
@signed_in
def drop_exception(exception_id: int) -> ResponseReturnValue:
    resource_id = opening.drop_exception(current_actor(), exception_id)
    flash_ok(_("已恢复平时的开放时间。"))
    return redirect(url_for("sharing.resource", resource_id=resource_id), 303)
