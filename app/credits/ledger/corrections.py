"""What is undone, has expired, or was corrected by hand: a transfer each, never a change of an old one."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.credits.ledger.models import (
    ADJUST,
    EXPIRED,
    Lot,
    LotAlloc,
    Period,
    Transfer,
)
from app.credits.ledger.service import (
    OWNER,
    Occasion,
    Posting,
    account_for,
    find_transfer,
    lock_accounts,
    post,
)
from app.hall import clock
from app.hall.clock import micros
from app.hall.db.base import db
from app.hall.errors import Conflict
from app.identity.door import Actor


def open_since() -> int:
    """The first moment (microseconds) that no closed month covers."""
    end = db.session.scalar(sa.select(sa.func.max(Period.ends_at)))
    return micros(end) if end is not None else 0


def reverse(actor: Actor, transfer_id: int, memo: str, ground: str = "") -> int:
    """Undo a transfer by its mirror image; of an earning, what was spent of it becomes owed."""
    done = find_transfer(transfer_id)
    lock_accounts(max(done.debit_account_id, done.credit_account_id))
    amount, shortfall = done.amount, 0
    lot = db.session.execute(
        sa.select(Lot.amount, Lot.used, Lot.held).where(Lot.id == transfer_id)
    ).one_or_none()
    if lot is not None:
        amount = lot.amount - lot.used - lot.held
        expired = db.session.scalar(
            sa.select(sa.func.coalesce(sa.func.sum(LotAlloc.used), 0))
            .join(Transfer, Transfer.id == LotAlloc.transfer_id)
            .where(LotAlloc.lot_id == transfer_id, Transfer.kind == "expire")
        )
        shortfall = lot.amount - amount - (expired or 0)
        if amount == 0 and shortfall == 0:
            raise Conflict("nothing_to_reverse")
    return post(
        actor,
        Posting(
            f"reverse:{transfer_id}",
            "reverse",
            "single",
            done.credit_account_id,
            done.debit_account_id,
            amount,
            done.source,
            memo,
            shortfall=shortfall,
            reverses_id=transfer_id,
            ground=ground,
        ),
    ).id


def expire(actor: Actor, lot: Lot, open_from: int) -> int:
    """Take what is left of a lot whose time is over; effective on its day unless that month is closed."""
    return post(
        actor,
        Posting(
            f"expire:{lot.id}:{lot.seq}",
            "expire",
            "single",
            lot.account_id,
            EXPIRED,
            lot.amount - lot.used - lot.held,
            f"lot:{lot.id}",
            "",
            lot_id=lot.id,
            effective_at=max(micros(lot.expires_at), open_from),
        ),
    ).id


def adjust(actor: Actor, organisation_id: int, credits: int, lifetime_days: int, because: Occasion) -> int:
    """A correction by hand, up or down; never without a proposal that two people signed."""
    key, source, memo = because.idem_key, because.source, because.memo
    if credits > 0:
        expires = micros(clock.start_of_day(clock.today() + dt.timedelta(days=lifetime_days)))
        posting = Posting(
            key,
            "adjust",
            "single",
            ADJUST,
            OWNER,
            credits,
            source,
            memo,
            organisation_id,
            lot_expires_at=expires,
            ground=because.ground,
        )
    else:
        posting = Posting(
            key,
            "adjust",
            "single",
            OWNER,
            ADJUST,
            -credits,
            source,
            memo,
            organisation_id,
            ground=because.ground,
        )
    return post(actor, posting).id


def move_lots(actor: Actor, from_id: int, into_id: int, because: Occasion) -> int:
    """Unspent credits of a joined account follow, lot by lot: each keeps the day on which it expires.

    Out of the one account and into the other are two transfers through the park's own account, as every correction
    is; first to expire first, so that each takes exactly its own lot. Answers how many credits followed.
    """
    source, memo, ground = because.source, because.memo, because.ground
    debtor, creditor = account_for(from_id), account_for(into_id)
    lock_accounts(debtor, creditor)
    query = (
        sa.select(Lot)
        .where(Lot.account_id == debtor, Lot.used + Lot.held < Lot.amount, Lot.expires_at > clock.now())
        .order_by(Lot.expires_at, Lot.id)
    )
    wanted = [
        (lot.id, lot.amount - lot.used - lot.held, micros(lot.expires_at))
        for lot in db.session.scalars(query)
    ]
    for number, credits, expires in wanted:
        key = f"{because.idem_key}:{number}"
        out = Posting(f"{key}:out", "adjust", "single", debtor, ADJUST, credits, source, memo, ground=ground)
        post(actor, out)
        into = Posting(
            f"{key}:in",
            "adjust",
            "single",
            ADJUST,
            creditor,
            credits,
            source,
            memo,
            lot_expires_at=expires,
            ground=ground,
        )
        post(actor, into)
    return sum(credits for _number, credits, _expires in wanted)


def move_lots_back(actor: Actor, source: str, memo: str, ground: str) -> None:
    """The reversal of `move_lots`: every transfer by its mirror image, the last first; what was spent meanwhile is owed."""
    query = sa.select(Transfer.id).where(Transfer.source == source, Transfer.kind == "adjust")
    for transfer_id in db.session.scalars(query.order_by(Transfer.id.desc())).all():
        reverse(actor, transfer_id, memo, ground)
