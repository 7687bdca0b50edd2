"""Listing and editing patents and people."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.validators import DataRequired

from app.hall.errors import NotFound
from app.hall.web.answers import flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, only
from app.identity.door import roles
from app.sharing import access
from app.sharing.catalogue import pools, search
from app.sharing.catalogue import records as resource_records
from app.sharing.catalogue import service as catalogue
from app.sharing.catalogue.models import Patent, Resource
from app.sharing.catalogue.schemas_pools import PatentForm, TalentForm
from app.sharing.catalogue.search import TalentProfile
from app.sharing.pages import bp


@bp.route("/pool/<any(patent, talent):kind>/new", methods=["GET", "POST"])
@only(roles.OFFERS_RESOURCES)
def new_in_pool(kind: str) -> ResponseReturnValue:
    form: PatentForm | TalentForm = PatentForm() if kind == "patent" else TalentForm()
    if isinstance(form, TalentForm):
        form.person.validators = [DataRequired(), *form.person.validators]
    if form.validate_on_submit():
        with refusals_to(form):
            more: dict[str, Any] = (
                {"patent": form.patent()} if isinstance(form, PatentForm) else {"talent": form.talent()}
            )
            row = catalogue.list_resource(
                current_actor(),
                kind,
                form.name.data,
                category=form.category.data or "",
                description=form.description.data or "",
                **more,
            )
            flash_ok(_("已上架“%(name)s”。", name=row.name))
            return redirect(url_for("sharing.resource", resource_id=row.id), 303)
    return render_template("sharing/catalogue/pool_form.html", form=form, kind=kind, row=None), form_status(
        form
    )


@bp.route("/pool/<int:resource_id>/edit", methods=["GET", "POST"])
@only(roles.OFFERS_RESOURCES)
def edit_in_pool(resource_id: int) -> ResponseReturnValue:
    actor = current_actor()
    row = resource_records.get_resource(resource_id)
    access.require_runner_or_park(actor, row.owner_id)
    form = _filled(row)
    if form.validate_on_submit():
        with refusals_to(form):
            words = (form.name.data, form.category.data or "", form.description.data or "")
            if isinstance(form, PatentForm):
                pools.edit_patent(actor, row.id, *words, form.patent())
            else:
                pools.edit_talent(actor, row.id, *words, form.talent())
            flash_ok(_("已保存。"))
            return redirect(url_for("sharing.resource", resource_id=row.id), 303)
    return render_template(
        "sharing/catalogue/pool_form.html", form=form, kind=row.kind, row=row
    ), form_status(form)


def _filled(row: Resource) -> PatentForm | TalentForm:
    """The form as things stand; a person's name and contact are never shown, not even here."""
    detail = search.details_of([row]).get(row.id)
    values: dict[str, Any] = {"name": row.name, "category": row.category, "description": row.description}
    if isinstance(detail, Patent):
        values |= {
            "number": detail.number,
            "fee": Decimal(detail.fee_fen) / 100,
            "basis": detail.fee_basis,
            "expires": detail.expires_on,
            "exclusive": detail.exclusive,
        }
        return PatentForm(data=values) if request.method == "GET" else PatentForm()
    if not isinstance(detail, TalentProfile):
        raise NotFound("resource_not_found")
    values |= {
        "skills": "、".join(detail.skills),
        "years": detail.years,
        "days": detail.days_per_month,
        "fee": Decimal(detail.fee_fen_per_day) / 100,
    }
    return TalentForm(data=values) if request.method == "GET" else TalentForm()
