"""Every kind of posting beside another state of the program, in turns: rounds of a second or two, first the one, then the other.

    git worktree add /tmp/rival COMMIT
    .venv/bin/python benchmarks/credits/beside.py --rival /tmp/rival [--rounds 9] [--seconds 1] [--db sqlite postgresql]

Both are asked for the same work by the same words (`WORK`), each with a database of its own, on the same server. What is printed is the
median of the rounds' ratios, so that whatever else the machine does hits both alike; and the client's processor time per posting.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks" / "credits")]

from postings import database  # noqa: E402

KINDS = ("earn", "hold", "capture", "expire", "reverse")
WORK = """
import datetime as dt, itertools, json, sys, time, uuid
from pathlib import Path
from app import create_app
from app.hall import clock
from app.hall.cli import migrate_if_needed
from app.hall.config import Settings
from app.hall.db.base import db
from app.hall.db.transaction import transaction
app = create_app(Settings(database_url=sys.argv[1], secret_key="x" * 32, instance=Path(sys.argv[2]), testing=True, demo=True))
from app.credits.ledger import corrections, service as ledger
from app.credits.ledger.models import Lot
from app.identity.actor import SYSTEM
from app.identity.organisations.models import Enterprise

def why():
    return ledger.Occasion("bench", "", uuid.uuid4().hex)

def firms():
    with transaction() as session:
        rows = [Enterprise(code=uuid.uuid4().hex[:12], kind="enterprise", name_zh="B", created_at=clock.now()) for _ in range(64)]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]

def ready(kind, ids, many):
    "What the timed loop will take: made before it, and not timed."
    if kind == "earn":
        return [lambda firm=firm: ledger.earn(SYSTEM, firm, 1, 365, why()) for firm in itertools.islice(itertools.cycle(ids), many)]
    if kind == "hold":
        return [lambda firm=firm: ledger.hold(SYSTEM, firm, 1, why()) for firm in itertools.islice(itertools.cycle(ids), many)]
    if kind == "capture":
        held = [ledger.hold(SYSTEM, firm, 1, why()).id for firm in itertools.islice(itertools.cycle(ids), many)]
        return [lambda one=one: ledger.capture(SYSTEM, one) for one in held]
    if kind == "reverse":
        made = [ledger.earn(SYSTEM, firm, 1, 365, why()) for firm in itertools.islice(itertools.cycle(ids), many)]
        return [lambda one=one: corrections.reverse(SYSTEM, one, "") for one in made]
    with clock.frozen(clock.now() - dt.timedelta(days=30)):
        made = [ledger.earn(SYSTEM, firm, 1, 1, why()) for firm in itertools.islice(itertools.cycle(ids), many)]
    lots = [db.session.get(Lot, one) for one in made]
    db.session.expunge_all()
    return [lambda one=one: corrections.expire(SYSTEM, one, 0) for one in lots]

with app.app_context():
    migrate_if_needed()
    for line in sys.stdin:
        kind, many = json.loads(line)
        ids = firms()
        for firm in ids:
            ledger.earn(SYSTEM, firm, 100_000, 365, why())
        work = ready(kind, ids, many)
        started, cpu = time.perf_counter(), time.process_time()
        for one in work:
            one()
        print(json.dumps([time.perf_counter() - started, time.process_time() - cpu]), flush=True)
"""


def start(tree: Path, url: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(tree / ".venv/bin/python"), "-W", "ignore", "-c", WORK, url, str(folder)],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def ask(process: Any, kind: str, many: int) -> tuple[float, float]:
    process.stdin.write(json.dumps([kind, many]) + "\n")
    process.stdin.flush()
    seconds, cpu = json.loads(process.stdout.readline())
    return seconds, cpu


def beside(kind: str, rival: Path, options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as here, tempfile.TemporaryDirectory() as there:
        url, server = database(kind, Path(here))
        other = url.replace("/bench?", "/rival?") if server else database(kind, Path(there))[0]
        if server:
            server.psql("CREATE DATABASE rival")
        ours, theirs = start(ROOT, url, Path(here)), start(rival, other, Path(there))
        for posting in KINDS:
            ask(ours, posting, 50), ask(theirs, posting, 50)
            many = max(50, int(options.seconds * 200 / ask(theirs, posting, 200)[0]))
            rounds = []
            for number in range(options.rounds):  # whoever goes second meets a warmer machine: in turns
                if number % 2:
                    second = ask(theirs, posting, many)
                    rounds.append((ask(ours, posting, many), second))
                else:
                    first = ask(ours, posting, many)
                    rounds.append((first, ask(theirs, posting, many)))
            ratio = statistics.median(second[0] / first[0] for first, second in rounds)
            ours_cpu, theirs_cpu = (
                statistics.median(one[at][1] for one in rounds) / many * 1e6 for at in (0, 1)
            )
            rate = statistics.median(many / one[0][0] for one in rounds)
            print(
                f"{kind:<11}{posting:<9}{rate:>8.0f}/s{ratio:>7.2f}{ours_cpu:>8.0f} µs{theirs_cpu:>8.0f} µs",
                flush=True,
            )
        for process in (ours, theirs):
            process.communicate()
        if server is not None:
            server.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rival", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--db", nargs="+", default=["sqlite", "postgresql"])
    options = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print(f"{'database':<11}{'posting':<9}{'rate':>10}{'ratio':>7}{'CPU here':>11}{'there':>11}")
    for kind in options.db:
        beside(kind, options.rival.resolve(), options)
    print(f"load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
