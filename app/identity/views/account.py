"""One's own account: profile and language, password and sessions, API tokens."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import clock
from app.identity.forms import ChangePasswordForm, ProfileForm, TokenForm
from app.identity.service import directory, joining, people, sessions, tokens
from app.identity.views import bp
from app.web import current_actor, flash_ok, form_status, refusals_to, signed_in

SHOWN_ONCE = "shown_once"


def show_once(kind: str, **values: str) -> None:
    """Keep a secret for the next page of this browser only; it is never shown again."""
    session[SHOWN_ONCE] = {"kind": kind, **values}


def shown_once(*kinds: str) -> dict[str, str] | None:
    kept = session.get(SHOWN_ONCE)
    if not kept or kept["kind"] not in kinds:
        return None
    session.pop(SHOWN_ONCE)
    return dict(kept)


@bp.route("/identity/profile", methods=["GET", "POST"])
@signed_in
def profile() -> Any:
    actor = current_actor()
    member = people.get_member(actor.member_id)
    form = ProfileForm(obj=member)
    if form.validate_on_submit():
        with refusals_to(form):
            joining.update_profile(
                actor, form.name.data, form.email.data or "", form.phone.data or "", form.language.data
            )
            if form.language.data:
                session["language"] = form.language.data
            flash_ok(_("资料已保存。"))
            return redirect(url_for("identity.profile"), 303)
    organisation = directory.get_organisation(actor.organisation_id)
    return (
        render_template(
            "identity/profile.html", form=form, member=member, organisation=organisation, actor=actor
        ),
        form_status(form),
    )


@bp.route("/identity/security", methods=["GET", "POST"])
@signed_in
def security() -> Any:
    actor = current_actor()
    form = ChangePasswordForm()
    if form.validate_on_submit():
        with refusals_to(form):
            joining.change_password(actor, form.current.data, form.password.data, current_user.session_id)
            flash_ok(_("密码已更新，其他设备已全部退出。"))
            return redirect(url_for("identity.security"), 303)
    return (
        render_template(
            "identity/security.html",
            form=form,
            sessions=sessions.list_sessions(actor),
            here=current_user.session_id,
        ),
        form_status(form),
    )


@bp.post("/identity/security/sessions/<int:session_id>/end")
@signed_in
def end_session(session_id: int) -> Any:
    sessions.end_session(current_actor(), session_id)
    flash_ok(_("该设备已退出。"))
    return redirect(url_for("identity.security"), 303)


@bp.post("/identity/security/sessions/end")
@signed_in
def end_other_sessions() -> Any:
    sessions.sign_out_everywhere(current_actor(), except_session_id=current_user.session_id)
    flash_ok(_("其他设备已全部退出。"))
    return redirect(url_for("identity.security"), 303)


@bp.route("/identity/tokens", methods=["GET", "POST"])
@signed_in
def token_list() -> Any:
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
            "identity/tokens.html",
            form=form,
            tokens=tokens.list_tokens(actor),
            fresh=shown_once("token"),
            now=clock.now(),
        ),
        form_status(form),
    )


@bp.post("/identity/tokens/<int:token_id>/revoke")
@signed_in
def revoke_token(token_id: int) -> Any:
    tokens.revoke_token(current_actor(), token_id)
    flash_ok(_("令牌已停用。"))
    return redirect(url_for("identity.token_list"), 303)
