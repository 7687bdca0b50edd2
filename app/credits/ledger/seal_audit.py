"""The audit of seals: each continues the one before and matches what it covers, and the ones kept outside are still there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from app.credits.ledger.grounds import stream
from app.credits.ledger.rules import Block, seal_digest

Report = Callable[[str, str, str], None]

_ORDER = "up_to_id, coalesce(proofs_up_to, 0), id"
# Every seal with what lies between the one before and itself: transfers, their sum, proofs.
_SEALS = f"""
WITH s AS (SELECT seal.*, coalesce(lag(up_to_id) OVER (ORDER BY {_ORDER}), 0) AS after,
                  coalesce(lag(proofs_up_to) OVER (ORDER BY {_ORDER}), 0) AS proofs_after FROM seal)
SELECT id, hash, (SELECT count(*) FROM transfer t WHERE t.id > s.after AND t.id <= s.up_to_id),
       (SELECT coalesce(sum(t.amount), 0) FROM transfer t WHERE t.id > s.after AND t.id <= s.up_to_id),
       (SELECT count(*) FROM proof p WHERE p.id > s.proofs_after AND p.id <= s.proofs_up_to),
       {", ".join(Block._fields)}
  FROM s ORDER BY {_ORDER}
"""
_ENTRIES = "SELECT transfer_id, hash FROM entry WHERE seq IS NOT NULL ORDER BY transfer_id, account_id"
_PROOFS = "SELECT id, hash FROM proof ORDER BY id"


def check_seals(connection: sa.Connection, report: Report, kept: Sequence[str]) -> str:
    """Work every seal out again, what they cover read once; answers the last one's hash."""
    seals = connection.execute(sa.text(_SEALS)).all()
    entries, proofs = _Pairs(connection, _ENTRIES), _Pairs(connection, _PROOFS)
    previous = ""
    for number, says_hash, count, total, lines, *says in seals:
        block, name, in_all = Block(*says), f"seal {number}", (count, int(total))
        worked_out = seal_digest(
            block._replace(previous=previous),
            entries.up_to(block.up_to_id),
            proofs.up_to(block.proofs_up_to or 0),
        )
        if block.previous != previous:
            report("seals", name, "does not continue the seal before")
        if (block.count, block.total, block.proofs or 0) != (*in_all, lines):
            report(
                "seals",
                name,
                f"covers {in_all[0]} transfers of {in_all[1]} and {lines} proofs, says {block.count} of {block.total}"
                f" and {block.proofs}",
            )
        elif says_hash != worked_out:
            report("seals", name, "hash does not match what it covers")
        previous = says_hash
    entries.close()
    proofs.close()
    for lost in sorted(set(kept) - {one.hash for one in seals}):
        report("seals", f"seal {lost}", "was published and is not in the database")
    return previous


class _Pairs:
    """Numbers and hashes in order, handed out seal by seal."""

    def __init__(self, connection: sa.Connection, query: str) -> None:
        self._rows = stream(connection, query)
        self._next: Any = next(self._rows, None)

    def close(self) -> None:
        """What no seal covers yet is not read."""
        self._rows.close()

    def up_to(self, bound: int) -> Iterator[tuple[int, str]]:
        while self._next is not None and self._next[0] <= bound:
            yield self._next[0], self._next[1]
            self._next = next(self._rows, None)
