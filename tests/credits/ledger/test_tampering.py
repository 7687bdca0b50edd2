"""The audit finds somebody who switched the ledger's guards off, and names what was changed."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from app.credits.ledger import kept_months
from app.credits.ledger import models as ledger_rows
from app.credits.ledger.audit import run_audit
from app.hall.db.base import db
from tests.credits.conftest import CreditsPark
from tests.credits.lively import live_a_little


@contextmanager
def unguarded(engine: sa.Engine) -> Iterator[sa.Connection]:
    """As somebody with full rights: triggers, foreign keys and checks do not fire."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            raw = connection.connection.cursor()
            for pragma in ("foreign_keys=OFF", "ignore_check_constraints=ON"):
                raw.execute(f"PRAGMA {pragma}")
            names = raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for (name,) in names:
                raw.execute(f"DROP TRIGGER {name}")
            raw.close()
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
            for table in ("transfer", "entry", "lot", "lot_alloc", "account"):
                checks = connection.exec_driver_sql(
                    f"SELECT conname FROM pg_constraint WHERE conrelid = '{table}'::regclass AND contype = 'c'"
                ).scalars()
                for name in list(checks):
                    connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            connection.commit()
        yield connection


def others(value: Any, nullable: bool) -> list[Any]:
    """Wrong values for a field: another one, the nearest one, none at all."""
    if value is None:
        return [7, "7"]
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, dt.date):
        return [value + dt.timedelta(days=31), value - dt.timedelta(days=1)]
    near = [value + "x", ""] if isinstance(value, str) else [value + 1000, value - 1]
    return near + ([None] if nullable else [])


KEYS = {
    "transfer": ("id",),
    "entry": ("transfer_id", "account_id"),
    "lot": ("id",),
    "lot_alloc": ("lot_id", "seq"),
    "account": ("id",),
    "seal": ("id",),
    "account_month": ("account_id", "month"),
    "account_kept": ("account_id",),
}
NAMES = {
    "transfer": "id",
    "entry": "transfer_id",
    "lot": "id",
    "lot_alloc": "transfer_id",
    "account": "id",
    "seal": "id",
    "account_month": "account_id",
    "account_kept": "account_id",
}
# An account may be frozen and freed by hand; the number of a seal is only its name. No column of a transfer, entry or lot is free.
FREE = {("account", "frozen"), ("seal", "id")}
LONG = bool(os.environ.get("PARKLINK_LONG"))


def test_no_table_of_the_ledger_is_left_out() -> None:
    """A closed month is refused to be changed or deleted (above) and shown on the page; all other tables are tampered with below."""
    tables = {one.__tablename__ for one in vars(ledger_rows).values() if hasattr(one, "__tablename__")}
    tables -= {"expiry_notice"}  # a warning that was sent: it moves no credit
    assert tables == set(KEYS) | {"period"}


