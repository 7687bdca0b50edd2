"""A colleague's lost factors: asked by one administrator, confirmed by another."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall.web.answers import flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, only
from app.identity.factors import losses
from app.identity.factors.schemas import LossForm
from app.identity.members.service import get_colleague
from app.identity.pages import bp
from app.identity.roles import CONFIRMS_RESETS, MANAGES_COLLEAGUES


@bp.route("/identity/members/<int:member_id>/factors-lost", methods=["GET", "POST"])
@only(MANAGES_COLLEAGUES)
def ask_factor_loss(member_id: int) -> ResponseReturnValue:
    actor = current_actor()
    member = get_colleague(actor, member_id)
    form = LossForm()
    if form.validate_on_submit():
        with refusals_to(form):
            losses.ask_loss(actor, member_id, form.reason.data)
            flash_ok(_("已发起，等待另一位管理员确认；本人和审计员已收到通知。"))
            return redirect(url_for("identity.resets"), 303)
    return render_template("identity/factors/ask_loss.html", form=form, member=member), form_status(form)


@bp.post("/identity/factor-losses/<int:loss_id>/confirm")
@only(CONFIRMS_RESETS)
def confirm_factor_loss(loss_id: int) -> ResponseReturnValue:
    name = losses.confirm_loss(current_actor(), loss_id)
    flash_ok(_("已确认：%(name)s的验证方式已全部移除，所有设备已退出。", name=name))
    return redirect(url_for("identity.resets"), 303)
