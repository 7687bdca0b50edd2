"""Pages of an instrument's special prices and units."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall.web.answers import flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, only
from app.identity.door import roles
from app.sharing.catalogue import rates, units
from app.sharing.catalogue import records as resource_records
from app.sharing.catalogue.models import Resource
from app.sharing.catalogue.schemas_rates import RateForm, UnitForm
from app.sharing.pages import bp


@bp.get("/resources/<int:resource_id>/upkeep")
@only(roles.OFFERS_RESOURCES)
def resource_upkeep(resource_id: int) -> ResponseReturnValue:
    """What it costs whom and when, and how many there are."""
    return _upkeep_page(_mine(resource_id), RateForm(), UnitForm())


def _mine(resource_id: int) -> Resource:
    return resource_records.runners_equipment(current_actor(), resource_id, lock=False)


def _upkeep_page(row: Resource, rate_form: RateForm, unit_form: UnitForm) -> str:
    return render_template(
        "sharing/catalogue/upkeep.html",
        row=row,
        rates=rates.rates_of(row.id),
        units=resource_records.units_of(row.id),
        rate_form=rate_form,
        unit_form=unit_form,
    )


@bp.post("/resources/<int:resource_id>/rates")
@only(roles.OFFERS_RESOURCES)
def add_rate(resource_id: int) -> ResponseReturnValue:
    row, form = _mine(resource_id), RateForm()
    if form.validate_on_submit():
        with refusals_to(form):
            rates.add_rate(current_actor(), row.id, form.new_rate())
            flash_ok(_("分时价格已保存，只影响以后的预约。"))
            return redirect(url_for("sharing.resource_upkeep", resource_id=row.id), 303)
    return _upkeep_page(row, form, UnitForm(formdata=None)), form_status(form)


@bp.post("/rates/<int:rate_id>/drop")
@only(roles.OFFERS_RESOURCES)
def drop_rate(rate_id: int) -> ResponseReturnValue:
    resource_id = rates.drop_rate(current_actor(), rate_id)
    flash_ok(_("分时价格已删除。"))
    return redirect(url_for("sharing.resource_upkeep", resource_id=resource_id), 303)


@bp.post("/resources/<int:resource_id>/units")
@only(roles.OFFERS_RESOURCES)
def add_unit(resource_id: int) -> ResponseReturnValue:
    row, form = _mine(resource_id), UnitForm()
    if form.validate_on_submit():
        with refusals_to(form):
            units.add_unit(current_actor(), row.id, form.label.data)
            flash_ok(_("台位已添加，可以预约。"))
            return redirect(url_for("sharing.resource_upkeep", resource_id=row.id), 303)
    return _upkeep_page(row, RateForm(formdata=None), form), form_status(form)


@bp.post("/units/<int:unit_id>/<any(activate,deactivate):action>")
@only(roles.OFFERS_RESOURCES)
def switch_unit(unit_id: int, action: str) -> ResponseReturnValue:
    resource_id = units.set_unit_active(current_actor(), unit_id, action == "activate")
    flash_ok(_("台位已启用。") if action == "activate" else _("台位已停用。"))
    return redirect(url_for("sharing.resource_upkeep", resource_id=resource_id), 303)
