"""Rules as everybody reads them, and the editors in which rules, rewards and corrections are proposed."""

from __future__ import annotations

import re
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField

from app import clock, uploads
from app.credits.forms import AdjustmentForm, RewardForm, RuleForm
from app.credits.messages import (
    CAP_PERIODS,
    CATEGORIES,
    EVIDENCE_KINDS,
    FULFILMENTS,
    ORIGINS,
    PROPOSAL_KINDS,
    PROPOSAL_STATES,
    SIZES,
)
from app.credits.service import earn_rules, pictures, proposals, rewards
from app.credits.views import bp
from app.web import current_actor, flash_ok, form_status, refusals_to, roles, signed_in


def words() -> dict[str, Any]:
    return {
        "rule_title": earn_rules.title_of, "rule_text": earn_rules.description_of, "evidence_kinds": EVIDENCE_KINDS,
        "cap_periods": CAP_PERIODS, "origins": ORIGINS, "proposal_states": PROPOSAL_STATES, "proposal_kinds": PROPOSAL_KINDS,
        "categories": CATEGORIES, "fulfilments": FULFILMENTS, "sizes": SIZES,
    }  # fmt: skip


@bp.get("/rules")
@signed_in
def rule_list() -> Any:
    """What earns how much: for everybody."""
    actor = current_actor()
    return render_template(
        "credits/rules.html", rules=earn_rules.rules_on(clock.today()), may_edit=actor.has(*proposals.EDITORS),
        may_claim=actor.has("enterprise_admin"), **words(),
    )  # fmt: skip


@bp.get("/rules/<code>")
@signed_in
def rule_page(code: str) -> Any:
    actor = current_actor()
    found = earn_rules.versions(code)
    return render_template(
        "credits/rule.html", versions=found, rule=found[0], may_edit=actor.has(*proposals.EDITORS), **words()
    )


def _typed(form: FlaskForm, names: tuple[str, ...]) -> dict[str, Any]:
    """What the form says of these fields; a text that was not sent at all is an empty one."""
    fields = [form[name] for name in names if name in form]
    return {one.short_name: one.data or "" if isinstance(one, StringField) else one.data for one in fields}


@bp.route("/rules/propose", methods=["GET", "POST"])
@roles(*proposals.EDITORS)
def rule_propose() -> Any:
    form = RuleForm()
    code = request.args.get("code", "")[:40]
    if form.validate_on_submit():
        with refusals_to(form):
            values = _typed(form, proposals.RULE_FIELDS)
            row = proposals.propose_rule(
                current_actor(), form.code.data or "", values, form.reason.data or ""
            )
            flash_ok(_("提案已提交，由另一位同事复核后生效。"))
            return redirect(url_for("credits.proposal_page", proposal_id=row.id), 303)
    elif request.method == "GET" and code:
        last = earn_rules.versions(code)[0]
        form.process(obj=last)
        form.valid_from.data, form.reason.data = clock.today(), ""
    page = render_template("credits/rule_form.html", form=form, code=code, **words())
    return page, form_status(form)


@bp.route("/rewards/propose", methods=["GET", "POST"])
@roles(*proposals.EDITORS)
def reward_propose() -> Any:
    form = RewardForm()
    code = request.args.get("code", "")[:40]
    if request.method == "POST":
        _keep_picture(form)
    if form.validate_on_submit() and not form.form_errors:
        with refusals_to(form):
            values = _typed(form, proposals.REWARD_FIELDS)
            typed = re.split(r"[,，、;；]", form.eligible_industries.data or "")
            values["eligible_industries"] = [one.strip() for one in typed if one.strip()]
            params = {
                "hours": form.hours.data,
                "partner": (form.counterpart.data or "").strip().upper(),
                "months": form.months.data,
                "days": form.days.data,
                "place": (form.place.data or "").strip(),
            }
            values["picture"] = form.picture.data or None
            values["fulfilment_params"] = {key: value for key, value in params.items() if value}
            row = proposals.propose_reward(
                current_actor(), form.code.data or "", values, form.reason.data or ""
            )
            flash_ok(_("提案已提交，由另一位同事复核后生效。"))
            return redirect(url_for("credits.proposal_page", proposal_id=row.id), 303)
    elif request.method == "GET" and code:
        reward = rewards.get_reward(code)
        form.process(obj=reward)
        form.hours.data, form.reason.data = reward.fulfilment_params.get("hours"), ""
        form.counterpart.data = reward.fulfilment_params.get("partner", "")
        for name in ("months", "days", "place"):
            form[name].data = reward.fulfilment_params.get(name)
    page = render_template("credits/reward_form.html", form=form, code=code, **words())
    return page, form_status(form)


def _keep_picture(form: RewardForm) -> None:
    """What was uploaded is kept at once: another mistake on the form does not lose it."""
    if form.upload.data:
        with refusals_to(form):
            data = form.upload.data.stream.read(pictures.MAX_BYTES + 1)
            form.picture.data = pictures.put(current_actor(), data)
    elif form.drop_picture.data:
        form.picture.data = ""
    form.drop_picture.data = False


bp.add_app_template_filter(pictures.alt_of, "picture_text")


@bp.get("/rewards/pictures/<picture>")
@signed_in
def reward_picture(picture: str) -> Any:
    media_type, extension, data = pictures.read(current_actor(), picture)
    return uploads.shown(data, media_type, f"reward.{extension}", picture)


@bp.route("/adjustments/propose", methods=["GET", "POST"])
@roles(*proposals.EDITORS)
def adjustment_propose() -> Any:
    form = AdjustmentForm()
    if form.validate_on_submit():
        with refusals_to(form):
            row = proposals.propose_adjustment(
                current_actor(), form.enterprise.data or "", form.credits.data or 0, form.reason.data or "",
                form.lifetime_days.data or 365,
            )  # fmt: skip
            flash_ok(_("提案已提交，由另一位同事复核后生效。"))
            return redirect(url_for("credits.proposal_page", proposal_id=row.id), 303)
    return render_template("credits/adjustment_form.html", form=form), form_status(form)
