"""One's own second factors: set up, remove, print recovery codes."""

from __future__ import annotations

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.hall.files.qr import drawing
from app.hall.web.answers import flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, signed_in
from app.identity.factors import service as factors
from app.identity.factors.schemas import FirstCodeForm, PasskeyForm, PasswordForm
from app.identity.pages import bp
from app.identity.sessions.shown_once import show_once, shown_once

SECOND_FACTOR = "identity.second_factor"


def _page(form: PasswordForm | None = None, passkey: PasskeyForm | None = None, at: str = "") -> str:
    actor = current_actor()
    rows = factors.factors_of(actor.member_id)
    return render_template(
        "identity/factors/second_factor.html",
        rows=rows,
        left=factors.codes_left(actor.member_id) if rows else 0,
        needed=factors.is_needed(actor),
        proven=bool(session.get(factors.PROVEN)),
        form=form or PasswordForm(formdata=None),
        passkey=passkey or PasskeyForm(formdata=None),
        at=at,
        options=factors.options_to_add(actor),
        fresh=shown_once("recovery"),
    )


def _with_codes(codes: list[str], text: str) -> ResponseReturnValue:
    if codes:
        show_once("recovery", name="", secret="\n".join(codes))
    flash_ok(text)
    return redirect(url_for(SECOND_FACTOR), 303)


@bp.get("/identity/second-factor")
@signed_in
def second_factor() -> ResponseReturnValue:
    return _page()


@bp.post("/identity/second-factor/totp")
@signed_in
def start_totp() -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate():
        with refusals_to(form):
            factors.start_totp(current_actor(), form.password.data)
            return redirect(url_for("identity.confirm_totp"), 303)
    return _page(form, at="totp"), form_status(form)


@bp.route("/identity/second-factor/totp/code", methods=["GET", "POST"])
@signed_in
def confirm_totp() -> ResponseReturnValue:
    actor = current_actor()
    form = FirstCodeForm()
    if form.validate_on_submit():
        with refusals_to(form):
            codes = factors.confirm_totp(actor, form.code.data, current_user.session_id)
            return _with_codes(codes, _("验证器已登记，下次登录时需要输入它的验证码。"))
    secret, address = factors.open_totp(actor)
    picture = drawing(address, border=4)
    page = render_template(
        "identity/factors/confirm_totp.html", form=form, secret=secret, picture=picture, address=address
    )
    return page, form_status(form)


@bp.post("/identity/second-factor/passkeys")
@signed_in
def add_passkey() -> ResponseReturnValue:
    actor = current_actor()
    form = PasskeyForm()
    if form.validate():
        with refusals_to(form):
            factors.check_password(actor, form.password.data)
            codes = factors.add_passkey(
                actor, form.name.data or "", form.answer.data or "", current_user.session_id
            )
            return _with_codes(codes, _("通行密钥已登记。"))
    return _page(passkey=form, at="passkey"), form_status(form)


@bp.post("/identity/second-factor/<int:factor_id>/remove")
@signed_in
def remove_factor(factor_id: int) -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate():
        with refusals_to(form):
            factors.remove_factor(current_actor(), factor_id, form.password.data)
            flash_ok(_("验证方式已移除。"))
            return redirect(url_for(SECOND_FACTOR), 303)
    return _page(form, at=f"remove-{factor_id}"), form_status(form)


@bp.post("/identity/second-factor/codes")
@signed_in
def new_recovery_codes() -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate():
        with refusals_to(form):
            codes = factors.new_codes(current_actor(), form.password.data)
            return _with_codes(codes, _("新的恢复码已生成，旧的全部失效。"))
    return _page(form, at="codes"), form_status(form)
