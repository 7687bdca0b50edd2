"""A redemption holds credits and stock together; every exit but fulfilment gives both back.

Rows are always locked in the same order: redemption, reward, account.
"""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.credits.ledger import memos
from app.credits.ledger import service as ledger
from app.credits.ledger.accounts import available_credits
from app.credits.ledger.models import Account, Transfer
from app.credits.ledger.statement import is_id
from app.credits.limits import DECIDE_WITHIN, FULFIL_WITHIN, QUANTITY, REDEMPTIONS_UNASKED
from app.credits.rewards.catalogue import both_names, get_reward, name_of, reasons_against, taken_by
from app.credits.rewards.fulfilment import FulfilmentOrder, fulfil_order
from app.credits.rewards.models import Redemption, RedemptionStep, Reward
from app.hall import clock
from app.hall.db import proofs
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound
from app.hall.standstill import Batch
from app.identity import door as identity
from app.identity.door import SYSTEM, Actor, roles

OPEN = ("requested", "approved")


def redemption_number(row: Redemption) -> str:
    return f"RD-{clock.day_of(row.requested_at):%Y%m%d}-{row.id:05d}"


def get_redemption(actor: Actor, redemption_id: int, lock: bool = False) -> Redemption:
    query = (
        sa.select(Redemption).where(Redemption.id == redemption_id).execution_options(populate_existing=True)
    )
    query = query.options(selectinload(Redemption.steps), selectinload(Redemption.reward))
    row = db.session.scalar(locked(query) if lock else query)
    if row is None or not (
        row.organisation_id == actor.organisation_id or actor.may(roles.SEES_ALL_REDEMPTIONS)
    ):
        raise NotFound("redemption_not_found")
    return row


def redeem(actor: Actor, reward_code: str, quantity: int = 1, key: str = "", note: str = "") -> Redemption:
    """Ask for a reward: credits and stock are held from this moment on.

    The same `key` of the same enterprise answers the same redemption.
    """
    if not actor.may(roles.REDEEMS_FOR_THE_FIRM):
        raise NotAllowed("only_enterprise_admin")
    if not 1 <= quantity <= QUANTITY:
        raise Invalid("quantity_out_of_range")
    with transaction():
        idem_key = f"redeem:{actor.organisation_id}:{key or uuid.uuid4().hex}"
        known = _known(actor, idem_key, reward_code, quantity)
        if known is not None:
            return known
        reward = get_reward(reward_code, lock=True)
        known = _known(actor, idem_key, reward_code, quantity)
        if known is not None:
            return known
        ledger.lock_account_of(actor.organisation_id)
        frozen, owed = db.session.execute(
            sa.select(Account.frozen, Account.owed).where(Account.organisation_id == actor.organisation_id)
        ).one()
        if frozen or owed:
            raise Conflict("account_blocked", owed=owed)
        reasons = reasons_against(
            reward,
            identity.get_organisation(actor.organisation_id),
            taken_by(actor.organisation_id).get(reward.id, 0),
            quantity,
            available_credits(actor.organisation_id),
        )
        if reasons:
            raise Conflict("redemption_refused", reasons=reasons)
        cost = reward.cost_credits * quantity
        until = clock.now() + DECIDE_WITHIN + FULFIL_WITHIN
        memo = memos.memo("memo_reward", title=both_names(reward))
        occasion = ledger.Occasion(
            f"reward:{reward.code}", memo, idem_key, proofs.head(f"reward:{reward.id}")
        )
        hold = ledger.hold(actor, actor.organisation_id, cost, occasion, until)
        reward.reserved += quantity
        row = Redemption(
            organisation_id=actor.organisation_id,
            reward_id=reward.id,
            quantity=quantity,
            cost_credits=cost,
            note=note,
            hold_transfer_id=hold.id,
            requested_by=actor.member_id,
            requested_at=clock.now(),
            expires_at=clock.now() + DECIDE_WITHIN,
        )
        db.session.add(row)
        db.session.flush()
        _step(row, "requested", actor)
        identity.notify_role(
            roles.PARK_ADMIN,
            "redemption_requested_note",
            f"/credits/redemptions/{row.id}",
            number=redemption_number(row),
            enterprise=identity.get_organisation(row.organisation_id).name_zh,
            reward=both_names(reward),
        )
        return get_redemption(actor, row.id)


