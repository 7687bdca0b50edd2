"""Four eyes: a rule, a reward or a correction of the ledger is proposed by one and approved by another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from app.credits.claims.models import EarnRule
from app.credits.ledger import corrections
from app.credits.ledger.service import Occasion
from app.credits.limits import ADJUSTMENT
from app.credits.park import rules
from app.credits.park.models import Proposal
from app.credits.rewards import pictures
from app.credits.rewards.fulfilment import doubts_about
from app.credits.rewards.models import Reward
from app.hall import clock
from app.hall.db import proofs
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound
from app.identity import door as identity
from app.identity.door import Actor, roles

RULE_FIELDS = (
    "title_zh",
    "title_en",
    "description_zh",
    "description_en",
    "icon",
    "origin",
    "evidence_kind",
    "credits",
    "lifetime_days",
    "valid_from",
    "valid_to",
    "cap_period",
    "cap_credits",
    "cap_claims",
)
REWARD_FIELDS = (
    "name_zh",
    "name_en",
    "description_zh",
    "description_en",
    "category",
    "icon",
    "picture",
    "picture_zh",
    "picture_en",
    "cost_credits",
    "stock",
    "limit_per_enterprise",
    "eligible_sizes",
    "eligible_industries",
    "valid_from",
    "valid_to",
    "fulfilment",
    "fulfilment_params",
)


def propose(actor: Actor, kind: str, subject: str, payload: dict[str, Any], reason: str) -> Proposal:
    """Put a change before a second person; nothing happens until they approve."""
    if not actor.may(roles.PROPOSES_CREDIT_CHANGES):
        raise NotAllowed("only_park_staff")
    if not reason.strip():
        raise Invalid("reason_required")
    with transaction():
        row = Proposal(
            kind=kind,
            subject=subject,
            payload=_plain(payload),
            reason=reason.strip(),
            state="proposed",
            proposed_by=actor.member_id,
            proposed_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        identity.audit(actor, f"proposal.{kind}", "proposal", row.id, reason, subject=subject)
        for role in sorted(roles.PROPOSES_CREDIT_CHANGES):
            for member in _others(role, actor):
                identity.notify_member(
                    member, "proposal_note", f"/credits/proposals/{row.id}", subject=subject
                )
        return row


def _others(role: str, actor: Actor) -> list[int]:
    return [one.id for one in identity.members_of(actor.organisation_id, [role]) if one.id != actor.member_id]


def propose_rule(actor: Actor, code: str, values: dict[str, Any], reason: str) -> Proposal:
    """A new rule, or the next version of one."""
    unknown = set(values) - set(RULE_FIELDS)
    if unknown:
        raise Invalid("unknown_field", field=sorted(unknown)[0])
    return propose(actor, "earn_rule", code, values, reason)


def propose_reward(actor: Actor, code: str, values: dict[str, Any], reason: str) -> Proposal:
    unknown = set(values) - set(REWARD_FIELDS)
    if unknown:
        raise Invalid("unknown_field", field=sorted(unknown)[0])
    if values.get("picture") and not pictures.is_kept(values["picture"]):
        raise Invalid("picture_not_found")
    _must_be_possible(values)
    return propose(actor, "reward", code, values, reason)


def _must_be_possible(values: dict[str, Any]) -> None:
    reasons = doubts_about(values.get("fulfilment", ""), values.get("fulfilment_params", {}))
    if reasons:
        raise Invalid("reward_not_possible", reasons=reasons)


def propose_adjustment(
    actor: Actor, enterprise_code: str, credits: int, reason: str, lifetime_days: int = 365
) -> Proposal:
    """A correction of the ledger by hand: plus or minus, with the reason on the statement."""
    if credits == 0 or abs(credits) > ADJUSTMENT:
        raise Invalid("credits_not_positive")
    organisation = identity.get_enterprise(enterprise_code)
    payload = {"organisation_id": organisation.id, "credits": credits, "lifetime_days": lifetime_days}
    return propose(actor, "adjustment", organisation.code, payload, reason)


def get_proposal(actor: Actor, proposal_id: int, lock: bool = False) -> Proposal:
    query = sa.select(Proposal).where(Proposal.id == proposal_id).execution_options(populate_existing=True)
    row = db.session.scalar(locked(query) if lock else query)
    if row is None or not actor.may(roles.SEES_PROPOSALS):
        raise NotFound("proposal_not_found")
    return row


def judge_of(actor: Actor) -> rules.Judge:
    """The actor as the rules of four eyes see them."""
    return rules.Judge(actor.member_id, actor.may(roles.PROPOSES_CREDIT_CHANGES))


def decide_proposal(actor: Actor, proposal_id: int, approve: bool, reason: str = "") -> Proposal:
    """The second pair of eyes; approval carries the change out in the same transaction."""
    with transaction():
        row = get_proposal(actor, proposal_id, lock=True)
        identity.require_second_person(actor, row.proposed_by)
        row.state = rules.decide(row.state, row.proposed_by, judge_of(actor), approve, reason)
        row.decided_by, row.decided_at, row.decision_reason = actor.member_id, clock.now(), reason.strip()
        if approve:
            _CARRY_OUT[row.kind](actor, row)
        identity.audit(actor, f"proposal.{row.state}", "proposal", row.id, reason, subject=row.subject)
        identity.notify_member(
            row.proposed_by, f"proposal_{row.state}_note", f"/credits/proposals/{row.id}", subject=row.subject
        )
        return row


def adopt(actor: Actor, by_id: int, kind: str, subject: str, values: dict[str, Any]) -> None:
    """One line of a set that two people signed together comes into force like a proposal of its own."""
    with transaction():
        row = Proposal(
            kind=kind,
            subject=subject,
            payload=_plain(values),
            reason="起步清单",
            state="approved",
            proposed_by=by_id,
            proposed_at=clock.now(),
            decided_by=actor.member_id,
            decided_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        _CARRY_OUT[kind](actor, row)
        identity.audit(actor, "proposal.approved", "proposal", row.id, subject=subject)


def _plain(payload: dict[str, Any]) -> dict[str, object]:
    return {key: value.isoformat() if isinstance(value, dt.date) else value for key, value in payload.items()}


def _dates(payload: dict[str, Any]) -> dict[str, object]:
    return {
        key: dt.date.fromisoformat(value)
        if key in ("valid_from", "valid_to") and value
        else value or None
        if key in ("valid_from", "valid_to")
        else value
        for key, value in payload.items()
    }


def _new_version(actor: Actor, row: Proposal) -> None:
    last = db.session.scalar(
        locked(
            sa.select(EarnRule).where(EarnRule.code == row.subject).order_by(EarnRule.version.desc()).limit(1)
        )
    )
    db.session.add(
        EarnRule(
            code=row.subject,
            version=last.version + 1 if last else 1,
            proposed_by=row.proposed_by,
            approved_by=actor.member_id,
            approved_at=clock.now(),
            **_dates(row.payload),
        )
    )
    db.session.flush()


def _put_reward(actor: Actor, row: Proposal) -> None:
    values = _dates(row.payload)
    _must_be_possible(values)
    query = sa.select(Reward).where(Reward.code == row.subject).execution_options(populate_existing=True)
    reward = db.session.scalar(locked(query))
    if reward is None:
        reward = Reward(code=row.subject, reserved=0, issued=0)
        db.session.add(reward)
    elif values.get("stock") is not None and values["stock"] < reward.reserved + reward.issued:
        raise Conflict("stock_below_issued", issued=reward.reserved + reward.issued)
    for name, value in values.items():
        setattr(reward, name, value)
    reward.proposed_by, reward.approved_by, reward.updated_at = row.proposed_by, actor.member_id, clock.now()
    db.session.flush()


def _adjust(actor: Actor, row: Proposal) -> None:
    payload, source = row.payload, f"proposal:{row.id}"
    corrections.adjust(
        actor,
        payload["organisation_id"],
        payload["credits"],
        payload["lifetime_days"],
        Occasion(source, row.reason, f"adjust:{source}", proofs.head(source)),
    )


def _move_lots(actor: Actor, row: Proposal) -> None:
    payload, source = row.payload, f"proposal:{row.id}"
    ground = proofs.head(source)
    if payload.get("back"):
        corrections.move_lots_back(actor, f"proposal:{payload['back']}", row.reason, ground)
        return
    because = Occasion(source, row.reason, f"lots:{source}", ground)
    corrections.move_lots(actor, payload["from_id"], payload["into_id"], because)


_CARRY_OUT = {"earn_rule": _new_version, "reward": _put_reward, "adjustment": _adjust, "lots": _move_lots}


def list_query(state: str = "", kind: str = "") -> sa.Select[Proposal]:
    query = sa.select(Proposal)
    if state:
        query = query.where(Proposal.state == state)
    return query.where(Proposal.kind == kind) if kind else query


def names(rows: Iterable[Proposal]) -> dict[int, str]:
    """Who proposed and who decided, by name."""
    ids = {one for row in rows for one in (row.proposed_by, row.decided_by) if one}
    park = identity.find_organisation("PARK")
    members = identity.members_of(park.id) if park else []
    return {one.id: one.name for one in members if one.id in ids}


def find_rule(code: str) -> EarnRule | None:
    return db.session.scalar(
        sa.select(EarnRule).where(EarnRule.code == code).order_by(EarnRule.version.desc()).limit(1)
    )


def find_reward(code: str) -> Reward | None:
    return db.session.scalar(sa.select(Reward).where(Reward.code == code))


def count_waiting(actor: Actor) -> int:
    query = sa.select(sa.func.count()).where(
        Proposal.state == "proposed", Proposal.proposed_by != actor.member_id
    )
    return int(db.session.scalar(query) or 0)
