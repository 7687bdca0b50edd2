"""The reviewer's decisions: approve posts, reject frees the evidence, revoke reverses; never in one's own cause.

Each reads one situation, asks `rules` for the decision, and writes it. What the page offers comes from the same rules.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from app.credits.claims import earn_rules, rules
from app.credits.claims import service as claims
from app.credits.claims.history import note_step
from app.credits.claims.models import Appeal, Claim, Evidence
from app.credits.ledger import corrections, memos
from app.credits.ledger import service as ledger
from app.hall import clock
from app.hall.db import proofs
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Invalid, NotFound
from app.identity import door as identity
from app.identity.door import Actor, roles


@dataclass(frozen=True)
class Situation:
    """What a decision is taken on, and the rows that it will change."""

    claim: Claim
    appeal: Appeal | None
    case: rules.Case
    reviewer: rules.Reviewer


def situation_of(actor: Actor, claim_id: int, lock: bool = False) -> Situation:
    """The claim as this reviewer meets it; what was never handed in only its enterprise and auditors see."""
    query = sa.select(Claim).where(Claim.id == claim_id).execution_options(populate_existing=True)
    query = query.options(selectinload(Claim.evidence), selectinload(Claim.files), selectinload(Claim.steps))
    claim = db.session.scalar(locked(query) if lock else query)
    if claim is None or (
        claim.state in ("draft", "withdrawn")
        and claim.organisation_id != actor.organisation_id
        and not actor.may(roles.SEES_DRAFT_CLAIMS)
    ):
        raise NotFound("claim_not_found")
    appeal = db.session.scalar(sa.select(Appeal).where(Appeal.claim_id == claim.id))
    case = rules.Case(
        claim.id,
        claim.state,
        claim.organisation_id,
        claim.rule_code,
        claim.occurred_on,
        clock.day_of(claim.created_at),
        frozenset(one for one in (claim.submitted_by, claim.created_by) if one),
        appeal.rejected_by if appeal is not None else None,
    )
    may_review = bool(actor.roles & roles.REVIEWS_CLAIMS)
    reviewer = rules.Reviewer(actor.member_id, actor.organisation_id, may_review)
    return Situation(claim, appeal, case, reviewer)


def approve_claim(actor: Actor, claim_id: int, reason: str = "") -> Claim:
    """Grant what the version of the day of the deed grants, and post it."""
    with transaction():
        now = situation_of(actor, claim_id, lock=True)
        claim = now.claim
        # Two approvals at once for one enterprise: the second waits here and counts the first.
        ledger.lock_account_of(claim.organisation_id)
        versions = [
            rules.Rule(*row) for row in db.session.execute(earn_rules.VERSIONS, {"code": claim.rule_code})
        ]
        keys = {"organisation_id": claim.organisation_id, "code": claim.rule_code, "but": claim.id}
        earned = [rules.Earned(*row) for row in db.session.execute(earn_rules.EARNED, keys)]
        used = [value for value, _ in claims.same_evidence(claim.id, Evidence.live.is_(True))]
        approval = rules.decide_approval(now.case, now.reviewer, versions, earned, used)
        _by_another(actor, now)
        _use_evidence(claim)
        _decide(actor, now, "approved", reason.strip())
        _grant(actor, claim, approval.rule)
        _tell(claim, "approved", approval.number)
        return claim


def _by_another(actor: Actor, now: Situation) -> None:
    """Four eyes, asked before anything is changed: the question reads the database."""
    for first in {now.claim.submitted_by, now.claim.created_by}:
        identity.require_second_person(actor, first)
    identity.require_second_person(actor, now.case.rejected_by)


def _use_evidence(claim: Claim) -> None:
    """From now on nobody else's claim is granted on the same; the unique index decides a race of two reviewers."""
    try:
        db.session.execute(sa.update(Evidence).where(Evidence.claim_id == claim.id).values(live=True))
    except IntegrityError as error:
        raise rules.used_evidence([one.value for one in claim.evidence]) from error


def _grant(actor: Actor, claim: Claim, rule: rules.Rule) -> None:
    claim.earn_rule_id, claim.credits = rule.id, rule.credits
    key = f"claim:{claim.id}"
    memo = memos.memo("memo_claim", title={"zh": rule.title_zh, "en": rule.title_en})
    occasion = ledger.Occasion(key, memo, key, proofs.cite(key, "earn_rule", rule.id))
    claim.transfer_id = ledger.earn(actor, claim.organisation_id, rule.credits, rule.lifetime_days, occasion)
    claim.state = "approved"


def _decide(actor: Actor, now: Situation, state: str, reason: str) -> None:
    """Who decided, when and why: written before credits move, so that the movement rests on it."""
    claim, appeal = now.claim, now.appeal if now.case.state == "appealed" else None
    claim.decided_by, claim.decided_at, claim.decision_reason = actor.member_id, clock.now(), reason
    if appeal is not None:
        appeal.decided_by, appeal.decided_at, appeal.decision = actor.member_id, clock.now(), state
    note_step(claim, state, actor, reason)