@pytest.mark.timeout(3600 if LONG else 300)
def test_tampering_with_any_single_field_is_found_and_named(credits_park: CreditsPark) -> None:
    """Every column the database has in a ledger table, also one added tomorrow; `PARKLINK_LONG=1`: in every row and with several wrong values."""
    live_a_little(credits_park)
    with credits_park.app.app_context():
        kept_months.keep()
        assert run_audit().holds
        undetected, unnamed, columns = [], [], set()
        with unguarded(db.engine) as connection:
            nullable = {
                (table, one["name"]): one["nullable"]
                for table in KEYS
                for one in sa.inspect(connection).get_columns(table)
            }
            for table, keys in KEYS.items():
                rows = [dict(row._mapping) for row in connection.execute(sa.text(f"SELECT * FROM {table}"))]
                connection.rollback()
                for number, row in enumerate(rows if LONG else rows[:: max(1, len(rows) // 4)]):
                    for column, value in row.items():
                        if (table, column) in FREE:
                            continue
                        wrong = [one for one in others(value, nullable[table, column]) if one != value]
                        for bad in wrong if LONG else [wrong[number % len(wrong)]]:
                            if not _set(connection, table, keys, row, column, bad):
                                continue  # the column's own type or key refuses it
                            columns.add((table, column))
                            report = run_audit()
                            assert _set(connection, table, keys, {**row, column: bad}, column, value)
                            found = [
                                f"{one.subject}: {one.text}"
                                for code, verdict in report.verdicts.items()
                                if code != "guards"
                                for one in verdict.findings
                            ]
                            if not found:
                                undetected.append((table, column, value, bad))
                            elif not any(str(row[NAMES[table]]) in line for line in found):
                                unnamed.append((table, column, value, bad, found))
            assert not undetected
            assert not unnamed
            assert columns == set(nullable) - FREE
            report = run_audit()
            assert [code for code, one in report.verdicts.items() if not one.holds] in ([], ["guards"])


def _set(
    connection: sa.Connection, table: str, keys: tuple[str, ...], row: dict[str, Any], column: str, value: Any
) -> bool:
    where = " AND ".join(f"{key} = :k_{key}" for key in keys)
    try:
        changed = connection.execute(
            sa.text(f"UPDATE {table} SET {column} = :v WHERE {where}"),
            {"v": value, **{f"k_{key}": row[key] for key in keys}},
        ).rowcount
    except sa.exc.DBAPIError:
        connection.rollback()
        return False
    connection.commit()
    return changed == 1


def test_a_removed_or_invented_row_is_found(credits_park: CreditsPark) -> None:
    live_a_little(credits_park)
    with credits_park.app.app_context():
        kept_months.keep()
    with credits_park.app.app_context(), unguarded(db.engine) as connection:
        for table, keys in KEYS.items():
            if table == "seal":
                continue  # only who has kept its hash can miss the newest one, see below
            row = dict(
                connection.execute(sa.text(f"SELECT * FROM {table} ORDER BY 1 DESC LIMIT 1")).one()._mapping
            )
            where = " AND ".join(f"{key} = :{key}" for key in keys)
            connection.execute(sa.text(f"DELETE FROM {table} WHERE {where}"), row)
            connection.commit()
            broken = [
                code for code, one in run_audit().verdicts.items() if not one.holds and code != "guards"
            ]
            assert broken, f"a missing {table} was not noticed"
            columns = ", ".join(row)
            connection.execute(
                sa.text(f"INSERT INTO {table} ({columns}) VALUES ({', '.join(':' + one for one in row)})"),
                row,
            )
            connection.commit()
            assert not [
                code for code, one in run_audit().verdicts.items() if not one.holds and code != "guards"
            ]


def test_a_consistent_rewriting_is_found_by_the_published_seal(credits_park: CreditsPark) -> None:
    """Somebody with full rights rewrites a memo and every hash after it: only the seal knows better."""
    from app.credits.ledger.rules import Movement, canonical, digest

    live_a_little(credits_park)
    with credits_park.app.app_context(), unguarded(db.engine) as connection:
        first = connection.scalar(sa.text("SELECT min(id) FROM transfer"))
        connection.execute(sa.text("UPDATE transfer SET memo = 'rewritten' WHERE id = :id"), {"id": first})
        head = ""
        names = ", ".join(f"t.{name}" for name in Movement._fields)
        entries = connection.execute(
            sa.text(
                f"SELECT e.account_id, e.seq, e.amount, e.held, e.balance_after, e.held_after, {names} FROM entry e"
                " JOIN transfer t ON t.id = e.transfer_id WHERE e.seq IS NOT NULL ORDER BY e.seq"
            )
        ).all()
        for row in entries:
            move = Movement(*row[6:])
            head = digest(canonical(head, *row[:6], move))
            connection.execute(
                sa.text("UPDATE entry SET hash = :hash WHERE transfer_id = :t AND account_id = :a"),
                {"hash": head, "t": move.id, "a": row.account_id},
            )
        connection.execute(sa.text("UPDATE account SET head = :head WHERE id = 5"), {"head": head})
        connection.commit()
        broken = {code for code, one in run_audit().verdicts.items() if not one.holds} - {"guards"}
    assert broken == {"seals"}


def test_who_has_kept_a_seal_misses_it(credits_park: CreditsPark) -> None:
    live_a_little(credits_park)
    kept = credits_park.app.test_cli_runner().invoke(args=["credits", "seal"]).output.split()[1]
    audit = ["credits", "audit", "--seal", kept]
    assert credits_park.app.test_cli_runner().invoke(args=audit).exit_code == 0
    with credits_park.app.app_context(), unguarded(db.engine) as connection:
        connection.execute(sa.text("DELETE FROM seal WHERE hash = :hash"), {"hash": kept})
        connection.commit()
    missed = credits_park.app.test_cli_runner().invoke(args=audit)
    assert missed.exit_code == 1
    assert f"seal {kept}" in missed.output


def test_the_command_names_the_row_and_exits_1(credits_park: CreditsPark) -> None:
    live_a_little(credits_park)
    good = credits_park.audit()
    assert good.exit_code == 0
    assert len([line for line in good.output.splitlines() if line.startswith("ok")]) == 26
    with credits_park.app.app_context(), unguarded(db.engine) as connection:
        connection.execute(
            sa.text("UPDATE transfer SET amount = amount + 1 WHERE id = (SELECT min(id) FROM transfer)")
        )
        connection.commit()
    bad = credits_park.audit()
    assert bad.exit_code == 1
    assert "FAIL" in bad.output and "transfer 1" in bad.output
