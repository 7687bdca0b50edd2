"""The one statement that writes the ledger: an INSERT whose trigger posts, or a refusal that says why."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app import clock
from app.credits.models.ledger import (
    ADJUST,
    EXPIRED,
    ISSUANCE,
    REDEEMED,
    Account,
    Lot,
    LotAlloc,
    Period,
    Transfer,
)
from app.credits.moments import micros
from app.db import db, is_sqlite, locked
from app.errors import Conflict, NotFound
from app.identity.service import Actor

# A hold that nobody resolves is released after this time at the latest.
HOLD_DAYS = 60
_COLUMNS = (
    "idem_key", "request_hash", "kind", "phase", "debit_account_id", "credit_account_id", "amount", "shortfall", "pending_id",
    "reverses_id", "lot_id", "lot_expires_at", "hold_until", "effective_at", "recorded_at", "actor", "source", "memo",
)  # fmt: skip
# Constraints that stand behind the code: who runs into one lost a race.
_CONSTRAINTS = {
    "pending_id": "hold_resolved",
    "reverses_id": "already_reversed",
    "never_negative": "insufficient_credits",
    "ck_account_counters": "owed_exceeded",
}


@dataclass(frozen=True)
class Posting:
    """What to move; moments are microseconds, `idem_key` names the wish, not the try."""

    idem_key: str
    kind: str
    phase: str
    debit_account_id: int
    credit_account_id: int
    amount: int
    source: str
    memo: str
    shortfall: int = 0
    pending_id: int | None = None
    reverses_id: int | None = None
    lot_id: int | None = None
    lot_expires_at: int | None = None
    hold_until: int | None = None
    effective_at: int | None = None


@dataclass(frozen=True)
class Posted:
    """The transfer, and whether this very call made it."""

    id: int
    created: bool


def actor_name(actor: Actor) -> str:
    return f"member:{actor.member_id}" if actor.member_id else "system"


@functools.cache
def _statement(sqlite: bool) -> str:
    marks = ", ".join("?" if sqlite else "%s" for _ in _COLUMNS)
    return f"INSERT INTO transfer ({', '.join(_COLUMNS)}) VALUES ({marks}) ON CONFLICT (idem_key) DO NOTHING RETURNING id"


def post(actor: Actor, posting: Posting) -> Posted:
    """Post once: the same key with the same wish answers the first transfer, with another wish it is refused.

    Must run inside `transaction()`. The driver's own statement is used: this is the hot path of the room.
    """
    wish = asdict(posting)
    # Moments depend on when it is tried, not on what is wished.
    named = {
        key: value
        for key, value in wish.items()
        if not key.endswith("_at") and key not in ("hold_until", "memo")
    }
    request_hash = hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()
    now = micros(clock.now())
    wish.update(request_hash=request_hash, recorded_at=now, actor=actor_name(actor))
    wish["effective_at"] = now if posting.effective_at is None else min(posting.effective_at, now)
    wish["memo"] = _one_line(posting.memo)
    connection = db.session.connection()
    try:
        rows = connection.exec_driver_sql(
            _statement(is_sqlite()), tuple(wish[name] for name in _COLUMNS)
        ).all()
    except DBAPIError as error:
        raise _refusal(error) from error
    if rows:
        return Posted(int(rows[0][0]), True)
    old = db.session.execute(
        sa.select(Transfer.id, Transfer.request_hash).where(Transfer.idem_key == posting.idem_key)
    ).one()
    if old.request_hash != request_hash:
        raise Conflict("idempotency_key_reused")
    return Posted(int(old.id), False)


def _one_line(memo: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in memo).split())[:500]


def _refusal(error: DBAPIError) -> Exception:
    text = str(error.orig)
    if "ledger:" in text:
        return Conflict(text.split("ledger:", 1)[1].split()[0].strip())
    for part, code in _CONSTRAINTS.items():
        if part in text:
            return Conflict(code)
    return error


def account_for(organisation_id: int) -> int:
    """The id of an enterprise's account, opened when first needed."""
    return _account(organisation_id)[0]


def _account(organisation_id: int) -> tuple[int, int]:
    """Id and what is owed, in one read by the driver itself: this stands before every posting."""
    mark = "?" if is_sqlite() else "%s"
    connection = db.session.connection()
    read = f"SELECT id, owed FROM account WHERE organisation_id = {mark}"
    found = connection.exec_driver_sql(read, (organisation_id,)).one_or_none()
    if found is None:
        connection.exec_driver_sql(
            f"INSERT INTO account (code, kind, organisation_id) VALUES ({mark}, 'enterprise', {mark})"
            " ON CONFLICT DO NOTHING",
            (f"org:{organisation_id}", organisation_id),
        )
        found = connection.exec_driver_sql(read, (organisation_id,)).one()
    return int(found[0]), int(found[1])


def lock_accounts(*account_ids: int) -> None:
    """Before several transfers: always in order of id, or two writers wait for each other."""
    for account_id in sorted(set(account_ids)):
        db.session.execute(locked(sa.select(Account.id).where(Account.id == account_id))).all()


