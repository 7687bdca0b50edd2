"""`flask credits audit`: every invariant of the ledger, each with the rows that break it, in one snapshot."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from app.credits import ledger
from app.credits.ledger import Movement
from app.credits.replay import AccountRow, AllocRow, EntryRow, Life, LotRow
from app.credits.service.invariants import CONSTRAINTS, INVARIANTS, QUERIES, TRIGGERS
from app.db import db, is_sqlite

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
            _check_seals(connection, report, kept)
            _check_guards(connection, report)
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


def _stream(connection: sa.Connection) -> Iterator[Any]:
    """Entries with their transfer and lots, in the order of each account's life: no sort, one index."""
    if is_sqlite():
        cursor = connection.connection.cursor()
        cursor.arraysize = 2000
        cursor.execute(_STREAM)
        while rows := cursor.fetchmany():
            yield from rows
        cursor.close()
        return
    streaming = connection.execution_options(yield_per=2000)
    yield from streaming.exec_driver_sql(_STREAM)


def _replay_all(connection: sa.Connection, report: AuditReport) -> None:
    reversed_ids = frozenset(
        connection.scalars(sa.text("SELECT reverses_id FROM transfer WHERE reverses_id IS NOT NULL"))
    )
    accounts = {
        row[0]: AccountRow(*row)
        for row in connection.execute(
            sa.text(
                "SELECT id, debits, credits, held, owed, seq, head FROM account WHERE kind = 'enterprise'"
            )
        )
    }
    report.accounts = len(accounts)
    for account_id, rows in groupby(_stream(connection), key=itemgetter(0)):
        life = Life(account_id, report.add, reversed_ids)
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
        life.end(account, _lots(connection, account_id))
    for account_id, account in accounts.items():
        Life(account_id, report.add, reversed_ids).end(account, _lots(connection, account_id))


def _lots(connection: sa.Connection, account_id: int) -> list[LotRow]:
    query = f"SELECT {', '.join(LotRow._fields)} FROM lot WHERE account_id = :account_id"
    return [LotRow(*row) for row in connection.execute(sa.text(query), {"account_id": account_id})]


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


def _check_seals(connection: sa.Connection, report: AuditReport, kept: Sequence[str]) -> None:
    """Seals are contiguous and match the entries they cover: the entries are read once, in order of transfer."""
    seals = connection.execute(
        sa.text(
            "SELECT id, up_to_id, count, total, hash, previous, sealed_at, sealed_by FROM seal ORDER BY up_to_id, id"
        )
    ).all()
    previous, after = "", 0
    for number, up_to, says_count, says_total, says_hash, says_previous, sealed_at, sealed_by in seals:
        name = f"seal {number}"
        bounds = {"after": after, "up_to": up_to}
        found = connection.execute(
            sa.text(
                "SELECT count(*), coalesce(sum(amount), 0) FROM transfer WHERE id > :after AND id <= :up_to"
            ),
            bounds,
        ).one()
        count, total = int(found[0]), int(found[1])
        hashes = connection.execution_options(yield_per=2000).execute(
            sa.text(
                "SELECT transfer_id, hash FROM entry WHERE seq IS NOT NULL AND transfer_id > :after"
                " AND transfer_id <= :up_to ORDER BY transfer_id, account_id"
            ),
            bounds,
        )
        pairs = ((row[0], row[1]) for row in hashes)
        worked_out = ledger.seal_digest(previous, up_to, count, total, sealed_at, sealed_by, pairs)
        if says_previous != previous:
            report.add("seals", name, "does not continue the seal before")
        if (says_count, says_total) != (count, total):
            report.add(
                "seals", name, f"covers {count} transfers of {total}, says {says_count} of {says_total}"
            )
        elif says_hash != worked_out:
            report.add("seals", name, "hash does not match the entries it covers")
        previous, after = says_hash, up_to
    report.last_seal = previous
    for lost in sorted(set(kept) - {one.hash for one in seals}):
        report.add("seals", f"seal {lost}", "was published and is not in the database")


def _check_guards(connection: sa.Connection, report: AuditReport) -> None:
    """The triggers that refuse a change must be there and switched on, the constraints behind them there and valid."""
    dialect = "sqlite" if is_sqlite() else "postgresql"
    if is_sqlite():
        schema = connection.execute(sa.text("SELECT type, name, coalesce(sql, '') FROM sqlite_master")).all()
        triggers = {name for kind, name, _sql in schema if kind == "trigger"}
        written = " ".join(f"{name} {sql}" for kind, name, sql in schema if kind in ("table", "index"))
        constraints = set(re.findall(r"\b(?:ck|uq)_\w+", written))
    else:
        triggers = set(
            connection.scalars(
                sa.text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
            )
        )
        constraints = set(
            connection.scalars(
                sa.text(
                    "SELECT conname FROM pg_constraint WHERE convalidated UNION ALL SELECT c.relname FROM pg_index i"
                    " JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indisvalid AND i.indisunique"
                )
            )
        )
    for name in sorted(TRIGGERS[dialect] - triggers):
        report.add("guards", name, "trigger is missing or switched off")
    for name in sorted(CONSTRAINTS[dialect] - constraints):
        report.add("guards", name, "constraint or unique index is missing or not valid")


__all__ = ["AuditReport", "Finding", "Verdict", "run_audit"]
