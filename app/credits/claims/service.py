"""A claim from its draft to the reviewer's desk: what an enterprise does with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
import sqlalchemy.orm
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from app.credits.claims import earn_rules, proof, rules
from app.credits.claims.history import note_step
from app.credits.claims.models import Appeal, Claim, EarnRule, Evidence, EvidenceFile
from app.credits.ledger.statement import is_id
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.identity import door as identity
from app.identity.door import Actor, roles

EDITABLE = ("draft", "returned")
# Handed in, and neither rejected nor withdrawn.
STANDING = ("submitted", "returned", "approved", "appealed", "revoked")


def claim_number(claim: Claim) -> str:
    return rules.claim_number(claim.id, clock.day_of(claim.created_at))


def get_claim(actor: Actor, claim_id: int, lock: bool = False) -> Claim:
    """A claim the actor may know of: their own enterprise's; staff see what has been submitted."""
    query = sa.select(Claim).where(Claim.id == claim_id).execution_options(populate_existing=True)
    query = query.options(selectinload(Claim.evidence), selectinload(Claim.files), selectinload(Claim.steps))
    row = db.session.scalar(locked(query) if lock else query)
    own = row is not None and row.organisation_id == actor.organisation_id
    staff = row is not None and row.state not in ("draft", "withdrawn") and actor.may(roles.SEES_ALL_CLAIMS)
    if row is None or not (own or staff or actor.may(roles.SEES_DRAFT_CLAIMS)):
        raise NotFound("claim_not_found")
    return row


def own_claim(actor: Actor, claim_id: int) -> Claim:
    """Locked, for those who claim for its firm."""
    claim = get_claim(actor, claim_id, lock=True)
    if claim.organisation_id != actor.organisation_id or not actor.may(roles.CLAIMS_FOR_THE_FIRM):
        raise NotAllowed("only_enterprise_admin")
    return claim


def require_state(claim: Claim, *states: str) -> None:
    if claim.state not in states:
        raise Conflict("claim_state", state=claim.state)


def draft_claim(
    actor: Actor, rule_code: str, occurred_on: dt.date, evidence: Sequence[tuple[str, str]], note: str = ""
) -> Claim:
    """Begin a claim; nothing is reserved before it is submitted."""
    if not actor.may(roles.CLAIMS_FOR_THE_FIRM):
        raise NotAllowed("only_enterprise_admin")
    with transaction():
        rule = claimable(rule_code, occurred_on)
        claim = Claim(
            organisation_id=actor.organisation_id,
            rule_code=rule.code,
            earn_rule_id=rule.id,
            occurred_on=occurred_on,
            note=note,
            created_by=actor.member_id,
            created_at=clock.now(),
        )
        db.session.add(claim)
        db.session.flush()
        _set_evidence(claim, rule, evidence)
        note_step(claim, "drafted", actor)
        return claim


def change_claim(
    actor: Actor,
    claim_id: int,
    rule_code: str,
    occurred_on: dt.date,
    evidence: Sequence[tuple[str, str]],
    note: str = "",
) -> Claim:
    """Change a draft or a returned claim."""
    with transaction():
        claim = own_claim(actor, claim_id)
        require_state(claim, *EDITABLE)
        rule = claimable(rule_code, occurred_on)
        claim.rule_code, claim.earn_rule_id, claim.occurred_on, claim.note = (
            rule.code,
            rule.id,
            occurred_on,
            note,
        )
        db.session.execute(sa.delete(Evidence).where(Evidence.claim_id == claim.id))
        _set_evidence(claim, rule, evidence)
        return claim


def claimable(rule_code: str, occurred_on: dt.date) -> EarnRule:
    """The rule by which something that happened on a day may be claimed."""
    if occurred_on > clock.today():
        raise Invalid("occurred_in_future")
    rule = earn_rules.rule_on(rule_code, occurred_on)
    if rule.origin != "claim":
        raise Invalid("rule_is_automatic")
    return rule


def _set_evidence(claim: Claim, rule: EarnRule, evidence: Iterable[tuple[str, str]]) -> None:
    seen = set()
    for kind, value in evidence:
        kind = earn_rules.evidence_kind(kind, rule.evidence_kind)
        value = proof.settled_value(kind, value)
        normal = rules.normalise_evidence(kind, value)
        if not normal or len(normal) > 200:
            raise Invalid("evidence_empty", value=value[:80])
        if (kind, normal) in seen:
            continue
        seen.add((kind, normal))
        db.session.add(Evidence(claim_id=claim.id, kind=kind, value=value.strip(), normal=normal))
    db.session.flush()
    refuse_used_evidence(claim, Claim.state.in_(("draft", *STANDING)))


def refuse_used_evidence(claim: Claim, where: sa.ColumnElement[bool]) -> None:
    """Name every piece of evidence that such a claim of the same enterprise rests on.

    Whether somebody else has claimed it is none of the enterprise's business: the reviewer sees both.
    """
    used = [
        value for value, _ in same_evidence(claim.id, where, Claim.organisation_id == claim.organisation_id)
    ]
    if used:
        raise rules.used_evidence(sorted(set(used)))


