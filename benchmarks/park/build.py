"""Make the big park on top of the demo park, whose people open the pages.

    .venv/bin/python -m benchmarks.park.build --scale 0.1 [--url URL] [--folder FOLDER] [--audit]

An empty database gets the demo first. The same scale makes the same rows, apart from the day they are counted from.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from flask import Flask

from app import create_app
from app.credits.ledger import kept_months, seals
from app.credits.ledger.audit import run_audit
from app.hall.cli import load_demo, migrate_if_needed
from app.hall.config import Settings
from app.hall.db.base import db
from app.hall.search.index import refresh
from benchmarks.park import bookings, firms, posts, transfers
from benchmarks.park.rows import Size


def application(url: str, folder: Path) -> Flask:
    return create_app(
        Settings(database_url=url, secret_key="x" * 32, instance=folder, testing=True, demo=True)
    )


def grow(scale: float, say: Callable[[str], object] = lambda _text: None) -> None:
    """Add the big park's rows to a park that has the demo; needs an application context."""
    size = Size(scale)

    def timed(what: str, work: Callable[..., Any], *given: Any) -> Any:
        begun = time.perf_counter()
        answer = work(*given)
        say(f"{what}: {time.perf_counter() - begun:.1f} s")
        return answer

    people = timed("firms", firms.write_firms, size)
    timed("chain", firms.write_chain, size, people)
    instruments = timed("instruments", bookings.write_instruments, size, people)
    numbers = timed("bookings", bookings.write_bookings, size, people, instruments)
    timed("transfers", transfers.write_transfers, size, people, numbers)
    timed("posts", posts.write_posts, size, people)
    timed("trail", firms.write_trail, size, people)
    timed("names", refresh)
    timed("months", kept_months.keep)
    timed("statistics", analyse)


def analyse() -> None:
    """The planner's statistics: what a night's upkeep does."""
    db.session.remove()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def say(text: str) -> None:
    sys.stderr.write(text + "\n")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument(
        "--folder", type=Path, required=True, help="of the park's files and, on SQLite, of park.db"
    )
    parser.add_argument("--url", default="", help="a PostgreSQL database instead")
    parser.add_argument("--audit", action="store_true", help="prove afterwards that the ledger holds")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    app = application(options.url or f"sqlite:///{options.folder / 'park.db'}", options.folder)
    with app.app_context():
        migrate_if_needed()
        with mock.patch.object(seals, "close_month"):  # a closed month takes no history any more
            load_demo(only_if_empty=True)
        grow(options.scale, say)
        if options.audit:
            report = run_audit()
            broken = [code for code, one in report.verdicts.items() if not one.holds]
            say(f"{report.transfers:,} transfers audited, broken: {broken or 'nothing'}")
            for code in broken:
                say(f"{code}: {report.verdicts[code]}"[:500])


if __name__ == "__main__":
    main()
