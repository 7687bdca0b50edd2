"""A schema with one guard missing: what was refused goes through, so each guard is needed; and the audit misses it.

Each mutant is made, tried and undone in one transaction of the database.
"""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.credits.ledger.audit import run_audit
from app.credits.ledger.guards import expected
from app.credits.ledger.invariants import CONSTRAINTS
from app.hall.db.base import db
from tests.credits.conftest import CreditsPark
from tests.credits.lively import live_a_little

TRANSFER = (
    "INSERT INTO transfer (idem_key, request_hash, kind, phase, debit_account_id, credit_account_id, amount, effective_at,"
    " recorded_at, actor, {more}) SELECT '{key}', 'h', '{kind}', '{phase}', {debit}, {credit}, {amount}, 9999999999999999,"
    " 9999999999999999, 'me', {value}"
)
FREE_LOT = "(SELECT max(id) FROM lot WHERE used + held < amount)"

# The guard (a trigger with its table, a constraint with its table, an index), and what only it refuses.
TRIGGER_MUTANTS = {
    "transfer_no_update": ("transfer", "UPDATE transfer SET memo = 'rewritten' WHERE id = 1"),
    "entry_no_update": ("entry", "UPDATE entry SET amount = 0 WHERE transfer_id = 1"),
    "entry_no_delete": ("entry", "DELETE FROM entry WHERE transfer_id = 1"),
    "lot_alloc_no_update": ("lot_alloc", "UPDATE lot_alloc SET used = 0"),
    "lot_alloc_no_delete": ("lot_alloc", "DELETE FROM lot_alloc"),
    "seal_no_update": ("seal", "UPDATE seal SET total = 0"),
    "seal_no_delete": ("seal", "DELETE FROM seal"),
    "earn_rule_no_update": ("earn_rule", "UPDATE earn_rule SET credits = 1000"),
    "entry_only_by_transfer": (
        "entry",
        "INSERT INTO entry (transfer_id, account_id, amount, held) VALUES (1, 3, 5, 0)",
    ),
    "lot_alloc_only_by_transfer": (
        "lot_alloc",
        "INSERT INTO lot_alloc (lot_id, seq, transfer_id, used, held, used_after, held_after)"
        " SELECT id, seq + 1, 1, 0, 0, used, held FROM lot WHERE id = (SELECT max(id) FROM lot)",
    ),
    "lot_only_by_alloc": ("lot", "UPDATE lot SET expires_at = expires_at + 1"),
    "account_only_by_entry": ("account", "UPDATE account SET credits = credits + 1000 WHERE id = 5"),
    "account_starts_empty": (
        "account",
        "INSERT INTO account (id, code, kind, organisation_id, credits) SELECT 99, 'x', 'enterprise', min(id), 5 FROM organisation",
    ),
}
INDEX_MUTANTS = {
    "uq_evidence_kind_normal": "INSERT INTO evidence (claim_id, kind, value, normal, live)"
    " SELECT claim_id, kind, value, normal, live FROM evidence WHERE live",
    "uq_evidence_open": "INSERT INTO evidence (claim_id, kind, value, normal, live, open_for)"
    " SELECT claim_id, kind, value, normal, 1 = 0, open_for FROM evidence WHERE open_for IS NOT NULL",
}
CONSTRAINT_MUTANTS = {
    "ck_transfer_well_formed": (
        "transfer",
        TRANSFER.format(
            key="m2",
            kind="expire",
            phase="single",
            debit="account_id",
            credit=2,
            amount=1,
            more="lot_id",
            value=f"id FROM lot WHERE id = {FREE_LOT}",
        ),
    ),
    "uq_transfer_idem_key": (
        "transfer",
        TRANSFER.format(
            key="claim:1",
            kind="earn",
            phase="single",
            debit=1,
            credit=5,
            amount=1,
            more="lot_expires_at",
            value="9999999999999999",
        ),
    ),
}


def goes_through(connection: sa.Connection, attempt: str) -> bool:
    point = connection.begin_nested()
    try:
        done = connection.exec_driver_sql(attempt).rowcount
    except sa.exc.DBAPIError:
        point.rollback()
        return False
    point.rollback()
    return done != 0


