"""Rules, rewards and corrections: proposed here by one, decided here by another."""

from __future__ import annotations

import re
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock
from app.credits.forms import AdjustmentForm, ReasonForm, RewardForm, RuleForm
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
from app.credits.models import Proposal
from app.credits.service import earn_rules, proposals, rewards
from app.credits.views import bp
from app.identity import service as identity
from app.web import Listing, current_actor, flash_ok, form_status, refusals_to, roles, signed_in

READERS = ("park_admin", "credit_reviewer", "auditor")


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


@bp.route("/rules/propose", methods=["GET", "POST"])
@roles(*proposals.EDITORS)
def rule_propose() -> Any:
    form = RuleForm()
    code = request.args.get("code", "")[:40]
    if form.validate_on_submit():
        with refusals_to(form):
            values = {name: form[name].data for name in proposals.RULE_FIELDS if name in form}
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
    if form.validate_on_submit():
        with refusals_to(form):
            values = {name: form[name].data for name in proposals.REWARD_FIELDS if name in form}
            typed = re.split(r"[,，、;；]", form.eligible_industries.data or "")
            values["eligible_industries"] = [one.strip() for one in typed if one.strip()]
            params = {
                "hours": form.hours.data,
                "partner": (form.counterpart.data or "").strip().upper(),
                "months": form.months.data,
                "days": form.days.data,
                "place": (form.place.data or "").strip(),
            }
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


@bp.get("/proposals")
@roles(*READERS)
def proposal_list() -> Any:
    listing = Listing.from_request({"id": Proposal.id}, "id", ("state", "kind"), desc=True)
    page = listing.page(proposals.list_query(listing.filters["state"], listing.filters["kind"]))
    return render_template(
        "credits/proposals.html", page=page, listing=listing, people=proposals.names(page.items),
        may_edit=current_actor().has(*proposals.EDITORS), **words(),
    )  # fmt: skip


@bp.get("/proposals/<int:proposal_id>")
@roles(*READERS)
def proposal_page(proposal_id: int) -> Any:
    actor = current_actor()
    row = proposals.get_proposal(actor, proposal_id)
    return render_template(
        "credits/proposal.html", row=row, before=_before(row), form=ReasonForm(), people=proposals.names([row]),
        may_decide=actor.has(*proposals.EDITORS) and row.state == "proposed" and row.proposed_by != actor.member_id,
        own=row.proposed_by == actor.member_id, organisation=_firm(row), **words(),
    )  # fmt: skip


def _before(row: Proposal) -> Any:
    """What holds today, to be compared with what is proposed."""
    if row.kind == "earn_rule":
        return proposals.find_rule(row.subject)
    return proposals.find_reward(row.subject) if row.kind == "reward" else None


def _firm(row: Proposal) -> Any:
    return identity.find_organisation(row.subject) if row.kind == "adjustment" else None


@bp.post("/proposals/<int:proposal_id>/<any(approve, reject):decision>")
@roles(*proposals.EDITORS)
def proposal_decide(proposal_id: int, decision: str) -> Any:
    proposals.decide_proposal(
        current_actor(), proposal_id, decision == "approve", ReasonForm().reason.data or ""
    )
    flash_ok(_("已复核生效。") if decision == "approve" else _("提案已否决。"))
    return redirect(url_for("credits.proposal_page", proposal_id=proposal_id), 303)
