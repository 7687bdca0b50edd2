"""Use cases of the ledger and its fast path: the one INSERT whose trigger posts, or a refusal that says why.

A posting is one statement in a transaction of its own, or a part of the `transaction()` round it: the triggers of migrations
0002 and 0009 write entries, lots and counters, so nothing is read before and nothing written after. It stands here and not
in the hall because only the ledger has a trigger that does a use case's whole work; `benchmarks/credits/postings.py` measures
it.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app.credits import limits
from app.credits.ledger.models import (
    ISSUANCE,
    REDEEMED,
    Account,
    Lot,
    Transfer,
)
from app.hall import clock
from app.hall.clock import micros
from app.hall.db.base import db, is_sqlite
from app.hall.db.single_statement import single_statement
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, NotFound
from app.identity.door import Actor

_COLUMNS = (
    "idem_key",
    "request_hash",
    "kind",
    "phase",
    "debit_account_id",
    "credit_account_id",
    "amount",
    "shortfall",
    "pending_id",
    "reverses_id",
    "lot_id",
    "lot_expires_at",
    "hold_until",
    "effective_at",
    "recorded_at",
    "actor",
    "source",
    "memo",
    "ground",
)
_LEGS = ("debit_account_id", "credit_account_id")
_WISHED = (
    "idem_key",
    "kind",
    "phase",
    "debit_account_id",
    "credit_account_id",
    "organisation_id",
    "amount",
    "shortfall",
    "pending_id",
    "reverses_id",
    "lot_id",
    "source",
)


# In place of an account's id: the account of the posting's organisation.
OWNER = 0


# Constraints that stand behind the code: who runs into one lost a race.
_CONSTRAINTS = {
    "pending_id": "hold_resolved",
    "reverses_id": "already_reversed",
    "never_negative": "insufficient_credits",
    "ck_account_counters": "owed_exceeded",
}


@dataclass(frozen=True)
class Posting:
    """What to move; moments are microseconds, `idem_key` names the wish, not the try.

    A leg that is `OWNER` is the account of `organisation_id`: the statement finds it by itself.
    """

    idem_key: str
    kind: str
    phase: str
    debit_account_id: int
    credit_account_id: int
    amount: int
    source: str
    memo: str
    organisation_id: int = 0
    shortfall: int = 0
    pending_id: int | None = None
    reverses_id: int | None = None
    lot_id: int | None = None
    lot_expires_at: int | None = None
    hold_until: int | None = None
    effective_at: int | None = None
    ground: str = ""

    def digest(self) -> str:
        """Of what is wished: moments depend on when it is tried, a memo is only words."""
        said = "|".join(f"{len(text)}:{text}" for text in map(str, map(vars(self).__getitem__, _WISHED)))
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True)
class Posted:
    """The transfer, and whether this very call made it."""

    id: int
    created: bool


def actor_name(actor: Actor) -> str:
    return f"member:{actor.member_id}" if actor.member_id else "system"


@functools.cache
def _statement(sqlite: bool, owner_pays: bool | None = None, unless_owing: bool = False) -> str:
    """The INSERT; with an owner the row is selected from their account, and there is none where they have no account."""
    mark = "?" if sqlite else "%s"
    values = dict.fromkeys(_COLUMNS, mark)
    source = ""
    if owner_pays is not None:
        values["debit_account_id" if owner_pays else "credit_account_id"] = "a.id"
        source = f" FROM account a WHERE a.organisation_id = {mark}" + (
            " AND a.owed = 0" if unless_owing else ""
        )
    row = ", ".join(values.values())
    return (
        f"INSERT INTO transfer ({', '.join(_COLUMNS)}) {f'SELECT {row}{source}' if source else f'VALUES ({row})'}"
        " ON CONFLICT (idem_key) DO NOTHING RETURNING id"
    )


def insert_once(actor: Actor, posting: Posting, unless_owing: bool = False) -> int | None:
    """The new transfer's id; None where the key is known, or the owner has no account yet (or owes and should not)."""
    now = micros(clock.now())
    values = dict(vars(posting))
    values.update(
        request_hash=posting.digest(),
        recorded_at=now,
        actor=actor_name(actor),
        memo=_one_line(posting.memo),
        effective_at=now if posting.effective_at is None else min(posting.effective_at, now),
    )
    owner_pays = posting.debit_account_id == OWNER if posting.organisation_id else None
    row = [values[name] for name in _COLUMNS if values[name] != OWNER or name not in _LEGS]
    if owner_pays is not None:
        row.append(posting.organisation_id)
    try:
        rows = single_statement(_statement(is_sqlite(), owner_pays, unless_owing), tuple(row))
    except DBAPIError as error:
        raise _refusal(error) from error
    return int(rows[0][0]) if rows else None


