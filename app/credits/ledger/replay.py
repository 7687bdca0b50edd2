"""The audit's heart: live an account's life again, entry by entry, and say where the books differ.

It knows nothing of the triggers that wrote the rows; what they did is worked out a second time here.  One pass, memory
for one account: its lots, its open holds, and what was later reversed.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.credits.ledger.rules import Movement, canonical, digest, shortfall_of

Report = Callable[[str, str, str], None]


class EntryRow(NamedTuple):
    """What a transfer did to the enterprise's account, as stored."""

    account_id: int
    transfer_id: int
    amount: int
    held: int
    seq: int
    balance_after: int
    held_after: int
    hash: str


class AllocRow(NamedTuple):
    """What a transfer did to one lot, as stored."""

    lot_id: int
    seq: int
    used: int
    held: int
    used_after: int
    held_after: int


class LotRow(NamedTuple):
    """A lot as stored at the end."""

    id: int
    amount: int
    earned_at: int
    expires_at: int
    used: int
    held: int
    seq: int


class AccountRow(NamedTuple):
    """An account's counters as stored at the end."""

    id: int
    debits: int
    credits: int
    held: int
    owed: int
    seq: int
    head: str


@dataclass
class _Lot:
    amount: int
    earned_at: int
    expires_at: int
    used: int = 0
    held: int = 0
    seq: int = 0
    expired: int = 0


@dataclass
class _Hold:
    amount: int
    hold_until: int | None
    credit_account_id: int
    parts: dict[int, int]


