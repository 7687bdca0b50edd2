"""`flask credits audit`: every invariant of the ledger, each with the rows that break it, in one snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from app.credits.ledger.files import check_files
from app.credits.ledger.grounds import FIRST_VERSION, check_grounds, stream
from app.credits.ledger.guards import check_guards
from app.credits.ledger.invariants import INVARIANTS, QUERIES
from app.credits.ledger.kept_audit import check_kept
from app.credits.ledger.replay import AccountRow, AllocRow, EntryRow, Life, LotRow
from app.credits.ledger.rules import Movement
from app.credits.ledger.seal_audit import check_seals
from app.hall import clock
from app.hall.clock import micros
from app.hall.db.base import db, is_sqlite

SHOWN = 20


@dataclass
class Finding:
    """One offending row."""

    subject: str
    text: str


@dataclass
class Verdict:
    """One invariant: how many rows break it, and the first of them."""

    code: str
    count: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return self.count == 0


@dataclass
class AuditReport:
    """All verdicts, and how much was looked at."""

    verdicts: dict[str, Verdict]
    transfers: int = 0
    accounts: int = 0
    last_seal: str = ""

    @property
    def holds(self) -> bool:
        return all(one.holds for one in self.verdicts.values())

    def add(self, code: str, subject: str, text: str) -> None:
        verdict = self.verdicts[code]
        verdict.count += 1
        if len(verdict.findings) < SHOWN:
            verdict.findings.append(Finding(subject, text))


def run_audit(kept: Sequence[str] = ()) -> AuditReport:
    """Prove the ledger: one pass over all entries, then a query per remaining invariant, in one snapshot.

    `kept` are hashes of seals that were published outside the database: each must still be there.
    Memory: one account at a time.
    """
    report = AuditReport({code: Verdict(code) for code in INVARIANTS})
    db.session.rollback()
    with db.engine.connect() as connection:
        if not is_sqlite():
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            _replay_all(connection, report)
            for code, query in QUERIES:
                for row in connection.execute(sa.text(query)):
                    report.add(code, str(row[0]), str(row[1]))
            _check_totals(connection, report)
            _check_clock(connection, report)
            check_kept(connection, report.add)
            check_grounds(connection, report.add)
            check_files(connection, report.add)
            report.last_seal = check_seals(connection, report.add, kept)
            check_guards(connection, report.add)
            report.transfers = int(connection.scalar(sa.text("SELECT count(*) FROM transfer")) or 0)
    return report


# Somebody with full rights may have put a NULL where a number belongs.
_ENTRY = (
    "e.account_id, e.transfer_id, e.amount, e.held, e.seq, coalesce(e.balance_after, -1), coalesce(e.held_after, -1),"
    " coalesce(e.hash, '')"
)
_MOVE = ", ".join(f"t.{name}" for name in Movement._fields)
_ALLOC = ", ".join(f"x.{name}" for name in AllocRow._fields)


# A CROSS JOIN keeps SQLite's planner on the index of the entries; PostgreSQL needs no such hint.
_STREAM = (
    f"SELECT {_ENTRY}, {_MOVE}, {_ALLOC} FROM entry e CROSS JOIN transfer t"
    " LEFT JOIN lot_alloc x ON x.transfer_id = t.id"
    " WHERE t.id = e.transfer_id AND e.seq IS NOT NULL AND e.account_id > 4 ORDER BY e.account_id, e.seq"
)
_ENTRY_END = len(EntryRow._fields)
_MOVE_END = _ENTRY_END + len(Movement._fields)


def _replay_all(connection: sa.Connection, report: AuditReport) -> None:
    reversed_ids = frozenset(
        connection.scalars(sa.text("SELECT reverses_id FROM transfer WHERE reverses_id IS NOT NULL"))
    )
    first_version = int(connection.scalar(sa.text(f"SELECT {FIRST_VERSION}")) or 0)
    lots = _Lots(connection)
    accounts = {
        row[0]: AccountRow(*row)
        for row in connection.execute(
            sa.text(
                "SELECT id, debits, credits, held, owed, seq, head FROM account WHERE kind = 'enterprise'"
            )
        )
    }
    report.accounts = len(accounts)
    for account_id, rows in groupby(stream(connection, _STREAM), key=itemgetter(0)):
        life = Life(account_id, report.add, reversed_ids, first_version)
        for _, parts in groupby(rows, key=itemgetter(4, 1)):
            first = next(parts)
            allocs = [
                AllocRow(*one[_MOVE_END:]) for one in chain((first,), parts) if one[_MOVE_END] is not None
            ]
            life.live(EntryRow(*first[:_ENTRY_END]), Movement(*first[_ENTRY_END:_MOVE_END]), allocs)
        account = accounts.pop(account_id, None)
        if account is None:
            report.add(
                "sequence", f"account {account_id}", "has numbered entries but is no enterprise's account"
            )
            continue
        life.end(account, lots.of(account_id))
    lots.close()
    idle: dict[int, list[LotRow]] = {}
    for row in connection.execute(sa.text(_IDLE_LOTS)):
        idle.setdefault(row[0], []).append(LotRow(*row[1:]))
    for account_id, account in accounts.items():
        Life(account_id, report.add, reversed_ids).end(account, idle.get(account_id, []))


_LOT = f"SELECT account_id, {', '.join(LotRow._fields)} FROM lot l"
# Accounts without a single entry should have no lots either.
_IDLE_LOTS = (
    f"{_LOT} WHERE account_id IN (SELECT a.id FROM account a WHERE NOT EXISTS"
    " (SELECT 1 FROM entry e WHERE e.account_id = a.id AND e.seq IS NOT NULL))"
)


class _Lots:
    """Lots account by account, read beside the entries in the same order."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._rows = stream(connection, f"{_LOT} ORDER BY account_id")
        self._groups = groupby(self._rows, key=itemgetter(0))
        self._next: Any = next(self._groups, None)

    def close(self) -> None:
        self._rows.close()

    def of(self, account_id: int) -> list[LotRow]:
        while self._next is not None and self._next[0] < account_id:
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] != account_id:
            return []
        return [LotRow(*row[1:]) for row in self._next[1]]


