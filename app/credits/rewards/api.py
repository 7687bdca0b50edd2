"""Rewards over the API: the catalogue, redemptions, pictures, allocated venues."""

from __future__ import annotations

from typing import Annotated

from flask import Response, request

from app.credits.claims.schemas import ClaimQuery
from app.credits.ledger import accounts
from app.credits.ledger.memos import told
from app.credits.ledger.statement import count
from app.credits.pages import api
from app.credits.rewards import catalogue as rewards
from app.credits.rewards import pictures, shapes, venues
from app.credits.rewards import service as redemptions
from app.credits.rewards.models import Redemption, Reward
from app.credits.rewards.schemas import FulfilBody, PicturePath, RedemptionBody, RewardQuery
from app.credits.schemas import IdPath, ReasonBody
from app.hall import clock
from app.hall.api.blueprint import listed, part_of
from app.hall.api.fields import PageQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import File, Listed
from app.hall.db.base import db
from app.hall.web.answers import download
from app.hall.web.guards import current_actor, only, signed_in
from app.identity import door as identity
from app.identity.door import roles


@api.get("/rewards")
@signed_in
def list_rewards(query: RewardQuery) -> Listed[shapes.Reward]:
    """The catalogue with every reason why this enterprise cannot have something now."""
    actor = current_actor()
    statement = rewards.current(clock.today()).order_by(Reward.cost_credits, Reward.id)
    if query.category:
        statement = statement.where(Reward.category == query.category)
    rows = list(db.session.scalars(statement.limit(query.limit).offset(query.offset)))
    own = identity.organisation_of(actor)
    available = accounts.available_credits(own.id)
    return listed(
        [_offer(one) for one in rewards.offers(own, available, rows)],
        count(statement),
    )


def _offer(one: rewards.Offer) -> shapes.Reward:
    row = one.reward
    return {
        "code": row.code,
        "name": one.name,
        "description": one.description,
        "category": row.category,
        "cost_credits": row.cost_credits,
        "left": one.left,
        "limit_per_enterprise": row.limit_per_enterprise,
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "fulfilment": row.fulfilment,
        "picture": row.picture,
        "picture_text": pictures.alt_of(row) if row.picture else "",
        "redeemable": not one.reasons,
        "reasons": [{**reason.params, "code": reason.code} for reason in one.reasons],
    }


@api.get("/redemptions")
@signed_in
def list_redemptions(query: ClaimQuery) -> Listed[shapes.Redemption]:
    statement = redemptions.visible_redemptions(current_actor(), query.state)
    shown = redemptions.with_reward(statement.limit(query.limit).offset(query.offset))
    rows = db.session.scalars(shown).all()
    firms = identity.organisations_by_id(one.organisation_id for one in rows)
    found = [_redemption_out(one, firms[one.organisation_id].code, one.reward.code) for one in rows]
    return listed(found, count(statement))


@api.post("/redemptions")
@signed_in
@idempotent
def create_redemption(body: RedemptionBody) -> tuple[shapes.Redemption, int]:
    return _redemption(redemptions.redeem(current_actor(), body.reward, body.quantity, note=body.note)), 201


@api.get("/redemptions/<int:id>")
@signed_in
def read_redemption(path: IdPath) -> shapes.Redemption:
    return _redemption(redemptions.get_redemption(current_actor(), path.id))


@api.post("/redemptions/<int:id>/approve")
@only(roles.DECIDES_REDEMPTIONS)
@idempotent
def approve_redemption(path: IdPath, body: ReasonBody) -> shapes.Redemption:
    return _redemption(redemptions.approve_redemption(current_actor(), path.id, body.reason))


@api.post("/redemptions/<int:id>/fulfil")
@only(roles.DECIDES_REDEMPTIONS)
@idempotent
def fulfil_redemption(path: IdPath, body: FulfilBody) -> shapes.Redemption:
    return _redemption(
        redemptions.fulfil_redemption(current_actor(), path.id, body.reference, body.starts_on, body.reason)
    )


@api.post("/redemptions/<int:id>/reject")
@only(roles.DECIDES_REDEMPTIONS)
@idempotent
def reject_redemption(path: IdPath, body: ReasonBody) -> shapes.Redemption:
    return _redemption(redemptions.reject_redemption(current_actor(), path.id, body.reason))


@api.post("/redemptions/<int:id>/cancel")
@signed_in
@idempotent
def cancel_redemption(path: IdPath, body: ReasonBody) -> shapes.Redemption:
    return _redemption(redemptions.cancel_redemption(current_actor(), path.id, body.reason))


def _redemption(row: Redemption) -> shapes.Redemption:
    organisation = identity.get_organisation(row.organisation_id)
    return _redemption_out(row, organisation.code, redemptions.reward_of(row).code)


def _redemption_out(row: Redemption, enterprise: str, reward: str) -> shapes.Redemption:
    return {
        "id": row.id,
        "number": redemptions.redemption_number(row),
        "enterprise": enterprise,
        "reward": reward,
        "quantity": row.quantity,
        "cost_credits": row.cost_credits,
        "state": row.state,
        "requested_at": row.requested_at.isoformat(),
        "expires_at": row.expires_at.isoformat(),
        "reason": row.reason,
        "reference": told(row.reference),
        "reference_url": row.reference_url,
        "hold": row.hold_transfer_id,
        "transfer": row.settle_transfer_id,
    }


@api.post("/reward-pictures")
@only(roles.PROPOSES_CREDIT_CHANGES)
@idempotent
def add_picture() -> tuple[shapes.RewardPicture, int]:
    """The body is the file itself: PNG, JPEG or WebP by its content, at most 3 MB. A proposed reward names the answer."""
    return {"picture": pictures.put(current_actor(), request.get_data())}, 201


PICTURES = File(("image/png", "image/jpeg", "image/webp"))


@api.get("/reward-pictures/<picture>")
@signed_in
def read_picture(path: PicturePath) -> Annotated[Response, PICTURES]:
    media_type, extension, data = pictures.read(current_actor(), path.picture)
    return download(data, f"reward.{extension}", media_type)


@api.get("/venues")
@signed_in
def list_venues(query: PageQuery) -> Listed[shapes.Venue]:
    """Places allocated now or later: one's own; for the park's staff everybody's."""
    rows = venues.allocations(current_actor(), clock.today())
    firms = identity.organisations_by_id(one.organisation_id for one in rows)
    items: list[shapes.Venue] = [
        {
            "place": one.place,
            "enterprise": firms[one.organisation_id].code,
            "redemption": one.redemption_id,
            "first_on": one.first_on.isoformat(),
            "last_on": one.last_on.isoformat(),
        }
        for one in part_of(rows, query)
    ]
    return listed(items, len(rows))
