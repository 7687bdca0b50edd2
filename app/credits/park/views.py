"""The park's view: what is issued and owed; what one proposes and a second decides."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField

from app.credits import limits
from app.credits.claims import earn_rules
from app.credits.claims.words import CAP_PERIODS, EVIDENCE_KINDS, ORIGINS
from app.credits.pages import bp
from app.credits.park import reports
from app.credits.park import service as proposals
from app.credits.park.models import Proposal
from app.credits.park.rules import is_open_for
from app.credits.park.schemas import AdjustmentForm, RewardForm, RuleForm
from app.credits.park.words import PROPOSAL_KINDS, PROPOSAL_STATES
from app.credits.rewards import catalogue as rewards
from app.credits.rewards import pictures
from app.credits.rewards.fulfilment import kind_names
from app.credits.rewards.words import CATEGORIES, SIZES
from app.credits.schemas import ReasonForm
from app.hall import clock
from app.hall.text.language import lang
from app.hall.web.answers import flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, only
from app.hall.web.listing import Listing
from app.identity import door as identity
from app.identity.door import roles


@bp.get("/park")
@only(roles.SEES_ALL_CREDITS)
def park_overview() -> ResponseReturnValue:
    return render_template(
        "credits/park/park.html",
        figures=reports.park_figures(),
        ageing=reports.ageing(),
        months=reports.months(),
        rules=reports.top_rules(),
        rewards=reports.top_rewards(),
        firms=reports.top_firms(),
    )


_NAMES: dict[str, dict[str, Any]] = {
    "category": CATEGORIES,
    "origin": ORIGINS,
    "evidence_kind": EVIDENCE_KINDS,
    "cap_period": CAP_PERIODS,
    "eligible_sizes": SIZES,
}


def _label(kind: str, name: str) -> str:
    """What a field is called in the editor that proposed it."""
    form = RuleForm(formdata=None) if kind == "earn_rule" else RewardForm(formdata=None)
    own = {"partner": "counterpart", "picture": "upload"}.get(name, name)
    if own in form and kind != "adjustment":
        return str(form[own].label.text).split("（")[0].split(" (")[0]
    return {
        "fulfilment_params": _("兑现内容"),
        "organisation_id": _("企业"),
        "credits": _("积分"),
        "lifetime_days": _("有效天数"),
    }.get(name, name)


def _said(kind: str, name: str, value: Any) -> str:
    """A value as people say it."""
    if value is None or value in ("", [], {}):
        return "—"
    if isinstance(value, dict):
        return " · ".join(f"{_label(kind, key)} {one}" for key, one in value.items())
    if isinstance(value, list):
        return "、".join(_said(kind, name, one) for one in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    names = kind_names() if name == "fulfilment" else _NAMES.get(name, {})
    return str(names.get(value, value))


def _title(row: Proposal, firms: Mapping[int, Any]) -> str:
    """What the proposal is about, as people call it: the firm, the rule or the reward."""
    if row.kind == "adjustment":
        firm = firms.get(row.payload["organisation_id"])
        return firm.name if firm else row.subject
    told = row.payload.get(f"{'title' if row.kind == 'earn_rule' else 'name'}_{lang()}")
    return str(told or row.payload.get("title_zh") or row.payload.get("name_zh") or row.subject)


@bp.get("/proposals")
@only(roles.SEES_PROPOSALS)
def proposal_list() -> ResponseReturnValue:
    listing = Listing.from_request({"id": Proposal.id}, "id", ("state", "kind"), desc=True)
    page = listing.page(proposals.list_query(listing.filters["state"], listing.filters["kind"]))
    firms = _firms(page.items)
    return render_template(
        "credits/park/proposals.html",
        page=page,
        listing=listing,
        people=proposals.names(page.items),
        may_edit=current_actor().may(roles.PROPOSES_CREDIT_CHANGES),
        titles={row.id: _title(row, firms) for row in page.items},
        **proposal_words(),
    )


@bp.get("/proposals/<int:proposal_id>")
@only(roles.SEES_PROPOSALS)
def proposal_page(proposal_id: int) -> ResponseReturnValue:
    actor = current_actor()
    row = proposals.get_proposal(actor, proposal_id)
    firms = _firms([row])
    return render_template(
        "credits/park/proposal.html",
        row=row,
        before=_before(row),
        form=ReasonForm(),
        people=proposals.names([row]),
        may_decide=is_open_for(row.state, row.proposed_by, proposals.judge_of(actor)),
        own=row.proposed_by == actor.member_id,
        organisation=next(iter(firms.values()), None),
        label=_label,
        said=_said,
        title=_title(row, firms),
        **proposal_words(),
    )


def _before(row: Proposal) -> Any:
    """What holds today, to be compared with what is proposed."""
    if row.kind == "earn_rule":
        return proposals.find_rule(row.subject)
    return proposals.find_reward(row.subject) if row.kind == "reward" else None


def _firms(rows: Sequence[Proposal]) -> Mapping[int, Any]:
    """The firms whose credits these proposals correct."""
    return identity.organisations_by_id(
        row.payload["organisation_id"] for row in rows if row.kind == "adjustment"
    )


@bp.post("/proposals/<int:proposal_id>/<any(approve, reject):decision>")
@only(roles.PROPOSES_CREDIT_CHANGES)
def proposal_decide(proposal_id: int, decision: str) -> ResponseReturnValue:
    proposals.decide_proposal(
        current_actor(), proposal_id, decision == "approve", ReasonForm().reason.data or ""
    )
    flash_ok(_("已复核生效。") if decision == "approve" else _("提案已否决。"))
    return redirect(url_for("credits.proposal_page", proposal_id=proposal_id), 303)


def proposal_words() -> dict[str, object]:
    return {
        "rule_title": earn_rules.title_of,
        "rule_text": earn_rules.description_of,
        "evidence_kinds": EVIDENCE_KINDS,
        "cap_periods": CAP_PERIODS,
        "origins": ORIGINS,
        "proposal_states": PROPOSAL_STATES,
        "proposal_kinds": PROPOSAL_KINDS,
        "categories": CATEGORIES,
        "fulfilments": kind_names(),
        "sizes": SIZES,
    }


def _typed(form: FlaskForm, names: tuple[str, ...]) -> dict[str, object]:
    """What the form says of these fields; a text that was not sent at all is an empty one."""
    fields = [form[name] for name in names if name in form]
    return {one.short_name: one.data or "" if isinstance(one, StringField) else one.data for one in fields}


@bp.route("/rules/propose", methods=["GET", "POST"])
@only(roles.PROPOSES_CREDIT_CHANGES)
def rule_propose() -> ResponseReturnValue:
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
    page = render_template("credits/park/rule_form.html", form=form, code=code, **proposal_words())
    return page, form_status(form)


@bp.route("/rewards/propose", methods=["GET", "POST"])
@only(roles.PROPOSES_CREDIT_CHANGES)
def reward_propose() -> ResponseReturnValue:
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
                "policy": (form.policy.data or "").strip(),
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
        for name in ("months", "days", "place", "policy"):
            form[name].data = reward.fulfilment_params.get(name)
    page = render_template("credits/park/reward_form.html", form=form, code=code, **proposal_words())
    return page, form_status(form)


def _keep_picture(form: RewardForm) -> None:
    """What was uploaded is kept at once: another mistake on the form does not lose it."""
    if form.upload.data:
        with refusals_to(form):
            data = form.upload.data.stream.read(limits.PICTURE_BYTES + 1)
            form.picture.data = pictures.put(current_actor(), data)
    elif form.drop_picture.data:
        form.picture.data = ""
    form.drop_picture.data = False


@bp.route("/adjustments/propose", methods=["GET", "POST"])
@only(roles.PROPOSES_CREDIT_CHANGES)
def adjustment_propose() -> ResponseReturnValue:
    form = AdjustmentForm()
    if form.validate_on_submit():
        with refusals_to(form):
            row = proposals.propose_adjustment(
                current_actor(),
                form.enterprise.data or "",
                form.credits.data or 0,
                form.reason.data or "",
                form.lifetime_days.data or 365,
            )
            flash_ok(_("提案已提交，由另一位同事复核后生效。"))
            return redirect(url_for("credits.proposal_page", proposal_id=row.id), 303)
    return render_template("credits/park/adjustment_form.html", form=form), form_status(form)