def _known(actor: Actor, idem_key: str, reward_code: str, quantity: int) -> Redemption | None:
    row = db.session.execute(
        sa.select(Redemption.id, Redemption.quantity, Reward.code)
        .join(Transfer, Transfer.id == Redemption.hold_transfer_id)
        .join(Reward, Reward.id == Redemption.reward_id)
        .where(Transfer.idem_key == idem_key)
    ).one_or_none()
    if row is None:
        return None
    if (row.quantity, row.code) != (quantity, reward_code):
        raise Conflict("idempotency_key_reused")
    return get_redemption(actor, row.id)


def _to_decide(actor: Actor, redemption_id: int, *states: str) -> Redemption:
    row = get_redemption(actor, redemption_id, lock=True)
    if not actor.may(roles.DECIDES_REDEMPTIONS):
        raise NotAllowed("only_park_staff")
    if actor.member_id == row.requested_by or actor.organisation_id == row.organisation_id:
        raise NotAllowed("not_your_own_redemption")
    identity.require_second_person(actor, row.requested_by)
    _require(row, *states)
    return row


def _require(row: Redemption, *states: str) -> None:
    if row.state not in states:
        raise Conflict("redemption_state", state=row.state)


def approve_redemption(actor: Actor, redemption_id: int, reason: str = "") -> Redemption:
    with transaction():
        row = _to_decide(actor, redemption_id, "requested")
        row.state, row.decided_by, row.decided_at, row.reason = (
            "approved",
            actor.member_id,
            clock.now(),
            reason,
        )
        row.expires_at = clock.now() + FULFIL_WITHIN
        _step(row, "approved", actor, reason)
        _tell(row)
        return row


def fulfil_redemption(
    actor: Actor, redemption_id: int, reference: str = "", starts_on: dt.date | None = None, note: str = ""
) -> Redemption:
    """Create the real thing and take the credits, both or neither."""
    with transaction():
        row = _to_decide(actor, redemption_id, "approved")
        reward = _lock_reward(row)
        order = FulfilmentOrder(
            row.id,
            row.organisation_id,
            reward.code,
            name_of(reward),
            row.quantity,
            actor,
            dict(reward.fulfilment_params),
            reference.strip(),
            starts_on,
        )
        made = fulfil_order(reward.fulfilment, order)
        row.reference = made.reference if made else reference.strip() or note.strip()
        row.reference_url = made.url if made else ""
        ground = proofs.cite(f"redemption:{row.id}", "reward", reward.id)
        row.settle_transfer_id = ledger.capture(actor, row.hold_transfer_id, ground=ground)
        row.state, row.closed_at = "fulfilled", clock.now()
        reward.reserved -= row.quantity
        reward.issued += row.quantity
        _step(row, "fulfilled", actor, row.reference)
        _tell(row)
        return row


def reject_redemption(actor: Actor, redemption_id: int, reason: str) -> Redemption:
    with transaction():
        row = _to_decide(actor, redemption_id, *OPEN)
        if not reason.strip():
            raise Invalid("reason_required")
        row.decided_by, row.decided_at = actor.member_id, clock.now()
        return _give_back(actor, row, "rejected", reason.strip())


def cancel_redemption(actor: Actor, redemption_id: int, reason: str = "") -> Redemption:
    """The enterprise does not want it any more."""
    with transaction():
        row = get_redemption(actor, redemption_id, lock=True)
        if row.organisation_id != actor.organisation_id or not actor.may(roles.REDEEMS_FOR_THE_FIRM):
            raise NotAllowed("only_enterprise_admin")
        _require(row, *OPEN)
        return _give_back(actor, row, "cancelled", reason.strip())


