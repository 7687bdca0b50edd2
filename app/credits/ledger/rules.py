"""What a lot is, which lots a spending takes, and how a transfer is hashed: integers in, integers out.

The triggers of migration 0002 do the same in SQL; `replay` uses this module to prove, entry by entry, that they did.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

LAST_SYSTEM_ACCOUNT = 4


@dataclass(frozen=True)
class Lot:
    """One earning: whole credits that expire together; moments are microseconds since 1970."""

    id: int
    amount: int
    expires_at: int
    used: int = 0
    held: int = 0

    @property
    def free(self) -> int:
        return self.amount - self.used - self.held


@dataclass(frozen=True)
class Take:
    """So much of one lot."""

    lot_id: int
    credits: int


class Movement(NamedTuple):
    """A transfer as it is stored; moments are microseconds, absent numbers are None.

    A named tuple because an audit makes a million of them.
    """

    id: int
    debit_account_id: int
    credit_account_id: int
    amount: int
    shortfall: int
    pending_id: int | None
    reverses_id: int | None
    lot_id: int | None
    lot_expires_at: int | None
    hold_until: int | None
    effective_at: int
    recorded_at: int
    kind: str
    phase: str
    idem_key: str
    request_hash: str
    actor: str
    source: str
    memo: str
    ground: str | None = None

    @property
    def member_account_id(self) -> int:
        """The enterprise's account; the other one is the park's."""
        return max(self.debit_account_id, self.credit_account_id)

    @property
    def is_debit(self) -> bool:
        """Whether the enterprise pays."""
        return self.debit_account_id > LAST_SYSTEM_ACCOUNT


def first_expiring(lots: Iterable[Lot], credits: int, at: int) -> tuple[Take, ...]:
    """The lots a spending at moment `at` takes: first to expire first, ties by id.

    Returns fewer credits than asked for when the lots do not hold enough.  O(n log n).

    >>> lots = [Lot(1, 100, 5_000), Lot(2, 60, 4_000), Lot(3, 9, 10)]
    >>> first_expiring(lots, 90, at=1_000)
    (Take(lot_id=2, credits=60), Take(lot_id=1, credits=30))
    >>> first_expiring(lots, 90, at=6_000)
    ()
    """
    taken: list[Take] = []
    for lot in sorted(
        (one for one in lots if one.expires_at > at and one.free > 0),
        key=lambda one: (one.expires_at, one.id),
    ):
        if credits <= 0:
            break
        part = min(lot.free, credits)
        taken.append(Take(lot.id, part))
        credits -= part
    return tuple(taken)


def available(lots: Iterable[Lot], at: int) -> int:
    """What can be spent at moment `at`: neither used nor held nor expired, whether or not the expiry job has run.

    >>> available([Lot(1, 100, 5_000, used=30, held=20), Lot(2, 60, 900)], at=1_000)
    50
    """
    return sum(lot.free for lot in lots if lot.expires_at > at)


def expiring(lots: Iterable[Lot], at: int) -> tuple[tuple[int, int], ...]:
    """What expires when, soonest first: pairs of moment and credits, of what is neither used nor held nor gone.

    >>> expiring([Lot(1, 10, 50), Lot(2, 5, 40), Lot(3, 7, 50, used=7), Lot(4, 2, 50)], at=0)
    ((40, 5), (50, 12))
    """
    by_moment: dict[int, int] = {}
    for lot in lots:
        if lot.expires_at > at and lot.free > 0:
            by_moment[lot.expires_at] = by_moment.get(lot.expires_at, 0) + lot.free
    return tuple(sorted(by_moment.items()))


def _text(value: str) -> str:
    return f"{len(value)}:{value}"


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def canonical(  # noqa: PLR0913 - the columns of one entry, in the order in which they are hashed
    head: str,
    account_id: int,
    seq: int,
    amount: int,
    held: int,
    balance: int,
    held_after: int,
    m: Movement,
    first_version: bool = False,
) -> str:
    """The text that is hashed: integers as they are, texts behind their length, so that no two rows read alike.

    The same text is built in SQL by migrations 0002 and `grounds`; its version stands in front. The first knew no grounds.
    """
    ground = "" if first_version else f"|{_text(m.ground) if m.ground is not None else ''}"
    return (
        f"{'pl1' if first_version else 'pl2'}|{head}|{account_id}|{seq}|{amount}|{held}|{balance}|{held_after}|{m.id}|{m.debit_account_id}"
        f"|{m.credit_account_id}|{m.amount}|{m.shortfall}|{_number(m.pending_id)}|{_number(m.reverses_id)}"
        f"|{_number(m.lot_id)}|{_number(m.lot_expires_at)}|{_number(m.hold_until)}|{m.effective_at}|{m.recorded_at}"
        f"|{_text(m.kind)}|{_text(m.phase)}|{_text(m.idem_key)}|{_text(m.request_hash)}|{_text(m.actor)}"
        f"|{_text(m.source)}|{_text(m.memo)}{ground}"
    )


def digest(text: str) -> str:
    """SHA-256 of a text in UTF-8, in lower-case hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


class Block(NamedTuple):
    """What a seal says of itself; without proofs it is of the first kind, which covered movements only."""

    previous: str
    up_to_id: int
    count: int  # type: ignore[assignment]  # the column's name; nobody counts in a seal
    total: int
    sealed_at: int
    sealed_by: str
    proofs_up_to: int | None = None
    proofs: int | None = None


def seal_digest(
    block: Block, hashes: Iterable[tuple[int, str]], proofs: Iterable[tuple[int, str]] = ()
) -> str:
    """The hash of a block: the previous seal, what this one says, each transfer's id and entry hash, then each proof's.

    Both in the order of their ids.
    """
    first = block.proofs_up_to is None
    said = (
        f"{'seal1' if first else 'seal2'}|{block.previous}|{block.up_to_id}|{block.count}|{block.total}"
        f"|{block.sealed_at}|{_text(block.sealed_by)}"
    )
    state = hashlib.sha256((said if first else f"{said}|{block.proofs_up_to}|{block.proofs}").encode())
    for transfer_id, entry_hash in hashes:
        state.update(f"|{transfer_id}:{entry_hash}".encode())
    for proof_id, proof_hash in proofs:
        state.update(f"|p{proof_id}:{proof_hash}".encode())
    return state.hexdigest()


def shortfall_of(amount: int, expired: int, free: int) -> int:
    """What a revoked earning leaves owed: what of it was spent or is held and cannot be taken back now.

    >>> shortfall_of(amount=100, expired=10, free=60)
    30
    """
    return amount - expired - free
