"""Resetting a lost password: asked by one, confirmed by another, done by the member."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall.errors import Refusal
from app.hall.web.answers import flash_ok, form_status, redirect_back, refusals_to
from app.hall.web.guards import current_actor, limiter, only, public
from app.identity.factors import losses
from app.identity.factors.models import FactorLoss
from app.identity.members import resets as work
from app.identity.members import service as people
from app.identity.members.codes import plain_code
from app.identity.members.models import SecretLink
from app.identity.members.schemas import CodeForm, ResetForm
from app.identity.organisations import directory
from app.identity.pages import bp
from app.identity.roles import CONFIRMS_RESETS, MANAGES_COLLEAGUES
from app.identity.sessions.shown_once import show_once, shown_once


@bp.post("/identity/members/<int:member_id>/reset-link")
@only(MANAGES_COLLEAGUES)
def make_reset_link(member_id: int) -> ResponseReturnValue:
    actor = current_actor()
    member = people.get_colleague(actor, member_id)
    name = member.name
    step = work.ask_reset(actor, member_id)
    _say(step, name)
    return redirect_back("identity.members")


def _say(step: work.Step, name: str) -> None:
    if step.half:
        show_once("reset", name=name, secret=step.half)
    if step.waits:
        flash_ok(_("已发起重置，等待另一位管理员确认；本人和审计员已收到通知。"))
    elif step.mailed:
        flash_ok(_("重置链接已发到%(name)s的邮箱；本人和审计员已收到通知。", name=name))
    else:
        flash_ok(_("已确认，%(name)s可以设置新密码了。", name=name))


@bp.get("/identity/resets")
@only(CONFIRMS_RESETS)
def resets() -> ResponseReturnValue:
    actor = current_actor()
    rows = [_row(link, work.may_confirm(actor, link)) for link in work.open_resets(actor)]
    lost = [_lost(row, work.may_confirm(actor, row)) for row in losses.open_losses(actor)]
    return render_template("identity/members/resets.html", rows=rows, lost=lost, fresh=shown_once("reset"))


def _lost(row: FactorLoss, mine: bool) -> dict[str, object]:
    return {
        "id": row.id,
        "reason": row.reason,
        "member": people.get_member(row.member_id).name,
        "organisation": directory.get_organisation(row.organisation_id).name,
        "asked_by": people.get_member(row.created_by_id).name,
        "expires_at": row.expires_at,
        "mine": mine,
    }


def _row(link: SecretLink, mine: bool) -> dict[str, object]:
    return {
        "id": link.id,
        "login": link.detail["login"],
        "member": people.get_member(link.member_id or 0).name,
        "organisation": directory.get_organisation(link.organisation_id).name,
        "asked_by": people.get_member(link.created_by_id).name,
        "expires_at": link.expires_at,
        "mine": mine,
    }


@bp.post("/identity/resets/<int:link_id>/confirm")
@only(CONFIRMS_RESETS)
def confirm_reset(link_id: int) -> ResponseReturnValue:
    step = work.confirm_reset(current_actor(), link_id)
    _say(step, "")
    return redirect(url_for("identity.resets"), 303)


@bp.route("/identity/reset", methods=["GET", "POST"])
@public
@limiter.limit("30 per hour", methods=["POST"])
def enter_code() -> ResponseReturnValue:
    """The two halves of a code that no mail could carry."""
    form = CodeForm()
    if form.validate_on_submit():
        with refusals_to(form):
            code = plain_code(form.first.data + form.second.data)
            work.get_reset(code)
            return redirect(url_for("identity.reset_password", secret=code), 303)
    return render_template("identity/members/enter_code.html", form=form), form_status(form)


@bp.route("/identity/reset/<secret>", methods=["GET", "POST"])
@public
@limiter.limit("30 per hour", methods=["POST"])
def reset_password(secret: str) -> ResponseReturnValue:
    try:
        link = work.get_reset(secret)
    except Refusal:
        return render_template("identity/members/link_ended.html"), 404
    form = ResetForm()
    if form.validate_on_submit():
        with refusals_to(form):
            work.reset_password(secret, form.password.data, form.keep.data)
            flash_ok(_("密码已更新，请用新密码登录。"))
            return redirect(url_for("identity.sign_in"), 303)
    return render_template("identity/members/reset_password.html", form=form, link=link), form_status(form)
