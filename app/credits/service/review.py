"""The reviewer's decisions: approve posts, reject frees the evidence, revoke reverses; never in one's own cause."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from app import clock
from app.credits import rules
from app.credits.models import Appeal, Claim, EarnRule, Evidence
from app.credits.service import earn_rules, posting
from app.credits.service.claims import claim_number, get_claim, note_step, require_state, set_live
from app.db import db, transaction
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.identity import service as identity
from app.identity.service import Actor


def _claim_to_decide(actor: Actor, claim_id: int) -> Claim:
    claim = get_claim(actor, claim_id, lock=True)
    if not actor.has("credit_reviewer"):
        raise NotAllowed("only_reviewer")
    if claim.organisation_id == actor.organisation_id:
        raise NotAllowed("reviewer_same_organisation")
    if actor.member_id in (claim.submitted_by, claim.created_by):
        raise NotAllowed("reviewer_submitted")
    return claim


def _appeal_of(claim: Claim, actor: Actor) -> Appeal | None:
    if claim.state != "appealed":
        return None
    appeal = db.session.scalars(sa.select(Appeal).where(Appeal.claim_id == claim.id)).one()
    if appeal.rejected_by == actor.member_id:
        raise NotAllowed("other_reviewer_needed")
    return appeal


def _decide(claim: Claim, actor: Actor, state: str, reason: str, appeal: Appeal | None = None) -> None:
    claim.state, claim.decided_by, claim.decided_at, claim.decision_reason = (
        state,
        actor.member_id,
        clock.now(),
        reason,
    )
    if appeal is not None:
        appeal.decided_by, appeal.decided_at, appeal.decision = actor.member_id, clock.now(), state
    note_step(claim, state, actor, reason)
    identity.notify_organisation(
        claim.organisation_id, f"claim_{state}_note", f"/credits/claims/{claim.id}", roles=["enterprise_admin"],
        number=claim_number(claim), credits=claim.credits or 0, reason=reason,
    )  # fmt: skip


def approve_claim(actor: Actor, claim_id: int, reason: str = "") -> Claim:
    """Grant what the version of the day of the deed grants, and post it."""
    with transaction():
        claim = _claim_to_decide(actor, claim_id)
        require_state(claim, "submitted", "appealed")
        appeal = _appeal_of(claim, actor)
        rule = earn_rules.rule_on(claim.rule_code, claim.occurred_on)
        # Two approvals at once for one enterprise: the second waits here and counts the first.
        posting.lock_accounts(posting.account_for(claim.organisation_id))
        over = rules.cap_reasons(
            earn_rules.pure(rule),
            claim.occurred_on,
            earn_rules.earned_by(claim.organisation_id, rule.code, claim.id),
        )
        if over:
            raise Conflict("claim_refused", reasons=over)
        grant(actor, claim, rule)
        _decide(claim, actor, "approved", reason.strip(), appeal)
        return claim


def grant(actor: Actor, claim: Claim, rule: EarnRule) -> None:
    claim.earn_rule_id, claim.credits = rule.id, rule.credits
    claim.transfer_id = posting.earn(
        actor, claim.organisation_id, rule.credits, rule.lifetime_days, f"claim:{claim.id}", rule.title_zh,
        f"claim:{claim.id}",
    )  # fmt: skip


def return_claim(actor: Actor, claim_id: int, reason: str) -> Claim:
    """Send it back to be completed."""
    with transaction():
        claim = _claim_to_decide(actor, claim_id)
        require_state(claim, "submitted")
        _decide(claim, actor, "returned", _required(reason))
        return claim


def reject_claim(actor: Actor, claim_id: int, reason: str) -> Claim:
    """Refuse it; its evidence is free again."""
    with transaction():
        claim = _claim_to_decide(actor, claim_id)
        require_state(claim, "submitted", "appealed")
        appeal = _appeal_of(claim, actor)
        set_live(claim, False)
        _decide(claim, actor, "rejected", _required(reason), appeal)
        return claim


def revoke_claim(actor: Actor, claim_id: int, reason: str) -> Claim:
    """Take an approved claim back by a reversing transfer; what was spent of it becomes owed."""
    with transaction():
        claim = _claim_to_decide(actor, claim_id)
        require_state(claim, "approved")
        assert claim.transfer_id is not None
        claim.reversal_id = posting.reverse(actor, claim.transfer_id, _required(reason))
        _decide(claim, actor, "revoked", reason.strip())
        return claim


def _required(reason: str) -> str:
    if not reason.strip():
        raise Invalid("reason_required")
    return reason.strip()


def award(
    actor: Actor,
    enterprise_id: int,
    rule_code: str,
    occurred_on: dt.date,
    evidence: Sequence[tuple[str, str]],
    source_key: str,
) -> int | None:
    """Credit a deed the platform itself witnessed, once per `source_key`; answers the claim's id.

    None when no rule is in force that day or the rule's caps are reached: a deed is never an error.
    """
    with transaction():
        known = db.session.scalar(sa.select(Claim.id).where(Claim.source_key == source_key))
        if known is not None:
            return int(known)
        posting.lock_accounts(posting.account_for(enterprise_id))
        known = db.session.scalar(sa.select(Claim.id).where(Claim.source_key == source_key))
        if known is not None:
            return int(known)
        try:
            rule = earn_rules.rule_on(rule_code, occurred_on)
        except (Invalid, NotFound):
            return None
        if rules.cap_reasons(
            earn_rules.pure(rule), occurred_on, earn_rules.earned_by(enterprise_id, rule_code)
        ):
            return None
        claim = Claim(
            organisation_id=enterprise_id, rule_code=rule.code, occurred_on=occurred_on, source_key=source_key,
            created_at=clock.now(), submitted_at=clock.now(), decided_at=clock.now(),
        )  # fmt: skip
        db.session.add(claim)
        db.session.flush()
        for kind, value in evidence:
            normal = rules.normalise_evidence(kind, value) or source_key
            db.session.add(Evidence(claim_id=claim.id, kind=kind, value=value, normal=normal[:200]))
        grant(actor, claim, rule)
        claim.state = "approved"
        note_step(claim, "awarded", actor)
        identity.notify_organisation(
            enterprise_id, "claim_awarded_note", f"/credits/claims/{claim.id}", roles=["enterprise_admin"],
            credits=rule.credits, title=rule.title_zh,
        )  # fmt: skip
        return claim.id
