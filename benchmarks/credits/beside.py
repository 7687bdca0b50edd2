"""Every kind of posting beside another state of the program, in turns: rounds of a second or two, first the one, then the other.

    .venv/bin/python benchmarks/credits/beside.py [--rival COMMIT] [--rounds 9] [--seconds 1] [--db sqlite postgresql]

The other state is checked out beside this one (a commit, or a folder that is there) and run with the same libraries. Both are asked for the
same work by the same words (`WORK`), each with a database of its own, on the same server. What is printed is the median of the rounds'
ratios, so that whatever else the machine does hits both alike; and the client's processor time per posting. The ratio of that is the last
column: above 1 where a posting takes less of the client's processor than it did.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks" / "credits")]

from postings import database  # noqa: E402

BEFORE_GROUNDS = "878c93e"  # the last one whose movements rested on nothing
KINDS = ("earn", "hold", "capture", "expire", "reverse")
WORK = """
import datetime as dt, itertools, json, sys, time, uuid
from pathlib import Path
from app import create_app
SETTINGS = dict(database_url=sys.argv[1], secret_key="x" * 32, instance=Path(sys.argv[2]), testing=True, demo=True)
try:
    from app.hall.config import Settings
except ModuleNotFoundError:  # before the rooms were cut by what people do
    from app.config import Settings
    app = create_app(Settings(**SETTINGS))
    from app import clock
    from app.cli import migrate_if_needed
    from app.credits.models.ledger import Lot
    from app.credits.service import posting as ledger, posting as corrections
    from app.db import db, transaction
    from app.identity.models import Enterprise
    from app.identity.service.actor import SYSTEM
    why = lambda: ("bench", "", uuid.uuid4().hex)
else:
    app = create_app(Settings(**SETTINGS))
    from app.credits.ledger import corrections, service as ledger
    from app.credits.ledger.models import Lot
    from app.hall import clock
    from app.hall.cli import migrate_if_needed
    from app.hall.db.base import db
    from app.hall.db.transaction import transaction
    from app.identity.actor import SYSTEM
    from app.identity.organisations.models import Enterprise
    why = lambda: (ledger.Occasion("bench", "", uuid.uuid4().hex),)

def firms():
    with transaction() as session:
        rows = [Enterprise(code=uuid.uuid4().hex[:12], kind="enterprise", name_zh="B", created_at=clock.now()) for _ in range(64)]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]

def ready(kind, ids, many):
    "What the timed loop will take: made before it, and not timed."
    if kind == "earn":
        return [lambda firm=firm: ledger.earn(SYSTEM, firm, 1, 365, *why()) for firm in itertools.islice(itertools.cycle(ids), many)]
    if kind == "hold":
        return [lambda firm=firm: ledger.hold(SYSTEM, firm, 1, *why()) for firm in itertools.islice(itertools.cycle(ids), many)]
    if kind == "capture":
        held = [ledger.hold(SYSTEM, firm, 1, *why()).id for firm in itertools.islice(itertools.cycle(ids), many)]
        return [lambda one=one: ledger.capture(SYSTEM, one) for one in held]
    if kind == "reverse":
        made = [ledger.earn(SYSTEM, firm, 1, 365, *why()) for firm in itertools.islice(itertools.cycle(ids), many)]
        return [lambda one=one: corrections.reverse(SYSTEM, one, "") for one in made]
    with clock.frozen(clock.now() - dt.timedelta(days=30)):
        made = [ledger.earn(SYSTEM, firm, 1, 1, *why()) for firm in itertools.islice(itertools.cycle(ids), many)]
    lots = [db.session.get(Lot, one) for one in made]
    db.session.expunge_all()
    return [lambda one=one: corrections.expire(SYSTEM, one, 0) for one in lots]

with app.app_context():
    migrate_if_needed()
    for line in sys.stdin:
        kind, many = json.loads(line)
        ids = firms()
        for firm in ids:
            ledger.earn(SYSTEM, firm, 100_000, 365, *why())
        work = ready(kind, ids, many)
        started, cpu = time.perf_counter(), time.process_time()
        for one in work:
            one()
        print(json.dumps([time.perf_counter() - started, time.process_time() - cpu]), flush=True)
"""


@contextlib.contextmanager
def checked_out(rival: str) -> Iterator[Path]:
    """The other state of the program in a folder; a commit is checked out into one of its own, and taken away again."""
    if Path(rival).is_dir():
        yield Path(rival).resolve()
        return
    with tempfile.TemporaryDirectory() as above:
        tree = Path(above) / "rival"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(tree), rival], check=True)
        try:
            yield tree
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def start(tree: Path, url: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", WORK, url, str(folder)],
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
                f"{kind:<11}{posting:<9}{rate:>8.0f}/s{ratio:>7.2f}{ours_cpu:>8.0f} µs{theirs_cpu:>8.0f} µs"
                f"{theirs_cpu / ours_cpu:>7.2f}",
                flush=True,
            )
        for process in (ours, theirs):
            process.communicate()
        if server is not None:
            server.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rival", default=BEFORE_GROUNDS, help="a commit of this repository, or a folder")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--db", nargs="+", default=["sqlite", "postgresql"])
    options = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print(f"{'database':<11}{'posting':<9}{'rate':>10}{'ratio':>7}{'CPU here':>11}{'there':>11}{'ratio':>7}")
    with checked_out(options.rival) as rival:
        for kind in options.db:
            beside(kind, rival, options)
    print(f"load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
