"""The ledger refuses a person with a SQL prompt, also one with the application's own role."""

from __future__ import annotations

import json
import os

import pytest
import sqlalchemy as sa

from app.credits.ledger.audit import run_audit
from app.credits.ledger.guards import TEXTS, expected, guards_of
from app.hall.db.base import db
from tests.credits.conftest import CreditsPark
from tests.credits.lively import live_a_little

ATTEMPTS = (
    "UPDATE transfer SET memo = 'x'",
    "UPDATE transfer SET amount = amount + 1",
    "DELETE FROM transfer",
    "UPDATE entry SET amount = amount",
    "DELETE FROM entry",
    "INSERT INTO entry (transfer_id, account_id, amount, held) VALUES (1, 3, 5, 0)",
    "UPDATE account SET credits = credits + 1000",
    "UPDATE account SET held = 0, seq = seq + 1",
    "DELETE FROM account",
    "INSERT INTO account (id, code, kind, organisation_id, credits) SELECT 99, 'x', 'enterprise', max(id), 5 FROM organisation",
    "UPDATE lot SET used = 0, held = 0",
    "UPDATE lot SET expires_at = expires_at + 1",
    "DELETE FROM lot",
    "INSERT INTO lot (id, account_id, amount, earned_at, expires_at) SELECT max(id), 5, 9, 1, 2 FROM transfer",
    "UPDATE lot_alloc SET used = used",
    "DELETE FROM lot_alloc",
    "INSERT INTO lot_alloc SELECT lot_id, seq + 50, transfer_id, 0, 0, used_after, held_after FROM lot_alloc",
    "UPDATE seal SET hash = 'x'",
    "DELETE FROM seal",
    "UPDATE earn_rule SET credits = 1000",
    "DELETE FROM earn_rule",
)


def test_a_sql_prompt_changes_nothing(credits_park: CreditsPark) -> None:
    live_a_little(credits_park)
    with credits_park.app.app_context():
        attempts = list(ATTEMPTS)
        if db.engine.dialect.name == "sqlite":
            attempts += [
                "INSERT OR REPLACE INTO transfer SELECT * FROM transfer",
                "REPLACE INTO entry SELECT * FROM entry",
                "REPLACE INTO lot SELECT * FROM lot",
            ]
        else:
            attempts += [
                f"TRUNCATE {table} CASCADE" for table in ("transfer", "entry", "lot", "account", "seal")
            ]
        for attempt in attempts:
            with pytest.raises(sa.exc.DBAPIError, match="ledger:"), db.engine.begin() as connection:
                connection.exec_driver_sql(attempt)
        assert run_audit().holds


def test_a_bare_sqlite_prompt_cannot_even_append(credits_park: CreditsPark) -> None:
    """Without the application's hash function, and with recursive triggers off, nothing can be posted or replaced."""
    import sqlite3

    live_a_little(credits_park)
    url = credits_park.app.config["SQLALCHEMY_DATABASE_URI"]
    if not url.startswith("sqlite"):
        return  # there the trigger itself posts correctly, or refuses
    with credits_park.app.app_context():
        db.session.remove()
        db.engine.dispose()
    raw = sqlite3.connect(url.removeprefix("sqlite:///"))
    columns = [row[1] for row in raw.execute("PRAGMA table_info(transfer)")]
    same = ", ".join(
        f"'{'z'}' || idem_key" if name == "idem_key" else name for name in columns if name != "id"
    )
    names = ", ".join(name for name in columns if name != "id")
    for attempt in (
        f"INSERT INTO transfer ({names}) SELECT {same} FROM transfer WHERE kind = 'earn' LIMIT 1",
        "INSERT OR REPLACE INTO transfer SELECT * FROM transfer WHERE kind = 'earn'",
        "INSERT OR REPLACE INTO entry SELECT * FROM entry",
        "INSERT OR REPLACE INTO lot_alloc SELECT * FROM lot_alloc",
    ):
        with pytest.raises(sqlite3.DatabaseError):
            raw.execute(attempt)
    raw.close()


