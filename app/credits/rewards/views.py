"""The catalogue, a redemption on its way over the park's desk, and what came of it."""

from __future__ import annotations

import uuid

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.credits.ledger import accounts, memos
from app.credits.pages import bp
from app.credits.rewards import catalogue as rewards
from app.credits.rewards import fulfilment, pictures, venues
from app.credits.rewards import service as redemptions
from app.credits.rewards.models import Redemption, Reward
from app.credits.rewards.schemas import FulfilForm, RedeemForm
from app.credits.rewards.words import CATEGORIES, REDEMPTION_STATES, REDEMPTION_STEPS, SIZES
from app.credits.schemas import ReasonForm
from app.hall import clock
from app.hall.errors import Invalid
from app.hall.files import uploads
from app.hall.web import bulk
from app.hall.web.answers import flash_ok, form_status, redirect_back, refusals_to
from app.hall.web.guards import current_actor, only, signed_in
from app.hall.web.listing import Listing
from app.identity import door as identity
from app.identity.door import roles


@bp.get("/rewards")
@signed_in
def reward_list() -> ResponseReturnValue:
    actor = current_actor()
    listing = Listing.from_request(
        {"cost": Reward.cost_credits, "popular": Reward.issued, "new": Reward.updated_at},
        "cost",
        ("category",),
        per_page=24,
    )
    query = rewards.current(clock.today())
    if listing.filters["category"] in CATEGORIES:
        query = query.where(Reward.category == listing.filters["category"])
    if listing.q:
        like = f"%{listing.q}%"
        query = query.where(
            Reward.name_zh.ilike(like) | Reward.name_en.ilike(like) | Reward.description_zh.ilike(like)
        )
    page = listing.page(query, Reward.id)
    own = identity.organisation_of(actor)
    available = accounts.available_credits(own.id)
    return render_template(
        "credits/rewards/rewards.html",
        page=page,
        offers=rewards.offers(own, available, list(page.items)),
        listing=listing,
        categories=CATEGORIES,
        available=available,
        can_redeem=actor.may(roles.REDEEMS_FOR_THE_FIRM),
        is_firm=own.kind == "enterprise",
        may_edit=actor.may(roles.PROPOSES_CREDIT_CHANGES),
    )


def words() -> dict[str, object]:
    return {
        "states": REDEMPTION_STATES,
        "step_names": REDEMPTION_STEPS,
        "redemption_number": redemptions.redemption_number,
        "reward_name": rewards.name_of,
        "reward_text": rewards.description_of,
        "fulfilments": fulfilment.kind_names(),
        "categories": CATEGORIES,
        "sizes": SIZES,
    }


@bp.route("/rewards/<code>", methods=["GET", "POST"])
@signed_in
def reward_page(code: str) -> ResponseReturnValue:
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
    own = identity.organisation_of(actor)
    available = accounts.available_credits(own.id)
    offer = rewards.offers(own, available, [reward])[0]
    page = render_template(
        "credits/rewards/reward.html",
        offer=offer,
        reward=reward,
        form=form,
        available=available,
        may_redeem=actor.may(roles.REDEEMS_FOR_THE_FIRM),
        may_edit=actor.may(roles.PROPOSES_CREDIT_CHANGES),
        **words(),
    )
    return page, form_status(form)


@bp.get("/redemptions")
@signed_in
def redemption_list() -> ResponseReturnValue:
    """One's own redemptions; for the park the queue of all."""
    actor = current_actor()
    listing = Listing.from_request(
        {
            "requested_at": Redemption.requested_at,
            "cost": Redemption.cost_credits,
            "expires_at": Redemption.expires_at,
        },
        "requested_at",
        ("state",),
        desc=True,
    )
    query = redemptions.visible_redemptions(actor, listing.filters["state"]).order_by(None)
    query = redemptions.with_reward(query, listing.q)
    page = listing.page(query, Redemption.id)
    return render_template(
        "credits/rewards/redemptions.html",
        page=page,
        listing=listing,
        staff=actor.may(roles.SEES_ALL_REDEMPTIONS),
        decides=actor.may(roles.DECIDES_REDEMPTIONS),
        firms=identity.organisations_by_id(row.organisation_id for row in page.items),
        now=clock.now(),
        **words(),
    )


@bp.post("/redemptions")
@only(roles.DECIDES_REDEMPTIONS)
def redemptions_decide() -> ResponseReturnValue:
    """Several at once are only approved: who is refused is told why, one by one."""
    actor = current_actor()
    bulk.each(
        bulk.chosen(),
        lambda redemption_id: redemptions.approve_redemption(actor, redemption_id),
        lambda redemption_id: _("兑换 %(id)s", id=redemption_id),
    )
    return redirect_back("credits.redemption_list")


@bp.get("/redemptions/<int:redemption_id>")
@signed_in
def redemption_page(redemption_id: int) -> ResponseReturnValue:
    actor = current_actor()
    row = redemptions.get_redemption(actor, redemption_id)
    mine = row.organisation_id == actor.organisation_id
    return render_template(
        "credits/rewards/redemption.html",
        row=row,
        reward=row.reward,
        organisation=identity.get_organisation(row.organisation_id),
        may_decide=actor.may(roles.DECIDES_REDEMPTIONS) and not mine,
        may_cancel=mine and actor.may(roles.REDEEMS_FOR_THE_FIRM),
        automatic=fulfilment.works_by_itself(row.reward.fulfilment) and row.reward.fulfilment != "venue",
        form=ReasonForm(),
        fulfil_form=FulfilForm(),
        **words(),
    )


@bp.post("/redemptions/<int:redemption_id>/<any(approve, reject):decision>")
@only(roles.DECIDES_REDEMPTIONS)
def redemption_decide(redemption_id: int, decision: str) -> ResponseReturnValue:
    decide = redemptions.approve_redemption if decision == "approve" else redemptions.reject_redemption
    decide(current_actor(), redemption_id, ReasonForm().reason.data or "")
    flash_ok(_("已批准，等待兑现。") if decision == "approve" else _("未批准，积分与库存已退回。"))
    return redirect(url_for("credits.redemption_page", redemption_id=redemption_id), 303)


@bp.post("/redemptions/<int:redemption_id>/fulfil")
@only(roles.DECIDES_REDEMPTIONS)
def redemption_fulfil(redemption_id: int) -> ResponseReturnValue:
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
def redemption_cancel(redemption_id: int) -> ResponseReturnValue:
    redemptions.cancel_redemption(current_actor(), redemption_id, ReasonForm().reason.data or "")
    flash_ok(_("已取消，积分与库存已退回。"))
    return redirect(url_for("credits.redemption_page", redemption_id=redemption_id), 303)


@bp.get("/venues")
@only(roles.SEES_ALL_CREDITS)
def venue_list() -> ResponseReturnValue:
    """Which redeemed places are whose, today and later."""
    rows = venues.allocations(current_actor(), clock.today())
    firms = identity.organisations_by_id(one.organisation_id for one in rows)
    return render_template("credits/rewards/venues.html", rows=rows, firms=firms, today=clock.today())


bp.add_app_template_filter(pictures.alt_of, "picture_text")
bp.add_app_template_filter(memos.told)


@bp.get("/rewards/pictures/<picture>")
@signed_in
def reward_picture(picture: str) -> ResponseReturnValue:
    media_type, extension, data = pictures.read(current_actor(), picture)
    return uploads.shown(data, media_type, f"reward.{extension}", picture)
