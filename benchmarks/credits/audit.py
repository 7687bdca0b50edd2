"""Time and memory of a full audit of N transfers (a million by default).

    .venv/bin/python benchmarks/credits/audit.py [--transfers 1000000] [--db sqlite] [--keep FOLDER]

The ledger is filled through its own trigger, in large transactions; the audit runs in a process of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks" / "credits")]

from postings import database  # noqa: E402

from app.credits.ledger import service as ledger  # noqa: E402

FIRMS = 200
AUDIT = """
import json, resource, sys, time
from pathlib import Path
from app import create_app
from app.hall.config import Settings
app = create_app(Settings(database_url=sys.argv[1], secret_key="x" * 32, instance=Path(sys.argv[2]), testing=True, demo=True))
from app.credits.ledger.audit import run_audit
from app.hall.db.base import db
with app.app_context():
    started, cpu = time.perf_counter(), time.process_time()
    report = run_audit()
    print(json.dumps({
        "seconds": time.perf_counter() - started, "cpu": time.process_time() - cpu,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "proofs": db.session.scalar(db.text("SELECT count(*) FROM proof")), "transfers": report.transfers,
        "broken": [code for code, one in report.verdicts.items() if not one.holds]}))
"""


def plan(transfers: int) -> Iterator[tuple[str, str, int, int, int | None]]:
    """Kind, phase, firm, amount, and the number of the hold it resolves: earnings, holds captured in part or released, spendings."""
    dice = random.Random(1)
    free = [0] * FIRMS
    number = 0
    while number < transfers:
        firm = dice.randrange(FIRMS)
        if free[firm] < 100:
            yield "earn", "single", firm, 100, None
            free[firm] += 100
        elif dice.random() < 0.5:
            hold, taken = number, dice.choice((40, 25))
            yield "redeem", "pending", firm, 40, None
            number += 1
            if dice.random() < 0.2:
                yield "redeem", "void", firm, 40, hold
            else:
                yield "redeem", "post", firm, taken, hold
                free[firm] -= taken
        else:
            yield "redeem", "single", firm, 30, None
            free[firm] -= 30
        number += 1


def claims_behind(folder: Path, firms: list[int]) -> Iterator[tuple[int, str]]:
    """A claim for every earning with its number, its scan, its two steps and its line in the trail; answers where each ground ends.

    Through the triggers, as the park's own work would: seven proofs for every claim, once it is approved.
    """
    import sqlalchemy as sa

    from app.hall.db.base import db, is_sqlite
    from app.hall.db.proofs import line_hash
    from app.hall.db.transaction import transaction

    data = b"%PDF-1.4 a scan"
    digest = hashlib.sha256(data).hexdigest()
    scan = folder / "evidence" / digest[:2] / digest
    scan.parent.mkdir(parents=True)
    scan.write_bytes(data)
    at = "2025-10-01 04:00:00"
    with transaction() as session:
        session.execute(
            sa.text(
                "INSERT INTO claim (id, organisation_id, rule_code, earn_rule_id, occurred_on, note, state, credits, created_by,"
                " created_at, submitted_by, submitted_at, decided_by, decided_at, decision_reason) VALUES (:id, :firm, 'bench', 1,"
                f" '2025-09-30', 'as filed', 'submitted', 100, 1, '{at}', 1, '{at}', 2, '{at}', '')"
            ),
            [{"id": number, "firm": firm} for number, firm in enumerate(firms, start=1)],
        )
        for insert in (
            "INSERT INTO evidence (claim_id, kind, value, normal, live, open_for) SELECT id, 'patent_no', 'CN ' || id, 'CN' || id,"
            " 1 = 1, organisation_id FROM claim",
            "INSERT INTO evidence_file (claim_id, name, media_type, size_bytes, sha256, uploaded_by, uploaded_at) SELECT id, 'scan.pdf',"
            f" 'application/pdf', 15, '{digest}', 1, '{at}' FROM claim",
            f"INSERT INTO claim_step (claim_id, action, member_id, at, reason) SELECT id, 'submitted', 1, '{at}', '' FROM claim",
            f"INSERT INTO claim_step (claim_id, action, member_id, at, reason) SELECT id, 'approved', 2, '{at}', '' FROM claim",
            "INSERT INTO audit_event (at, member_id, actor_name, action, subject_kind, subject_id, reason, detail, address)"
            f" SELECT '{at}', 2, 'p', 'claim.approved', 'claim', CAST(id AS text), '', '{{}}', '' FROM claim",
        ):
            session.execute(sa.text(insert.replace("1 = 1", "1" if is_sqlite() else "true")))
        rule = session.scalar(sa.text("SELECT digest FROM proof WHERE ground = 'earn_rule:1'"))
        heads = session.execute(
            sa.text(
                "SELECT p.row_key, q.hash FROM proof p JOIN proof q ON q.id = (SELECT max(r.id) FROM proof r WHERE r.ground = p.ground)"
                " WHERE p.about = 'claim' ORDER BY p.id"
            )
        )
        lines = []
        for key, last in heads:
            ground = f"claim:{key}"
            hash_ = line_hash(last, ground, "earn_rule", "1", "cite", 0, rule, "")
            lines.append({"ground": ground, "digest": rule, "hash": hash_})
        session.execute(
            sa.text(
                "INSERT INTO proof (ground, about, row_key, op, stage, digest, said, hash)"
                " VALUES (:ground, 'earn_rule', '1', 'cite', 0, :digest, '', :hash)"
            ),
            lines,
        )
    carried = db.session.execute(
        sa.text("SELECT ground, id, hash FROM proof WHERE op = 'cite' ORDER BY id")
    ).all()
    db.session.rollback()
    return iter([(int(ground[6:]), f"{number}:{hash_}") for ground, number, hash_ in carried])


def fill(url: str, folder: Path, transfers: int) -> None:
    """Earnings, holds captured in part or released, and direct spendings, over two hundred enterprises."""
    import sqlalchemy as sa

    from app import create_app
    from app.credits.claims.models import EarnRule
    from app.credits.ledger import seals
    from app.hall import clock
    from app.hall.cli import migrate_if_needed
    from app.hall.config import Settings
    from app.hall.db.base import db, is_sqlite
    from app.hall.db.transaction import transaction
    from app.identity.members.models import Member
    from app.identity.organisations.models import Enterprise

    app = create_app(
        Settings(database_url=url, secret_key="x" * 32, instance=folder, testing=True, demo=True)
    )
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
                    code="bench",
                    version=1,
                    title_zh="x",
                    title_en="x",
                    evidence_kind="platform",
                    credits=100,
                    lifetime_days=700,
                    origin="platform",
                    valid_from=clock.today(),
                    valid_to=None,
                    proposed_by=people[0].id,
                    approved_by=people[1].id,
                    approved_at=clock.now(),
                )
            )
            accounts = [ledger.account_for(row.id) for row in rows]
        moves = list(plan(transfers))
        earned = [account for kind, _phase, account, _amount, _hold in moves if kind == "earn"]
        print(f"{len(moves):,} transfers, {len(earned):,} claims", file=sys.stderr)
        grounds = claims_behind(folder, [rows[one].id for one in earned])
        sql = ledger._statement(is_sqlite())
        made: list[int] = []
        now = 1_760_000_000_000_000
        for start in range(0, len(moves), 10_000):
            with transaction() as session:
                cursor = session.connection().connection.cursor()
                for kind, phase, account, amount, hold in moves[start : start + 10_000]:
                    now += 1_000_000
                    earning, member = kind == "earn", accounts[account]
                    claim, ground = next(grounds) if earning else (0, "")
                    values = (
                        f"k{now}",
                        "h",
                        kind,
                        phase,
                        *((1, member) if earning else (member, 2)),
                        amount,
                        0,
                        made[hold] if hold is not None else None,
                        None,
                        None,
                        now + 60_000_000_000_000 if earning else None,
                        None,
                        now,
                        now,
                        "system",
                        f"claim:{claim}" if earning else "booking:1",
                        "",
                        ground,
                    )
                    cursor.execute(sql, values)
                    made.append(int(cursor.fetchall()[0][0]))
                cursor.close()
            print(f"\r{len(made):,}", end="", file=sys.stderr, flush=True)
        with transaction() as session:
            session.execute(
                sa.text(
                    "UPDATE claim SET state = 'approved', transfer_id = t.id FROM transfer t WHERE t.kind = 'earn'"
                    " AND t.id IN (SELECT max(x.id) FROM transfer x WHERE x.kind = 'earn' GROUP BY x.source)"
                    " AND CAST(substr(t.source, 7) AS integer) = claim.id"
                )
            )
        started = time.perf_counter()
        seals.take_seal()
        print(f"\nsealed in {time.perf_counter() - started:.1f} s", file=sys.stderr)
        db.session.remove()
        db.engine.dispose()


def report(kind: str, url: str, folder: Path) -> None:
    """Audit in a process of its own, and say what it took."""
    answer = subprocess.run(
        [sys.executable, "-c", AUDIT, url, str(folder)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = json.loads(answer.stdout)
    print(
        f"{kind}: {found['transfers']:,} transfers with {found['proofs']:,} proofs audited in {found['seconds']:.1f} s"
        f" ({found['cpu']:.1f} s CPU), {found['mb']:.0f} MB, broken: {found['broken'] or 'nothing'}"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--transfers", type=int, default=1_000_000)
    parser.add_argument("--db", default="sqlite", choices=["sqlite", "postgresql"])
    parser.add_argument(
        "--keep", type=Path, help="a folder whose ledger is filled once and then kept (SQLite)"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = options.keep or Path(name)
        folder.mkdir(exist_ok=True)
        kept = (folder / "bench.db").exists()
        url, server = database(options.db, folder)
        started = time.perf_counter()
        if not kept:
            fill(url, folder, options.transfers)
            print(f"filled in {time.perf_counter() - started:.0f} s", file=sys.stderr)
        report(options.db, url, folder)
        if server is not None:
            server.cleanup()


if __name__ == "__main__":
    main()
