"""The commands of the house itself: open the park, load the demo, work through the jobs."""

from __future__ import annotations

import contextlib
import fcntl
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import click
import sqlalchemy as sa
from flask import Flask, current_app, g
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.hall.config import beside
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.jobs import open_queue, run_periodic
from app.hall.rooms import rooms
from app.hall.serving import end_with, refuse_a_taken_port, serve_park
from app.hall.standstill import CLOCK, NOTHING_CONFIRMED, Confirmed, stopped


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
    refuse_a_taken_port(settings)
    with database_needed(), _one_at_a_time(settings.instance):
        migrate_if_needed()
        if settings.demo:
            load_demo(only_if_empty=True)
    click.echo(f"ParkLink 园链  http://{settings.host}:{settings.port}  (Ctrl-C stops)", err=True)
    serve_park(cast("Any", current_app)._get_current_object(), settings)


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
    g.directory = migrations(cast("Any", current_app)._get_current_object())
    g.x_arg = ()


def migrations(app: Flask) -> str:
    """Make Flask-Migrate know this application; answers the folder of the migrations."""
    if "migrate" not in app.extensions:
        from flask_migrate import Migrate

        Migrate(app, db, directory=str(beside("migrations")), command="migrations")
    return str(app.extensions["migrate"].directory)


def migrate_if_needed() -> None:
    """Bring the database to the newest migration; says nothing when it is there already."""
    current_app.config["SETTINGS"].instance.mkdir(parents=True, exist_ok=True)
    newest = max(path.name[:4] for path in (beside("migrations") / "versions").glob("[0-9]*.py"))
    with db.engine.connect() as connection:
        known = sa.inspect(connection).has_table("alembic_version")
        current = connection.scalar(sa.text("SELECT version_num FROM alembic_version")) if known else None
    if current != newest:
        from flask_migrate import upgrade

        click.echo("ParkLink: 更新数据库 / migrating the database …", err=True)
        upgrade(directory=migrations(cast("Any", current_app)._get_current_object()))


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


CLOCK_IS_RIGHT = click.option(
    "--clock-is-right", is_flag=True, help="Somebody has looked at the clock: what cannot be undone runs."
)
BATCH_IS_RIGHT = click.option(
    "--batch-is-right", is_flag=True, help="Somebody has looked at the numbers: a large batch runs once."
)


@jobs_group.command("work")
@CLOCK_IS_RIGHT
@BATCH_IS_RIGHT
def work_command(clock_is_right: bool, batch_is_right: bool) -> None:
    """Run the worker: background tasks as they come, the clockwork every minute."""
    work(confirmed=Confirmed(clock_is_right, batch_is_right))


def work(server: int | None = None, confirmed: Confirmed = NOTHING_CONFIRMED) -> None:
    """Run the worker: background tasks as they come, the clockwork every minute; ends with its server."""
    if server is not None:
        end_with(server)
    run_periodic(confirmed=confirmed)  # whatever was missed while nobody worked
    tell_standstill()
    consumer = open_queue(cast("Any", current_app)._get_current_object()).create_consumer(
        workers=1, periodic=True, initial_delay=0.1, max_delay=2.0
    )
    consumer.run()


@jobs_group.command("tick")
@CLOCK_IS_RIGHT
@BATCH_IS_RIGHT
def tick(clock_is_right: bool, batch_is_right: bool) -> None:
    """Run every periodic job and deliver the outbox once (for cron instead of the worker).

    Ends with 3 where something stands still until somebody has looked.
    """
    run_periodic(confirmed=Confirmed(clock_is_right, batch_is_right))
    if tell_standstill():
        sys.exit(3)


def tell_standstill() -> bool:
    """One line for the operator per thing that waits for a person; answers whether anything does."""
    found = stopped()
    for cause, why in found.items():
        if cause == CLOCK:
            text = (
                f"时钟存疑，不可撤销的工作已停止：现在 {why['clock']}，最近记录 {why['newest']}；核对后运行 / the clock is in "
                "doubt, nothing that cannot be undone runs; when it is right: flask jobs tick --clock-is-right"
            )
        else:
            text = (
                f"{cause}：一次 {why['part']} / {why['whole']} {why['unit']}，需先核对；核对后运行 / so much at once waits for a "
                "person; when it is right: flask jobs tick --batch-is-right"
            )
        click.echo(f"ParkLink: {text}", err=True)
    return bool(found)