def _record(actor: Actor, now: Situation, state: str, number: str, reason: str) -> None:
    _decide(actor, now, state, reason)
    now.claim.state = state
    _tell(now.claim, state, number)


def _tell(claim: Claim, state: str, number: str) -> None:
    identity.notify_organisation(
        claim.organisation_id,
        f"claim_{state}_note",
        f"/credits/claims/{claim.id}",
        roles=[roles.ENTERPRISE_ADMIN],
        number=number,
        credits=claim.credits or 0,
        reason=claim.decision_reason,
    )


def return_claim(actor: Actor, claim_id: int, reason: str) -> Claim:
    """Send it back to be completed."""
    with transaction():
        now = situation_of(actor, claim_id, lock=True)
        number = rules.check_decision(now.case, now.reviewer, "return")
        _by_another(actor, now)
        _record(actor, now, "returned", number, _required(reason))
        return now.claim


def reject_claim(actor: Actor, claim_id: int, reason: str) -> Claim:
    """Refuse it; its evidence is free again."""
    with transaction():
        now = situation_of(actor, claim_id, lock=True)
        number = rules.check_decision(now.case, now.reviewer, "reject")
        _by_another(actor, now)
        db.session.execute(
            sa.update(Evidence).where(Evidence.claim_id == claim_id).values(live=False, open_for=None)
        )
        _record(actor, now, "rejected", number, _required(reason))
        return now.claim


def revoke_claim(actor: Actor, claim_id: int, reason: str) -> Claim:
    """Take an approved claim back by a reversing transfer; what was spent of it becomes owed."""
    with transaction():
        now = situation_of(actor, claim_id, lock=True)
        number = rules.check_decision(now.case, now.reviewer, "revoke")
        assert now.claim.transfer_id is not None
        _by_another(actor, now)
        claim, words = now.claim, _required(reason)
        note_step(claim, "revoked", actor, words)
        ground = proofs.head(f"claim:{claim.id}")
        claim.reversal_id = corrections.reverse(actor, now.claim.transfer_id, words, ground)
        claim.state, claim.decided_by, claim.decided_at = "revoked", actor.member_id, clock.now()
        claim.decision_reason = words
        _tell(claim, "revoked", number)
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
    doubts: Sequence[str] = (),
) -> int | None:
    """Credit a deed the platform itself witnessed, once per `source_key`; answers the claim's id.

    With doubts (memos that say why) nothing is credited: the claim waits for a reviewer, who reads them.

    None when no rule is in force that day or the rule's caps are reached: a deed is never an error.
    """
    with transaction():
        known = db.session.scalar(sa.select(Claim.id).where(Claim.source_key == source_key))
        if known is not None:
            return int(known)
        ledger.lock_account_of(enterprise_id)
        known = db.session.scalar(sa.select(Claim.id).where(Claim.source_key == source_key))
        if known is not None:
            return int(known)
        rule = rules.version_on(earn_rules.versions_of(rule_code), occurred_on)
        if rule is None or rules.cap_reasons(
            rule, occurred_on, earn_rules.earned_by(enterprise_id, rule_code)
        ):
            return None
        claim = Claim(
            organisation_id=enterprise_id,
            rule_code=rule.code,
            earn_rule_id=rule.id,
            occurred_on=occurred_on,
            source_key=source_key,
            created_at=clock.now(),
            submitted_at=clock.now(),
            note="\n".join(doubts),
        )
        db.session.add(claim)
        db.session.flush()
        for kind, value in evidence:
            normal = rules.normalise_evidence(kind, value) or source_key
            db.session.add(Evidence(claim_id=claim.id, kind=kind, value=value, normal=normal[:200]))
        if doubts:
            return _leave_to_reviewer(actor, claim)
        claim.decided_at = clock.now()
        note_step(claim, "awarded", actor)
        _grant(actor, claim, rule)
        identity.notify_organisation(
            enterprise_id,
            "claim_awarded_note",
            f"/credits/claims/{claim.id}",
            roles=[roles.ENTERPRISE_ADMIN],
            credits=rule.credits,
            title={"zh": rule.title_zh, "en": rule.title_en},
        )
        return claim.id


def _leave_to_reviewer(actor: Actor, claim: Claim) -> int:
    db.session.flush()
    db.session.execute(sa.update(Evidence).where(Evidence.claim_id == claim.id).values(live=True))
    claim.state = "submitted"
    note_step(claim, "doubted", actor)
    identity.notify_role(
        roles.CREDIT_REVIEWER,
        "claim_doubted_note",
        f"/credits/review/{claim.id}",
        enterprise=identity.get_organisation(claim.organisation_id).name_zh,
        number=rules.claim_number(claim.id, clock.day_of(claim.created_at)),
    )
    return claim.id
