"""The commands of the house itself: open the park, load the demo, work through the jobs."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import click
import sqlalchemy as sa
from flask import Flask, current_app, g
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.config import ROOT
from app.db import db, transaction
from app.errors import Refusal
from app.language import message
from app.rooms import rooms


@contextlib.contextmanager
def database_needed() -> Iterator[None]:
    """Where there is no database to read, one line says so, and the exit code is 2: 1 would be a verdict."""
    try:
        yield
    except (OperationalError, ProgrammingError) as error:
        cause = " ".join(str(error.orig).split())
        click.echo(f"数据库不可读或未建表 / no database to read, or not migrated: {cause}", err=True)
        sys.exit(2)


class DatabaseCommands(AppGroup):
    """Commands that read the database."""

    def invoke(self, ctx: click.Context) -> Any:
        with database_needed():
            return super().invoke(ctx)


park = AppGroup("park", help="Open the park: migrate, load the demo once, serve.")
demo = AppGroup("demo", help="The fictional demo park.")
jobs_group = AppGroup("jobs", help="Work after the commit: outbox, clockwork, long runs.")


@park.command("open")
def open_command() -> None:
    """Migrate, load the demo park into an empty database, then serve pages, API and jobs."""
    open_park()


def open_park() -> None:
    """Migrate, load the demo park into an empty database, then serve pages, API and jobs."""
    settings = current_app.config["SETTINGS"]
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            click.echo(
                f"ParkLink: {settings.host}:{settings.port} – {error.strerror}; set PARKLINK_PORT", err=True
            )
            sys.exit(2)
    with database_needed(), _one_at_a_time(settings.instance):
        migrate_if_needed()
        if settings.demo:
            load_demo(only_if_empty=True)
    worker = subprocess.Popen([sys.executable, "-m", "app", "work"])
    click.echo(f"ParkLink 园链  http://{settings.host}:{settings.port}  (Ctrl-C stops)", err=True)
    from waitress import serve

    try:
        serve(cast(Any, current_app)._get_current_object(), host=settings.host, port=settings.port, threads=8,
              channel_timeout=60, connection_limit=4000, asyncore_use_poll=True, backlog=2048,
              ident="ParkLink")  # fmt: skip
    finally:
        worker.terminate()
        worker.wait(10)


@park.command("found")
@click.option("--name-zh", required=True)
@click.option("--name-en", default="")
@click.option("--login", required=True, help="Login of the first administrator.")
@click.option("--name", default="", help="Name of the first administrator.")
def found(name_zh: str, name_en: str, login: str, name: str) -> None:
    """Found the park in an empty database; prints the administrator's link for setting a password."""
    from app.identity.service.founding import found_park

    migrate_if_needed()
    try:
        secret = found_park(name_zh, name_en, login, name or login)
    except Refusal as refusal:
        click.echo(message(refusal.code, refusal.params), err=True)
        sys.exit(2)
    click.echo(f"/identity/reset/{secret}")


@contextlib.contextmanager
def _one_at_a_time(instance: Path) -> Iterator[None]:
    """Two first starts at the same moment: the second waits, then finds the work done."""
    instance.mkdir(parents=True, exist_ok=True)
    with (instance / ".opening").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Migrations(AppGroup):
    """`flask db …` of Flask-Migrate, loaded only when it is asked for: it takes half a second."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        from flask_migrate.cli import db as group

        return list(group.list_commands(ctx))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        from flask_migrate.cli import db as group

        found: click.Command | None = group.get_command(ctx, cmd_name)
        return found


@with_appcontext
def use_migrations() -> None:
    """What Flask-Migrate's own group would do before its commands."""
    g.directory = migrations(cast(Any, current_app)._get_current_object())
    g.x_arg = ()


def migrations(app: Flask) -> str:
    """Make Flask-Migrate know this application; answers the folder of the migrations."""
    if "migrate" not in app.extensions:
        from flask_migrate import Migrate

        Migrate(app, db, directory=str(ROOT / "migrations"), command="migrations")
    return str(app.extensions["migrate"].directory)


def migrate_if_needed() -> None:
    """Bring the database to the newest migration; says nothing when it is there already."""
    current_app.config["SETTINGS"].instance.mkdir(parents=True, exist_ok=True)
    newest = max(path.name[:4] for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))
    with db.engine.connect() as connection:
        known = sa.inspect(connection).has_table("alembic_version")
        current = connection.scalar(sa.text("SELECT version_num FROM alembic_version")) if known else None
    if current != newest:
        from flask_migrate import upgrade

        click.echo("ParkLink: 更新数据库 / migrating the database …", err=True)
        upgrade(directory=migrations(cast(Any, current_app)._get_current_object()))


def load_demo(only_if_empty: bool) -> bool:
    """Load the fictional park unless somebody is here already; never touches existing data."""
    if db.session.scalar(sa.text("SELECT count(*) FROM organisation")):
        if not only_if_empty:
            raise click.ClickException(
                "数据库中已有数据，演示园区未导入 / the database is not empty, nothing loaded"
            )
        return False
    started = time.perf_counter()
    with transaction():  # a killed start leaves an empty park, not half of one
        for room in rooms():
            if room.demo:
                click.echo(f"ParkLink: 演示园区 {room.name} …", err=True)
                room.demo()
    click.echo(
        f"ParkLink: 演示园区（虚构）已就绪 / demo park loaded, {time.perf_counter() - started:.1f} s",
        err=True,
    )
    return True


@demo.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing, successfully, when the database has data.")
def demo_load(if_empty: bool) -> None:
    """Load the fictional demo park into an empty database."""
    if not current_app.config["SETTINGS"].demo:
        raise click.ClickException("PARKLINK_SECRET_KEY is set: this is not the demo")
    load_demo(only_if_empty=if_empty)


@jobs_group.command("work")
def work_command() -> None:
    """Run the worker: background tasks as they come, the clockwork every minute."""
    work()


def work() -> None:
    """Run the worker: background tasks as they come, the clockwork every minute."""
    from app.jobs import open_queue, run_periodic

    run_periodic()  # whatever was missed while nobody worked
    consumer = open_queue(cast(Any, current_app)._get_current_object()).create_consumer(
        workers=1, periodic=True, initial_delay=0.1, max_delay=2.0
    )
    threading.Thread(target=_stop_with_parent, args=(os.getppid(),), daemon=True).start()
    consumer.run()


def _stop_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


@jobs_group.command("tick")
def tick() -> None:
    """Run every periodic job and deliver the outbox once (for cron instead of the worker)."""
    from app.jobs import run_periodic

    run_periodic()