def _check_totals(connection: sa.Connection, report: AuditReport) -> None:
    """Issued = outstanding + redeemed + expired + adjusted, from the entries of the park's own accounts."""
    sums = connection.execute(
        sa.text("SELECT account_id, sum(amount) FROM entry WHERE account_id <= 4 GROUP BY account_id")
    )
    balances: dict[int, int] = {row[0]: int(row[1]) for row in sums}
    outstanding = connection.scalar(
        sa.text("SELECT coalesce(sum(credits - debits), 0) FROM account WHERE kind = 'enterprise'")
    )
    issued = -balances.get(1, 0)
    spent = sum(balances.get(one, 0) for one in (2, 3, 4))
    if issued != int(outstanding or 0) + spent:
        report.add(
            "issued",
            "all accounts",
            f"issued {issued}, outstanding {outstanding}, redeemed + expired + adjusted {spent}",
        )
    total = connection.scalar(sa.text("SELECT coalesce(sum(amount), 0) FROM entry"))
    if total:
        report.add("zero_sum", "all entries", f"sum is {total}")


def _check_clock(connection: sa.Connection, report: AuditReport) -> None:
    """What was recorded after this very moment, or a seal of tomorrow: a clock was wrong, or somebody wrote it there."""
    for subject, query in (
        ("transfer", "SELECT id FROM transfer WHERE recorded_at > :now"),
        ("seal", "SELECT id FROM seal WHERE sealed_at > :now"),
    ):
        for (number,) in connection.execute(sa.text(query), {"now": micros(clock.now())}):
            report.add("clock", f"{subject} {number}", "was recorded in the future")


__all__ = ["AuditReport", "Finding", "Verdict", "run_audit"]
