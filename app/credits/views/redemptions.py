"""Redeeming: the wish, its way over the park's desk, and what came of it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock
from app.credits.forms import FulfilForm, ReasonForm, RedeemForm
from app.credits.messages import CATEGORIES, FULFILMENTS, REDEMPTION_STATES, REDEMPTION_STEPS, SIZES
from app.credits.models import Redemption
from app.credits.service import accounts, fulfilment, redemptions, rewards, venues
from app.credits.views import bp
from app.errors import Invalid
from app.identity import service as identity
from app.web import Listing, current_actor, flash_ok, form_status, refusals_to, roles, signed_in


def words() -> dict[str, Any]:
    return {
        "states": REDEMPTION_STATES, "step_names": REDEMPTION_STEPS, "redemption_number": redemptions.redemption_number,
        "reward_name": rewards.name_of, "reward_text": rewards.description_of, "fulfilments": FULFILMENTS,
        "categories": CATEGORIES, "sizes": SIZES,
    }  # fmt: skip


@bp.route("/rewards/<code>", methods=["GET", "POST"])
@signed_in
def reward_page(code: str) -> Any:
    """One reward, and the form that asks for it; its key makes a double click one redemption."""
    actor = current_actor()
    reward = rewards.get_reward(code)
    form = RedeemForm()
    if form.validate_on_submit():
        with refusals_to(form):
            row = redemptions.redeem(
                actor, code, form.quantity.data or 1, form.key.data or "", form.note.data or ""
            )
            flash_ok(_("兑换已提交，积分与库存已为您冻结。"))
            return redirect(url_for("credits.redemption_page", redemption_id=row.id), 303)
    if request.method == "GET":
        form.key.data = uuid.uuid4().hex
    summary = accounts.account_summary(actor.organisation_id)
    offer = rewards.offers(actor.organisation_id, summary.available_credits, [reward])[0]
    page = render_template(
        "credits/reward.html", offer=offer, reward=reward, form=form, summary=summary,
        may_redeem=actor.has("enterprise_admin"), may_edit=actor.has("park_admin", "credit_reviewer"), **words(),
    )  # fmt: skip
    return page, form_status(form)


@bp.get("/redemptions")
@signed_in
def redemption_list() -> Any:
    """One's own redemptions; for the park the queue of all."""
    actor = current_actor()
    listing = Listing.from_request(
        {"requested_at": Redemption.requested_at, "cost": Redemption.cost_credits, "expires_at": Redemption.expires_at},
        "requested_at", ("state",), desc=True,
    )  # fmt: skip
    query = redemptions.visible_redemptions(actor, listing.filters["state"]).order_by(None)
    query = redemptions.with_reward(query, listing.q)
    page = listing.page(query, Redemption.id)
    return render_template(
        "credits/redemptions.html", page=page, listing=listing, staff=actor.has("auditor", *redemptions.STAFF),
        firms=identity.organisations_by_id(row.organisation_id for row in page.items), now=clock.now(), **words(),
    )  # fmt: skip


@bp.get("/redemptions/<int:redemption_id>")
@signed_in
def redemption_page(redemption_id: int) -> Any:
    actor = current_actor()
    row = redemptions.get_redemption(actor, redemption_id)
    mine = row.organisation_id == actor.organisation_id
    return render_template(
        "credits/redemption.html", row=row, reward=row.reward, organisation=identity.get_organisation(row.organisation_id),
        may_decide=actor.has(*redemptions.STAFF) and not mine, may_cancel=mine and actor.has("enterprise_admin"),
        automatic=row.reward.fulfilment in fulfilment.registered_kinds() and row.reward.fulfilment != "venue", form=ReasonForm(), fulfil_form=FulfilForm(), **words(),
    )  # fmt: skip


@bp.post("/redemptions/<int:redemption_id>/<any(approve, reject):decision>")
@roles(*redemptions.STAFF)
def redemption_decide(redemption_id: int, decision: str) -> Any:
    decide = redemptions.approve_redemption if decision == "approve" else redemptions.reject_redemption
    decide(current_actor(), redemption_id, ReasonForm().reason.data or "")
    flash_ok(_("已批准，等待兑现。") if decision == "approve" else _("未批准，积分与库存已退回。"))
    return redirect(url_for("credits.redemption_page", redemption_id=redemption_id), 303)


@bp.post("/redemptions/<int:redemption_id>/fulfil")
@roles(*redemptions.STAFF)
def redemption_fulfil(redemption_id: int) -> Any:
    form = FulfilForm()
    if not form.validate():
        raise Invalid("venue_date")
    redemptions.fulfil_redemption(
        current_actor(), redemption_id, form.reference.data or "", form.starts_on.data
    )
    flash_ok(_("已兑现，积分已扣除。"))
    return redirect(url_for("credits.redemption_page", redemption_id=redemption_id), 303)


@bp.post("/redemptions/<int:redemption_id>/cancel")
@signed_in
def redemption_cancel(redemption_id: int) -> Any:
    redemptions.cancel_redemption(current_actor(), redemption_id, ReasonForm().reason.data or "")
    flash_ok(_("已取消，积分与库存已退回。"))
    return redirect(url_for("credits.redemption_page", redemption_id=redemption_id), 303)


@bp.get("/venues")
@roles("park_admin", "credit_reviewer", "auditor")
def venue_list() -> Any:
    """Which redeemed places are whose, today and later."""
    rows = venues.allocations(current_actor(), clock.today())
    firms = identity.organisations_by_id(one.organisation_id for one in rows)
    return render_template("credits/venues.html", rows=rows, firms=firms, today=clock.today())
