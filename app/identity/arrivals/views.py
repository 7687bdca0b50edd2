"""Pages by which the park brings organisations in, and where an applicant reads how far the application is."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall.errors import Conflict
from app.hall.web.answers import flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, limiter, only, public
from app.identity.arrivals import applications
from app.identity.arrivals import service as arrivals
from app.identity.arrivals.finder import Candidate, find_candidates
from app.identity.arrivals.rules import NewOrganisation
from app.identity.arrivals.schemas import ApplicationForm, FirstPersonForm, OrganisationForm, kind_choices
from app.identity.members.links import secret_of
from app.identity.organisations.words import KIND_NAMES, STATUS_NAMES
from app.identity.pages import bp
from app.identity.roles import BRINGS_FIRMS_IN, BRINGS_ORGANISATIONS_IN
from app.identity.sessions.shown_once import show_once

_TEXTS = [
    one
    for one in NewOrganisation.__dataclass_fields__
    if hasattr(OrganisationForm, one) and one != "registered_on"
]


@bp.route("/identity/organisations/new", methods=["GET", "POST"])
@only(BRINGS_FIRMS_IN)
def add_organisation() -> ResponseReturnValue:
    """Bring an organisation in; who looks like it is shown before a second row is made."""
    actor = current_actor()
    form = OrganisationForm()
    if not actor.may(BRINGS_ORGANISATIONS_IN):
        form.kind.choices = [one for one in kind_choices() if one.value == "enterprise"]
    candidates: list[Candidate] = []
    if form.validate_on_submit():
        new = NewOrganisation(
            **{name: (form[name].data or "").strip() for name in _TEXTS},
            registered_on=form.registered_on.data,
        )
        first = None
        if (form.first_name.data or "").strip():
            first = arrivals.FirstPerson(form.first_name.data, form.first_email.data or "")
        with refusals_to(form):
            try:
                arrived = arrivals.add_organisation(actor, new, first, another=form.another.data)
            except Conflict as conflict:
                if "candidates" in conflict.extra:
                    candidates = find_candidates([new.name_zh, new.name_en, new.short_name], new.credit_code)
                raise
            _tell(arrived.invited)
            flash_ok(
                _(
                    "%(name)s已加入，编号 %(code)s。",
                    name=arrived.organisation.name,
                    code=arrived.organisation.code,
                )
            )
            return redirect(url_for("identity.organisation", organisation_id=arrived.organisation.id), 303)
    page = render_template(
        "identity/arrivals/add.html",
        form=form,
        candidates=candidates,
        kind_names=KIND_NAMES,
        status_names=STATUS_NAMES,
    )
    return page, form_status(form)


@bp.post("/identity/organisations/<int:organisation_id>/administrator")
@only(BRINGS_FIRMS_IN)
def invite_first(organisation_id: int) -> ResponseReturnValue:
    """Name the first person of an organisation that has no members."""
    form = FirstPersonForm()
    name = (form.name.data or "").strip()[:60]
    first = arrivals.FirstPerson(name, (form.email.data or "")[:120])
    _tell(arrivals.invite_first(current_actor(), organisation_id, first))
    return redirect(url_for("identity.organisation", organisation_id=organisation_id), 303)


def _tell(invited: arrivals.Invited | None) -> None:
    if invited is None:
        return
    if invited.mailed:
        flash_ok(_("邀请邮件已发给%(name)s。", name=invited.name))
        return
    link = url_for("identity.accept_invitation", secret=secret_of(invited.link_id), _external=True)
    show_once("invitation", name=invited.name, secret=link)


@bp.get("/identity/application")
@public
@limiter.limit("60 per hour")
def application() -> ResponseReturnValue:
    """How far an application is, for whoever holds its number."""
    form = ApplicationForm(request.args, meta={"csrf": False})
    asked = (request.args.get("number") or "").strip()[:40]
    found = applications.find_application(asked) if asked else None
    page = render_template(
        "identity/arrivals/application.html", form=form, found=found, asked=asked, status_names=STATUS_NAMES
    )
    return page, 404 if asked and found is None else 200