def post(actor: Actor, posting: Posting) -> Posted:
    """Post once: the same key with the same wish answers the first transfer, with another wish it is refused.

    One statement: a transaction of its own, or a part of the `transaction()` round it. This is the hot path of the room.
    """
    made = insert_once(actor, posting)
    if made is not None:
        return Posted(made, True)
    known = find_posted(posting)
    if known is None:  # the owner's first posting
        with transaction():
            account_for(posting.organisation_id)
            made = insert_once(actor, posting)
            known = Posted(made, True) if made is not None else find_posted(posting)
    assert known is not None
    return known


def find_posted(posting: Posting) -> Posted | None:
    """The transfer that already has this key; refused if it was made for another wish."""
    old = db.session.execute(
        sa.select(Transfer.id, Transfer.request_hash).where(Transfer.idem_key == posting.idem_key)
    ).one_or_none()
    if old is None:
        return None
    if old.request_hash != posting.digest():
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
    query = sa.select(Account.id).where(Account.organisation_id == organisation_id)
    found = db.session.scalar(query)
    if found is None:
        mark = "?" if is_sqlite() else "%s"
        db.session.connection().exec_driver_sql(
            f"INSERT INTO account (code, kind, organisation_id) VALUES ({mark}, 'enterprise', {mark})"
            " ON CONFLICT DO NOTHING",
            (f"org:{organisation_id}", organisation_id),
        )
        found = db.session.scalars(query).one()
    return int(found)


def lock_account_of(organisation_id: int) -> None:
    """Whoever decides about this enterprise's credits next waits here, and counts what this one does."""
    lock_accounts(account_for(organisation_id))


def lock_accounts(*account_ids: int) -> None:
    """Before several transfers: always in order of id, or two writers wait for each other."""
    for account_id in sorted(set(account_ids)):
        db.session.execute(locked(sa.select(Account.id).where(Account.id == account_id))).all()


@dataclass(frozen=True)
class Occasion:
    """What credits move for: its source, the memo of the statement (`memos`), the key that names the wish, its ground."""

    source: str
    memo: str
    idem_key: str
    ground: str = ""


def earn(actor: Actor, organisation_id: int, credits: int, lifetime_days: int, occasion: Occasion) -> int:
    """Credit a new lot; what the enterprise owes from a revoked earning is settled at once."""
    expires = micros(clock.start_of_day(clock.today() + dt.timedelta(days=lifetime_days)))
    posting = Posting(
        occasion.idem_key,
        "earn",
        "single",
        ISSUANCE,
        OWNER,
        credits,
        occasion.source,
        occasion.memo,
        organisation_id,
        lot_expires_at=expires,
        ground=occasion.ground,
    )
    made = insert_once(actor, posting, unless_owing=True)
    if made is not None:
        return made
    with transaction():  # known already, or their first posting, or something is owed
        posted = post(actor, posting)
        if posted.created:
            _recover(actor, account_for(organisation_id), posted.id)
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
    actor: Actor, organisation_id: int, credits: int, occasion: Occasion, until: dt.datetime | None = None
) -> Posted:
    """Set credits aside until they are captured or released."""
    until = until or clock.now() + dt.timedelta(days=limits.HOLD_DAYS)
    posting = Posting(
        occasion.idem_key,
        "redeem",
        "pending",
        OWNER,
        REDEEMED,
        credits,
        occasion.source,
        occasion.memo,
        organisation_id,
        hold_until=micros(until),
        ground=occasion.ground,
    )
    return post(actor, posting)


def capture(actor: Actor, hold_id: int, credits: int | None = None, ground: str = "") -> int:
    """Take what was held, or less of it; the rest is free again."""
    held = find_transfer(hold_id)
    amount = held.amount if credits is None else credits
    return post(
        actor,
        Posting(
            f"post:{hold_id}",
            "redeem",
            "post",
            held.debit_account_id,
            REDEEMED,
            amount,
            held.source,
            held.memo,
            pending_id=hold_id,
            ground=ground,
        ),
    ).id


def release(actor: Actor, hold_id: int, ground: str = "") -> int:
    """Give back all that was held."""
    held = find_transfer(hold_id)
    return post(
        actor,
        Posting(
            f"void:{hold_id}",
            "redeem",
            "void",
            held.debit_account_id,
            REDEEMED,
            held.amount,
            held.source,
            held.memo,
            pending_id=hold_id,
            ground=ground,
        ),
    ).id


# What a posting that answers another one needs of it; a transfer never changes, so columns are enough, and cheaper than an object.
_MOVED = sa.select(
    Transfer.debit_account_id, Transfer.credit_account_id, Transfer.amount, Transfer.source, Transfer.memo
).where(Transfer.id == sa.bindparam("transfer_id"))


def find_transfer(transfer_id: int) -> sa.Row[int, int, int, str, str]:
    """Accounts, amount, source and memo of a transfer."""
    row = db.session.execute(_MOVED, {"transfer_id": transfer_id}).one_or_none()
    if row is None:
        raise NotFound("transfer_not_found")
    return row
