"""Listing and editing an instrument: the form, what others will see of it, and what comparable ones cost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.hall.errors import NotAllowed
from app.hall.web.answers import flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, signed_in
from app.sharing import access
from app.sharing.calendar.rules import OpeningHours
from app.sharing.calendar.week_text import week_text
from app.sharing.catalogue import files, listing, where
from app.sharing.catalogue import records as resource_records
from app.sharing.catalogue import service as catalogue
from app.sharing.catalogue import words as catalogue_words
from app.sharing.catalogue.models import Resource
from app.sharing.catalogue.schemas_form import ResourceForm, week_rows
from app.sharing.catalogue.words import CATEGORY_NAMES
from app.sharing.pages import bp
from app.sharing.qualifications import service as qualifications

PLAIN = (
    "model",
    "category",
    "description",
    "accessories",
    "billing",
    "approval",
    "step_minutes",
    "min_minutes",
    "max_minutes",
    "buffer_before_minutes",
    "buffer_minutes",
    "lead_minutes",
    "horizon_days",
    "quota_minutes_per_week",
    "late_cancel_hours",
    "external_from",
    "open_on_holidays",
)
MAY_BE_EMPTY = ("model", "description", "accessories")


@bp.route("/resources/new", methods=["GET", "POST"])
@signed_in
def new_resource() -> ResponseReturnValue:
    actor = current_actor()
    if not access.can_list(actor):
        raise NotAllowed("sharing_owner_only")
    form = _resource_form()
    if form.validate_on_submit():
        with refusals_to(form):
            opening, photos = form.opening_rules(), _photos(form)
            row = listing.list_instrument(actor, form.name.data, opening, photos, **_fields(form))
            flash_ok(_("已上架“%(name)s”。", name=row.name))
            return redirect(url_for("sharing.resource", resource_id=row.id), 303)
    return _page(form, None), form_status(form)


@bp.route("/resources/<int:resource_id>/edit", methods=["GET", "POST"])
@signed_in
def edit_resource(resource_id: int) -> ResponseReturnValue:
    actor = current_actor()
    row = resource_records.runners_equipment(actor, resource_id, lock=False)
    form = _resource_form(row)
    if form.validate_on_submit():
        with refusals_to(form):
            fields = {"name": form.name.data} | _fields(form, row.building)
            listing.edit_instrument(actor, row.id, form.opening_rules(), _photos(form), **fields)
            flash_ok(_("已保存。"))
            return redirect(url_for("sharing.resource", resource_id=row.id), 303)
    return _page(form, row), form_status(form)


def _page(form: ResourceForm, row: Resource | None) -> str:
    usual = _usual()
    held = {name: getattr(form, name).data for name in usual}
    return render_template(
        "sharing/catalogue/resource_form.html",
        form=form,
        row=row,
        weekdays=catalogue_words.WEEKDAY_NAMES,
        cover=files.card_pictures([row.id]).get(row.id) if row else None,
        prices=listing.comparable_prices(current_actor(), row.id if row else None),
        differs=any(held[name] != value for name, value in usual.items()),
        faulty=any(getattr(form, name).errors for name in (*usual, "horizon_days", "external_from")),
    )


def _usual() -> dict[str, object]:
    """What the rules of booking are where nobody changes them."""
    fresh = ResourceForm(formdata=None)
    names = ("approval", "billing", "step_minutes", "min_minutes", "max_minutes", "buffer_before_minutes")
    more = ("buffer_minutes", "lead_minutes", "quota_minutes_per_week", "late_cancel_hours")
    return {name: getattr(fresh, name).data for name in (*names, *more)}


def _resource_form(row: Resource | None = None) -> ResourceForm:
    opening: list[OpeningHours] = list(catalogue.WORKING_WEEK)
    values: dict[str, Any] = {}
    if row is not None:
        opening = [
            OpeningHours(one.weekday, one.opens_minute, one.closes_minute)
            for one in resource_records.opening_of(row.id)
        ]
        values = {c.key: getattr(row, c.key) for c in Resource.__table__.columns}
        values["qualification_id"] = row.qualification_id or 0
        values["price"] = Decimal(row.price_fen_per_hour) / 100
        values["value"] = None if row.value_fen is None else Decimal(row.value_fen) / 100
        values["late_cancel_percent"] = round(row.late_cancel_ratio * 100)
        values["specifications"] = "\n".join(f"{k}: {v}" for k, v in row.specifications.items())
    values["week"], shown = week_rows(opening)
    if not shown:
        values["week_line"] = week_text(opening, _digits(), "-")
    building, place = (row.building, row.place) if row else ("", "")
    places, values["where"], values["place"] = where.choices(building, place)
    form = ResourceForm(data=values) if request.method == "GET" else ResourceForm()
    form.where.choices = places
    form.where.flags.required = len(places) > 1
    names = [*catalogue_words.CATEGORIES, *([row.category] if row and row.category else [])]
    if row is None:
        form.category.choices = [SelectChoice("", _("请选择"))]
    else:
        form.category.choices = [] if row.category else [SelectChoice("", "—")]
    form.category.choices += [SelectChoice(c, CATEGORY_NAMES.get(c, c)) for c in dict.fromkeys(names)]
    form.qualification_id.choices = [SelectChoice(0, _("无需资质"))] + [
        SelectChoice(q.id, q.name) for q in qualifications.visible(current_actor(), row)
    ]
    return form


def _digits() -> dict[int, str]:
    return {day: str(day) for day in range(1, 8)}


def _photos(form: ResourceForm) -> list[tuple[str, bytes]]:
    chosen = [one for one in form.photos.data or () if getattr(one, "filename", "")]
    return [(one.filename, one.stream.read(files.READ_AT_MOST)) for one in chosen[: files.UPLOADS_AT_ONCE]]


def _fields(form: ResourceForm, building: str = "") -> dict[str, Any]:
    fields = {name: getattr(form, name).data for name in PLAIN}
    fields |= {name: fields[name] or "" for name in MAY_BE_EMPTY}
    return (
        fields
        | where.said(form.where.data or "", (form.place.data or "").strip(), building)
        | {
            "price_fen_per_hour": int(form.price.data * 100),
            "value_fen": None if form.value.data is None else int(form.value.data * 100),
            "late_cancel_ratio": form.late_cancel_percent.data / 100,
            "specifications": form.specification_items(),
            "qualification_id": form.qualification_id.data or None,
        }
    )
