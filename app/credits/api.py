"""Credits over the API: account, statement, claims and their review, rewards and redemptions."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from app import clock
from app.api import ApiModel, Day, PageQuery, api_blueprint, idempotent, listed
from app.credits.models import Claim, Redemption
from app.credits.service import accounts, claims, earn_rules, pictures, redemptions, review, rewards
from app.db import db
from app.identity import service as identity
from app.web import current_actor, roles, signed_in

api = api_blueprint("credits")

DECIDERS = ("credit_reviewer",)


class IdPath(ApiModel):
    id: int = Field(ge=1, le=2**62)


class AccountQuery(ApiModel):
    enterprise: str = Field(
        "", max_length=40, description="Another firm's code: auditors and the park's staff only"
    )


class EntryQuery(PageQuery):
    enterprise: str = Field("", max_length=40)
    kind: str = Field("", pattern="^(|earned|used|held)$")
    q: str = Field("", max_length=100)
    since: Day | None = None
    until: Day | None = None


class EvidenceBody(ApiModel):
    kind: str = Field(min_length=1, max_length=40, pattern=r"^[A-Za-z][A-Za-z0-9_.-]*$")
    value: str = Field(min_length=1, max_length=200)


class ClaimBody(ApiModel):
    rule: str = Field(min_length=1, max_length=60)
    occurred_on: Day
    evidence: list[EvidenceBody] = Field(default_factory=list, max_length=20)
    note: str = Field("", max_length=2000)


class OptionalBody(ApiModel):
    """A decision may come without a body."""

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_empty(cls, data: Any) -> Any:
        return {} if data is None else data


class ReasonBody(OptionalBody):
    reason: str = Field("", max_length=1000)


class ClaimQuery(PageQuery):
    state: str = Field("", max_length=20)


class RedemptionBody(ApiModel):
    reward: str = Field(min_length=1, max_length=60)
    quantity: int = Field(1, ge=1, le=1000)
    note: str = Field("", max_length=1000)


class FulfilBody(ReasonBody):
    reference: str = Field("", max_length=200)
    starts_on: Day | None = Field(None, description="Of a venue: the first day, today where nothing is said")


class RewardQuery(PageQuery):
    category: str = Field("", max_length=40)


@api.get("/account")
@signed_in
def account(query: AccountQuery) -> Any:
    """Balance, holds, what was ever earned, and what expires when."""
    summary = accounts.account_summary(accounts.readable_organisation(current_actor(), query.enterprise))
    return {
        "available_credits": summary.available_credits,
        "held_credits": summary.held_credits,
        "lifetime_earned_credits": summary.lifetime_earned_credits,
        "owed_credits": summary.owed_credits,
        "expiring": [{"on": one.on.isoformat(), "credits": one.credits} for one in summary.expiring],
    }


@api.get("/entries")
@signed_in
def entries(query: EntryQuery) -> Any:
    """The statement, newest first."""
    organisation_id = accounts.readable_organisation(current_actor(), query.enterprise)
    statement = accounts.statement_query(organisation_id, query.kind, query.q, query.since, query.until)
    total = accounts.count(statement)
    lines = accounts.lines_between(statement, query.limit, query.offset)
    return listed([_line(one) for one in lines], total)


def _line(one: accounts.StatementLine) -> dict[str, Any]:
    return {
        "number": one.number, "transfer": one.transfer_id, "sequence": one.seq, "at": one.at.isoformat(),
        "effective_at": one.effective_at.isoformat(), "kind": one.kind, "phase": one.phase, "title": one.title,
        "source": one.source, "memo": one.memo, "credits": one.amount, "held_change_credits": one.held,
        "balance_credits": one.balance, "held_credits": one.held_after, "hash": one.hash,
    }  # fmt: skip


@api.get("/claims")
@signed_in
def list_claims(query: ClaimQuery) -> Any:
    """One's own claims; reviewers, park and auditor see what was submitted."""
    statement = claims.visible_claims(current_actor(), query.state)
    rows = db.session.scalars(statement.limit(query.limit).offset(query.offset)).all()
    return listed([claim_json(one) for one in rows], accounts.count(statement))


@api.post("/claims")
@signed_in
@idempotent
def create_claim(body: ClaimBody) -> Any:
    evidence = [(one.kind, one.value) for one in body.evidence]
    claim = claims.draft_claim(current_actor(), body.rule, body.occurred_on, evidence, body.note)
    return claim_json(claims.get_claim(current_actor(), claim.id)), 201


@api.get("/claims/<int:id>")
@signed_in
def read_claim(path: IdPath) -> Any:
    return claim_json(claims.get_claim(current_actor(), path.id))


@api.post("/claims/<int:id>/submit")
@signed_in
@idempotent
def submit_claim(path: IdPath) -> Any:
    return claim_json(claims.submit_claim(current_actor(), path.id))


@api.post("/claims/<int:id>/approve")
@roles(*DECIDERS)
@idempotent
def approve_claim(path: IdPath, body: ReasonBody) -> Any:
    return claim_json(review.approve_claim(current_actor(), path.id, body.reason))


@api.post("/claims/<int:id>/return")
@roles(*DECIDERS)
@idempotent
def return_claim(path: IdPath, body: ReasonBody) -> Any:
    return claim_json(review.return_claim(current_actor(), path.id, body.reason))


@api.post("/claims/<int:id>/reject")
@roles(*DECIDERS)
@idempotent
def reject_claim(path: IdPath, body: ReasonBody) -> Any:
    return claim_json(review.reject_claim(current_actor(), path.id, body.reason))


@api.post("/claims/<int:id>/appeal")
@signed_in
@idempotent
def appeal_claim(path: IdPath, body: ReasonBody) -> Any:
    return claim_json(claims.appeal_claim(current_actor(), path.id, body.reason))


