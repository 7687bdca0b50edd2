"""Coming in and going out: sign-in, registration of a firm, invitations, reset links, language."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.errors import Refusal
from app.identity.forms import AcceptForm, RegisterForm, ResetForm, SignInForm
from app.identity.service import directory, joining, people, sessions
from app.identity.views import bp
from app.language import LANGUAGES
from app.web import flash_ok, form_status, limiter, public, refusals_to, safe_next, signed_in

FAILED_PER_ADDRESS = "20 per minute; 100 per hour"
FAILED_PER_LOGIN = "10 per minute; 40 per hour"


def _login_asked() -> str:
    return "login:" + request.form.get("login", "").strip().lower()[:80]


def _refused(response: Any) -> bool:
    return bool(response.status_code != 303)


def _too_many(_limit: Any) -> Any:
    """The sign-in page again, with what was typed and a friendly word instead of a bare 429."""
    form = SignInForm()
    form.form_errors.append(_("尝试次数过多，请一分钟后再试。忘记密码时，可请贵司管理员发送重置链接。"))
    return current_app.make_response((_sign_in_page(form), 429))


def _sign_in_page(form: SignInForm) -> str:
    demo = demo_logins() if current_app.config["SETTINGS"].demo else []
    return render_template("identity/sign_in.html", form=form, demo_logins=demo)


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
def sign_in() -> Any:
    if current_user.is_authenticated:
        return redirect(safe_next(request.args.get("next", "")) or url_for("identity.home"))
    return _sign_in_page(SignInForm())


@bp.post("/identity/sign-in")
@public
@limiter.limit(FAILED_PER_ADDRESS, deduct_when=_refused, on_breach=_too_many)
@limiter.limit(FAILED_PER_LOGIN, key_func=_login_asked, deduct_when=_refused, on_breach=_too_many)
def sign_in_now() -> Any:
    form = SignInForm()
    if form.validate_on_submit():
        with refusals_to(form):
            sessions.sign_in(form.login.data, form.password.data, form.remember.data)
            return redirect(safe_next(request.args.get("next", "")) or url_for("identity.home"), 303)
    return _sign_in_page(form), form_status(form)


@bp.post("/identity/sign-out")
@signed_in
def sign_out() -> Any:
    sessions.sign_out(current_user._get_current_object())
    flash_ok(_("您已退出登录。"))
    return redirect(url_for("identity.sign_in"), 303)


@bp.get("/identity/language")
@public
def set_language() -> Any:
    """The other language, then back to the page one came from."""
    language = request.args.get("lang", "")
    if language not in LANGUAGES:
        abort(404)
    session["language"] = language
    if current_user.is_authenticated and current_user.language not in ("", language):
        people.set_language(current_user.actor, language)
    return redirect(safe_next(request.args.get("next", "")) or url_for("identity.home"))


@bp.route("/identity/register", methods=["GET", "POST"])
@public
@limiter.limit("10 per hour", methods=["POST"])
def register() -> Any:
    form = RegisterForm()
    if form.validate_on_submit():
        with refusals_to(form):
            joining.register_enterprise(
                name_zh=form.name_zh.data.strip(),
                name_en=form.name_en.data.strip(),
                credit_code=form.credit_code.data.strip().upper(),
                industry=form.industry.data,
                size=form.size.data,
                applicant=form.applicant.data.strip(),
                login=form.login.data,
                email=form.email.data.strip(),
                phone=form.phone.data.strip(),
                password=form.password.data,
            )
            return redirect(url_for("identity.registered"), 303)
    return render_template("identity/register.html", form=form), form_status(form)


@bp.get("/identity/registered")
@public
def registered() -> Any:
    return render_template("identity/registered.html")


@bp.route("/identity/invitation/<secret>", methods=["GET", "POST"])
@public
@limiter.limit("30 per hour", methods=["POST"])
def accept_invitation(secret: str) -> Any:
    try:
        link = joining.get_link("invitation", secret)
    except Refusal:
        return render_template("identity/link_ended.html"), 404
    organisation = directory.get_organisation(link.organisation_id)
    form = AcceptForm(name=link.detail.get("name", ""))
    if form.validate_on_submit():
        with refusals_to(form):
            joining.accept_invitation(secret, form.login.data, form.password.data, form.name.data)
            flash_ok(_("账号已建立，请登录。"))
            return redirect(url_for("identity.sign_in"), 303)
    return (
        render_template("identity/accept_invitation.html", form=form, organisation=organisation, link=link),
        form_status(form),
    )


@bp.route("/identity/reset/<secret>", methods=["GET", "POST"])
@public
@limiter.limit("30 per hour", methods=["POST"])
def reset_password(secret: str) -> Any:
    try:
        link = joining.get_link("reset", secret)
    except Refusal:
        return render_template("identity/link_ended.html"), 404
    form = ResetForm()
    if form.validate_on_submit():
        with refusals_to(form):
            joining.reset_password(secret, form.password.data)
            flash_ok(_("密码已更新，请用新密码登录。"))
            return redirect(url_for("identity.sign_in"), 303)
    return render_template("identity/reset_password.html", form=form, link=link), form_status(form)