def test_each_guard_refuses_what_only_it_refuses(credits_park: CreditsPark) -> None:
    live_a_little(credits_park)
    with credits_park.app.app_context():
        postgresql = db.engine.dialect.name == "postgresql"
        mutants = {
            name: (f"DROP TRIGGER {name}" + (f" ON {table}" if postgresql else ""), attempt)
            for name, (table, attempt) in TRIGGER_MUTANTS.items()
        }
        mutants |= {name: (f"DROP INDEX {name}", attempt) for name, attempt in INDEX_MUTANTS.items()}
        if postgresql:
            for name, (table, attempt) in CONSTRAINT_MUTANTS.items():
                mutants[name] = (f"ALTER TABLE {table} DROP CONSTRAINT {name}", attempt)
            # Rows of one's own making are refused twice here: by the depth of the trigger and by the key.
            mutants["lot_only_by_transfer"] = (
                "DROP TRIGGER lot_only_by_transfer ON lot",
                "INSERT INTO lot (id, account_id, amount, earned_at, expires_at) VALUES (99999, 5, 9, 1, 2)",
            )
        survivors, needless = [], []
        with db.engine.connect() as connection:
            for name, (removal, attempt) in mutants.items():
                outer = connection.begin()
                if goes_through(connection, attempt):
                    needless.append(name)
                connection.exec_driver_sql(removal)
                if not goes_through(connection, attempt):
                    survivors.append(name)
                outer.rollback()
        assert needless == [], "went through although the guard was there"
        assert survivors == [], "refused although the guard was gone: the attempt proves nothing about it"
        assert len(mutants) >= (16 if postgresql else 14)
        assert run_audit().holds


def test_the_audit_misses_every_guard_that_is_gone(credits_park: CreditsPark) -> None:
    """Every trigger on a ledger table is known to the audit, and a schema without it is reported by its name."""
    with credits_park.app.app_context():
        dialect = db.engine.dialect.name
        with db.engine.connect() as connection:
            if dialect == "sqlite":
                query = (
                    "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('transfer', 'entry', 'lot', 'lot_alloc',"
                    " 'account', 'seal', 'period', 'earn_rule')"
                )
            else:
                query = (
                    "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid IN ('transfer'::regclass, 'entry'::regclass,"
                    " 'lot'::regclass, 'lot_alloc'::regclass, 'account'::regclass, 'seal'::regclass, 'period'::regclass,"
                    " 'earn_rule'::regclass)"
                )
            there = set(connection.exec_driver_sql(query).scalars())
            assert there <= set(expected(dialect))
        removed = {"transfer_posts": "transfer", "entry_no_update": "entry", "seal_no_delete": "seal"}
        with db.engine.begin() as connection:
            for name, table in removed.items():
                connection.exec_driver_sql(
                    f"DROP TRIGGER {name}" + (f" ON {table}" if dialect == "postgresql" else "")
                )
            connection.exec_driver_sql("DROP INDEX uq_transfer_pending_id")
        guards = run_audit().verdicts["guards"]
        assert {one.subject for one in guards.findings} == {*removed, "uq_transfer_pending_id"}
        assert all(re.fullmatch(r"(?:ck|uq)_\w+", one) for one in CONSTRAINTS[dialect])


@pytest.mark.parametrize("kind", ["pending_id", "reverses_id"])
def test_a_hold_is_resolved_once_and_a_transfer_reversed_once(credits_park: CreditsPark, kind: str) -> None:
    """By hand, with a key of its own: the index refuses the second one."""
    live_a_little(credits_park)
    second = {
        "pending_id": "SELECT 'again', request_hash, kind, phase, debit_account_id, credit_account_id, amount, pending_id, recorded_at,"
        " recorded_at, 'me' FROM transfer WHERE phase = 'void'",
        "reverses_id": "SELECT 'again', request_hash, kind, phase, debit_account_id, credit_account_id, amount, reverses_id,"
        " recorded_at, recorded_at, 'me' FROM transfer WHERE kind = 'reverse' ORDER BY id LIMIT 1",
    }[kind]
    with credits_park.app.app_context():
        with pytest.raises(sa.exc.IntegrityError, match=kind), db.engine.begin() as connection:
            connection.exec_driver_sql(
                f"INSERT INTO transfer (idem_key, request_hash, kind, phase, debit_account_id, credit_account_id, amount, {kind},"
                f" effective_at, recorded_at, actor) {second}"
            )
        assert run_audit().holds