@dataclass
class Life:
    """One account from its first entry on; `reversed_ids` are the transfers some later one reverses."""

    account_id: int
    report: Report
    reversed_ids: frozenset[int]
    # Movements up to here were posted before their hash covered their ground.
    first_version_until: int = 0
    seq: int = 0
    balance: int = 0
    held: int = 0
    owed: int = 0
    debits: int = 0
    credits: int = 0
    head: str = ""
    lots: dict[int, _Lot] = field(default_factory=dict)
    holds: dict[int, _Hold] = field(default_factory=dict)
    originals: dict[int, tuple[Movement, dict[int, int]]] = field(default_factory=dict)
    # Lots with something free, first to expire first: (expires_at, id).
    _open: list[tuple[int, int]] = field(default_factory=list)

    def live(self, entry: EntryRow, move: Movement, allocs: Sequence[AllocRow]) -> None:
        """Take one entry in: check it against the life so far, then believe it."""
        self._check_entry(entry, move)
        expected = self._expected(move)
        self._check_allocs(move, allocs, expected)
        if move.lot_expires_at is not None:
            self.lots[move.id] = _Lot(move.amount, move.effective_at, move.lot_expires_at)
            insort(self._open, (move.lot_expires_at, move.id))
        if move.phase == "pending":
            parts = {one.lot_id: one.held for one in allocs}
            self.holds[move.id] = _Hold(move.amount, move.hold_until, move.credit_account_id, parts)
        elif move.pending_id is not None:
            self.holds.pop(move.pending_id, None)
        if move.id in self.reversed_ids:
            self.originals[move.id] = (move, {one.lot_id: one.used for one in allocs if one.used > 0})
        self.owed += move.shortfall - (move.amount if move.kind == "recover" else 0)
        if self.owed < 0:
            self.report("never_negative", f"transfer {move.id}", f"owed would be {self.owed}")

    def _check_entry(self, entry: EntryRow, move: Movement) -> None:
        name = f"transfer {move.id} on account {self.account_id}"
        moved = 0 if move.phase in ("pending", "void") else -move.amount if move.is_debit else move.amount
        hold = self.holds.get(move.pending_id) if move.pending_id is not None else None
        holding = move.amount if move.phase == "pending" else -hold.amount if hold else 0
        if move.member_account_id != entry.account_id or entry.amount != moved:
            self.report("legs", name, f"entry says {entry.amount}, the transfer moves {moved}")
        if entry.held != holding:
            self.report("holds", name, f"entry changes the hold by {entry.held}, should be {holding}")
        if entry.seq != self.seq + 1:
            self.report("sequence", name, f"number {entry.seq} follows {self.seq}")
        if entry.balance_after != self.balance + entry.amount or entry.held_after != self.held + entry.held:
            self.report(
                "sequence",
                name,
                f"balance {entry.balance_after}/{entry.held_after} does not continue the one before",
            )
        if entry.held_after < 0 or entry.balance_after - entry.held_after < 0:
            self.report("never_negative", name, f"{entry.balance_after} owned, {entry.held_after} held")
        text = canonical(
            self.head,
            entry.account_id,
            entry.seq,
            entry.amount,
            entry.held,
            entry.balance_after,
            entry.held_after,
            move,
            move.id <= self.first_version_until,
        )
        if digest(text) != entry.hash:
            self.report("chain", name, f"hash of entry {entry.seq} does not match")
        if move.effective_at > move.recorded_at:
            self.report("expiry", name, "effective after it was recorded")
        self.debits += -entry.amount if entry.amount < 0 else 0
        self.credits += entry.amount if entry.amount > 0 else 0
        self.seq, self.balance, self.held, self.head = (
            entry.seq,
            entry.balance_after,
            entry.held_after,
            entry.hash,
        )

    def _expected(self, move: Movement) -> dict[int, tuple[int, int]] | None:
        """What the transfer should do to which lot, as (used, held); None where that was reported as impossible."""
        if move.pending_id is not None:
            return self._resolved(move)
        if move.kind == "reverse":
            return self._reversed(move)
        if move.kind == "expire":
            return self._expired(move)
        if not move.is_debit:
            return {}
        taken: dict[int, tuple[int, int]] = {}
        rest = move.amount
        # What has expired by now stays in front until the job takes it out; it cannot be spent.
        for place in range(bisect_left(self._open, (move.recorded_at + 1, 0)), len(self._open)):
            if rest == 0:
                break
            lot_id = self._open[place][1]
            lot = self.lots[lot_id]
            part = min(lot.amount - lot.used - lot.held, rest)
            taken[lot_id] = (0, part) if move.phase == "pending" else (part, 0)
            rest -= part
        if rest:
            self.report(
                "lots_explain",
                f"transfer {move.id}",
                f"{rest} of {move.amount} are in no lot that could be spent",
            )
        return taken

    def _resolved(self, move: Movement) -> dict[int, tuple[int, int]] | None:
        hold = self.holds.get(move.pending_id or 0)
        name = f"transfer {move.id}"
        if hold is None:
            self.report("holds", name, f"resolves {move.pending_id}, which is no open hold")
            return None
        if (
            move.amount > hold.amount
            or (move.phase == "void" and move.amount != hold.amount)
            or move.credit_account_id != hold.credit_account_id
        ):
            self.report("holds", name, f"takes {move.amount} of {hold.amount} held")
        if move.phase == "post" and hold.hold_until is not None and hold.hold_until <= move.recorded_at:
            self.report("holds", name, "posted after the hold's time was up")
        rest = move.amount if move.phase == "post" else 0
        taken: dict[int, tuple[int, int]] = {}
        for lot_id in sorted(
            hold.parts, key=lambda one: (self.lots[one].expires_at if one in self.lots else 0, one)
        ):
            part = min(hold.parts[lot_id], rest)
            taken[lot_id] = (part, -hold.parts[lot_id])
            rest -= part
        return taken

    def _reversed(self, move: Movement) -> dict[int, tuple[int, int]] | None:
        name = f"transfer {move.id}"
        if move.reverses_id not in self.originals:
            self.report(
                "reversals",
                name,
                f"reverses {move.reverses_id}, which is not of this account or was reversed before",
            )
            return None
        original, parts = self.originals.pop(move.reverses_id)
        if (
            (original.debit_account_id, original.credit_account_id)
            != (move.credit_account_id, move.debit_account_id)
            or original.kind not in ("earn", "redeem", "adjust")
            or original.phase not in ("single", "post")
        ):
            self.report("reversals", name, f"does not mirror transfer {original.id}")
        if original.is_debit:
            if move.amount != original.amount or move.shortfall:
                self.report("reversals", name, f"gives back {move.amount} of {original.amount}")
            return {lot_id: (-used, 0) for lot_id, used in parts.items()}
        lot = self.lots.get(original.id)
        free = lot.amount - lot.used - lot.held if lot else 0
        if move.amount != free or move.shortfall != shortfall_of(
            original.amount, lot.expired if lot else 0, free
        ):
            self.report("reversals", name, f"takes {move.amount} back, {free} were there")
        return {original.id: (move.amount, 0)} if move.amount else {}

    def _expired(self, move: Movement) -> dict[int, tuple[int, int]] | None:
        lot = self.lots.get(move.lot_id or 0)
        if lot is None or move.lot_id is None:
            self.report(
                "lots_explain", f"transfer {move.id}", f"expires lot {move.lot_id}, which the account has not"
            )
            return None
        if lot.expires_at > move.effective_at:
            self.report("expiry", f"transfer {move.id}", f"lot {move.lot_id} expired early")
        lot.expired += move.amount
        return {move.lot_id: (move.amount, 0)}

    def _check_allocs(
        self, move: Movement, allocs: Sequence[AllocRow], expected: dict[int, tuple[int, int]] | None
    ) -> None:
        actual = {one.lot_id: (one.used, one.held) for one in allocs}
        if expected is not None and actual != expected:
            if sum(used + held for used, held in actual.values()) == sum(
                used + held for used, held in expected.values()
            ):
                self.report(
                    "first_to_expire",
                    f"transfer {move.id}",
                    f"took {actual}, first to expire were {expected}",
                )
            else:
                self.report("lots_explain", f"transfer {move.id}", f"took {actual}, should be {expected}")
        for one in allocs:
            self._apply(move, one)

    def _apply(self, move: Movement, one: AllocRow) -> None:
        name = f"lot {one.lot_id} at transfer {move.id}"
        lot = self.lots.get(one.lot_id)
        if lot is None:
            self.report("lots_explain", name, "the account has no such lot")
            return
        spends = move.phase in ("single", "pending") and move.kind in ("redeem", "adjust", "recover")
        if spends and lot.expires_at <= move.recorded_at:
            self.report("expiry", name, "spent after it had expired")
        was_free = lot.used + lot.held < lot.amount
        if (
            one.seq != lot.seq + 1
            or one.used_after != lot.used + one.used
            or one.held_after != lot.held + one.held
        ):
            self.report(
                "lots_balance",
                name,
                f"number {one.seq} does not continue {lot.seq}: {one.used_after}/{one.held_after}",
            )
        lot.seq, lot.used, lot.held = one.seq, one.used_after, one.held_after
        if lot.used < 0 or lot.held < 0 or lot.used + lot.held > lot.amount:
            self.report("never_negative", name, f"{lot.used} used and {lot.held} held of {lot.amount}")
        is_free = lot.used + lot.held < lot.amount
        if is_free and not was_free:
            insort(self._open, (lot.expires_at, one.lot_id))
        elif was_free and not is_free:
            place = bisect_left(self._open, (lot.expires_at, one.lot_id))
            if place < len(self._open) and self._open[place] == (lot.expires_at, one.lot_id):
                del self._open[place]

    def end(self, account: AccountRow, lots: Iterable[LotRow]) -> None:
        """Compare what was lived through with what is stored."""
        name = f"account {account.id}"
        counted = AccountRow(account.id, self.debits, self.credits, self.held, self.owed, self.seq, self.head)
        for column, stored, lived in zip(AccountRow._fields, account, counted, strict=True):
            if stored != lived:
                kind = "chain" if column == "head" else "sequence" if column == "seq" else "counters"
                self.report(kind, name, f"{column} is {stored}, the entries give {lived}")
        in_holds = sum(one.amount for one in self.holds.values())
        if in_holds != account.held:
            self.report("holds", name, f"{account.held} held, open holds are {in_holds}")
        inside = 0
        seen = set()
        for row in lots:
            seen.add(row.id)
            inside += row.amount - row.used
            lot = self.lots.get(row.id)
            if lot is None:
                self.report("lots_mirror", f"lot {row.id}", "no transfer made it")
            elif (row.amount, row.earned_at, row.expires_at) != (lot.amount, lot.earned_at, lot.expires_at):
                self.report("lots_mirror", f"lot {row.id}", "does not mirror its transfer")
            elif (row.used, row.held, row.seq) != (lot.used, lot.held, lot.seq):
                self.report(
                    "lots_balance",
                    f"lot {row.id}",
                    f"counters {row.used}/{row.held}, allocations {lot.used}/{lot.held}",
                )
        for missing in sorted(self.lots.keys() - seen):
            self.report("lots_mirror", f"lot {missing}", f"is missing on {name}")
        if inside != account.credits - account.debits:
            self.report(
                "lots_balance", name, f"lots hold {inside}, the balance is {account.credits - account.debits}"
            )
