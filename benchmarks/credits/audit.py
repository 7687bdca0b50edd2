"""Time and memory of a full audit of N transfers (a million by default).

    .venv/bin/python benchmarks/credits/audit.py [--transfers 1000000] [--db sqlite] [--keep FOLDER]

The ledger is filled through its own trigger, in large transactions; the audit runs in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks" / "credits")]

from postings import database  # noqa: E402

FIRMS = 200
AUDIT = """
import json, resource, sys, time
from pathlib import Path
from app import create_app
from app.config import Settings
app = create_app(Settings(database_url=sys.argv[1], secret_key="x" * 32, instance=Path(sys.argv[2]), testing=True, demo=True))
from app.credits.service.audit import run_audit
with app.app_context():
    started, cpu = time.perf_counter(), time.process_time()
    report = run_audit()
    print(json.dumps({
        "seconds": time.perf_counter() - started, "cpu": time.process_time() - cpu,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "transfers": report.transfers,
        "broken": [code for code, one in report.verdicts.items() if not one.holds]}))
"""


def fill(url: str, folder: Path, transfers: int) -> None:
    """Earnings, holds captured in part or released, and direct spendings, over two hundred enterprises."""
    import sqlalchemy as sa

    from app import clock, create_app
    from app.cli import migrate_if_needed
    from app.config import Settings
    from app.credits.models import EarnRule
    from app.credits.service import posting, seals
    from app.db import db, is_sqlite, transaction
    from app.identity.models import Enterprise, Member

    app = create_app(
        Settings(database_url=url, secret_key="x" * 32, instance=folder, testing=True, demo=True)
    )
    dice = random.Random(1)
    with app.app_context():
        migrate_if_needed()
        with transaction() as session:
            rows = [
                Enterprise(code=f"B{n:03d}", kind="enterprise", name_zh=f"B{n}", created_at=clock.now())
                for n in range(FIRMS)
            ]
            session.add_all(rows)
            session.flush()
            people = [
                Member(
                    organisation_id=rows[0].id,
                    login=f"p{n}",
                    name="p",
                    email="",
                    password_hash="",
                    created_at=clock.now(),
                )
                for n in range(2)
            ]
            session.add_all(people)
            session.flush()
            session.add(
                EarnRule(
                    code="bench", version=1, title_zh="x", title_en="x", evidence_kind="platform", credits=100, lifetime_days=700,
                    origin="platform", valid_from=clock.today(), valid_to=None, proposed_by=people[0].id,
                    approved_by=people[1].id, approved_at=clock.now(),
                )
            )  # fmt: skip
            accounts = [posting.account_for(row.id) for row in rows]
        sql = posting._statement(is_sqlite())
        free = dict.fromkeys(accounts, 0)
        serial = earnings = 0
        now = 1_760_000_000_000_000

        def move(
            cursor: Any, kind: str, phase: str, account: int, amount: int, pending: int | None = None
        ) -> int:
            nonlocal serial, earnings, now
            serial += 1
            earnings += kind == "earn"
            now += 1_000_000
            earning = kind == "earn"
            legs = (1, account) if earning else (account, 2)
            until = now + 60_000_000_000_000 if earning else None
            source = f"claim:{earnings}" if earning else "booking:1"
            values = (
                f"k{serial}",
                "h",
                kind,
                phase,
                *legs,
                amount,
                0,
                pending,
                None,
                None,
                until,
                None,
                now,
                now,
                "system",
                source,
                "",
            )
            cursor.execute(sql, values)
            return int(cursor.fetchall()[0][0])

        while serial < transfers:
            with transaction() as session:
                cursor = session.connection().connection.cursor()
                for _ in range(5000):
                    account = dice.choice(accounts)
                    if free[account] < 100:
                        move(cursor, "earn", "single", account, 100)
                        free[account] += 100
                    elif dice.random() < 0.5:
                        hold = move(cursor, "redeem", "pending", account, 40)
                        taken = dice.choice((40, 25))
                        if dice.random() < 0.2:
                            move(cursor, "redeem", "void", account, 40, hold)
                        else:
                            move(cursor, "redeem", "post", account, taken, hold)
                            free[account] -= taken
                    else:
                        move(cursor, "redeem", "single", account, 30)
                        free[account] -= 30
                cursor.close()
            print(f"\r{serial:,}", end="", file=sys.stderr, flush=True)
        with transaction() as session:
            # The claims behind the earnings, numbered in their order.
            session.execute(
                sa.text(
                    "INSERT INTO claim (id, organisation_id, rule_code, earn_rule_id, occurred_on, note, state, source_key, credits,"
                    " created_at, decision_reason, transfer_id) SELECT row_number() OVER (ORDER BY t.id), a.organisation_id, 'bench', 1, :day, '', 'approved',"
                    " 'k' || t.id, t.amount, :now, '', t.id FROM transfer t JOIN account a ON a.id = t.credit_account_id"
                    " WHERE t.kind = 'earn'"
                ),
                {"day": clock.today().isoformat() if is_sqlite() else clock.today(), "now": clock.now().replace(tzinfo=None)
                 if is_sqlite() else clock.now()},
            )  # fmt: skip
        started = time.perf_counter()
        seals.take_seal()
        print(f"\nsealed in {time.perf_counter() - started:.1f} s", file=sys.stderr)
        db.session.remove()
        db.engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--transfers", type=int, default=1_000_000)
    parser.add_argument("--db", default="sqlite", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        url, server = database(options.db, Path(name))
        started = time.perf_counter()
        fill(url, Path(name), options.transfers)
        print(f"filled in {time.perf_counter() - started:.0f} s", file=sys.stderr)
        answer = subprocess.run(
            [sys.executable, "-c", AUDIT, url, name], cwd=ROOT, capture_output=True, text=True, check=True
        )
        found = json.loads(answer.stdout)
        print(
            f"{options.db}: {found['transfers']:,} transfers audited in {found['seconds']:.1f} s ({found['cpu']:.1f} s CPU),"
            f" {found['mb']:.0f} MB, broken: {found['broken'] or 'nothing'}"
        )
        if server is not None:
            server.cleanup()


if __name__ == "__main__":
    main()
