"""What the platform does with personal information, for everybody; one's own consents for members."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.hall.web.answers import flash_ok
from app.hall.web.guards import current_actor, public, signed_in
from app.identity.pages import bp
from app.identity.privacy import service as consents
from app.identity.privacy.words import CHOSEN, PURPOSES
from app.identity.roles import SEES_ERASURES


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    given, sees_erasures = {}, False
    if current_user.is_authenticated:
        given = consents.consents_of(current_actor().member_id)
        sees_erasures = current_actor().may(SEES_ERASURES)
    return render_template(
        "identity/privacy/privacy.html",
        purposes=PURPOSES,
        chosen=CHOSEN,
        given=given,
        sees_erasures=sees_erasures,
    )


@bp.post("/privacy/<purpose>/withdraw")
@signed_in
def withdraw_consent(purpose: str) -> ResponseReturnValue:
    consents.withdraw(current_actor(), purpose)
    flash_ok(_("已撤回。"))
    return redirect(url_for("identity.privacy"), 303)


@bp.post("/privacy/<purpose>/give")
@signed_in
def give_consent(purpose: str) -> ResponseReturnValue:
    consents.give(current_actor(), purpose)
    flash_ok(_("已记录您的同意。"))
    return redirect(url_for("identity.privacy"), 303)