def same_evidence(claim_id: int, *where: sa.ColumnElement[bool]) -> list[tuple[str, Claim]]:
    """This claim's evidence that other claims rest on too, with each of them, the oldest first."""
    own = sa.orm.aliased(Evidence)
    query = (
        sa.select(own.value, Claim)
        .join(
            Evidence,
            sa.and_(
                Evidence.kind == own.kind, Evidence.normal == own.normal, Evidence.claim_id != own.claim_id
            ),
        )
        .join(Claim, Claim.id == Evidence.claim_id)
        .where(own.claim_id == claim_id, *where)
        .order_by(Claim.submitted_at, Claim.id, own.id)
    )
    return [(value, row) for value, row in db.session.execute(query)]


def beside(claim_id: int) -> list[tuple[str, Claim]]:
    """What the reviewer lays beside this claim: claims of others that were handed in on the same evidence."""
    return same_evidence(claim_id, Claim.state.not_in(("draft", "withdrawn")))


def submit_claim(actor: Actor, claim_id: int) -> Claim:
    """Hand it in: from now on its enterprise cannot rest another claim on the same evidence."""
    with transaction():
        claim = own_claim(actor, claim_id)
        require_state(claim, *EDITABLE)
        rule = claimable(claim.rule_code, claim.occurred_on)
        claim.earn_rule_id = rule.id
        reasons = list(
            rules.cap_reasons(
                earn_rules.pure(rule),
                claim.occurred_on,
                earn_rules.earned_by(claim.organisation_id, rule.code, claim.id),
            )
        )
        if not any(one.kind == rule.evidence_kind for one in claim.evidence):
            reasons.append(Reason("evidence_missing", {"kind": rule.evidence_kind, "at": "number"}))
        if not proof.is_proven([(one.kind, one.value) for one in claim.evidence], _count_files(claim.id)):
            reasons.append(Reason("proof_missing", {"at": "files"}))
        if reasons:
            raise (Invalid if reasons[-1].code in ("evidence_missing", "proof_missing") else Conflict)(
                "claim_refused", reasons=reasons
            )
        refuse_used_evidence(claim, Claim.state.in_(STANDING))
        set_open(claim, True)
        claim.state = "submitted"
        claim.submitted_by, claim.submitted_at = actor.member_id, clock.now()
        claim.decided_by = claim.decided_at = None
        claim.decision_reason = ""
        note_step(claim, "submitted", actor)
        identity.notify_role(
            roles.CREDIT_REVIEWER,
            "claim_submitted_note",
            f"/credits/review/{claim.id}",
            enterprise=identity.get_organisation(claim.organisation_id).name_zh,
            number=claim_number(claim),
        )
        return claim


def _count_files(claim_id: int) -> int:
    """Counted anew: files may have come in within this transaction."""
    query = sa.select(sa.func.count()).where(EvidenceFile.claim_id == claim_id)
    return int(db.session.scalar(query) or 0)


def waiting_since(rows: Sequence[Claim]) -> dict[int, dt.datetime]:
    """When those that wait for a decision came onto the desk: when they were handed in, or appealed."""
    found = {row.id: row.submitted_at for row in rows if row.state == "submitted" and row.submitted_at}
    appealed = [row.id for row in rows if row.state == "appealed"]
    if appealed:
        query = sa.select(Appeal.claim_id, Appeal.appealed_at).where(Appeal.claim_id.in_(appealed))
        found |= {row.claim_id: row.appealed_at for row in db.session.execute(query)}
    return found


def next_waiting(actor: Actor, after: int) -> Claim | None:
    """The claim that has waited longest and that this reviewer may decide; not the one just decided."""
    query = review_queue().where(Claim.id != after, Claim.organisation_id != actor.organisation_id)
    query = query.order_by(Claim.submitted_at, Claim.id).limit(20)
    for claim in db.session.scalars(query):
        appeal = appeal_of(claim.id) if claim.state == "appealed" else None
        mine = actor.member_id in (claim.created_by, claim.submitted_by)
        if not mine and (appeal is None or appeal.rejected_by != actor.member_id):
            return claim
    return None


def set_open(claim: Claim, is_open: bool) -> None:
    """Let the evidence count as handed in by its enterprise, or free it; the unique index decides a race."""
    open_for = claim.organisation_id if is_open else None
    try:
        db.session.execute(
            sa.update(Evidence).where(Evidence.claim_id == claim.id).values(open_for=open_for, live=False)
        )
    except IntegrityError as error:
        raise rules.used_evidence([one.value for one in claim.evidence]) from error


def withdraw_claim(actor: Actor, claim_id: int) -> Claim:
    """Take it back before anybody decided; its evidence is free again."""
    with transaction():
        claim = own_claim(actor, claim_id)
        require_state(claim, "draft", "returned", "submitted")
        set_open(claim, False)
        claim.state = "withdrawn"
        note_step(claim, "withdrawn", actor)
        return claim


