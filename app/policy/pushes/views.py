"""A push as the firm reads it: the policy, the reasons and their sources, yes or no."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from app.hall import clock
from app.hall.web.answers import flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, only
from app.identity import door as identity
from app.identity.door import roles
from app.policy import words
from app.policy.cases.service import case_of_push
from app.policy.facts import service as facts
from app.policy.fits.schemas import lines_of
from app.policy.fits.store import versions_by_id
from app.policy.pages import bp
from app.policy.pushes import service as pushes
from app.policy.states import PUSH


class DeclineForm(FlaskForm):
    reason = TextAreaField(_l("为什么暂不需要"), [InputRequired(_l("请填写理由。")), Length(max=500)])


@bp.get("/pushes/<int:push_id>")
@only(roles.SEES_MONTHLY_FACTS)
def push(push_id: int) -> ResponseReturnValue:
    """Looking at it is reading it."""
    pushes.open_push(current_actor(), push_id)
    return _page(push_id, DeclineForm(formdata=None))


def _page(push_id: int, form: DeclineForm) -> Any:
    actor = current_actor()
    row = pushes.get_push(actor, push_id)
    version = versions_by_id([row.policy_version_id], _day(row.reasons))[row.policy_version_id]
    kinds = {kind.code: kind for kind in facts.list_kinds()}
    page = render_template(
        "policy/push.html",
        row=row,
        version=version,
        lines=lines_of(row.reasons, version.bound.policy.conditions, kinds),
        firm=identity.get_organisation(row.organisation_id),
        may_answer=row.organisation_id == actor.organisation_id
        and actor.may(roles.ANSWERS_PUSHES)
        and (row.state == "sent" or "declined" in PUSH[row.state]),
        case=case_of_push(row.id),
        form=form,
        **words.NAMES,
    )
    return page, form_status(form)


def _day(reasons: dict[str, Any]) -> Any:
    return clock.read_day(reasons["version"]) or clock.today()


@bp.post("/pushes/<int:push_id>/decline")
@only(roles.ANSWERS_PUSHES)
def decline_push(push_id: int) -> ResponseReturnValue:
    """No, with a reason."""
    form = DeclineForm()
    if form.validate():
        with refusals_to(form):
            pushes.decline(current_actor(), push_id, form.reason.data or "")
            flash_ok(_("已记录，90 天内不再推送这项政策。"))
            return redirect(url_for("policy.mine"), 303)
    return _page(push_id, form)
