"""Coming in and going out: sign-in, one's password, sessions and tokens."""

from __future__ import annotations

from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.hall import clock
from app.hall.web.answers import flash_ok, form_status, refusals_to, safe_next
from app.hall.web.guards import current_actor, limiter, public, signed_in
from app.hall.web.kept_form import continued
from app.identity.pages import bp
from app.identity.sessions import service as sessions
from app.identity.sessions import tokens
from app.identity.sessions.browsers import known_browser
from app.identity.sessions.schemas import ChangePasswordForm, SignInForm, TokenForm
from app.identity.sessions.second_step_views import ask_second_step
from app.identity.sessions.shown_once import show_once, shown_once
from app.identity.sessions.words import device

bp.add_app_template_filter(device)

FAILED_PER_ADDRESS = "20 per minute; 100 per hour"


def _known_browser() -> bool:
    """Whoever signed in here before does not pay for what others do at the same address."""
    return bool(known_browser(request.form.get("login", "")))


def _refused(response: Any) -> bool:
    return bool(response.status_code != 303)


def _too_many(_limit: Any) -> Any:
    """The sign-in page again, with what was typed and a friendly word instead of a bare 429."""
    form = SignInForm()
    form.form_errors.append(_("尝试次数过多，请一分钟后再试。忘记密码时，可请贵单位管理员发送重置链接。"))
    return current_app.make_response((_sign_in_page(form), 429))


def _sign_in_page(form: SignInForm) -> str:
    demo = demo_logins() if current_app.config["SETTINGS"].demo else []
    return render_template("identity/sessions/sign_in.html", form=form, demo_logins=demo)


def demo_logins() -> list[tuple[str, str, str]]:
    """Login, who that is, and an icon: the doors into the fictional park."""
    return [
        ("e01", _("企业管理员 · 江澜电芯"), "building-factory-2"),
        ("e20", _("企业管理员 · 仪器所有者"), "microscope"),
        ("park", _("园区管理员"), "building-community"),
        ("investment", _("招商专员"), "target-arrow"),
        ("reviewer", _("积分审核员"), "clipboard-check"),
        ("secretary", _("委员会秘书"), "users-group"),
        ("university", _("高校合作办"), "school"),
        ("auditor", _("审计员"), "shield-check"),
    ]


@bp.get("/identity/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(safe_next(request.args.get("next", "")) or url_for("identity.home"))
    return _sign_in_page(SignInForm())


@bp.post("/identity/sign-in")
@public
@limiter.limit(FAILED_PER_ADDRESS, deduct_when=_refused, on_breach=_too_many, exempt_when=_known_browser)
def sign_in_now() -> ResponseReturnValue:
    form = SignInForm()
    if form.validate_on_submit():
        with refusals_to(form):
            if sessions.sign_in(form.login.data, form.password.data, form.remember.data) is None:
                return ask_second_step(request.form.get("kept", ""))
            kept = continued(request.form.get("kept", ""))
            return kept or redirect(safe_next(request.args.get("next", "")) or url_for("identity.home"), 303)
    return _sign_in_page(form), form_status(form)


@bp.post("/identity/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    sessions.sign_out(current_user._get_current_object())
    flash_ok(_("您已退出登录。"))
    return redirect(url_for("identity.sign_in"), 303)


@bp.route("/identity/security", methods=["GET", "POST"])
@signed_in
def security() -> ResponseReturnValue:
    actor = current_actor()
    form = ChangePasswordForm()
    if form.validate_on_submit():
        with refusals_to(form):
            sessions.change_password(
                actor, form.current.data, form.password.data, current_user.session_id, form.keep.data
            )
            flash_ok(_("密码已更新，其他设备已全部退出。"))
            return redirect(url_for("identity.security"), 303)
    return (
        render_template(
            "identity/sessions/security.html",
            form=form,
            sessions=sessions.list_sessions(actor),
            here=current_user.session_id,
        ),
        form_status(form),
    )


@bp.post("/identity/security/sessions/<int:session_id>/end")
@signed_in
def end_session(session_id: int) -> ResponseReturnValue:
    sessions.end_session(current_actor(), session_id, current_user.session_id)
    flash_ok(_("该设备已退出。"))
    return redirect(url_for("identity.security"), 303)


@bp.post("/identity/security/sessions/end")
@signed_in
def end_other_sessions() -> ResponseReturnValue:
    sessions.sign_out_everywhere(current_actor(), except_session_id=current_user.session_id)
    flash_ok(_("其他设备已全部退出。"))
    return redirect(url_for("identity.security"), 303)


@bp.route("/identity/tokens", methods=["GET", "POST"])
@signed_in
def token_list() -> ResponseReturnValue:
    actor = current_actor()
    form = TokenForm()
    if form.validate_on_submit():
        with refusals_to(form):
            row, secret = tokens.create_token(
                actor, form.name.data, form.scopes.data, int(form.days.data) or None
            )
            show_once("token", name=row.name, secret=secret)
            return redirect(url_for("identity.token_list"), 303)
    return (
        render_template(
            "identity/sessions/tokens.html",
            form=form,
            tokens=tokens.list_tokens(actor),
            colleagues=tokens.tokens_of_colleagues(actor),
            fresh=shown_once("token"),
            now=clock.now(),
        ),
        form_status(form),
    )


@bp.post("/identity/tokens/<int:token_id>/revoke")
@signed_in
def revoke_token(token_id: int) -> ResponseReturnValue:
    tokens.revoke_token(current_actor(), token_id)
    flash_ok(_("令牌已停用。"))
    return redirect(url_for("identity.token_list"), 303)
