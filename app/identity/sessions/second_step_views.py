"""The page of the second step, and the door that stays shut without one where the park wants it."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.hall.errors import Refusal
from app.hall.text.language import message
from app.hall.web.answers import flash_ok, form_status, refusals_to, safe_next
from app.hall.web.guards import is_api, limiter, public
from app.hall.web.kept_form import continued
from app.identity.factors import passkeys
from app.identity.factors import service as factors
from app.identity.factors.schemas import SecondStepForm
from app.identity.pages import bp
from app.identity.sessions import second_step as work

# Open without a second factor: setting one up, signing out, the language, what pages are made of.
OPEN = {"identity.sign_out", "identity.set_language", "static"}


def ask_second_step(kept: str) -> ResponseReturnValue:
    """After the right password: on to the second step; what was typed before the session ended travels along."""
    if kept:
        return _page(SecondStepForm(formdata=None), kept)
    return redirect(url_for("identity.second_step", next=request.args.get("next")), 303)


def _page(form: SecondStepForm, kept: str = "") -> ResponseReturnValue:
    try:
        member, _remember = work.halfway()
    except Refusal as refusal:
        flash_ok(message(refusal.code, refusal.params))
        return redirect(url_for("identity.sign_in"), 303)
    keys = factors.passkeys_of(factors.factors_of(member.id))
    return render_template(
        "identity/factors/second_step.html",
        form=form,
        kept=kept,
        options=passkeys.options_to_use(keys) if keys else "",
    )


@bp.get("/identity/second-step")
@public
def second_step() -> ResponseReturnValue:
    return _page(SecondStepForm())


@bp.post("/identity/second-step")
@public
@limiter.limit("60 per hour", key_func=work.place)
def second_step_now() -> ResponseReturnValue:
    form = SecondStepForm()
    kept = request.form.get("kept", "")
    if form.validate():
        with refusals_to(form):
            work.finish(form.code.data or "", form.answer.data or "")
            again = continued(kept)
            return again or redirect(safe_next(request.args.get("next", "")) or url_for("identity.home"), 303)
    page = _page(form, kept)
    return (page, form_status(form)) if isinstance(page, str) else page


@bp.before_app_request
def _set_up_first() -> ResponseReturnValue | None:
    """Where the park wants a second factor of its people, they see nothing else before they have one."""
    if is_api() or request.endpoint is None or session.get(factors.PROVEN):
        return None
    if not current_user.is_authenticated or not factors.is_needed(current_user.actor):
        return None
    path = request.path.startswith("/identity/second-factor")
    if path or request.endpoint in OPEN:
        return None
    return redirect(url_for("identity.second_factor"), 303)