@api.post("/claims/<int:id>/revoke")
@roles(*DECIDERS)
@idempotent
def revoke_claim(path: IdPath, body: ReasonBody) -> Any:
    return claim_json(review.revoke_claim(current_actor(), path.id, body.reason))


@api.post("/claims/<int:id>/withdraw")
@signed_in
@idempotent
def withdraw_claim(path: IdPath) -> Any:
    return claim_json(claims.withdraw_claim(current_actor(), path.id))


def claim_json(claim: Claim) -> dict[str, Any]:
    organisation = identity.get_organisation(claim.organisation_id)
    evidence = claims.evidence_of(claim.id)
    return {
        "id": claim.id, "number": claims.claim_number(claim), "enterprise": organisation.code, "rule": claim.rule_code,
        "occurred_on": claim.occurred_on.isoformat(), "state": claim.state, "credits": claim.credits, "note": claim.note,
        "evidence": [{"kind": one.kind, "value": one.value} for one in evidence],
        "decision_reason": claim.decision_reason, "transfer": claim.transfer_id, "reversal": claim.reversal_id,
    }  # fmt: skip


@api.get("/rules")
@signed_in
def list_rules(query: PageQuery) -> Any:
    """The earn rules in force today."""
    rows = earn_rules.rules_on(clock.today())
    part = rows[query.offset : query.offset + query.limit]
    return listed(
        [
            {
                "code": one.code, "version": one.version, "title": earn_rules.title_of(one), "credits": one.credits,
                "origin": one.origin, "evidence_kind": one.evidence_kind, "valid_from": one.valid_from.isoformat(),
                "valid_to": one.valid_to.isoformat() if one.valid_to else None, "lifetime_days": one.lifetime_days,
                "cap_period": one.cap_period, "cap_credits": one.cap_credits, "cap_claims": one.cap_claims,
            }
            for one in part
        ],
        len(rows),
    )  # fmt: skip


@api.get("/rewards")
@signed_in
def list_rewards(query: RewardQuery) -> Any:
    """The catalogue with every reason why this enterprise cannot have something now."""
    actor = current_actor()
    statement = rewards.current(clock.today()).order_by(rewards.Reward.cost_credits, rewards.Reward.id)
    if query.category:
        statement = statement.where(rewards.Reward.category == query.category)
    rows = list(db.session.scalars(statement.limit(query.limit).offset(query.offset)))
    available = accounts.available_credits(actor.organisation_id)
    return listed(
        [_offer(one) for one in rewards.offers(actor.organisation_id, available, rows)],
        accounts.count(statement),
    )


def _offer(one: rewards.Offer) -> dict[str, Any]:
    row = one.reward
    return {
        "code": row.code, "name": one.name, "description": one.description, "category": row.category,
        "cost_credits": row.cost_credits, "left": one.left, "limit_per_enterprise": row.limit_per_enterprise,
        "valid_to": row.valid_to.isoformat() if row.valid_to else None, "fulfilment": row.fulfilment,
        "picture": row.picture, "picture_text": pictures.alt_of(row) if row.picture else "",
        "redeemable": not one.reasons, "reasons": [{"code": reason.code, **reason.params} for reason in one.reasons],
    }  # fmt: skip


@api.get("/redemptions")
@signed_in
def list_redemptions(query: ClaimQuery) -> Any:
    statement = redemptions.visible_redemptions(current_actor(), query.state)
    rows = db.session.scalars(statement.limit(query.limit).offset(query.offset)).all()
    return listed([_redemption(one) for one in rows], accounts.count(statement))


@api.post("/redemptions")
@signed_in
@idempotent
def create_redemption(body: RedemptionBody) -> Any:
    return _redemption(redemptions.redeem(current_actor(), body.reward, body.quantity, note=body.note)), 201


@api.get("/redemptions/<int:id>")
@signed_in
def read_redemption(path: IdPath) -> Any:
    return _redemption(redemptions.get_redemption(current_actor(), path.id))


@api.post("/redemptions/<int:id>/approve")
@roles(*redemptions.STAFF)
@idempotent
def approve_redemption(path: IdPath, body: ReasonBody) -> Any:
    return _redemption(redemptions.approve_redemption(current_actor(), path.id, body.reason))


@api.post("/redemptions/<int:id>/fulfil")
@roles(*redemptions.STAFF)
@idempotent
def fulfil_redemption(path: IdPath, body: FulfilBody) -> Any:
    return _redemption(
        redemptions.fulfil_redemption(current_actor(), path.id, body.reference, body.starts_on, body.reason)
    )


@api.post("/redemptions/<int:id>/reject")
@roles(*redemptions.STAFF)
@idempotent
def reject_redemption(path: IdPath, body: ReasonBody) -> Any:
    return _redemption(redemptions.reject_redemption(current_actor(), path.id, body.reason))


@api.post("/redemptions/<int:id>/cancel")
@signed_in
@idempotent
def cancel_redemption(path: IdPath, body: ReasonBody) -> Any:
    return _redemption(redemptions.cancel_redemption(current_actor(), path.id, body.reason))


def _redemption(row: Redemption) -> dict[str, Any]:
    organisation = identity.get_organisation(row.organisation_id)
    reward = redemptions.reward_of(row)
    return {
        "id": row.id, "number": redemptions.redemption_number(row), "enterprise": organisation.code, "reward": reward.code,
        "quantity": row.quantity, "cost_credits": row.cost_credits, "state": row.state,
        "requested_at": row.requested_at.isoformat(), "expires_at": row.expires_at.isoformat(), "reason": row.reason,
        "reference": row.reference, "reference_url": row.reference_url, "hold": row.hold_transfer_id,
        "transfer": row.settle_transfer_id,
    }  # fmt: skip
