"""The catalogue, one resource, and listing or editing it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app import clock
from app.db import Page, db
from app.errors import NotAllowed, NotFound
from app.identity import service as identity
from app.rooms import doors
from app.sharing import service
from app.sharing.calendar import DAY, clock_text, opening_hours
from app.sharing.forms import ExceptionForm, OutageForm, ResourceForm, aware
from app.sharing.messages import CATEGORY_NAMES
from app.sharing.models import MemberQualification, Outage, Qualification, Resource
from app.sharing.service import access, board, files, qualifications, showing, upkeep
from app.sharing.views import bp
from app.web import Listing, current_actor, flash_ok, form_status, refusals_to, signed_in

NARROWING = ("building", "owner", "qualification", "price_to", "day")
"""Filters that phones keep folded away."""


@bp.get("/")
@signed_in
def index() -> Any:
    return redirect(url_for("sharing.resources"))


@bp.get("/resources")
@signed_in
def resources() -> Any:
    """Everything that can be shared, by words, filters and free time."""
    sorts = {"best": Resource.id, "name": Resource.name, "price": Resource.price_fen_per_hour}
    filters = ("kind", "category", "building", "owner", "qualification", "price_to", "day", "from", "hours")
    listing = Listing.from_request(sorts, "best", filters, per_page=24)
    search, problem = _search(listing)
    order = [*listing.order(), Resource.id] if listing.sort != "best" else None
    found, total = service.find(search, listing.per_page, (listing.page_no - 1) * listing.per_page, order)
    page = Page(found, total, listing.page_no, listing.per_page)
    kind = listing.filters["kind"]
    facets = service.facets(kind or "equipment")
    owners = identity.organisations_by_id(service.owners(kind))
    organisations = identity.organisations_by_id(f.resource.owner_id for f in found)
    details = service.details_of([f.resource for f in found])
    equipment = [f.resource for f in found if f.resource.kind == "equipment"]
    on = clock.local(search.start).date() if search.start else clock.today()
    cards = {card.resource.id: card for card in board.day_cards(current_actor(), equipment, on)}
    taken = [] if search.start else [row for row in equipment if cards[row.id].free is None]
    return render_template(
        "sharing/resources.html",
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


def _search(listing: Listing) -> tuple[service.Search, str]:
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
    price = listing.filters["price_to"]
    owner = listing.filters["owner"]
    organisation = identity.find_organisation(owner) if owner else None
    return service.Search(
        kind=listing.filters["kind"] if listing.filters["kind"] in service.KINDS else "",
        q=listing.q,
        category=listing.filters["category"],
        building=listing.filters["building"],
        owner_id=(organisation.id if organisation else 0) if owner else None,
        qualification=listing.filters["qualification"],
        price_to_fen=int(price) * 100 if price.isascii() and price.isdigit() else None,
        start=start,
        end=end,
        minutes=minutes,
    ), problem


@bp.get("/resources/<int:resource_id>")
@signed_in
def resource(resource_id: int) -> Any:
    """One resource: what it is, when it is free, what it costs, and the rules."""
    actor = current_actor()
    row = service.get_resource(resource_id)
    owner = identity.get_organisation(row.owner_id)
    if row.kind != "equipment":
        licences = service.licences_of(actor, row) if row.kind == "patent" else []
        placements = service.placements_of(actor, row) if row.kind == "talent" else []
        return render_template(
            "sharing/lent.html",
            row=row,
            owner=owner,
            detail=service.details_of([row]).get(row.id),
            files=files.files_of(row.id),
            runs=access.runs(actor, row.owner_id),
            licences=licences,
            placements=placements,
            names={p.id: service.revealed_name(actor, p) for p in placements},
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
    cards = {day: board.day_cards(actor, [row], day)[0] for day in week}
    runs = access.runs(actor, row.owner_id) or actor.has("park_admin")
    return render_template(
        "sharing/resource.html",
        row=row,
        owner=owner,
        opening=showing.opening_of(row.id),
        units=showing.units_of(row.id),
        rates=upkeep.rates_of(row.id),
        week=week,
        cards=cards,
        runs=runs,
        files=files.files_of(row.id),
        qualification=db.session.get(Qualification, row.qualification_id) if row.qualification_id else None,
        qualified=_qualified(row),
        doors=doors(actor, "resource", row.id),
        outages=service.list_outages([row.id], clock.now(), clock.now() + dt.timedelta(days=90)),
        exceptions=service.list_exceptions(row.id, today),
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


@bp.route("/resources/new", methods=["GET", "POST"])
@signed_in
def new_resource() -> Any:
    actor = current_actor()
    if not access.can_list(actor):
        raise NotAllowed("sharing_owner_only")
    form = _resource_form()
    if form.validate_on_submit():
        with refusals_to(form):
            row = service.list_resource(
                actor, "equipment", form.name.data, opening=_opening(form), **_fields(form)
            )
            flash_ok(_("已上架“%(name)s”。", name=row.name))
            return redirect(url_for("sharing.resource", resource_id=row.id), 303)
    return render_template("sharing/resource_form.html", form=form, row=None), form_status(form)


@bp.route("/resources/<int:resource_id>/edit", methods=["GET", "POST"])
@signed_in
def edit_resource(resource_id: int) -> Any:
    actor = current_actor()
    row = service.get_resource(resource_id)
    access.require_runner_or_park(actor, row.owner_id)
    if row.kind != "equipment":
        raise NotFound("resource_not_found")
    form = _resource_form(row)
    if form.validate_on_submit():
        with refusals_to(form):
            service.edit(actor, row.id, opening=_opening(form), name=form.name.data, **_fields(form))
            flash_ok(_("已保存。"))
            return redirect(url_for("sharing.resource", resource_id=row.id), 303)
    return render_template("sharing/resource_form.html", form=form, row=row), form_status(form)


def _resource_form(row: Resource | None = None) -> ResourceForm:
    values: dict[str, Any] = {}
    if row is not None:
        values = {c.key: getattr(row, c.key) for c in Resource.__table__.columns}
        values["qualification_id"] = row.qualification_id or 0
        values["price"] = Decimal(row.price_fen_per_hour) / 100
        values["late_cancel_percent"] = round(row.late_cancel_ratio * 100)
        values["specifications"] = "\n".join(f"{k}: {v}" for k, v in row.specifications.items())
        values["opening"] = "\n".join(
            f"{o.weekday} {clock_text(o.opens_minute)}-{clock_text(o.closes_minute)}"
            for o in showing.opening_of(row.id)
        )
    form = ResourceForm(data=values) if request.method == "GET" else ResourceForm()
    categories = list(dict.fromkeys([*service.CATEGORIES, *([row.category] if row and row.category else [])]))
    form.category.choices = [SelectChoice(c, CATEGORY_NAMES.get(c, c)) for c in categories]
    form.qualification_id.choices = [SelectChoice(0, _("无需资质"))] + [
        SelectChoice(q.id, q.name) for q in qualifications.visible(current_actor(), row)
    ]
    return form


def _opening(form: ResourceForm) -> list[Any]:
    return [opening_hours(*line) for line in form.opening_lines]


def _fields(form: ResourceForm) -> dict[str, Any]:
    plain = (
        "model", "category", "building", "place", "description", "accessories", "billing", "approval",
        "step_minutes", "min_minutes", "max_minutes", "buffer_before_minutes", "buffer_minutes", "lead_minutes",
        "horizon_days", "quota_minutes_per_week", "late_cancel_hours", "external_from", "open_on_holidays",
    )  # fmt: skip
    fields = {name: getattr(form, name).data for name in plain}
    fields = {k: "" if v is None and k in ("model", "building", "place", "description", "accessories") else v
              for k, v in fields.items()}  # fmt: skip
    return fields | {
        "price_fen_per_hour": int(form.price.data * 100),
        "late_cancel_ratio": form.late_cancel_percent.data / 100,
        "specifications": form.specification_items(),
        "qualification_id": form.qualification_id.data or None,
    }


@bp.post("/resources/<int:resource_id>/withdraw")
@signed_in
def withdraw_resource(resource_id: int) -> Any:
    service.take_down(current_actor(), resource_id, request.form.get("reason", ""))
    flash_ok(_("已下架：不再接受新的申请，已有的预约与许可继续有效。"))
    return redirect(url_for("sharing.resource", resource_id=resource_id), 303)


@bp.post("/resources/<int:resource_id>/put-back")
@signed_in
def put_back_resource(resource_id: int) -> Any:
    service.put_back(current_actor(), resource_id)
    flash_ok(_("已重新上架。"))
    return redirect(url_for("sharing.resource", resource_id=resource_id), 303)


@bp.route("/resources/<int:resource_id>/outages", methods=["GET", "POST"])
@signed_in
def outages(resource_id: int) -> Any:
    """Declare that it stands still; see what that would hit before saying so."""
    actor = current_actor()
    row = service.get_resource(resource_id)
    access.require_runner_or_park(actor, row.owner_id)
    form = OutageForm()
    if form.validate_on_submit():
        with refusals_to(form):
            result = service.declare_outage(
                actor,
                row.id,
                aware(form.start.data),
                aware(form.end.data),
                form.reason.data,
                kind=form.kind.data,
            )
            flash_ok(
                _(
                    "停机已登记：%(hit)s 个预约免费取消并已通知，候补名额发出 %(offers)s 个。",
                    hit=len(result.cancelled),
                    offers=result.offers,
                )
            )
            return redirect(url_for("sharing.resource", resource_id=row.id), 303)
    rows = db.session.scalars(
        sa.select(Outage).where(Outage.resource_id == row.id).order_by(Outage.start_at.desc()).limit(50)
    )
    return (
        render_template(
            "sharing/outages.html",
            row=row,
            form=form,
            outages=list(rows),
            now=clock.now(),
            plans=service.plans_of(row),
        ),
        form_status(form),
    )


@bp.post("/outages/<int:outage_id>/withdraw")
@signed_in
def withdraw_outage(outage_id: int) -> Any:
    row = service.withdraw_outage(current_actor(), outage_id)
    flash_ok(_("停机已解除。"))
    return redirect(url_for("sharing.outages", resource_id=row.resource_id), 303)


@bp.post("/resources/<int:resource_id>/exceptions")
@signed_in
def add_exception(resource_id: int) -> Any:
    form = ExceptionForm()
    if not form.validate_on_submit():
        flash_ok(_("请填写日期。"))
        return redirect(url_for("sharing.resource", resource_id=resource_id), 303)
    hours = []
    if form.opens.data and form.closes.data:
        opens = form.opens.data.hour * 60 + form.opens.data.minute
        closes = form.closes.data.hour * 60 + form.closes.data.minute
        hours = [(opens, closes if closes > opens else closes + DAY)]
    service.set_exception(current_actor(), resource_id, form.day.data, hours, form.reason.data or "")
    flash_ok(_("已设置 %(day)s 的特别开放时间。", day=form.day.data.isoformat()))
    return redirect(url_for("sharing.resource", resource_id=resource_id), 303)


@bp.post("/exceptions/<int:exception_id>/drop")
@signed_in
def drop_exception(exception_id: int) -> Any:
    resource_id = service.drop_exception(current_actor(), exception_id)
    flash_ok(_("已恢复平时的开放时间。"))
    return redirect(url_for("sharing.resource", resource_id=resource_id), 303)