def open_since() -> int:
    """The first moment (microseconds) that no closed month covers."""
    end = db.session.scalar(sa.select(sa.func.max(Period.ends_at)))
    return micros(end) if end is not None else 0


def earn(
    actor: Actor,
    organisation_id: int,
    credits: int,
    lifetime_days: int,
    source: str,
    memo: str,
    idem_key: str,
) -> int:
    """Credit a new lot; what the enterprise owes from a revoked earning is settled at once."""
    account_id, owed = _account(organisation_id)
    expires = clock.start_of_day(clock.today() + dt.timedelta(days=lifetime_days))
    posted = post(
        actor,
        Posting(
            idem_key,
            "earn",
            "single",
            ISSUANCE,
            account_id,
            credits,
            source,
            memo,
            lot_expires_at=micros(expires),
        ),
    )
    if posted.created and owed:
        _recover(actor, account_id, posted.id)
    return posted.id


def _recover(actor: Actor, account_id: int, earning_id: int) -> None:
    owed, credits = db.session.execute(
        sa.select(Account.owed, Account.credits - Account.debits - Account.held).where(
            Account.id == account_id
        )
    ).one()
    free = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(Lot.amount - Lot.used - Lot.held), 0)).where(
            Lot.account_id == account_id, Lot.expires_at > clock.now()
        )
    )
    back = min(owed, credits, free or 0)
    if back > 0:
        key = f"recover:{earning_id}"
        post(
            actor, Posting(key, "recover", "single", account_id, ISSUANCE, back, f"transfer:{earning_id}", "")
        )


def hold(
    actor: Actor,
    organisation_id: int,
    credits: int,
    source: str,
    memo: str,
    idem_key: str,
    until: dt.datetime | None = None,
) -> Posted:
    """Set credits aside until they are captured or released."""
    until = until or clock.now() + dt.timedelta(days=HOLD_DAYS)
    account_id = account_for(organisation_id)
    return post(
        actor,
        Posting(
            idem_key,
            "redeem",
            "pending",
            account_id,
            REDEEMED,
            credits,
            source,
            memo,
            hold_until=micros(until),
        ),
    )


def capture(actor: Actor, hold_id: int, credits: int | None = None) -> int:
    """Take what was held, or less of it; the rest is free again."""
    held = _transfer(hold_id)
    amount = held.amount if credits is None else credits
    return post(
        actor,
        Posting(
            f"post:{hold_id}", "redeem", "post", held.debit_account_id, REDEEMED, amount, held.source, held.memo,
            pending_id=hold_id,
        ),
    ).id  # fmt: skip


def release(actor: Actor, hold_id: int) -> int:
    """Give back all that was held."""
    held = _transfer(hold_id)
    return post(
        actor,
        Posting(
            f"void:{hold_id}", "redeem", "void", held.debit_account_id, REDEEMED, held.amount, held.source, held.memo,
            pending_id=hold_id,
        ),
    ).id  # fmt: skip


def reverse(actor: Actor, transfer_id: int, memo: str) -> int:
    """Undo a transfer by its mirror image; of an earning, what was spent of it becomes owed."""
    done = _transfer(transfer_id)
    lock_accounts(max(done.debit_account_id, done.credit_account_id))
    amount, shortfall = done.amount, 0
    lot = db.session.get(Lot, transfer_id, populate_existing=True)
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
            f"reverse:{transfer_id}", "reverse", "single", done.credit_account_id, done.debit_account_id, amount,
            done.source, memo, shortfall=shortfall, reverses_id=transfer_id,
        ),
    ).id  # fmt: skip


def expire(actor: Actor, lot: Lot, open_from: int) -> int:
    """Take what is left of a lot whose time is over; effective on its day unless that month is closed."""
    return post(
        actor,
        Posting(
            f"expire:{lot.id}:{lot.seq}", "expire", "single", lot.account_id, EXPIRED, lot.amount - lot.used - lot.held,
            f"lot:{lot.id}", "", lot_id=lot.id, effective_at=max(micros(lot.expires_at), open_from),
        ),
    ).id  # fmt: skip


def adjust(
    actor: Actor, organisation_id: int, credits: int, lifetime_days: int, source: str, memo: str
) -> int:
    """A correction by hand, up or down; never without a proposal that two people signed."""
    account_id = account_for(organisation_id)
    key = f"adjust:{source}"
    if credits > 0:
        expires = clock.start_of_day(clock.today() + dt.timedelta(days=lifetime_days))
        posting = Posting(
            key, "adjust", "single", ADJUST, account_id, credits, source, memo, lot_expires_at=micros(expires)
        )
    else:
        posting = Posting(key, "adjust", "single", account_id, ADJUST, -credits, source, memo)
    return post(actor, posting).id


def _transfer(transfer_id: int) -> Transfer:
    row = db.session.get(Transfer, transfer_id)
    if row is None:
        raise NotFound("transfer_not_found")
    return row