def _late() -> sa.Select[int]:
    return sa.select(Redemption.id).where(Redemption.state.in_(OPEN), Redemption.expires_at <= clock.now())


def batch_late() -> Batch:
    """How many redemptions would expire now, of all that were ever asked for."""
    count = sa.select(sa.func.count())
    part = db.session.scalar(count.select_from(_late().subquery()))
    return Batch(
        "redemptions",
        part or 0,
        REDEMPTIONS_UNASKED,
        lambda: db.session.scalar(count.select_from(Redemption)) or 0,
    )


def expire_redemptions() -> int:
    """Release what nobody decided or fulfilled in time; may run late or twice."""
    done = 0
    for redemption_id in db.session.scalars(_late().order_by(Redemption.id)).all():
        with transaction():
            query = (
                sa.select(Redemption)
                .where(Redemption.id == redemption_id)
                .execution_options(populate_existing=True)
            )
            row = db.session.scalars(locked(query)).one()
            if row.state in OPEN and row.expires_at <= clock.now():
                _give_back(SYSTEM, row, "expired", "")
                done += 1
    return done


def _give_back(actor: Actor, row: Redemption, state: str, reason: str) -> Redemption:
    reward = _lock_reward(row)
    row.reason = reason
    _step(row, state, actor, reason)
    row.settle_transfer_id = ledger.release(actor, row.hold_transfer_id, proofs.head(f"redemption:{row.id}"))
    row.state, row.closed_at = state, clock.now()
    reward.reserved -= row.quantity
    _tell(row)
    return row


def _lock_reward(row: Redemption) -> Reward:
    query = sa.select(Reward).where(Reward.id == row.reward_id).execution_options(populate_existing=True)
    return db.session.scalars(locked(query)).one()


def _step(row: Redemption, action: str, actor: Actor, reason: str = "") -> None:
    db.session.add(
        RedemptionStep(
            redemption_id=row.id,
            action=action,
            member_id=actor.member_id or None,
            at=clock.now(),
            reason=reason,
        )
    )
    identity.audit(actor, f"redemption.{action}", "redemption", row.id, reason)


def _tell(row: Redemption) -> None:
    identity.notify_organisation(
        row.organisation_id,
        f"redemption_{row.state}_note",
        f"/credits/redemptions/{row.id}",
        roles=[roles.ENTERPRISE_ADMIN],
        number=redemption_number(row),
        reason=row.reason,
        reference=memos.read(row.reference),
    )


def visible_redemptions(actor: Actor, state: str = "") -> sa.Select[Redemption]:
    """One's own redemptions; the park's staff and auditors see all, newest first."""
    query = sa.select(Redemption).order_by(Redemption.id.desc())
    if not actor.may(roles.SEES_ALL_REDEMPTIONS):
        query = query.where(Redemption.organisation_id == actor.organisation_id)
    return query.where(Redemption.state == state) if state else query


def reward_of(row: Redemption) -> Reward:
    return db.session.scalars(sa.select(Reward).where(Reward.id == row.reward_id)).one()


def with_reward(query: sa.Select[Redemption], q: str = "") -> sa.Select[Redemption]:
    """The same rows with their reward, also found by its name or their number."""
    query = query.options(selectinload(Redemption.reward))
    if not q:
        return query
    digits = q.strip().rsplit("-", 1)[-1]
    own_id = int(digits) if q.strip().upper().startswith("RD-") and is_id(digits) else -1
    named = sa.select(Reward.id).where(sa.or_(Reward.name_zh.ilike(f"%{q}%"), Reward.name_en.ilike(f"%{q}%")))
    return query.where(sa.or_(Redemption.id == own_id, Redemption.reward_id.in_(named)))


def count_waiting() -> int:
    return int(db.session.scalar(sa.select(sa.func.count()).where(Redemption.state.in_(OPEN))) or 0)