def appeal_claim(actor: Actor, claim_id: int, reason: str) -> Claim:
    """Ask another reviewer, once."""
    with transaction():
        claim = own_claim(actor, claim_id)
        require_state(claim, "rejected")
        if not reason.strip():
            raise Invalid("reason_required")
        if db.session.scalar(sa.select(Appeal.id).where(Appeal.claim_id == claim.id)) is not None:
            raise Conflict("appealed_before")
        refuse_used_evidence(claim, Claim.state.in_(STANDING))
        set_open(claim, True)
        db.session.add(
            Appeal(
                claim_id=claim.id,
                reason=reason.strip(),
                rejected_by=claim.decided_by,
                appealed_by=actor.member_id,
                appealed_at=clock.now(),
            )
        )
        claim.state = "appealed"
        claim.decided_by = claim.decided_at = None
        note_step(claim, "appealed", actor, reason.strip())
        identity.notify_role(
            roles.CREDIT_REVIEWER,
            "claim_appealed_note",
            f"/credits/review/{claim.id}",
            number=claim_number(claim),
        )
        return claim


def visible_claims(actor: Actor, state: str = "") -> sa.Select[Claim]:
    """One's own claims; staff and auditors see every claim that was handed in, newest first."""
    query = sa.select(Claim).order_by(Claim.id.desc())
    if actor.may(roles.SEES_DRAFT_CLAIMS):
        pass
    elif actor.may(roles.SEES_ALL_CLAIMS):
        query = query.where(
            sa.or_(Claim.state.not_in(("draft", "withdrawn")), Claim.organisation_id == actor.organisation_id)
        )
    else:
        query = query.where(Claim.organisation_id == actor.organisation_id)
    return query.where(Claim.state == state) if state else query


def evidence_of(claim_id: int) -> list[Evidence]:
    return list(
        db.session.scalars(sa.select(Evidence).where(Evidence.claim_id == claim_id).order_by(Evidence.id))
    )


def evidence_of_all(claim_ids: Sequence[int]) -> dict[int, list[Evidence]]:
    """The evidence of each of these claims, in one statement."""
    query = sa.select(Evidence).where(Evidence.claim_id.in_(claim_ids)).order_by(Evidence.id)
    found: dict[int, list[Evidence]] = {}
    for one in db.session.scalars(query):
        found.setdefault(one.claim_id, []).append(one)
    return found


def own_claims(organisation_id: int, state: str = "", q: str = "") -> sa.Select[Claim]:
    """An enterprise's claims, also by a number of their evidence."""
    query = sa.select(Claim).where(Claim.organisation_id == organisation_id)
    if state:
        query = query.where(Claim.state == state)
    return _matching(query, q)


def review_queue(state: str = "", q: str = "") -> sa.Select[Claim]:
    """What reviewers see: by default what waits for a decision, else any one state."""
    wanted = (state,) if state else ("submitted", "appealed")
    return _matching(
        sa.select(Claim).where(Claim.state.in_(wanted), Claim.state.not_in(("draft", "withdrawn"))), q
    )


def _matching(query: sa.Select[Claim], q: str) -> sa.Select[Claim]:
    if not q:
        return query
    normal = f"%{rules.normalise_evidence('patent_no', q)}%"
    by_number = sa.select(Evidence.claim_id).where(
        sa.or_(Evidence.normal.like(normal), Evidence.value.ilike(f"%{q}%"))
    )
    digits = q.strip().rsplit("-", 1)[-1]
    own_id = int(digits) if q.strip().upper().startswith("CL-") and is_id(digits) else -1
    return query.where(sa.or_(Claim.id == own_id, Claim.id.in_(by_number), Claim.note.ilike(f"%{q}%")))


def rules_of(rows: Iterable[Claim]) -> dict[int | None, EarnRule]:
    """The rule versions these claims were made under: one query."""
    ids = {row.earn_rule_id for row in rows if row.earn_rule_id is not None}
    return (
        {row.id: row for row in db.session.scalars(sa.select(EarnRule).where(EarnRule.id.in_(ids)))}
        if ids
        else {}
    )


def appeal_of(claim_id: int) -> Appeal | None:
    return db.session.scalar(sa.select(Appeal).where(Appeal.claim_id == claim_id))


def count_waiting() -> int:
    return int(
        db.session.scalar(sa.select(sa.func.count()).where(Claim.state.in_(("submitted", "appealed")))) or 0
    )


def count_returned(organisation_id: int) -> int:
    query = sa.select(sa.func.count()).where(
        Claim.organisation_id == organisation_id, Claim.state == "returned"
    )
    return int(db.session.scalar(query) or 0)


def approved_claims(rule_code: str) -> dict[int, int]:
    """How many approved claims of one rule each organisation has; those without one are not there."""
    query = (
        sa.select(Claim.organisation_id, sa.func.count())
        .where(Claim.rule_code == rule_code, Claim.state == "approved")
        .group_by(Claim.organisation_id)
    )
    return {organisation_id: int(count) for organisation_id, count in db.session.execute(query)}