def test_no_account_goes_below_zero_even_by_hand(credits_park: CreditsPark) -> None:
    """A correct-looking INSERT of a person with the application's own connection still meets the trigger."""
    credits_park.earn("e01", "invention_patent", "CN1")
    insert = (
        "INSERT INTO transfer (idem_key, request_hash, kind, phase, debit_account_id, credit_account_id, amount, effective_at,"
        " recorded_at, actor, lot_expires_at) VALUES ('{key}', 'h', '{kind}', 'single', {debit}, {credit}, {amount}, 1, 1, 'me',"
        " {expires})"
    )
    for values, why in (
        (
            {"kind": "redeem", "debit": 5, "credit": 2, "amount": 101, "expires": "NULL"},
            "ledger:insufficient_credits",
        ),
        ({"kind": "redeem", "debit": 5, "credit": 2, "amount": -1, "expires": "NULL"}, "ck_transfer_amount"),
        ({"kind": "redeem", "debit": 5, "credit": 3, "amount": 1, "expires": "NULL"}, "ck_transfer_legs"),
        (
            {"kind": "earn", "debit": 1, "credit": 5, "amount": 1, "expires": "NULL"},
            "ck_transfer_lot_expires",
        ),
        ({"kind": "earn", "debit": 1, "credit": 2, "amount": 1, "expires": "9"}, "ck_transfer_one_member"),
    ):
        with (
            credits_park.app.app_context(),
            pytest.raises(sa.exc.DBAPIError, match=why),
            db.engine.begin() as connection,
        ):
            connection.exec_driver_sql(insert.format(key=why, **values))


def test_a_role_of_its_own_may_only_insert_wishes(credits_park: CreditsPark) -> None:
    """PostgreSQL: thirteen things the application's role may not do, and the one it may."""
    from app.credits.ledger.grants import statements

    credits_park.earn("e01", "invention_patent", "CN1")
    with credits_park.app.app_context():
        if db.engine.dialect.name == "sqlite":
            return  # SQLite has no roles: the triggers alone stand there
        with db.engine.begin() as connection:
            connection.exec_driver_sql("DROP ROLE IF EXISTS clerk")
            connection.exec_driver_sql("CREATE ROLE clerk")
            connection.exec_driver_sql("GRANT ALL ON ALL TABLES IN SCHEMA public TO clerk")
            for statement in statements("clerk"):
                connection.exec_driver_sql(statement)
        forbidden = [
            f"{verb} {table}{rest}"
            for table in ("transfer", "entry", "lot_alloc", "lot")
            for verb, rest in (
                ("DELETE FROM", ""),
                ("TRUNCATE", " CASCADE"),
                ("ALTER TABLE", " DISABLE TRIGGER ALL"),
            )
        ] + ["UPDATE account SET credits = 9"]
        for attempt in forbidden:
            with pytest.raises(sa.exc.DBAPIError), db.engine.begin() as connection:
                connection.exec_driver_sql("SET LOCAL ROLE clerk")
                connection.exec_driver_sql(attempt)
        with db.engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL ROLE clerk")
            connection.exec_driver_sql(
                "INSERT INTO transfer (idem_key, request_hash, kind, phase, debit_account_id, credit_account_id, amount,"
                " effective_at, recorded_at, actor, source) VALUES ('clerk', 'h', 'redeem', 'single', 5, 2, 40, 1, 1, 'me', '')"
            )
        assert run_audit().holds
        with db.engine.begin() as connection:
            connection.exec_driver_sql("DROP OWNED BY clerk")
            connection.exec_driver_sql("DROP ROLE clerk")


def test_the_texts_of_all_guards_are_those_of_the_newest_migration(credits_park: CreditsPark) -> None:
    """After a migration that changes one: PARKLINK_WRITE_GUARDS=1 writes what is there now, to be read before it is committed."""
    with credits_park.app.app_context(), db.engine.connect() as connection:
        dialect, found = db.engine.dialect.name, guards_of(connection)
    if os.environ.get("PARKLINK_WRITE_GUARDS"):
        every = json.loads(TEXTS.read_text("utf-8")) if TEXTS.exists() else {}
        TEXTS.write_text(json.dumps(every | {dialect: found}, indent=1, sort_keys=True) + "\n", "utf-8")
        expected.cache_clear()
    assert found == expected(dialect)
